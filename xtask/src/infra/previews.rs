//! The previews of an environment, which use parts of its stack.

use anyhow::Result;
use revision::printable_line;

use super::deployment::Deployment;
use crate::publish::{PreviewApp, PreviewApps};
use crate::report::{Failure, counted};
use crate::shell_word;

/// # Errors
/// There are previews: their functions are in the network, and their pages and stacks would be left behind.
pub(super) fn refuse_to_destroy(deployment: &Deployment<'_>) -> Result<()> {
    let previews = PreviewApps::open(deployment.context, deployment.environment)?.all()?;
    if previews.is_empty() {
        return Ok(());
    }
    let message =
        format!("{}, whose functions are in its network: {}", owned(deployment, &previews), branches(&previews));
    let hint = format!("nothing was changed; {}", deletion(deployment, &previews));
    Err(Failure::new(message).hint(hint).into())
}

/// # Errors
/// There are previews, but `xtask.toml` no longer allows them: the stack would lose the policy that their roles have as
/// their boundary, which IAM refuses to delete.
pub(super) fn refuse_to_forbid(deployment: &Deployment<'_>) -> Result<()> {
    let (report, environment) = (&deployment.context.report, deployment.environment);
    if deployment.context.config.infra.environments[environment].previews {
        return Ok(());
    }
    let found = PreviewApps::open(deployment.context, environment).and_then(|apps| apps.all());
    let previews = found.unwrap_or_else(|error| {
        report.warn(format!("previews: not checked: {}", Failure::one_line(&error)));
        Vec::new()
    });
    if previews.is_empty() {
        return Ok(());
    }
    let message = format!("{}, but xtask.toml allows none: {}", owned(deployment, &previews), branches(&previews));
    let hint = format!(
        "nothing was changed; {}; or allow previews: `previews = true` in `[infra.environments.{environment}]` of xtask.toml; then run `cargo xtask infra deploy --env {environment}` again",
        deletion(deployment, &previews)
    );
    Err(Failure::new(message).hint(hint).into())
}

fn owned(deployment: &Deployment<'_>, previews: &[PreviewApp]) -> String {
    format!("`{}` has {}", deployment.environment, counted(previews.len(), "preview"))
}

fn branches(previews: &[PreviewApp]) -> String {
    let branches: Vec<String> = previews.iter().map(|app| format!("`{}`", printable_line(&app.branch))).collect();
    branches.join(", ")
}

/// The commands that delete the previews.
fn deletion(deployment: &Deployment<'_>, previews: &[PreviewApp]) -> String {
    let environment = deployment.environment;
    let delete = |app: &PreviewApp| {
        format!("`cargo xtask preview delete --env {environment} {}`", shell_word::quote(&app.branch))
    };
    let commands: Vec<String> = previews.iter().map(delete).collect();
    let them = if previews.len() == 1 { "it" } else { "them" };
    format!("delete {them} first: {}", commands.join(", "))
}
