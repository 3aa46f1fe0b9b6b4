//! `cargo xtask ci`: what a reviewer wants before merging.

use anyhow::Result;

use crate::cli::TestArguments;
use crate::context::Context;
use crate::test;

pub(crate) fn run(context: &Context) -> Result<()> {
    test::cargo(context, "the format", &["fmt", "--all", "--check"])?;
    test::cargo(
        context,
        "the lints",
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"],
    )?;
    test::run(context, &TestArguments { fast: false })
}
