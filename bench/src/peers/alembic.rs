//! Alembic, with one transaction per revision as in the other tools.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::peer::{Action, Peer, write_each};
use crate::harness::Harness;
use crate::server::Address;
use crate::workload::Migration;

pub(super) struct Alembic;

const ENVIRONMENT: &str = r#"import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["BENCH_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"#;

impl Peer for Alembic {
    fn name(&self) -> &'static str {
        "Alembic"
    }

    fn version(&self) -> String {
        "1.20.1".to_owned()
    }

    fn install(&self, harness: &Harness) -> Result<()> {
        harness.python().map(drop)
    }

    fn write(&self, harness: &Harness, folder: &Path, migrations: &[Migration]) -> Result<()> {
        let id = |number: usize| if number == 0 { "None".to_owned() } else { format!("\"{number:012x}\"") };
        write_each(folder, migrations, |number, migration| {
            let function = |name: &str, statements: &[String]| {
                let calls: String =
                    statements.iter().map(|statement| format!("    op.execute(\"\"\"{statement}\"\"\")\n")).collect();
                let body = match (calls.is_empty(), migration.in_transaction) {
                    (true, _) => "    pass\n".to_owned(),
                    (false, true) => calls,
                    (false, false) => {
                        let indented: String = calls.lines().map(|line| format!("    {line}\n")).collect();
                        format!("    with op.get_context().autocommit_block():\n{indented}")
                    }
                };
                format!("\n\ndef {name}():\n{body}")
            };
            let text = format!(
                "\"\"\"step {number}\"\"\"\nfrom alembic import op\n\nrevision = {}\ndown_revision = {}\n{}{}",
                id(number),
                id(number - 1),
                function("upgrade", &migration.up),
                function("downgrade", &migration.down),
            );
            vec![(format!("versions/{number:08}_step.py"), text)]
        })?;
        std::fs::write(folder.join("env.py"), ENVIRONMENT)?;
        std::fs::write(folder.join("alembic.ini"), format!("[alembic]\nscript_location = {}\n", folder.display()))?;
        // Compiles ahead of time, as on a machine that has run the revisions before.
        let mut compile = Command::new(harness.folder.join("python/bin/python"));
        compile.args(["-m", "compileall", "-q"]).arg(folder);
        harness.succeed("compileall", &mut compile).map(drop)
    }

    fn command(&self, harness: &Harness, folder: &Path, address: &Address, action: Action) -> Option<Command> {
        let mut command = Command::new(harness.folder.join("python/bin/alembic"));
        command.arg("--config").arg(folder.join("alembic.ini")).current_dir(folder);
        command.env("BENCH_URL", address.url().replacen("postgres://", "postgresql+psycopg://", 1));
        command.args(match action {
            Action::Apply => vec!["upgrade", "head"],
            Action::Current => vec!["current"],
            Action::History => vec!["history"],
            Action::Downgrade(_) => vec!["downgrade", "base"],
        });
        Some(command)
    }
}
