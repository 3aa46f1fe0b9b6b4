//! The Amplify CLI: finding or downloading it, and running it. In some cases, it exits 0 without having done anything,
//! so the results of each command are checked here.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use cluster::{Needs, Stamp, Trust};
use serde_json::{Value, json};

use super::environment::Environment;
use super::project::Project;
use crate::aws::{Account, PROFILE};
use crate::context::Context;
use crate::json_file;
use crate::npm;
use crate::package_manager::INSTALL;
use crate::process;
use crate::report::{Failure, duration};
use crate::supervise::{Exited, Supervisor};

/// Printed once everything is uploaded (amplify-category-hosting, S3AndCloudFront/index.js).
const PUBLISHED: &str = "Your app is published successfully.";

/// Printed for a project without hosting, before exiting 0 (cli-internal, commands/publish.js).
const NO_HOSTING: &str = "Add hosting to your project before publishing your project";

/// Printed if STS is not reachable, before exiting 0 (amplify-provider-awscloudformation, configuration-manager.js).
const INVALID_CONFIGURATION: &str = "Invalid configuration settings!";

/// Transient errors: those in https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and Node.js's names
/// of connection errors.
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

/// The maximum number of attempts for `publish`, and for `init` of an existing environment: both continue from the state on
/// AWS. An `init` that creates an environment does not; the next run of `cargo xtask publish` checks what it created.
const ATTEMPTS: u32 = 3;

/// The CLI.
pub(super) struct AmplifyCli<'a> {
    context: &'a Context,
    account: &'a Account<'a>,
    supervisor: &'a Supervisor,
    program: PathBuf,
}

/// The path and version of the installed CLI; `None` if it would be downloaded.
pub(super) fn find() -> Result<Option<(PathBuf, String)>> {
    let Ok(program) = process::find("amplify") else { return Ok(None) };
    match version(&program) {
        Some(version) => Ok(Some((program, version))),
        None => Err(Failure::new(format!("the Amplify CLI `{}` does not run: its binary is missing", program.display()))
            .hint("npm installed the package, but its download of the binary failed; run `npm uninstall --global @aws-amplify/cli`, and the pinned version will be used")
            .into()),
    }
}

/// The version that would be downloaded.
pub(super) fn pinned(context: &Context) -> Result<String> {
    let manifest = json_file::read(&context.root.join("xtask/amplify-cli/package.json"))?;
    let version = manifest["dependencies"]["@aws-amplify/cli-internal"].as_str().map(str::to_owned);
    version.context("`xtask/amplify-cli/package.json` names no @aws-amplify/cli-internal")
}

fn version(program: &Path) -> Option<String> {
    let shell = process::shell(&std::env::temp_dir()).ok()?;
    let text = process::command(&shell, program, Needs::Node).arg("--version").ignore_stderr().read().ok()?;
    // Messages about plugins may come first.
    let last = text.lines().last()?.trim().to_owned();
    last.split('.').all(|part| part.parse::<u32>().is_ok()).then_some(last)
}

/// The CLI on PATH, or else the version pinned in `xtask/amplify-cli`, installed below the target directory.
fn find_or_install(context: &Context) -> Result<PathBuf> {
    if let Some((program, version)) = find()? {
        context.report.message(format!("using the Amplify CLI {version} (`{}`)", program.display()));
        return Ok(program);
    }
    let source = context.root.join("xtask/amplify-cli");
    let directory = std::path::absolute(context.target().join("amplify-cli")).context("the target directory")?;
    let program = directory.join("node_modules/.bin/amplify");
    // The program is given the credentials.
    let trust = Trust::of_current_user()?;
    trust.create(&directory)?;
    let lock = regular_file::read_to_string(&source.join("package-lock.json"))?;
    let running = npm::install_lock(context, "amplify-cli")?;
    Stamp::new(directory.join("installed.json"), lock).install_once(|| -> Result<()> {
        context.report.message("installing the Amplify CLI with npm (once, about 1.5 GB)");
        for name in ["package.json", "package-lock.json"] {
            fs::copy(source.join(name), directory.join(name)).with_context(|| format!("`{}`", directory.display()))?;
        }
        let install = npm::npm(context, &directory)?.args(INSTALL).args(["--ignore-scripts"]).stdin(running).status();
        if !install.context("could not run npm")?.success() {
            return Err(Failure::new("npm could not install the Amplify CLI").into());
        }
        version(&program).ok_or_else(|| Failure::new("npm installed the Amplify CLI, but it does not run"))?;
        Ok(())
    })?;
    trust.check(&program)?;
    Ok(program)
}

