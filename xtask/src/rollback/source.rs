//! The source of the execution that a rollback starts: a commit of the repository, or a version of the promoted artifact.

use anyhow::Result;
use serde_json::Value;

use super::commit::Commit;
use super::plan::Release;
use crate::aws::Account;
use crate::report::Failure;
use crate::source_revision::ACTION;

/// A source, as an argument of `aws codepipeline start-pipeline-execution`.
pub(super) struct Source(String);

impl Source {
    /// The source for a commit. `from` is the environment that it is promoted from.
    ///
    /// # Errors
    /// The deployed pipeline has another kind of source, or there is no artifact of the commit any more.
    pub(super) fn of(
        account: &Account<'_>,
        pipeline: &Value,
        (environment, from): (&str, Option<&str>),
        releases: &[Release],
        to: &Commit,
    ) -> Result<Self> {
        let mut actions =
            pipeline["stages"].as_array().into_iter().flatten().filter_map(|stage| stage["actions"].as_array());
        let source = actions.find_map(|actions| actions.iter().find(|action| action["name"] == ACTION));
        let is_promoted = source.is_some_and(|source| source["actionTypeId"]["provider"] == "S3");
        let Some((from, source)) = from.zip(source).filter(|_| is_promoted) else {
            if from.is_some() != is_promoted {
                let message = "the deployed pipeline has another source than xtask.toml configures (`promoted_from`)";
                let hint = format!("update it: `cargo xtask infra deploy --env {environment}`");
                return Err(Failure::new(message).state("nothing was changed").hint(hint).into());
            }
            return Ok(Self::new("COMMIT_ID", &to.id));
        };
        let gone = |what: &str| {
            let message = format!("{what} of `{to}`");
            let hint = format!(
                "`cargo xtask releases --env {environment} --last 100` lists others; or revert the later commits but keep their revisions (`git revert`), and release that through `{from}`"
            );
            Failure::new(message).state("nothing was changed").hint(hint)
        };
        let version = releases.iter().filter(|release| release.commit == to.id).find_map(Release::version);
        let version = version.ok_or_else(|| gone(&format!("`{environment}` has released no artifact")))?;
        let part = |name: &str| source["configuration"][name].as_str().unwrap_or_default();
        let object = ["--bucket", part("S3Bucket"), "--key", part("S3ObjectKey"), "--version-id", version];
        if account.find(&[&["s3api", "head-object"], &object[..]].concat())?.is_none() {
            return Err(gone("the bucket no longer has the artifact").into());
        }
        Ok(Self::new("S3_OBJECT_VERSION_ID", version))
    }

    fn new(kind: &str, value: &str) -> Self {
        Self(format!("actionName={ACTION},revisionType={kind},revisionValue={value}"))
    }

    pub(super) fn argument(&self) -> &str {
        &self.0
    }
}
