//! The interface to a tool, and helpers that most tools share.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

/// An action of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Apply all migrations. Does nothing if all are applied.
    Apply,
    /// Show the current version of the database.
    Current,
    /// List the migrations.
    History,
    /// Revert all migrations, of which there are this many.
    Downgrade(usize),
}

/// A migration tool.
pub(crate) trait Peer {
    fn name(&self) -> &'static str;

    /// The installed version.
    fn version(&self) -> String;

    /// Whether it is this project's engine.
    fn is_ours(&self) -> bool {
        false
    }

    /// Installs the tool if necessary.
    fn install(&self, harness: &Harness) -> Result<()>;

    /// Writes the migrations in the tool's format.
    fn write(&self, harness: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()>;

    /// The command for an action, or `None` if the tool does not support it.
    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command>;
}

/// Joins statements into a script.
pub(super) fn script(statements: &[String]) -> String {
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

/// Writes the files of each migration.
pub(super) fn write_each(
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
