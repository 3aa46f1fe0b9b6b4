//! The build that a session runs in.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::aws::{self, Account};
use crate::context::Context;
use crate::interrupt;
use crate::report::{Failure, Report, duration};

/// How often to poll a build that is starting.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long a build may take to start: it waits for other builds of the account, and for a network interface.
const START: Duration = Duration::from_secs(600);

/// A build in the network of the database. It is stopped when this is dropped, or when a signal exits.
pub(super) struct Build {
    ending: Arc<Ending>,
    target: String,
}

/// How to stop the build, once it has started and until it has been stopped.
struct Ending {
    report: Report,
    stop: Mutex<Option<(String, Command)>>,
}

impl Ending {
    fn lock(&self) -> MutexGuard<'_, Option<(String, Command)>> {
        self.stop.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Stops the build. It holds the lock while it does, so that a signal does not exit in the meantime.
    fn end(&self) {
        let mut stop = self.lock();
        let Some((id, mut command)) = stop.take() else { return };
        match command.output() {
            Ok(output) if output.status.success() => {
                self.report.message(format!("the session has ended: stopped the build `{id}`"));
            }
            _ => self.report.message(format!(
                "could not stop the build `{id}`, which ends by itself after two hours; stop it with `aws codebuild stop-build --id {id}`"
            )),
        }
    }
}

impl Build {
    /// Starts a build, and waits until sessions can connect to it.
    pub(super) fn start(context: &Context, account: &Account<'_>, project: &str) -> Result<Self> {
        let report = context.report.clone();
        let ending = Arc::new(Ending { report, stop: Mutex::new(None) });
        let shared = Arc::clone(&ending);
        interrupt::before_exit(move || {
            interrupt::signal_group("TERM");
            shared.end();
        });
        let mut build = Self { ending, target: String::new() };
        let id = build.request(account, project)?;
        context.report.message(format!("session: the build `{id}` is starting, which takes about a minute"));
        build.target = wait(account, &id)?;
        Ok(build)
    }

    /// Requests the build, and returns its id. The lock makes a signal wait for the answer: the build has to be stopped.
    fn request(&self, account: &Account<'_>, project: &str) -> Result<String> {
        let mut stop = self.ending.lock();
        let start = ["codebuild", "start-build", "--project-name", project, "--debug-session-enabled"];
        let answer = apart(account.command(&start)?).args(["--output", "json"]).output();
        let answer = answer.context("could not run `aws`")?;
        let started: Option<Value> = serde_json::from_slice(&answer.stdout).ok();
        let id = started.as_ref().and_then(|started| started["build"]["id"].as_str());
        let Some(id) = id.filter(|_| answer.status.success()) else {
            let text = aws::error_line(&answer.stderr);
            return Err(refused(format!("could not start a build of `{project}`: {text}"), &text).into());
        };
        *stop = Some((id.to_owned(), apart(account.command(&["codebuild", "stop-build", "--id", id])?)));
        Ok(id.to_owned())
    }

    /// The target of sessions.
    pub(super) fn target(&self) -> &str {
        &self.target
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        self.ending.end();
    }
}

/// In a separate process group: a signal does not end it.
fn apart(mut command: Command) -> Command {
    command.process_group(0);
    command
}

/// Waits until the build runs its command, and returns the target of its sessions.
fn wait(account: &Account<'_>, id: &str) -> Result<String> {
    let deadline = Instant::now() + START;
    loop {
        let answer = account.run(&["codebuild", "batch-get-builds", "--ids", id])?;
        let build = &answer["builds"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (status, phase) = (text(&build["buildStatus"]), text(&build["currentPhase"]));
        if status != "IN_PROGRESS" {
            let reasons = build["phases"].as_array().into_iter().flatten();
            let reasons = reasons.flat_map(|phase| phase["contexts"].as_array().into_iter().flatten());
            let reason = reasons.map(|context| text(&context["message"])).find(|message| !message.is_empty());
            let reason = reason.unwrap_or_else(|| phase.clone());
            return Err(
                refused(format!("the build `{id}` ended before the session ({status}): {reason}"), &reason).into()
            );
        }
        if let (Some(target), "BUILD") = (build["debugSession"]["sessionTarget"].as_str(), phase.as_str()) {
            return Ok(target.to_owned());
        }
        if Instant::now() >= deadline {
            let message = format!("the build `{id}` has not started within {} ({phase})", duration(START));
            return Err(Failure::new(message).hint("other builds of the account may be running: try again").into());
        }
        sleep(POLL_INTERVAL);
    }
}

fn refused(message: String, sentence: &str) -> Failure {
    let advice = aws::advice(sentence).unwrap_or("the policies of docs/database-access.md allow it");
    Failure::new(message).state("the database was not touched").hint(advice)
}
