//! Publishes the page to the bucket of the backend, which a CloudFront distribution of the backend serves.

use anyhow::{Error, Result, anyhow};
use serde_json::{Value, json};

use super::address::{Address, CLOUDFRONT};
use super::outputs::Site;
use super::{superseded, upload};
use crate::clock;
use crate::frontend;
use crate::publish::bucket;
use crate::publish::publication::Publication;
use crate::publish::{distribution, invalidation};
use crate::report::Failure;

/// The maximum number of objects that one command deletes, because their keys are an argument.
const BATCH: usize = 100;

pub(super) fn put_record<'a>(bucket: &'a str, key: &'a str) -> [&'a str; 6] {
    ["s3api", "put-object", "--bucket", bucket, "--key", key]
}

pub(super) fn delete<'a>(bucket: &'a str, keys: &'a str) -> [&'a str; 6] {
    ["s3api", "delete-objects", "--bucket", bucket, "--delete", keys]
}

/// Uploads the page, deletes what it supersedes, and invalidates the cache.
pub(super) fn publish(publication: &Publication<'_>, site: &Site) -> Result<Address> {
    let Publication { context, account, .. } = publication;
    let page = frontend::output(context);
    let files = distribution::built(&page)?;
    upload::upload(publication, site, &page, files.keys().map(String::as_str))?;
    context.report.message(format!("uploaded {} files to the bucket `{}`", files.len(), site.bucket));
    let objects = bucket::objects(account, &site.bucket).map_err(uploaded)?;
    check(site, &bucket::differences(&objects, &files))?;
    let record = superseded::record(superseded::began(&objects, &files));
    account.run(&put_record(&site.bucket, &record)).map_err(uploaded)?;
    let keys = superseded::keys(&objects, &files, &superseded::limit(clock::now()));
    delete_all(publication, site, &keys)?;
    invalidation::run(publication, &site.distribution)?;
    Ok(Address { host: site.domain.clone(), has_basic_auth: false, words: &CLOUDFRONT })
}

/// # Errors
/// A file is missing from the bucket, or is not the built one.
fn check(site: &Site, differences: &[String]) -> Result<()> {
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!("the bucket `{}` does not hold this build: {}", site.bucket, differences.join(", "));
    let hint = "the upload succeeded; is another release being published, or is someone changing the bucket? Users may get a mixture of two releases: publish again";
    Err(Failure::new(message).hint(hint).into())
}

/// Deletes objects, and reports those that are not records.
fn delete_all(publication: &Publication<'_>, site: &Site, keys: &[String]) -> Result<()> {
    for batch in keys.chunks(BATCH) {
        let objects: Vec<Value> = batch.iter().map(|key| json!({"Key": key})).collect();
        let request = json!({"Objects": objects, "Quiet": true}).to_string();
        let answer = publication.account.run(&delete(&site.bucket, &request)).map_err(uploaded)?;
        // It exits 0 even if it has deleted nothing.
        if let Some(error) = answer["Errors"].as_array().and_then(|errors| errors.first()) {
            let [key, code, message] = ["Key", "Code", "Message"].map(|name| error[name].as_str().unwrap_or_default());
            let bucket = &site.bucket;
            return Err(uploaded(anyhow!("could not delete `{key}` from the bucket `{bucket}`: {code}: {message}")));
        }
    }
    let count = keys.iter().filter(|key| !superseded::is_record(key)).count();
    if count > 0 {
        publication.context.report.message(format!("deleted {count} files of earlier releases"));
    }
    Ok(())
}

/// An error after the upload, with what users get now.
fn uploaded(error: Error) -> Error {
    let hint = "the page is uploaded, but users may get the previous release from CloudFront's cache; `cargo xtask infra deploy` grants what `publish` needs; publish again";
    Failure::new(format!("{error:#}")).hint(hint).into()
}
