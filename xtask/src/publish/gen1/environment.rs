//! The environment of the app: choosing it, and checking that it exists and that no other release is changing it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::project::Project;
use crate::aws::{Account, Stack};
use crate::cli::PublishTarget;
use crate::context::Context;
use crate::publish::app;
use crate::report::Failure;
use crate::supervise::Supervisor;

/// The object with the state of the last push. The first `init` writes it last, and later ones require it.
const BACKEND: &str = "#current-cloud-backend.zip";

/// An environment of an app.
pub(super) struct Environment {
    pub(super) name: String,
    pub(super) app_id: String,
    /// The region in team-provider-info.json.
    pub(super) region: Option<String>,
    /// Whether it is in team-provider-info.json.
    pub(super) is_known: bool,
}

impl Environment {
    /// Chooses it from the options, else from the variables, else from the checkout.
    pub(super) fn choose(context: &Context, target: &PublishTarget, project: &Project) -> Result<Self> {
        let requested = target.env.clone().or_else(|| context.variable("AMPLIFY_ENV"));
        let known = project.environments()?;
        let name = match (requested, &known[..]) {
            (Some(name), _) => name,
            (None, [only]) => only.clone(),
            (None, _) => {
                let hint = match &known[..] {
                    [] => "use `--env NAME` or set AMPLIFY_ENV".to_owned(),
                    known => format!("use `--env NAME` or set AMPLIFY_ENV; this checkout has {}", known.join(", ")),
                };
                return Err(Failure::new("no environment is selected").hint(hint).code(2).into());
            }
        };
        // The CLI's own rule (cli-internal, s0-analyzeProject.js).
        if !(2..=10).contains(&name.len()) || !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            let hint = "Amplify requires 2 to 10 lower-case letters";
            return Err(Failure::new(format!("invalid environment name `{name}`")).hint(hint).code(2).into());
        }
        let requested = target.app_id.clone().or_else(|| context.variable("AMPLIFY_APP_ID"));
        let (app_id, region, is_known) = match (project.entry(&name)?, requested) {
            (Some(entry), Some(requested)) if entry.app_id != requested => {
                let message = format!(
                    "in team-provider-info.json, `{name}` belongs to the app `{}`, not to `{requested}`",
                    entry.app_id
                );
                return Err(Failure::new(message).hint("use another environment name for another app").code(2).into());
            }
            (Some(entry), _) => (entry.app_id, entry.region, true),
            (None, Some(requested)) => (requested, None, false),
            (None, None) => {
                let hint = "use `--app-id ID` or set AMPLIFY_APP_ID; otherwise, the CLI would create a second app";
                let message = format!("no app is selected: this checkout does not have the environment `{name}`");
                return Err(Failure::new(message).hint(hint).code(2).into());
            }
        };
        Ok(Self { name, app_id, region, is_known })
    }

    /// Adds the environment to the checkout if it exists on AWS. Returns whether it must be created.
    ///
    /// # Errors
    /// The app is not in this account and region; the environment is in the checkout but not on AWS; or its stack requires
    /// manual intervention.
    pub(super) fn inspect(
        &self,
        account: &Account<'_>,
        project: &Project,
        supervisor: &Supervisor,
        limit: Duration,
    ) -> Result<bool> {
        let place = format!("account {}, {}", account.number, account.region);
        app::find(account, &self.app_id)?;
        let Some(found) = account.find(&backend_environment(&self.app_id, &self.name))? else {
            if self.is_known {
                let hint = format!(
                    "if it was deleted on purpose, remove it from `{}`",
                    project.team_provider_info_path().display()
                );
                let message = format!(
                    "team-provider-info.json has the environment `{}`, but the app `{}` in {place} does not",
                    self.name, self.app_id
                );
                return Err(Failure::new(message).hint(hint).into());
            }
            return Ok(true);
        };
        let part = |name: &str| found["backendEnvironment"][name].as_str().unwrap_or_default().to_owned();
        let (name, bucket) = (part("stackName"), part("deploymentArtifacts"));
        let Some(stack) = Stack::settled(account, supervisor, &name, limit)? else {
            // An `init` was stopped early, so the CLI accepts the name again.
            return Ok(true);
        };
        if account.find(&backend(&bucket))?.is_none() {
            let hint = format!(
                "`amplify init` was interrupted, and nothing has been published since; delete its resources and run this command again: `aws s3 rm --recursive s3://{bucket}`, `aws cloudformation delete-stack --stack-name {name}`, `aws amplify delete-backend-environment --app-id {} --environment-name {}`",
                self.app_id, self.name
            );
            let message = format!(
                "the environment `{}` was not created completely: its bucket `{bucket}` has no `{BACKEND}`",
                self.name
            );
            return Err(Failure::new(message).hint(hint).into());
        }
        if !self.is_known {
            project.add_entry(&self.name, provider(stack.outputs(), &self.app_id))?;
        }
        Ok(false)
    }
}

pub(super) fn backend_environment<'a>(app_id: &'a str, name: &'a str) -> [&'a str; 6] {
    ["amplify", "get-backend-environment", "--app-id", app_id, "--environment-name", name]
}

pub(super) fn backend(bucket: &str) -> [&str; 6] {
    ["s3api", "head-object", "--bucket", bucket, "--key", BACKEND]
}

/// The CLI's entry for an environment: the outputs of its stack, and the app (amplify-provider-awscloudformation,
/// initializer.js).
fn provider(outputs: BTreeMap<String, String>, app_id: &str) -> Value {
    let mut provider = json!(outputs);
    provider["AmplifyAppId"] = app_id.into();
    provider
}
