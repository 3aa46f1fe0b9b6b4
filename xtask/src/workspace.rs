//! The crates of this workspace that run as separate programs: they are slow to compile, so they are built on demand.

use anyhow::{Context as _, Result};
use cluster::Needs;
use xshell::{Cmd, Shell};

use crate::context::Context;
use crate::process;

/// The crate `verify` as a program.
pub(crate) fn verify<'shell>(context: &Context, shell: &'shell Shell) -> Result<Cmd<'shell>> {
    program(context, shell, "verify")
}

/// A crate of this workspace as a program, built on demand.
pub(crate) fn program<'shell>(context: &Context, shell: &'shell Shell, package: &str) -> Result<Cmd<'shell>> {
    let cargo = process::find("cargo")?;
    // Cargo's own progress would end with lines about the program.
    if context.report.shows_progress() && !context.target().join("debug").join(package).exists() {
        context.report.message(format!("compiling `{package}`, which takes a minute or more the first time"));
    }
    let manifest = context.workspace().join("Cargo.toml");
    let command = process::command(shell, &cargo, Needs::Cargo).envs(context.passed()).args([
        "run",
        "--quiet",
        "--package",
        package,
        "--manifest-path",
    ]);
    Ok(command.arg(manifest).arg("--"))
}

/// The arguments of `verify` that select the PostgreSQL to use.
pub(crate) fn server_arguments(context: &Context, postgres: &str) -> Result<Vec<String>> {
    server_arguments_of(context, postgres, &context.config.postgres.major.to_string())
}

/// The same with a given major version.
pub(crate) fn server_arguments_of(context: &Context, postgres: &str, major: &str) -> Result<Vec<String>> {
    Ok([vec!["--postgres".to_owned(), postgres.to_owned()], binaries_of(context, major)?].concat())
}

/// The arguments that select the binaries of the embedded PostgreSQL.
pub(crate) fn binaries_arguments(context: &Context) -> Result<Vec<String>> {
    binaries_of(context, &context.config.postgres.major.to_string())
}

fn binaries_of(context: &Context, major: &str) -> Result<Vec<String>> {
    let target = std::path::absolute(context.target()).context("the target directory")?;
    let target = target.to_str().context("the target directory is not UTF-8")?;
    Ok(["--target", target, "--major", major].map(str::to_owned).to_vec())
}
