//! The tools: a file each, and this list. What they can't do is a `None`, never a made-up number.

mod alembic;
mod dbmate;
mod diesel;
mod node_pg_migrate;
mod psql;
mod refinery;
mod sqlx;
mod xtask;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::database::Address;
use crate::workload::Migration;
use crate::workshop::Workshop;

/// What a tool is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Apply everything. When all is applied: do nothing.
    Apply,
    /// Say what the database is at.
    Current,
    /// List the migrations.
    History,
    /// Take so many back: all there are.
    Downgrade(usize),
}

/// A tool that migrates.
pub(crate) trait Peer {
    fn name(&self) -> &'static str;

    /// The version that is installed.
    fn version(&self) -> String;

    /// Whether it is this project's.
    fn is_ours(&self) -> bool {
        false
    }

    /// Fetches it, if it is not there.
    fn install(&self, workshop: &Workshop) -> Result<()>;

    /// Writes the migrations in its own form.
    fn write(&self, workshop: &Workshop, folder: &Path, migrations: &[Migration]) -> Result<()>;

    /// The command that does it; none if the tool has none.
    fn command(&self, workshop: &Workshop, folder: &Path, address: &Address, action: Action) -> Option<Command>;
}

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

/// Statements as a script.
fn script(statements: &[String]) -> String {
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

/// Writes a file for each migration, named by its number.
fn write_each(
    folder: &Path,
    migrations: &[Migration],
    file: impl Fn(usize, &Migration) -> Vec<(String, String)>,
) -> Result<()> {
    for (index, migration) in migrations.iter().enumerate() {
        for (name, text) in file(index + 1, migration) {
            let path: PathBuf = folder.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
    }
    Ok(())
}
