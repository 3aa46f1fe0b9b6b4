//! `cargo xtask promote`: passes the artifact of a release on to an environment that is promoted from this one. Run by
//! `buildspec/promote.yml`, in the last stage of the pipeline, once for each of these environments.
//!
//! S3 copies the zip file that the actions of the release had as their source to the bucket of the other environment, which
//! may be in another account and region. Nothing is packed or compiled again.

use anyhow::Result;
use serde_json::Value;

use crate::aws::{Account, Place};
use crate::context::{COMMIT_FILE, Context};
use crate::infra;
use crate::release_kind::ReleaseKind;
use crate::report::{EXIT_USAGE, Failure};
use crate::source_revision::SUMMARY;

/// The name of the artifact that migrates and publishes (`infra/src/pipeline.ts`).
const ARTIFACT: &str = "Verified";

/// Where the artifact goes, as the pipeline was deployed (`infra/src/promotion.ts`).
struct Target {
    environment: String,
    account: String,
    region: String,
    bucket: String,
    key: String,
}

pub(crate) fn run(context: &Context) -> Result<()> {
    let environment = infra::choose(context, None)?;
    let variable = |name: &str| context.variable(name).ok_or_else(|| unset(context, &environment, name));
    let execution = variable("RELEASE_EXECUTION")?;
    let target = Target {
        environment: variable("PROMOTION_ENVIRONMENT")?,
        account: variable("PROMOTION_ACCOUNT")?,
        region: variable("PROMOTION_REGION")?,
        bucket: variable("PROMOTION_BUCKET")?,
        key: variable("PROMOTION_KEY")?,
    };
    if ReleaseKind::of(context)? != ReleaseKind::Forward {
        context.report.message("nothing is promoted: this is a rollback");
        return Ok(());
    }
    let commit = commit(context)?;
    let account = Account::open(context, &Place::of(context, Some(&environment), None)?)?;
    let artifact = artifact(&account, &infra::stack_name(context, &environment)?, &execution)?;
    let copied = target.copy(&account, &artifact, &commit).map_err(|error| target.refused(&environment, error))?;
    let version = target.version(&copied)?;
    context.report.message(format!(
        "promoted {commit} to `{}`: s3://{}/{}, version {version}",
        target.environment, target.bucket, target.key
    ));
    Ok(())
}

impl Target {
    /// Copies the artifact, and returns the answer of S3. The accounts must own both buckets: anyone could have created one
    /// with such a name.
    fn copy(&self, account: &Account<'_>, artifact: &str, commit: &str) -> Result<Value> {
        let metadata = format!("{SUMMARY}={commit}");
        let from = ["--copy-source", artifact, "--expected-source-bucket-owner", &account.number];
        let to = ["--region", &self.region, "--bucket", &self.bucket, "--key", &self.key];
        let owner = ["--expected-bucket-owner", &self.account];
        let described =
            ["--metadata-directive", "REPLACE", "--metadata", &metadata, "--content-type", "application/zip"];
        // To copy tags takes permissions on both sides.
        let untagged = ["--tagging-directive", "REPLACE"];
        let copy = [&["s3api", "copy-object"][..], &from, &to, &owner, &described, &untagged].concat();
        account.run(&copy)
    }

    /// The version of a copy.
    fn version<'c>(&self, copied: &'c Value) -> Result<&'c str> {
        copied["VersionId"].as_str().filter(|version| *version != "null").ok_or_else(|| {
            let bucket = &self.bucket;
            let message = format!("the bucket `{bucket}` keeps no versions, so no pipeline can release from it");
            let hint = format!(
                "enable them in account {}: `aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled`; then retry the stage",
                self.account
            );
            Failure::new(message).state("the release itself is live").hint(hint).into()
        })
    }

    /// An error of the copy: one of the two stacks does not know the other, or AWS refuses the request.
    fn refused(&self, environment: &str, error: anyhow::Error) -> anyhow::Error {
        let Self { environment: to, account, region, .. } = self;
        let message = format!("could not pass the artifact on to `{to}` in account {account}, {region}");
        let state = format!("`{to}` keeps what it had; the release itself is live");
        let hint = format!(
            "deploy both with this xtask.toml, in any order: `cargo xtask infra deploy --env {to}`, which has the bucket, and `cargo xtask infra deploy --env {environment}`, which has the role; then retry the stage, or release again if the pipeline has changed (docs/operations.md)"
        );
        Failure::new(message).state(state).hint(hint).caused_by(Some(error)).into()
    }
}

/// The error for a variable of the pipeline.
fn unset(context: &Context, environment: &str, name: &str) -> anyhow::Error {
    let failure = Failure::new(format!("`{name}` is not set"));
    if context.variable("CODEBUILD_BUILD_ID").is_none() {
        return failure.hint("the pipeline sets it: this command is for buildspec/promote.yml").code(EXIT_USAGE).into();
    }
    let hint = format!(
        "the deployed pipeline is older than this buildspec/promote.yml: update it with `cargo xtask infra deploy --env {environment}`, then release again"
    );
    failure.state("nothing was promoted; the release itself is live").hint(hint).code(EXIT_USAGE).into()
}

/// The commit of the artifact, which it must record: the next environment's builds read it there.
fn commit(context: &Context) -> Result<String> {
    let state = "nothing was promoted; the release itself is live";
    let hint = "let buildspec/verify.yml write $CODEBUILD_RESOLVED_SOURCE_VERSION to it, as the tool's own does";
    let recorded = context.recorded_commit().ok_or_else(|| {
        Failure::new(format!("the artifact has no `{COMMIT_FILE}`, which records its commit")).state(state).hint(hint)
    })?;
    match context.provenance().commit.filter(|released| *released != recorded) {
        None => Ok(recorded),
        Some(released) => {
            let message = format!("`{COMMIT_FILE}` has {recorded}, but the pipeline releases {released}");
            Err(Failure::new(message).state(state).hint(hint).into())
        }
    }
}

/// The bucket and key of the artifact of an execution.
fn artifact(account: &Account<'_>, pipeline: &str, execution: &str) -> Result<String> {
    let filter = format!("pipelineExecutionId={execution}");
    let list = ["codepipeline", "list-action-executions", "--pipeline-name", pipeline, "--filter", &filter];
    let answer = account.run(&list)?;
    let actions = answer["actionExecutionDetails"].as_array().into_iter().flatten();
    let artifacts = actions.filter_map(|action| action["output"]["outputArtifacts"].as_array()).flatten();
    let place = |artifact: &Value| {
        let part = |name: &str| artifact["s3location"][name].as_str();
        Some(format!("{}/{}", part("bucket")?, part("key")?))
    };
    artifacts.filter(|artifact| artifact["name"] == ARTIFACT).find_map(place).ok_or_else(|| {
        let message = format!("the execution {execution} of `{pipeline}` has no artifact `{ARTIFACT}`");
        let hint = format!("see its actions: `aws {}`", list.join(" "));
        Failure::new(message).state("nothing was promoted; the release itself is live").hint(hint).into()
    })
}
