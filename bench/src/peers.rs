//! The tools: a file each, and this list. What they can't do is a `None`, never a made-up number.

mod alembic;
mod dbmate;
mod diesel;
mod node_pg_migrate;
mod peer;
mod psql;
mod refinery;
mod sqlx;
mod xtask;

use anyhow::{Context as _, Result, bail};

use crate::harness::Harness;

pub(crate) use peer::{Action, Peer};

/// Every tool, in the order of the tables. `psql` is the floor: a process, a transaction and a version row for each file.
pub(crate) const ALL: [&dyn Peer; 8] = [
    &xtask::Xtask,
    &psql::Psql,
    &dbmate::Dbmate,
    &sqlx::Sqlx,
    &alembic::Alembic,
    &node_pg_migrate::NodePgMigrate,
    &refinery::Refinery,
    &diesel::Diesel,
];

/// Those of these names.
pub(crate) fn named(names: &[&str]) -> Vec<&'static dyn Peer> {
    ALL.into_iter().filter(|peer| names.contains(&peer.name())).collect()
}

/// The package of sqlx-cli and how it is built: `build.rs` builds it once more, from nothing.
pub(crate) use sqlx::PACKAGE as SQLX;

/// Refuses names that no tool has.
pub(crate) fn check_names(names: &[String]) -> Result<()> {
    let Some(name) = names.iter().find(|name| ALL.iter().all(|peer| peer.name() != *name)) else { return Ok(()) };
    let known: Vec<&str> = ALL.iter().map(|peer| peer.name()).collect();
    bail!("`{name}` is none of the tools: {}", known.join(", "))
}

/// Those of some tools that were asked for, installed. The engine is always one of them.
pub(crate) fn installed(harness: &Harness, offered: &[&'static dyn Peer]) -> Result<Vec<&'static dyn Peer>> {
    let wanted = &harness.wanted;
    let is_wanted = |peer: &&&'static dyn Peer| {
        wanted.is_empty() || peer.is_ours() || wanted.iter().any(|name| name == peer.name())
    };
    let chosen: Vec<&'static dyn Peer> = offered.iter().filter(is_wanted).copied().collect();
    for peer in &chosen {
        peer.install(harness).with_context(|| format!("installing {}", peer.name()))?;
    }
    Ok(chosen)
}
