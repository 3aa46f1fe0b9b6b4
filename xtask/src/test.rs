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
    cargo(
        context,
        "the commands, on a real PostgreSQL",
        &["test", "--quiet", "--package", "xtask", "--package", "cluster"],
    )
}

/// Runs cargo on the workspace and says what part it is.
pub(crate) fn cargo(context: &Context, part: &str, arguments: &[&str]) -> Result<()> {
    let shell = process::shell(&context.root)?;
    let cargo = process::find("cargo")?;
    context.report.talk(format!("== {part}: cargo {}", arguments.join(" ")));
    let done = process::command(&shell, &cargo).args(arguments).run();
    done.map_err(|_| Failure::new(format!("{part}: failed")).into())
}
