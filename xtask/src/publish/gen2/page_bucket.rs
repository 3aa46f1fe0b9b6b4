//! The bucket of a page behind CloudFront. CloudFormation keeps it when it deletes the backend, and can't create it again.

use anyhow::Result;

use crate::aws::{Account, Stack};
use crate::context::Context;
use crate::publish::names::project_name;

/// Its name in `amplify/hosting.ts`.
pub(super) fn name(context: &Context, environment: &str, account: &str, region: &str) -> Result<String> {
    Ok(format!("{}-{environment}-page-{account}-{region}", project_name(context)?))
}

pub(super) fn head(bucket: &str) -> [&str; 4] {
    ["s3api", "head-bucket", "--bucket", bucket]
}

/// Whether the bucket exists, but is not a resource of this stack or of one nested in it: the backend refers to it.
pub(super) fn is_left_behind(account: &Account<'_>, bucket: &str, stack: &str) -> Result<bool> {
    if account.find(&head(bucket))?.is_none() {
        return Ok(false);
    }
    if Stack::find(account, stack)?.is_none_or(|stack| stack.was_never_created()) {
        return Ok(true);
    }
    let ids = Stack::physical_ids(account, stack)?;
    for nested in ids.values().filter(|id| id.starts_with("arn:") && id.contains(":cloudformation:")) {
        if Stack::physical_ids(account, nested)?.values().any(|id| id == bucket) {
            return Ok(false);
        }
    }
    Ok(!ids.values().any(|id| id == bucket))
}
