//! Publishes the page by a manual deployment of Amplify Hosting: a zip file.

use std::path::Path;

use anyhow::{Context as _, Result};

use serde_json::Value;

use super::address::{AMPLIFY_HOSTING, Address};
use super::branch::Branch;
use super::{archive, http, job, rules};
use crate::frontend;
use crate::publish::publication::Publication;
use crate::report::Failure;

/// Amplify's error if a job of the branch exists that has not ended.
const BUSY: &str = "pending or running";

pub(super) fn create<'a>(app_id: &'a str, branch: &'a str) -> [&'a str; 6] {
    ["amplify", "create-deployment", "--app-id", app_id, "--branch-name", branch]
}

pub(super) fn start<'a>(app_id: &'a str, branch: &'a str, id: &'a str) -> [&'a str; 8] {
    ["amplify", "start-deployment", "--app-id", app_id, "--branch-name", branch, "--job-id", id]
}

/// The branch that serves the page.
pub(super) struct Target<'a> {
    pub(super) app: &'a Value,
    pub(super) app_id: &'a str,
    pub(super) branch: &'a Branch,
    /// The name of the branch.
    pub(super) name: &'a str,
}

/// Lets the app rewrite `/api` to the API, publishes the page, and waits for the job.
pub(super) fn publish(publication: &Publication<'_>, target: &Target<'_>, api: Option<&str>) -> Result<Address> {
    if let Some(api) = api {
        rules::set(&publication.account, target.app, target.app_id, api)?;
    }
    deploy(publication, target.app_id, target.name)?;
    Ok(Address {
        host: host(target)?,
        has_basic_auth: target.branch.has_basic_auth() || target.app["enableBasicAuth"] == true,
        words: &AMPLIFY_HOSTING,
    })
}

/// The branch's own host: `BRANCH.APP.amplifyapp.com`.
pub(super) fn host(target: &Target<'_>) -> Result<String> {
    let domain = target.app["defaultDomain"].as_str().ok_or_else(|| Failure::new("the app has no domain"))?;
    Ok(format!("{}.{domain}", target.branch.display_name().unwrap_or(target.name)))
}

fn deploy(publication: &Publication<'_>, app_id: &str, branch: &str) -> Result<()> {
    let Publication { context, account, .. } = publication;
    let path = context.target().join("page.zip");
    let count = archive::pack(&frontend::output(context), &path)?;
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
