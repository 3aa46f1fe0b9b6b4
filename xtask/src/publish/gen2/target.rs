//! Where a Gen 2 project is published: the branch, which is named like the environment, and the app.

use anyhow::Result;

use crate::aws::{Account, Stack};
use crate::cli::PublishTarget;
use crate::context::Context;
use crate::publish::names::{default_environment, project_name};
use crate::report::{EXIT_USAGE, Failure};

/// The output of the stack of `infra/` with the id of the app (`infra/src/stack.ts`).
const APP_OUTPUT: &str = "AmplifyAppId";

/// The environment: the option's, the variable's, or the only one in `xtask.toml`.
pub(super) fn environment(context: &Context, target: &PublishTarget) -> Result<String> {
    let usage = |message: String, hint: String| Err(Failure::new(message).hint(hint).code(EXIT_USAGE).into());
    let name = match target.env.clone().or_else(|| default_environment(context)) {
        Some(name) => name,
        None => {
            let known: Vec<&str> = context.config.infra.environments.keys().map(String::as_str).collect();
            let has = if known.is_empty() { String::new() } else { format!("; xtask.toml has {}", known.join(", ")) };
            let hint = format!("use `--env NAME` or set AMPLIFY_ENV{has}");
            return usage("no environment is selected".to_owned(), hint);
        }
    };
    let is_valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    match is_valid {
        true => Ok(name),
        false => usage(
            format!("`{name}` is not a valid environment name"),
            "use lower-case letters, digits and hyphens, starting with a letter".to_owned(),
        ),
    }
}

/// The id of the app, if the option or the variable is set.
pub(super) fn given_app(context: &Context, target: &PublishTarget) -> Option<String> {
    target.app_id.clone().or_else(|| context.variable("AMPLIFY_APP_ID"))
}

/// The stack of `infra/` for an environment.
pub(super) fn infra_stack(context: &Context, environment: &str) -> Result<String> {
    Ok(format!("{}-{environment}", project_name(context)?))
}

/// The id of the app: the given one, otherwise the one that the stack of `infra/` has created.
pub(super) fn app(
    context: &Context,
    account: &Account<'_>,
    target: &PublishTarget,
    environment: &str,
) -> Result<String> {
    if let Some(id) = given_app(context, target) {
        return Ok(id);
    }
    let stack = infra_stack(context, environment)?;
    let found = Stack::find(account, &stack)?.and_then(|stack| stack.outputs().remove(APP_OUTPUT));
    found.ok_or_else(|| {
        let message = format!("no app is selected: there is no stack `{stack}` with the output `{APP_OUTPUT}`");
        let hint = "use `--app-id ID` or set AMPLIFY_APP_ID; `cargo xtask infra deploy` creates an app with its stack, `aws amplify create-app --name NAME` only an app";
        Failure::new(message).hint(hint).code(EXIT_USAGE).into()
    })
}
