//! The environment of the app: which it is, whether it is there, and whether anybody else is at work on it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::project::Project;
use crate::aws::{Account, Stack};
use crate::cli::PublishTarget;
use crate::context::Context;
use crate::report::Failure;
use crate::supervise::Supervisor;

/// What the CLI keeps of the last push; `init` writes the first one last, and can't begin without one afterwards.
const BACKEND: &str = "#current-cloud-backend.zip";

/// Which environment of which app, as asked for.
pub(super) struct Environment {
    pub(super) name: String,
    pub(super) app_id: String,
    /// Where team-provider-info.json says it is.
    pub(super) region: Option<String>,
    /// Whether team-provider-info.json knows it.
    pub(super) is_known: bool,
}

impl Environment {
    /// From the options, else the variables of the build, else the checkout.
    pub(super) fn choose(context: &Context, target: &PublishTarget, project: &Project) -> Result<Self> {
        let asked = target.env.clone().or_else(|| context.variable("AMPLIFY_ENV"));
        let known = project.environments()?;
        let name = match (asked, &known[..]) {
            (Some(name), _) => name,
            (None, [only]) => only.clone(),
            (None, _) => {
                let hint = match &known[..] {
                    [] => "`--env NAME`, or AMPLIFY_ENV".to_owned(),
                    known => format!("`--env NAME`, or AMPLIFY_ENV; this checkout knows {}", known.join(", ")),
                };
                return Err(Failure::new("which environment?").hint(hint).code(2).into());
            }
        };
        // The CLI's own rule (cli-internal, s0-analyzeProject.js).
        if !(2..=10).contains(&name.len()) || !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            let hint = "Amplify takes 2 to 10 lower-case letters";
            return Err(Failure::new(format!("`{name}` can't be an environment")).hint(hint).code(2).into());
        }
        let asked = target.app_id.clone().or_else(|| context.variable("AMPLIFY_APP_ID"));
        let (app_id, region, is_known) = match (project.entry(&name)?, asked) {
            (Some(entry), Some(asked)) if entry.app_id != asked => {
                let message = format!(
                    "`{name}` belongs to the app `{}` in team-provider-info.json, and `{asked}` is asked for",
                    entry.app_id
                );
                return Err(Failure::new(message).hint("another app wants another environment name").code(2).into());
            }
            (Some(entry), _) => (entry.app_id, entry.region, true),
            (None, Some(asked)) => (asked, None, false),
            (None, None) => {
                let hint = "`--app-id ID`, or AMPLIFY_APP_ID: the CLI would otherwise create a second app";
                let message = format!("which app? This checkout does not know `{name}`");
                return Err(Failure::new(message).hint(hint).code(2).into());
            }
        };
        Ok(Self { name, app_id, region, is_known })
    }

    /// Makes the checkout know the environment if AWS does. Whether it has to be created is the answer.
    ///
    /// # Errors
    /// The app is not in this account and region; the environment is known here and not there; its stack is in a state that
    /// nothing but a person can get it out of.
    pub(super) fn inspect(
        &self,
        account: &Account<'_>,
        project: &Project,
        supervisor: &Supervisor,
        limit: Duration,
    ) -> Result<bool> {
        let place = format!("account {}, {}", account.number, account.region);
        if account.find(&app(&self.app_id))?.is_none() {
            let hint = format!("asked as `{}`; nothing was changed", account.arn);
            return Err(Failure::new(format!("there is no app `{}` in {place}", self.app_id)).hint(hint).into());
        }
        let Some(found) = account.find(&backend_environment(&self.app_id, &self.name))? else {
            if self.is_known {
                let hint = format!(
                    "if it was deleted for good, take it out of `{}`",
                    project.team_provider_info_path().display()
                );
                let message = format!(
                    "team-provider-info.json knows `{}`, and the app `{}` in {place} does not",
                    self.name, self.app_id
                );
                return Err(Failure::new(message).hint(hint).into());
            }
            return Ok(true);
        };
        let part = |name: &str| found["backendEnvironment"][name].as_str().unwrap_or_default().to_owned();
        let (name, bucket) = (part("stackName"), part("deploymentArtifacts"));
        let Some(stack) = Stack::settled(account, supervisor, &name, limit)? else {
            // An init that was ended early: the CLI goes on with the name.
            return Ok(true);
        };
        if account.find(&backend(&bucket))?.is_none() {
            let hint = format!(
                "an `amplify init` has ended in between, and nothing was published since. Empty the bucket and delete both, then run this again: `aws s3 rm --recursive s3://{bucket}`, `aws cloudformation delete-stack --stack-name {name}`, `aws amplify delete-backend-environment --app-id {} --environment-name {}`",
                self.app_id, self.name
            );
            let message = format!(
                "the environment `{}` was never made whole: its bucket `{bucket}` has no `{BACKEND}`",
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

pub(super) fn app(app_id: &str) -> [&str; 4] {
    ["amplify", "get-app", "--app-id", app_id]
}

pub(super) fn backend_environment<'a>(app_id: &'a str, name: &'a str) -> [&'a str; 6] {
    ["amplify", "get-backend-environment", "--app-id", app_id, "--environment-name", name]
}

pub(super) fn backend(bucket: &str) -> [&str; 6] {
    ["s3api", "head-object", "--bucket", bucket, "--key", BACKEND]
}

/// What the CLI keeps of an environment: the outputs of its stack, and the app (amplify-provider-awscloudformation, initializer.js).
fn provider(outputs: BTreeMap<String, String>, app_id: &str) -> Value {
    let mut provider = json!(outputs);
    provider["AmplifyAppId"] = app_id.into();
    provider
}