impl<'a> AmplifyCli<'a> {
    pub(super) fn new(context: &'a Context, account: &'a Account<'a>, supervisor: &'a Supervisor) -> Result<Self> {
        Ok(Self { context, account, supervisor, program: find_or_install(context)? })
    }

    /// Connects the checkout to an environment of an app, or creates the environment.
    ///
    /// # Errors
    /// The CLI fails, or the checkout is not connected to this environment of this app afterwards.
    pub(super) fn init(&self, project: &Project, environment: &Environment, is_new: bool) -> Result<()> {
        let Environment { name, app_id, .. } = environment;
        // The CLI writes this file last: if it exists afterwards, the command has completed.
        let _ = fs::remove_file(project.local_env_info());
        let attempts = if is_new { 1 } else { ATTEMPTS };
        let exited = self.run(&init_arguments(name, is_new.then_some(app_id)), attempts)?;
        let failure = |message: String| {
            let hint = match exited.output.contains(INVALID_CONFIGURATION) {
                true => "it could not use the credentials (see above), and exited 0",
                false => "it exited 0; see its output above",
            };
            Failure::new(message).hint(hint)
        };
        let local = json_file::read(&project.local_env_info()).unwrap_or(Value::Null);
        if local["envName"] != name.as_str() {
            return Err(failure(format!("`amplify init` did not initialize `{name}`")).into());
        }
        match project.entry(name)? {
            Some(entry) if entry.app_id == *app_id => Ok(()),
            Some(entry) => Err(failure(format!(
                "`amplify init` connected `{name}` to the app `{}` instead of `{app_id}`",
                entry.app_id
            ))
            .into()),
            None => Err(failure(format!("`amplify init` did not add `{name}` to team-provider-info.json")).into()),
        }
    }

    /// Pushes the backend and uploads the front end.
    ///
    /// # Errors
    /// The CLI fails, or does not report success.
    pub(super) fn publish(&self) -> Result<()> {
        let exited = self.run(&publish_arguments(), ATTEMPTS)?;
        if exited.output.contains(NO_HOSTING) {
            return Err(Failure::new("`amplify publish` found no hosting and published nothing, but exited 0").into());
        }
        if !exited.output.contains(PUBLISHED) {
            return Err(Failure::new("`amplify publish` exited 0 without reporting success").into());
        }
        Ok(())
    }

    /// Runs a command, and retries it after transient errors.
    fn run(&self, arguments: &[String], attempts: u32) -> Result<Exited> {
        let name = format!("amplify {}", arguments[0]);
        let limit = self.context.config.publish.timeout();
        let mut attempt = 1;
        loop {
            let mut command = self.context.command(&self.program, Needs::Aws);
            command.args(arguments).current_dir(&self.context.root).env("CI", "true");
            self.account.prepare(&mut command);
            let exited = self.supervisor.run(&name, command, limit)?;
            if exited.status.success() {
                return Ok(exited);
            }
            let reason = TRANSIENT.iter().find(|reason| exited.output.contains(**reason));
            match reason {
                Some(reason) if attempt < attempts => {
                    let pause = Duration::from_secs(5 * u64::from(attempt));
                    self.supervisor
                        .pause(&format!("`{name}` failed ({reason}); retrying in {}", duration(pause)), pause)?;
                    attempt += 1;
                }
                _ => {
                    let hint = "see its output above; fix the cause and run `cargo xtask publish` again, which continues from the current state on AWS";
                    let tries = if attempt > 1 { format!(" after {attempt} attempts") } else { String::new() };
                    return Err(Failure::new(format!("`{name}` failed: {}{tries}", exited.describe()))
                        .hint(hint)
                        .into());
                }
            }
        }
    }
}

/// Headless mode: https://docs.amplify.aws/gen1/react/tools/cli/usage/headless. With an app id, it creates the environment;
/// without one, it uses the app in team-provider-info.json. The keys are in the profile.
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

/// The developer's own credential settings, which are restored when this is dropped.
pub(super) struct LocalAwsInfo {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl LocalAwsInfo {
    pub(super) fn set_aside(project: &Project) -> Self {
        let path = project.local_aws_info();
        let before = regular_file::read(&path).ok();
        let _ = fs::remove_file(&path);
        Self { path, before }
    }
}

impl Drop for LocalAwsInfo {
    fn drop(&mut self) {
        // The profile in the current file is about to be deleted.
        let _ = match &self.before {
            Some(before) => fs::write(&self.path, before),
            None => fs::remove_file(&self.path),
        };
    }
}
