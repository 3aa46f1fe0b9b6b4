//! `cargo xtask ci`: the checks required before merging.

use anyhow::Result;

use crate::cli::TestArguments;
use crate::context::Context;
use crate::process;
use crate::report::Failure;
use crate::test;

pub(crate) fn run(context: &Context) -> Result<()> {
    cargo(context, "formatting", &["fmt", "--all", "--check"])?;
    cargo(context, "lints", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])?;
    let everything =
        TestArguments { parts: Vec::new(), more_parts: Vec::new(), postgres: "auto".to_owned(), junit: None };
    test::run(context, &everything)
}

fn cargo(context: &Context, part: &str, arguments: &[&str]) -> Result<()> {
    let shell = process::shell(&context.root)?;
    let cargo = process::find("cargo")?;
    context.report.message(format!("== {part}: cargo {}", arguments.join(" ")));
    let result = process::inherit_in(&shell, &cargo).args(arguments).run();
    result.map_err(|_| Failure::new(format!("{part}: failed")).into())
}
