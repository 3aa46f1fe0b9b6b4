//! The Amplify CLI: found or fetched, run, and not believed. It exits with 0 in cases in which it has done nothing; what each of its
//! commands has to leave behind is checked here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use cluster::Stamp;
use serde_json::{Value, json};

use super::environment::Environment;
use super::project::{self, Project};
use crate::aws::{Account, PROFILE};
use crate::context::Context;
use crate::npm::{self, INSTALL};
use crate::process;
use crate::report::{Failure, duration};
use crate::supervise::{Ended, Supervisor};

/// What it says once everything is uploaded (amplify-category-hosting, S3AndCloudFront/index.js).
const PUBLISHED: &str = "Your app is published successfully.";

/// What it says, exiting with 0, of a project without hosting (cli-internal, commands/publish.js).
const NO_HOSTING: &str = "Add hosting to your project before publishing your project";

/// What it says, exiting with 0, if it can't ask STS who it is (amplify-provider-awscloudformation, configuration-manager.js).
const INVALID_CONFIGURATION: &str = "Invalid configuration settings!";

/// Refusals for now: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and Node.js's names of what
/// happens to connections.
const TRANSIENT: [&str; 12] = [
    "ThrottlingException",
    "Throttling: Rate exceeded",
    "Rate exceeded",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
    "ServiceUnavailable",
    "InternalFailure",
    "ECONNRESET",
    "ETIMEDOUT",
    "EAI_AGAIN",
    "socket hang up",
];

/// How often `publish`, and `init` of an environment that is there, are run: both go on from where AWS is. An `init` that makes the
/// environment does not, but the next `publish` does: it looks at what was made.
const ATTEMPTS: u32 = 3;

/// The CLI as a program.
pub(super) struct AmplifyCli<'a> {
    context: &'a Context,
    account: &'a Account<'a>,
    supervisor: &'a Supervisor,
    program: PathBuf,
}

/// The CLI that would be used: where it is, and its version; none if it would be fetched.
pub(super) fn find() -> Result<Option<(PathBuf, String)>> {
    let Ok(program) = process::find("amplify") else { return Ok(None) };
    match version(&program) {
        Some(version) => Ok(Some((program, version))),
        None => Err(Failure::new(format!("`{}` is an Amplify CLI that has no program behind it", program.display()))
            .hint("its npm package downloads a binary, and npm calls it installed without one: `npm uninstall --global @aws-amplify/cli`, and a pinned one is fetched")
            .into()),
    }
}

/// The version that would be fetched.
pub(super) fn pinned(context: &Context) -> Result<String> {
    let manifest = project::read(&context.root.join("xtask/amplify-cli/package.json"))?;
    let version = manifest["dependencies"]["@aws-amplify/cli-internal"].as_str().map(str::to_owned);
    version.context("`xtask/amplify-cli/package.json` names no @aws-amplify/cli-internal")
}

fn version(program: &Path) -> Option<String> {
    let shell = process::shell(&std::env::temp_dir()).ok()?;
    let text = process::command(&shell, program).arg("--version").ignore_stderr().read().ok()?;
    // It may talk of plugins before.
    let last = text.lines().last()?.trim().to_owned();
    last.split('.').all(|part| part.parse::<u32>().is_ok()).then_some(last)
}

/// The one on PATH, else the one that `xtask/amplify-cli` pins, below the target directory.
fn find_or_fetch(context: &Context) -> Result<PathBuf> {
    if let Some((program, version)) = find()? {
        context.report.talk(format!("the Amplify CLI {version} (`{}`)", program.display()));
        return Ok(program);
    }
    let source = context.root.join("xtask/amplify-cli");
    let directory = std::path::absolute(context.target().join("amplify-cli")).context("the target directory")?;
    let program = directory.join("node_modules/.bin/amplify");
    let lock = fs::read_to_string(source.join("package-lock.json"))?;
    Stamp::new(directory.join("installed.json"), lock).install_once(|| -> Result<()> {
        context.report.talk("fetching the Amplify CLI with npm (once, about 1.5 GB)");
        for name in ["package.json", "package-lock.json"] {
            fs::copy(source.join(name), directory.join(name)).with_context(|| format!("`{}`", directory.display()))?;
        }
        let install = npm::npm(context, &directory)?.args(INSTALL).args(["--ignore-scripts"]).status();
        if !install.context("npm could not be run")?.success() {
            return Err(Failure::new("npm could not install the Amplify CLI").into());
        }
        version(&program).ok_or_else(|| Failure::new("npm has installed the Amplify CLI, and it does not run"))?;
        Ok(())
    })?;
    Ok(program)
}

impl<'a> AmplifyCli<'a> {
    pub(super) fn new(context: &'a Context, account: &'a Account<'a>, supervisor: &'a Supervisor) -> Result<Self> {
        Ok(Self { context, account, supervisor, program: find_or_fetch(context)? })
    }

