//! Verifies that the bucket holds the files of the build.

use anyhow::{Context as _, Result};

use super::project::Project;
use crate::aws::Account;
use crate::publish::bucket;
use crate::publish::distribution::files;
use crate::report::Failure;

/// The objects that determine which release users see. They are compared by content, the others by size.
pub(super) const COMPARED_BY_CONTENT: [&str; 2] = ["release.json", "index.html"];

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
    let files = files(&project.distribution)?;
    let mut wrong = bucket::differences(&bucket::objects(account, &bucket)?, &files);
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
