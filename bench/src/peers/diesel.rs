//! diesel_cli, with a folder per migration.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, script, write_each};
use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct Diesel;

const BUILD: [&str; 5] = ["--version", "2.3.14", "--no-default-features", "--features", "postgres"];

impl Peer for Diesel {
    fn name(&self) -> &'static str {
        "diesel_cli"
    }

    fn version(&self) -> String {
        BUILD[1].to_owned()
    }

    fn install(&self, harness: &Harness) -> Result<()> {
        harness.cargo_install("diesel_cli", "diesel", &BUILD).map(drop)
    }

    fn write(&self, _: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        write_each(folder, migrations, |number, migration| {
            let mut files = vec![
                (format!("{number:08}_step/up.sql"), script(&migration.up)),
                (format!("{number:08}_step/down.sql"), script(&migration.down)),
            ];
            if !migration.in_transaction {
                files.push((format!("{number:08}_step/metadata.toml"), "run_in_transaction = false\n".to_owned()));
            }
            files
        })
    }

    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        let mut command = Command::new(harness.folder.join("cargo/diesel_cli/bin/diesel"));
        command.arg("migration").arg("--migration-dir").arg(folder).args(["--database-url", &address.url()]);
        command.args(match action {
            Action::Apply => vec!["run"],
            Action::Current => vec!["list"],
            Action::Downgrade(_) => vec!["revert", "--all"],
            Action::History => return None,
        });
        command.current_dir(folder);
        Some(command)
    }
}
