//! The jobs of a branch: each is one deployment of the page.

use anyhow::Result;
use serde_json::Value;

use crate::publish::poll::{Answer, poll};
use crate::publish::publication::Publication;
use crate::report::{Failure, duration};

/// The statuses of a job that Amplify is processing. A job that was only created has not started.
const ACTIVE: [&str; 4] = ["PENDING", "PROVISIONING", "RUNNING", "CANCELLING"];

pub(super) fn list<'a>(app_id: &'a str, branch: &'a str) -> [&'a str; 8] {
    ["amplify", "list-jobs", "--app-id", app_id, "--branch-name", branch, "--max-items", "10"]
}

pub(super) fn get<'a>(app_id: &'a str, branch: &'a str, id: &'a str) -> [&'a str; 8] {
    ["amplify", "get-job", "--app-id", app_id, "--branch-name", branch, "--job-id", id]
}

/// How to stop a job, for hints.
pub(super) fn stop(app_id: &str, branch: &str, id: &str) -> String {
    format!("`aws amplify stop-job --app-id {app_id} --branch-name {branch} --job-id {id}`")
}

/// Waits until no job of the branch runs: concurrent releases would undo each other.
pub(super) fn wait_for_others(publication: &Publication<'_>, app_id: &str, branch: &str) -> Result<()> {
    let mut last = String::new();
    let idle = poll(&publication.supervisor, publication.limit, || {
        let answer = publication.account.run(&list(app_id, branch))?;
        let active = answer["jobSummaries"].as_array().into_iter().flatten().find(|job| ACTIVE.contains(&status(job)));
        Ok(active.map_or(Answer::Final(()), |job| {
            id(job).clone_into(&mut last);
            Answer::NotYet(format!("waiting for another release: the job {} is {}", id(job), status(job)))
        }))
    })?;
    idle.map_err(|_| {
        let limit = duration(publication.limit);
        let message = format!("the job {last} of the branch `{branch}` has been running for {limit}");
        let hint = format!("nothing was changed; if it is stuck, stop it: {}", stop(app_id, branch, &last));
        Failure::new(message).hint(hint).into()
    })
}

/// Waits until a job has published the page.
///
/// # Errors
/// It failed, was cancelled, or takes too long.
pub(super) fn wait(publication: &Publication<'_>, app_id: &str, branch: &str, id: &str) -> Result<()> {
    let done = poll(&publication.supervisor, publication.limit, || {
        let job = publication.account.run(&get(app_id, branch, id))?["job"].take();
        Ok(match status(&job["summary"]) {
            "SUCCEED" | "FAILED" | "CANCELLED" => Answer::Final(job),
            status => Answer::NotYet(format!("the job {id} is {status}")),
        })
    })?;
    let live = "the backend is deployed, and the previous page is still live";
    let job = done.map_err(|missing| {
        let message = format!("{missing} after {}", duration(publication.limit));
        Failure::new(message).hint(format!("{live}; if it is stuck, stop it: {}", stop(app_id, branch, id)))
    })?;
    match status(&job["summary"]) {
        "SUCCEED" => Ok(()),
        status => {
            let log = get(app_id, branch, id).join(" ");
            let hint = format!("{live}; `aws {log}` has the URL of its log");
            Err(Failure::new(format!("the job {id} is {status}{}", reason(&job))).hint(hint).into())
        }
    }
}

fn status(summary: &Value) -> &str {
    summary["status"].as_str().unwrap_or_default()
}

fn id(summary: &Value) -> &str {
    summary["jobId"].as_str().unwrap_or_default()
}

/// The step that failed, and why.
fn reason(job: &Value) -> String {
    let mut steps = job["steps"].as_array().into_iter().flatten();
    let step = steps.rfind(|step| status(step) != "SUCCEED");
    step.map_or_else(String::new, |step| {
        let text = |key: &str| step[key].as_str().unwrap_or_default();
        let reason = Some(text("statusReason")).filter(|reason| !reason.is_empty());
        format!(
            ": {} {}{}",
            text("stepName"),
            status(step),
            reason.map_or_else(String::new, |text| format!(": {text}"))
        )
    })
}
