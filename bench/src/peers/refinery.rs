//! refinery, which has no downgrades.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, script, write_each};
use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct Refinery;

const BUILD: [&str; 5] = ["--version", "0.10.0", "--no-default-features", "--features", "postgresql"];

impl Peer for Refinery {
    fn name(&self) -> &'static str {
        "refinery"
    }

    fn version(&self) -> String {
        BUILD[1].to_owned()
    }

    fn install(&self, harness: &Harness) -> Result<()> {
        harness.cargo_install("refinery_cli", "refinery", &BUILD).map(drop)
    }

    fn write(&self, _: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        write_each(folder, migrations, |number, migration| {
            vec![(format!("V{number}__step.sql"), script(&migration.up))]
        })
    }

    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        // Its URL has no `sslmode`, so it would connect without TLS.
        if action != Action::Apply || address.sslmode != "disable" {
            return None;
        }
        let mut command = Command::new(harness.folder.join("cargo/refinery_cli/bin/refinery"));
        command.args(["migrate", "-e", "BENCH_URL", "-p"]).arg(folder).env("BENCH_URL", address.url_with_host());
        Some(command)
    }
}
