//! This engine.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, script, write_each};
use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct Xtask;

impl Peer for Xtask {
    fn name(&self) -> &'static str {
        "cargo xtask db"
    }

    fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    fn is_ours(&self) -> bool {
        true
    }

    fn install(&self, _: &Harness) -> Result<()> {
        Ok(())
    }

    fn write(&self, _: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        let id = |number: usize| if number == 0 { String::new() } else { format!("{number:012x}") };
        write_each(folder, migrations, |number, migration| {
            let header = format!(
                "-- step {number}\n--\n-- Revision ID: {}\n-- Revises: {}\n-- Create Date: 2026-11-01T00:00:00Z\n{}",
                id(number),
                id(number - 1),
                if migration.in_transaction { "" } else { "-- Transaction: off\n" },
            );
            let (up, down) = (script(&migration.up), script(&migration.down));
            let text = format!("{header}\n-- migrate:upgrade\n{up}\n-- migrate:downgrade\n{down}");
            vec![(format!("{number:08}_{}_step.sql", id(number)), text)]
        })
    }

    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        let mut command = harness.xtask_db();
        command.arg("--dir").arg(folder).args(["--url", &address.conninfo()]);
        command.args(match action {
            Action::Apply => vec!["upgrade"],
            Action::Current => vec!["current"],
            Action::History => vec!["history"],
            Action::Downgrade(_) => vec!["downgrade", "base"],
        });
        Some(command)
    }
}
