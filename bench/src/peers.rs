//! The tools, one file each. A tool that does not support an action returns `None`, which leaves its cell empty.

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

/// All tools, in the order of the tables. `psql` is the baseline: one process, with a transaction and a version row per file.
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

/// The tools with these names.
pub(crate) fn named(names: &[&str]) -> Vec<&'static dyn Peer> {
    ALL.into_iter().filter(|peer| names.contains(&peer.name())).collect()
}

/// The package of sqlx-cli and how to build it. `build.rs` measures a clean build.
pub(crate) use sqlx::PACKAGE as SQLX;

/// Rejects names that are neither those of tools nor of `others`, which only some parts use.
pub(crate) fn check_names(names: &[String], others: &[&str]) -> Result<()> {
    let mut known: Vec<&str> = ALL.iter().map(|peer| peer.name()).collect();
    known.extend(others.iter().filter(|name| !ALL.iter().any(|peer| peer.name() == **name)));
    let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    bail!("unknown tool `{name}`: expected one of {}", known.join(", "))
}

/// Installs those of the offered tools that were requested. The engine is always included.
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
