//! The baseline: one psql process, with a transaction and a version row per file. A tool that does the same work can't
//! be faster merely through better code.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, script, write_each};
use crate::harness::{Harness, program};
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct Psql;

impl Peer for Psql {
    fn name(&self) -> &'static str {
        "psql"
    }

    fn version(&self) -> String {
        let output = Command::new("psql").arg("--version").output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        text.split_whitespace().nth(2).unwrap_or("?").to_owned()
    }

    fn install(&self, _: &Harness) -> Result<()> {
        program("psql").map(drop)
    }

    fn write(&self, _: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        write_each(folder, migrations, |number, migration| {
            vec![
                (format!("{number:08}.up.sql"), script(&migration.up)),
                (format!("{number:08}.down.sql"), script(&migration.down)),
            ]
        })?;
        let set = |number: usize| format!("UPDATE version SET number = {number};\n");
        let step = |number: usize, way: &str, after: usize, in_transaction: bool| {
            let (begin, commit) = if in_transaction { ("BEGIN;\n", "COMMIT;\n") } else { ("", "") };
            format!("{begin}\\i {}/{number:08}.{way}.sql\n{}{commit}", folder.display(), set(after))
        };
        let mut up = "CREATE TABLE version (number int);\nINSERT INTO version VALUES (0);\n".to_owned();
        let mut down = String::new();
        for (index, migration) in migrations.iter().enumerate() {
            up.push_str(&step(index + 1, "up", index + 1, migration.in_transaction));
        }
        for (index, migration) in migrations.iter().enumerate().rev() {
            down.push_str(&step(index + 1, "down", index, migration.in_transaction));
        }
        std::fs::write(folder.join("up.sql"), up)?;
        Ok(std::fs::write(folder.join("down.sql"), down)?)
    }

    fn command(&self, _: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        let file = match action {
            Action::Apply => "up.sql",
            Action::Downgrade(_) => "down.sql",
            Action::Current | Action::History => return None,
        };
        let mut command = Command::new("psql");
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &address.conninfo(), "-f"]).arg(folder.join(file));
        Some(command)
    }
}
