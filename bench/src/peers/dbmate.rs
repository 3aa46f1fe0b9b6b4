//! dbmate, with SQL files that contain both directions.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, script, write_each};
use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct Dbmate;

impl Peer for Dbmate {
    fn name(&self) -> &'static str {
        "dbmate"
    }

    fn version(&self) -> String {
        "2.36.0".to_owned()
    }

    fn install(&self, harness: &Harness) -> Result<()> {
        harness.npm().map(drop)
    }

    fn write(&self, _: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        write_each(folder, migrations, |number, migration| {
            let option = if migration.in_transaction { "" } else { " transaction:false" };
            let (up, down) = (script(&migration.up), script(&migration.down));
            let text = format!("-- migrate:up{option}\n{up}\n-- migrate:down{option}\n{down}");
            vec![(format!("{number:08}_step.sql"), text)]
        })
    }

    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        let processor = if cfg!(target_arch = "aarch64") { "linux-arm64" } else { "linux-x64" };
        let program = harness.folder.join("npm/node_modules/@dbmate").join(processor).join("bin/dbmate");
        let mut command = Command::new(program);
        command.args(["--no-dump-schema", "--migrations-dir"]).arg(folder).args(["--url", &address.url()]);
        command.arg(match action {
            Action::Apply => "migrate",
            Action::Current => "status",
            Action::Downgrade(1) => "rollback",
            // dbmate reverts one migration per run.
            Action::Downgrade(_) | Action::History => return None,
        });
        Some(command)
    }
}
