//! `cargo xtask init`: starts an application of one's own.

mod empty;
mod folders;
mod template;
mod working_tree;

use anyhow::Result;

use crate::cli::InitArguments;
use crate::config::ProjectName;
use crate::context::Context;
use crate::report::{EXIT_USAGE, Failure};

pub(crate) fn run(context: &Context, arguments: &InitArguments) -> Result<()> {
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => ask_for_name(context)?,
    };
    empty::run(context, &name, arguments.dry_run)
}

fn ask_for_name(context: &Context) -> Result<ProjectName> {
    let answer =
        context.report.ask("Name of the project (stacks, buckets and the API's database role start with it):")?;
    let Some(answer) = answer else {
        return Err(Failure::new("the project has no name")
            .hint("`cargo xtask init --empty --name NAME`")
            .code(EXIT_USAGE)
            .into());
    };
    answer.parse().map_err(|message: String| Failure::new(message).code(EXIT_USAGE).into())
}
