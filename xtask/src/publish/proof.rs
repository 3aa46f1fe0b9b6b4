//! The proof: what the build left is in the bucket, byte for byte where it matters.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::project::Project;
use crate::aws::Account;
use crate::report::{Failure, duration};
use crate::supervise::Supervisor;

/// The objects that decide which release users see: compared whole, the others by size.
pub(super) const WHOLE: [&str; 2] = ["release.json", "index.html"];

/// How often CloudFront is asked.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// Where the page was published.
pub(super) struct Published {
    pub(super) bucket: String,
    pub(super) url: String,
    pub(super) distribution: String,
    /// Its files.
    pub(super) count: usize,
}

/// Compares the bucket with what the build left.
///
/// # Errors
/// The push made no bucket; a file is missing in it, or is another one.
pub(super) fn prove(account: &Account<'_>, project: &Project) -> Result<Published> {
    let outputs = project.hosting_outputs().context("the push has left nothing to look at")?;
    let output = |name: &str| {
        let value = outputs[name].as_str().map(str::to_owned);
        value.ok_or_else(|| Failure::new(format!("the push has made no hosting: amplify-meta.json has no `{name}`")))
    };
    let (bucket, url) = (output("HostingBucketName")?, output("CloudFrontSecureURL")?);
    let objects = sizes(&account.ask(&list(&bucket))?);
    let files = files(&project.distribution)?;
    let mut wrong = Vec::new();
    for (name, size) in &files {
        match objects.get(name) {
            None => wrong.push(format!("{name} is missing")),
            Some(found) if found != size => wrong.push(format!("{name} has {found} bytes instead of {size}")),
            Some(_) => {}
        }
    }
    let is_all_there = wrong.is_empty();
    for name in WHOLE.iter().filter(|_| is_all_there) {
        let path = project.distribution.join(name);
        let built = fs::read(&path).with_context(|| format!("`{}`", path.display()))?;
        if account.object(&bucket, name)? != built {
            wrong.push(format!("{name} is another one"));
        }
    }
    if !wrong.is_empty() {
        let hint = "the CLI said that all is published; what users get now may be a mixture: publish again";
        return Err(Failure::new(format!("the bucket `{bucket}` does not hold this build: {}", wrong.join(", ")))
            .hint(hint)
            .into());
    }
    Ok(Published { bucket, url, distribution: output("CloudFrontDistributionID")?, count: files.len() })
}

pub(super) fn list(bucket: &str) -> [&str; 4] {
    ["s3api", "list-objects-v2", "--bucket", bucket]
}

/// Makes CloudFront forget what it keeps, and waits until it has.
pub(super) fn invalidate_and_wait(
    account: &Account<'_>,
    supervisor: &Supervisor,
    published: &Published,
    limit: Duration,
) -> Result<()> {
    let deadline = Instant::now() + limit;
    let mut answer = account.ask(&invalidate(&published.distribution))?;
    loop {
        let part = |name: &str| answer["Invalidation"][name].as_str().unwrap_or_default().to_owned();
        let (id, status) = (part("Id"), part("Status"));
        if status == "Completed" {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let message = format!(
                "published; but the invalidation `{id}` of CloudFront is still {status} after {}",
                duration(limit)
            );
            return Err(Failure::new(message).hint("users may see the last release until it is through").into());
        }
        supervisor
            .pause(&format!("waiting for CloudFront to forget the last release: {id} is {status}"), POLL_INTERVAL)?;
        answer = account.ask(&invalidation(&published.distribution, &id))?;
    }
}

pub(super) fn invalidate(distribution: &str) -> [&str; 6] {
    ["cloudfront", "create-invalidation", "--distribution-id", distribution, "--paths", "/*"]
}

pub(super) fn invalidation<'a>(distribution: &'a str, id: &'a str) -> [&'a str; 6] {
    ["cloudfront", "get-invalidation", "--distribution-id", distribution, "--id", id]
}

/// The bytes of each object.
fn sizes(answer: &Value) -> BTreeMap<String, u64> {
    let objects = answer["Contents"].as_array().into_iter().flatten();
    objects.filter_map(|object| Some((object["Key"].as_str()?.to_owned(), object["Size"].as_u64()?))).collect()
}

/// The bytes of each file below a folder, by its path from there.
fn files(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let (mut folders, mut files) = (vec![folder.to_owned()], BTreeMap::new());
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).with_context(|| format!("`{}`", current.display()))? {
            let (path, metadata) = entry.and_then(|entry| Ok((entry.path(), entry.metadata()?)))?;
            if metadata.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder)?.display().to_string(), metadata.len());
            }
        }
    }
    Ok(files)
}
