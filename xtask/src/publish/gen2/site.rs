//! Publishes the page to the bucket of the backend, which a CloudFront distribution of the backend serves.

use anyhow::Result;
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

/// The most objects that one command deletes: their keys are an argument.
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
    let objects = bucket::objects(account, &site.bucket)?;
    check(site, &bucket::differences(&objects, &files))?;
    account.run(&put_record(&site.bucket, &superseded::record(superseded::began(&objects, &files))))?;
    let keys = superseded::keys(&objects, &files, &superseded::limit(clock::now()));
    delete_all(publication, site, &keys)?;
    context.report.message(format!(
        "uploaded {} files to the bucket `{}`, and deleted {} of earlier releases",
        files.len(),
        site.bucket,
        keys.iter().filter(|key| !superseded::is_record(key)).count()
    ));
    invalidation::run(publication, &site.distribution)?;
    Ok(Address { host: site.domain.clone(), has_basic_auth: false, words: &CLOUDFRONT })
}

/// # Errors
/// A file is missing in the bucket, or is not the built one.
fn check(site: &Site, differences: &[String]) -> Result<()> {
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!("the bucket `{}` does not hold this build: {}", site.bucket, differences.join(", "));
    let hint = "the upload succeeded; is another release being published, or somebody changing the bucket? Users may get a mixture of two releases: publish again";
    Err(Failure::new(message).hint(hint).into())
}

/// Deletes objects.
fn delete_all(publication: &Publication<'_>, site: &Site, keys: &[String]) -> Result<()> {
    for batch in keys.chunks(BATCH) {
        let objects: Vec<Value> = batch.iter().map(|key| json!({"Key": key})).collect();
        let request = json!({"Objects": objects, "Quiet": true}).to_string();
        let answer = publication.account.run(&delete(&site.bucket, &request))?;
        // It exits 0 although it has deleted nothing.
        if let Some(error) = answer["Errors"].as_array().and_then(|errors| errors.first()) {
            let part = |name: &str| error[name].as_str().unwrap_or_default();
            let message = format!(
                "could not delete `{}` of an earlier release from the bucket `{}`: {}: {}",
                part("Key"),
                site.bucket,
                part("Code"),
                part("Message")
            );
            let hint = "the page is uploaded, but users may get the previous release from CloudFront's cache; allow `s3:DeleteObject` (`cargo xtask infra deploy` does), and publish again";
            return Err(Failure::new(message).hint(hint).into());
        }
    }
    Ok(())
}
