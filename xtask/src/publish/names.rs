//! Names that the infrastructure and the Amplify project share.

use anyhow::Result;

use super::gen1::{CONFIG, Project};
use crate::config::{Hosting, ProjectName};
use crate::context::Context;
use crate::report::Failure;

/// The project name if nothing else sets one.
const DEFAULT: &str = "site";

/// The environment if no option names one: the variable's, or the only one in `xtask.toml`.
pub(super) fn default_environment(context: &Context) -> Option<String> {
    let only = || match &context.config.infra.environments.keys().collect::<Vec<_>>()[..] {
        [only] => Some((*only).clone()),
        _ => None,
    };
    context.variable("AMPLIFY_ENV").or_else(only)
}

/// The project name, with which the names of stacks and parameters start: the one in `xtask.toml`, otherwise that of a Gen 1
/// project.
pub(crate) fn project_name(context: &Context) -> Result<String> {
    match (&context.config.project.name, gen1(context)?) {
        (Some(ProjectName(name)), _) => Ok(name.clone()),
        (None, Some(project)) => Ok(project.name),
        (None, None) => Ok(DEFAULT.to_owned()),
    }
}

/// The prefix of the name of the page's bucket: the one in a Gen 1 project.
pub(crate) fn hosting_bucket(context: &Context) -> Result<String> {
    match gen1(context)? {
        Some(project) => project.hosting_bucket(),
        None => Ok(format!("{}-hosting", project_name(context)?)),
    }
}

/// The service that serves the page. For Gen 1, this is the hosting category of the project.
///
/// # Errors
/// The setting is present, but the project is a Gen 1 project.
pub(crate) fn hosting(context: &Context) -> Result<Hosting> {
    match context.config.publish.hosting {
        Some(_) if is_gen1(context) => {
            let message = "`hosting` in `xtask.toml` is a setting for Gen 2, and `amplify` is a Gen 1 project";
            let hint = "delete the key: the page of a Gen 1 project is served by its hosting category";
            Err(Failure::new(message).hint(hint).into())
        }
        hosting => Ok(hosting.unwrap_or_default()),
    }
}

/// Whether the project in `amplify/` is a Gen 1 project.
pub(crate) fn is_gen1(context: &Context) -> bool {
    context.root.join("amplify").join(CONFIG).exists()
}

fn gen1(context: &Context) -> Result<Option<Project>> {
    is_gen1(context).then(|| Project::read(&context.root)).transpose()
}