    /// Connects the checkout with an environment of an app, or creates the environment.
    ///
    /// # Errors
    /// It fails, or leaves behind another state than that of this environment in this app.
    pub(super) fn init(&self, project: &Project, environment: &Environment, is_new: bool) -> Result<()> {
        let Environment { name, app_id, .. } = environment;
        // Written by it last: if it is there afterwards, it has come to its end.
        let _ = fs::remove_file(project.local_env_info());
        let attempts = if is_new { 1 } else { ATTEMPTS };
        let said = self.run(&init_arguments(name, is_new.then_some(app_id)), attempts)?;
        let unless = |message: String| {
            let hint = match said.output.contains(INVALID_CONFIGURATION) {
                true => "it could not use the credentials, said so above, and exited with 0",
                false => "it exited with 0 all the same: what it said is above",
            };
            Failure::new(message).hint(hint)
        };
        let local = project::read(&project.local_env_info()).unwrap_or(Value::Null);
        if local["envName"] != name.as_str() {
            return Err(unless(format!("`amplify init` has not initialised `{name}`")).into());
        }
        match project.entry(name)? {
            Some(entry) if entry.app_id == *app_id => Ok(()),
            Some(entry) => Err(unless(format!(
                "`amplify init` has connected `{name}` with the app `{}` instead of `{app_id}`",
                entry.app_id
            ))
            .into()),
            None => {
                Err(unless(format!("`amplify init` has left nothing about `{name}` in team-provider-info.json")).into())
            }
        }
    }

    /// Pushes the backend and uploads the front end.
    ///
    /// # Errors
    /// It fails, or does not say that it has published.
    pub(super) fn publish(&self) -> Result<()> {
        let said = self.run(&publish_arguments(), ATTEMPTS)?;
        if said.output.contains(NO_HOSTING) {
            return Err(Failure::new(
                "`amplify publish` has published nothing: it found no hosting, and exited with 0",
            )
            .into());
        }
        if !said.output.contains(PUBLISHED) {
            return Err(
                Failure::new("`amplify publish` exited with 0, and has not said that anything was published").into()
            );
        }
        Ok(())
    }

    /// Runs a command until it ends with 0; what may pass is tried again.
    fn run(&self, arguments: &[String], attempts: u32) -> Result<Ended> {
        let name = format!("amplify {}", arguments[0]);
        let limit = Duration::from_secs(self.context.config.publish.timeout);
        let mut attempt = 1;
        loop {
            let mut command = Command::new(&self.program);
            command.args(arguments).current_dir(&self.context.root).env("CI", "true");
            self.account.prepare(&mut command);
            let ended = self.supervisor.run(&name, command, limit)?;
            if ended.status.success() {
                return Ok(ended);
            }
            let reason = TRANSIENT.iter().find(|reason| ended.output.contains(**reason));
            match reason {
                Some(reason) if attempt < attempts => {
                    let pause = Duration::from_secs(5 * u64::from(attempt));
                    self.supervisor
                        .pause(&format!("`{name}` failed ({reason}); again in {}", duration(pause)), pause)?;
                    attempt += 1;
                }
                _ => {
                    let hint = "what it said is above; once that is mended, run `cargo xtask publish` again: it goes on from where AWS is now";
                    let tries = if attempt > 1 { format!(", tried {attempt} times") } else { String::new() };
                    return Err(Failure::new(format!("`{name}` failed: {}{tries}", ended.how())).hint(hint).into());
                }
            }
        }
    }
}

/// Headless: https://docs.amplify.aws/gen1/react/tools/cli/usage/headless. With an app it creates the environment; without one, it
/// takes the one that team-provider-info.json names. The keys are in the profile.
pub(super) fn init_arguments(environment: &str, app_id: Option<&str>) -> Vec<String> {
    let mut amplify = json!({"envName": environment, "defaultEditor": "code"});
    if let Some(app_id) = app_id {
        amplify["appId"] = app_id.into();
    }
    let providers =
        json!({"awscloudformation": {"configLevel": "project", "useProfile": true, "profileName": PROFILE}});
    ["init", "--yes", "--amplify", &amplify.to_string(), "--providers", &providers.to_string()]
        .map(str::to_owned)
        .into()
}

pub(super) fn publish_arguments() -> Vec<String> {
    ["publish", "--yes"].map(str::to_owned).into()
}

/// The developer's own choice of credentials for each environment: put away while ours is in its place, and put back.
pub(super) struct LocalAwsInfo {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl LocalAwsInfo {
    pub(super) fn put_away(project: &Project) -> Self {
        let path = project.local_aws_info();
        let before = fs::read(&path).ok();
        let _ = fs::remove_file(&path);
        Self { path, before }
    }
}

impl Drop for LocalAwsInfo {
    fn drop(&mut self) {
        // The profile that it names now is about to go.
        let _ = match &self.before {
            Some(before) => fs::write(&self.path, before),
            None => fs::remove_file(&self.path),
        };
    }
}
