//! Names that the infrastructure and the Amplify project share.

use anyhow::Result;

use super::gen1::{CONFIG, Project};
use crate::config::ProjectName;
use crate::context::Context;

/// The project name if nothing else sets one.
const DEFAULT: &str = "site";

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

fn gen1(context: &Context) -> Result<Option<Project>> {
    let exists = context.root.join("amplify").join(CONFIG).exists();
    exists.then(|| Project::read(&context.root)).transpose()
}
