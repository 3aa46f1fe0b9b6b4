//! `cargo xtask promote`: passes the artifact of a release on to the environments that are promoted from this one. Run by
//! `buildspec/promote.yml`, as the last action of the pipeline.
//!
//! S3 copies the zip file that the actions of the release had as their source. Nothing is packed or compiled again.

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

pub(crate) fn run(context: &Context) -> Result<()> {
    let environment = infra::choose(context, None)?;
    let [bucket, key, execution] = ["PROMOTION_BUCKET", "PROMOTION_KEY", "RELEASE_EXECUTION"].map(|name| {
        let hint = "the pipeline sets it: this command is for buildspec/promote.yml";
        let missing = || Failure::new(format!("`{name}` is not set")).hint(hint).code(EXIT_USAGE);
        context.variable(name).ok_or_else(missing)
    });
    let (bucket, key, execution) = (bucket?, key?, execution?);
    if ReleaseKind::of(context)? != ReleaseKind::Forward {
        context.report.message("nothing is promoted: this is a rollback");
        return Ok(());
    }
    let commit = commit(context)?;
    let account = Account::open(context, &Place::of(context, Some(&environment), None)?)?;
    let artifact = artifact(&account, &infra::stack_name(context, &environment)?, &execution)?;
    let metadata = format!("{SUMMARY}={commit}");
    let copy = ["s3api", "copy-object", "--copy-source", &artifact, "--bucket", &bucket, "--key", &key];
    let described = ["--metadata-directive", "REPLACE", "--metadata", &metadata, "--content-type", "application/zip"];
    let copied = account.run(&[&copy[..], &described].concat())?;
    let Some(version) = copied["VersionId"].as_str().filter(|version| *version != "null") else {
        let message = format!("the bucket `{bucket}` keeps no versions, so no pipeline can release from it");
        let hint = format!("restore its versioning: `cargo xtask infra deploy --env {environment}`");
        return Err(Failure::new(message).hint(hint).into());
    };
    context.report.message(format!("promoted {commit}: s3://{bucket}/{key}, version {version}"));
    Ok(())
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
