//! Amplify Hosting's manual deployment: a zip file of the page.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::{archive, http, job};
use crate::publish::publication::Publication;
use crate::report::Failure;

/// The built page, from the root of the checkout.
pub(super) const DISTRIBUTION: &str = "frontend/dist";

/// Amplify's error if a job of the branch exists that has not ended.
const BUSY: &str = "pending or running";

pub(super) fn create<'a>(app_id: &'a str, branch: &'a str) -> [&'a str; 6] {
    ["amplify", "create-deployment", "--app-id", app_id, "--branch-name", branch]
}

pub(super) fn start<'a>(app_id: &'a str, branch: &'a str, id: &'a str) -> [&'a str; 8] {
    ["amplify", "start-deployment", "--app-id", app_id, "--branch-name", branch, "--job-id", id]
}

/// Publishes the page, and waits for the job.
pub(super) fn publish(publication: &Publication<'_>, app_id: &str, branch: &str) -> Result<()> {
    let Publication { context, account, .. } = publication;
    let path = context.target().join("page.zip");
    let count = archive::pack(&context.root.join(DISTRIBUTION), &path)?;
    let created = account.run(&create(app_id, branch)).map_err(|error| match error.to_string().contains(BUSY) {
        true => Failure::new(format!("{error:#}")).hint(format!(
            "another release, or one that was killed: `aws amplify list-jobs --app-id {app_id} --branch-name {branch}` shows its job; stop it: {}",
            job::stop(app_id, branch, "ID")
        )).into(),
        false => error,
    })?;
    let part = |name: &str| created[name].as_str().with_context(|| format!("create-deployment returned no {name}"));
    let (id, url) = (part("jobId")?, part("zipUploadUrl")?);
    upload(publication, url, &path).map_err(|error| {
        let stop = job::stop(app_id, branch, id);
        Failure::new(format!("could not upload the page for the job {id}: {error:#}"))
            .hint(format!("the backend is deployed, and the previous page is still live; stop the job: {stop}"))
    })?;
    account.run(&start(app_id, branch, id))?;
    job::wait(publication, app_id, branch, id)?;
    context.report.message(format!("the job {id} has published {count} files"));
    Ok(())
}

fn upload(publication: &Publication<'_>, url: &str, path: &Path) -> Result<()> {
    let response = http::put(publication.context, url, path, publication.limit)?;
    match response.status {
        200..=299 => Ok(()),
        status => {
            let text = String::from_utf8_lossy(&response.body);
            let start: String = text.chars().take(200).collect();
            Err(Failure::new(format!("status {status}: {}", start.trim())).into())
        }
    }
}
