//! `cargo xtask rollback`: goes back to an earlier release, through the pipeline.
//!
//! The pipeline releases the earlier commit, with a variable that tells its builds to leave the database as it is, or to
//! revert what that commit does not have. Its source is the commit in the repository, or the artifact of it that was
//! promoted. The earlier commit has no files for these revisions; the log of the database has their SQL.

mod commit;
mod loss;
mod plan;
mod snapshot;
mod source;

use anyhow::Result;
use serde_json::Value;

use crate::aws::{Account, Place};
use crate::cli::RollbackArguments;
use crate::context::Context;
use crate::execution::Execution;
use crate::infra;
use crate::release_kind::{ROLLBACK, ReleaseKind};
use crate::report::{EXIT_USAGE, Failure};
use crate::supervise::Supervisor;
use commit::Commit;
use plan::{Plan, Release};
use source::Source;

/// How many executions are considered.
const MOST: u32 = 100;

pub(crate) fn run(context: &Context, arguments: &RollbackArguments) -> Result<()> {
    let environment = infra::choose(context, arguments.env.as_deref())?;
    // The pipeline and the database cluster have the name of the stack.
    let name = infra::stack_name(context, &environment)?;
    let supervisor = Supervisor::new(&context.report)?;
    let account = Account::open(context, &Place::of(context, Some(&environment), None)?)?;
    context.report.message(&account);
    let executions = Execution::list(&account, &environment, &name, MOST)?;
    let releases: Vec<Release> = executions.into_iter().filter_map(Release::of).collect();
    let to = target(context, &releases, arguments.to.as_deref())?;
    let plan = Plan::new(context, &releases, to)?;
    let promoted_from = context.config.infra.environments[&environment].promoted_from();
    plan.show(&context.report, arguments.with_database, promoted_from);
    plan.check(context, arguments.with_database)?;
    let pipeline = pipeline(&account, &name, &environment)?;
    let source = Source::of(&account, &pipeline, (&environment, promoted_from), &releases, &plan.to)?;
    let question = format!("roll back `{name}` in {}, {}? [y/N] ", account.number, account.region);
    if !arguments.yes && !supervisor.confirm(&question)? {
        let hint = "nothing was changed; use `--yes` to skip the question";
        return Err(Failure::new("not rolled back").hint(hint).code(EXIT_USAGE).into());
    }
    let kind = match arguments.with_database && !plan.withdrawn.is_empty() {
        true => ReleaseKind::DatabaseBack,
        false => ReleaseKind::PageBack,
    };
    if kind == ReleaseKind::DatabaseBack {
        snapshot::take(context, &account, &name)?;
    }
    let id = start(&account, &name, &source, kind)?;
    context.report.message(format!(
        "started: `aws codepipeline list-action-executions --pipeline-name {name} --filter pipelineExecutionId={id}` shows its actions"
    ));
    context.report.data(id);
    Ok(())
}

/// The commit to go back to: the option's, or that of the last success before the newest release.
fn target(context: &Context, releases: &[Release], option: Option<&str>) -> Result<Commit> {
    if let Some(name) = option {
        return Commit::find(context, name);
    }
    let newest =
        releases.first().ok_or_else(|| Failure::new("nothing to roll back: the pipeline has released nothing yet"))?;
    Commit::find(context, &newest.commit)?;
    let is_earlier = |release: &&Release| release.execution.has_succeeded() && release.commit != newest.commit;
    for release in releases.iter().filter(is_earlier) {
        let commit = Commit::find(context, &release.commit)?;
        if commit.is_before(context, &newest.commit) {
            return Ok(commit);
        }
    }
    let hint = "name the commit to go back to with `--to COMMIT`";
    Err(Failure::new(format!("no release before `{}` has succeeded", newest.commit)).hint(hint).into())
}

/// The deployed pipeline.
///
/// # Errors
/// It was deployed before it could go back.
fn pipeline(account: &Account<'_>, name: &str, environment: &str) -> Result<Value> {
    let mut found = account.run(&["codepipeline", "get-pipeline", "--name", name])?;
    let pipeline = found["pipeline"].take();
    let mut variables = pipeline["variables"].as_array().into_iter().flatten();
    if variables.any(|variable| variable["name"] == ROLLBACK) {
        return Ok(pipeline);
    }
    let hint = format!("update it: `cargo xtask infra deploy --env {environment}`");
    let message = format!("the pipeline `{name}` has no variable `{ROLLBACK}`");
    Err(Failure::new(message).state("nothing was changed").hint(hint).into())
}

/// Starts the execution, and returns its id.
fn start(account: &Account<'_>, name: &str, source: &Source, kind: ReleaseKind) -> Result<String> {
    let variable = format!("name={ROLLBACK},value={}", kind.value());
    let start = ["codepipeline", "start-pipeline-execution", "--name", name, "--source-revisions", source.argument()];
    let started: Value = account.run(&[&start[..], &["--variables", &variable]].concat())?;
    Ok(started["pipelineExecutionId"].as_str().unwrap_or_default().to_owned())
}
