//! node-pg-migrate, with SQL files and one transaction per file.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, script, write_each};
use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct NodePgMigrate;

impl Peer for NodePgMigrate {
    fn name(&self) -> &'static str {
        "node-pg-migrate"
    }

    fn version(&self) -> String {
        "9.0.0".to_owned()
    }

    fn install(&self, harness: &Harness) -> Result<()> {
        harness.npm().map(drop)
    }

    fn write(&self, _: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        write_each(folder, migrations, |number, migration| {
            let text =
                format!("-- Up Migration\n{}\n-- Down Migration\n{}", script(&migration.up), script(&migration.down));
            // A prefix of 13 digits is the creation time in milliseconds.
            vec![(format!("{}_step.sql", 1_700_000_000_000_usize + number), text)]
        })
    }

    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        let mut command = Command::new(harness.folder.join("npm/node_modules/.bin/node-pg-migrate"));
        let count = match action {
            Action::Downgrade(count) => count.to_string(),
            _ => String::new(),
        };
        command.args(match action {
            Action::Apply => vec!["up"],
            Action::Downgrade(_) => vec!["down", count.as_str()],
            Action::Current | Action::History => return None,
        });
        command.args(["--no-single-transaction", "--verbose=false", "--migrations-dir"]).arg(folder);
        command.env("DATABASE_URL", address.url()).current_dir(folder);
        Some(command)
    }
}
