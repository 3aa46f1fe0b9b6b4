//! sqlx-cli, built for PostgreSQL only.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, script, write_each};
use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct Sqlx;

/// The package on crates.io and how to build it.
pub(crate) const PACKAGE: (&str, [&str; 5]) =
    ("sqlx-cli", ["--version", "0.9.0", "--no-default-features", "--features", "postgres,native-tls"]);

impl Peer for Sqlx {
    fn name(&self) -> &'static str {
        "sqlx-cli"
    }

    fn version(&self) -> String {
        PACKAGE.1[1].to_owned()
    }

    fn install(&self, harness: &Harness) -> Result<()> {
        harness.cargo_install(PACKAGE.0, "sqlx", &PACKAGE.1).map(drop)
    }

    fn write(&self, _: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        write_each(folder, migrations, |number, migration| {
            let mark = if migration.in_transaction { "" } else { "-- no-transaction\n" };
            let (up, down) = (script(&migration.up), script(&migration.down));
            vec![
                (format!("{number:08}_step.up.sql"), format!("{mark}{up}")),
                (format!("{number:08}_step.down.sql"), format!("{mark}{down}")),
            ]
        })
    }

    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        let mut command = Command::new(harness.folder.join("cargo/sqlx-cli/bin/sqlx"));
        command.arg("migrate").args(match action {
            Action::Apply => vec!["run"],
            Action::Current => vec!["info"],
            Action::Downgrade(_) => vec!["revert", "--target-version", "0"],
            Action::History => return None,
        });
        command.args(["--no-dotenv", "--database-url", &address.url(), "--source"]).arg(folder);
        Some(command)
    }
}
