//! `cargo xtask test`: every test of the monorepo. The fast ones first.

use anyhow::Result;

use crate::cli::TestArguments;
use crate::context::Context;
use crate::process;
use crate::report::Failure;

pub(crate) fn run(context: &Context, arguments: &TestArguments) -> Result<()> {
    cargo(context, "the engine, without a database", &["test", "--quiet", "--package", "migrate"])?;
    if arguments.fast {
        return Ok(());
    }
    cargo(context, "the linter", &["test", "--quiet", "--package", "verify"])?;
    xtask(context, "the revisions, linted", &["db", "lint"])?;
    xtask(context, "the revisions, up, down and up again", &["db", "verify"])?;
    cargo(context, "the commands, on a real PostgreSQL", &["test", "--quiet", "--package", "xtask"])
}

/// Runs a task of this program and says what part it is.
fn xtask(context: &Context, part: &str, arguments: &[&str]) -> Result<()> {
    let shell = process::shell(&context.root)?;
    let program = std::env::current_exe()?;
    context.report.talk(format!("== {part}: cargo xtask {}", arguments.join(" ")));
    let done = process::command(&shell, &program).args(arguments).run();
    done.map_err(|_| Failure::new(format!("{part}: failed")).into())
}

/// Runs cargo on the workspace and says what part it is.
pub(crate) fn cargo(context: &Context, part: &str, arguments: &[&str]) -> Result<()> {
    let shell = process::shell(&context.root)?;
    let cargo = process::find("cargo")?;
    context.report.talk(format!("== {part}: cargo {}", arguments.join(" ")));
    let done = process::command(&shell, &cargo).args(arguments).run();
    done.map_err(|_| Failure::new(format!("{part}: failed")).into())
}
