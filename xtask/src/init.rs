//! `cargo xtask init`: starts a new application, or adds the tool to a repository.

mod change;
mod empty;
mod folders;
mod front_end;
mod installed;
mod into;
mod template;
mod tool;
mod update;
mod working_tree;

use anyhow::Result;

use crate::cli::InitArguments;
use crate::config::ProjectName;
use crate::context::Context;
use crate::report::{EXIT_USAGE, Failure};

pub(crate) fn run(context: &Context, arguments: &InitArguments) -> Result<()> {
    if let Some(directory) = &arguments.place.update {
        return update::run(context, directory, arguments);
    }
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => ask_for_name(context)?,
    };
    match &arguments.place.into {
        Some(directory) => into::run(context, directory, &name, arguments),
        None => empty::run(context, &name, arguments.dry_run),
    }
}

fn ask_for_name(context: &Context) -> Result<ProjectName> {
    let answer =
        context.report.ask("Name of the project (stacks, buckets and the API's database role start with it): ")?;
    let Some(answer) = answer else {
        return Err(Failure::new("the project has no name").hint("add `--name NAME`").code(EXIT_USAGE).into());
    };
    answer.parse().map_err(|message: String| Failure::new(message).code(EXIT_USAGE).into())
}
