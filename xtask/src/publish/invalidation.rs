//! The invalidation of a distribution's cache.

use anyhow::{Context as _, Result};

use super::poll::{Answer, poll};
use super::publication::Publication;
use crate::report::{Failure, duration};

pub(super) fn create(distribution: &str) -> [&str; 6] {
    ["cloudfront", "create-invalidation", "--distribution-id", distribution, "--paths", "/*"]
}

pub(super) fn get<'a>(distribution: &'a str, id: &'a str) -> [&'a str; 6] {
    ["cloudfront", "get-invalidation", "--distribution-id", distribution, "--id", id]
}

/// Invalidates the cache of a distribution, and waits until the invalidation has completed.
///
/// # Errors
/// It is not permitted, or takes too long. The page is uploaded.
pub(super) fn run(publication: &Publication<'_>, distribution: &str) -> Result<()> {
    let Publication { account, supervisor, limit, .. } = publication;
    let created = account.run(&create(distribution)).map_err(|error| {
        let hint = format!(
            "the page is uploaded, but users may get the previous release; may `{}` invalidate the cache of this distribution? Publish again",
            account.arn
        );
        Failure::new(format!("{error:#}")).hint(hint)
    })?;
    let id = created["Invalidation"]["Id"].as_str().context("create-invalidation returned no Id")?;
    let mut last = String::new();
    let completed = poll(supervisor, *limit, || {
        let answer = account.run(&get(distribution, id))?;
        answer["Invalidation"]["Status"].as_str().unwrap_or_default().clone_into(&mut last);
        Ok(match last.as_str() {
            "Completed" => Answer::Final(()),
            status => Answer::NotYet(format!("waiting for the CloudFront invalidation: {id} is {status}")),
        })
    })?;
    completed.map_err(|_| {
        let message =
            format!("published, but the CloudFront invalidation `{id}` is still {last} after {}", duration(*limit));
        Failure::new(message).hint("users may get the previous release until it has completed").into()
    })
}
