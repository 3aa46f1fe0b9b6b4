//! Verifies that the bucket holds the files of the build, and invalidates the CloudFront cache.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::project::Project;
use crate::aws::Account;
use crate::publish::distribution::files;
use crate::report::{Failure, duration};
use crate::supervise::Supervisor;

/// The objects that determine which release users see. They are compared by content, the others by size.
pub(super) const COMPARED_BY_CONTENT: [&str; 2] = ["release.json", "index.html"];

/// How often to poll CloudFront.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// The published page.
pub(super) struct Published {
    pub(super) bucket: String,
    pub(super) url: String,
    pub(super) distribution: String,
    /// The number of files.
    pub(super) count: usize,
}

/// Compares the bucket with the files of the build.
///
/// # Errors
/// The push created no bucket, or a file in it is missing or different.
pub(super) fn verify(account: &Account<'_>, project: &Project) -> Result<Published> {
    let outputs = project.hosting_outputs().context("the push left no outputs")?;
    let output = |name: &str| {
        let value = outputs[name].as_str().map(str::to_owned);
        value.ok_or_else(|| Failure::new(format!("the push created no hosting: amplify-meta.json has no `{name}`")))
    };
    let (bucket, url) = (output("HostingBucketName")?, output("CloudFrontSecureURL")?);
    let objects = sizes(&account.run(&list(&bucket))?);
    let files = files(&project.distribution)?;
    let mut wrong = Vec::new();
    for (name, size) in &files {
        match objects.get(name) {
            None => wrong.push(format!("{name} is missing")),
            Some(found) if found != size => wrong.push(format!("{name} has {found} bytes instead of {size}")),
            Some(_) => {}
        }
    }
    let is_complete = wrong.is_empty();
    for name in COMPARED_BY_CONTENT.iter().filter(|_| is_complete) {
        let path = project.distribution.join(name);
        let built = regular_file::read(&path).with_context(|| format!("`{}`", path.display()))?;
        if account.object(&bucket, name)? != built {
            wrong.push(format!("{name} is different"));
        }
    }
    if !wrong.is_empty() {
        let hint = "the CLI reported success; users may now get a mixture of two releases: publish again";
        return Err(Failure::new(format!("the bucket `{bucket}` does not hold this build: {}", wrong.join(", ")))
            .hint(hint)
            .into());
    }
    Ok(Published { bucket, url, distribution: output("CloudFrontDistributionID")?, count: files.len() })
}

pub(super) fn list(bucket: &str) -> [&str; 4] {
    ["s3api", "list-objects-v2", "--bucket", bucket]
}

/// Invalidates the CloudFront cache, and waits until that is done.
pub(super) fn invalidate_and_wait(
    account: &Account<'_>,
    supervisor: &Supervisor,
    published: &Published,
    limit: Duration,
) -> Result<()> {
    let deadline = Instant::now() + limit;
    let mut answer = account.run(&invalidate(&published.distribution))?;
    loop {
        let part = |name: &str| answer["Invalidation"][name].as_str().unwrap_or_default().to_owned();
        let (id, status) = (part("Id"), part("Status"));
        if status == "Completed" {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let message = format!(
                "published, but the CloudFront invalidation `{id}` is still {status} after {}",
                duration(limit)
            );
            return Err(Failure::new(message).hint("users may get the previous release until it has completed").into());
        }
        supervisor.pause(&format!("waiting for the CloudFront invalidation: {id} is {status}"), POLL_INTERVAL)?;
        answer = account.run(&invalidation(&published.distribution, &id))?;
    }
}

pub(super) fn invalidate(distribution: &str) -> [&str; 6] {
    ["cloudfront", "create-invalidation", "--distribution-id", distribution, "--paths", "/*"]
}

pub(super) fn invalidation<'a>(distribution: &'a str, id: &'a str) -> [&'a str; 6] {
    ["cloudfront", "get-invalidation", "--distribution-id", distribution, "--id", id]
}

/// The size of each object.
fn sizes(answer: &Value) -> BTreeMap<String, u64> {
    let objects = answer["Contents"].as_array().into_iter().flatten();
    objects.filter_map(|object| Some((object["Key"].as_str()?.to_owned(), object["Size"].as_u64()?))).collect()
}
