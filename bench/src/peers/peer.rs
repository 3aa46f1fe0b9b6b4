//! What a tool has to do to be compared, and what most of them share.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

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
    fn install(&self, harness: &Harness) -> Result<()>;

    /// Writes the migrations in its own form.
    fn write(&self, harness: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()>;

    /// The command that does it; none if the tool has none.
    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command>;
}

/// Statements as a script.
pub(super) fn script(statements: &[String]) -> String {
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

/// Writes a file for each migration, named by its number.
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
