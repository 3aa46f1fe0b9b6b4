//! `cargo xtask publish`: builds the page, runs the Amplify CLI headless, and verifies the result.
//!
//! Everything local is checked before AWS is called, and everything on AWS before anything is changed.

mod amplify;
mod environment;
mod project;
mod verify;

use std::time::Instant;

use anyhow::Result;

use crate::aws::{self, Account};
use crate::cli::{PublishArguments, PublishCommand};
use crate::context::Context;
use crate::report::{Failure, duration};
use crate::supervise::Supervisor;
use crate::{db, frontend, npm, process, release, shell_word};
use amplify::{AmplifyCli, LocalAwsInfo};
use environment::Environment;
pub(crate) use project::{Project, read as read_json};

pub(crate) fn run(context: &Context, arguments: &PublishArguments) -> Result<()> {
    let start = Instant::now();
    let is_init = arguments.command == Some(PublishCommand::Init);
    let project = Project::read(&context.root)?;
    let environment = Environment::choose(context, &arguments.target, &project)?;
    if arguments.dry_run {
        return show(context, arguments, &environment);
    }
    if !is_init && !arguments.skip_database_check {
        db::require_current(context, &target(context))?;
    }
    let mut supervisor = Supervisor::new(&context.report)?;
    let account = Account::open(context, &environment.region.clone().map_or_else(|| aws::region(context), Ok)?)?;
    supervisor.hide(account.secrets());
    context.report.message(&account);
    let limit = context.config.publish.timeout();
    let is_new = environment.inspect(&account, &project, &supervisor, limit)?;
    if !is_init {
        build(context, arguments, &project, &environment)?;
    }
    let cli = AmplifyCli::new(context, &account, &supervisor)?;
    let local_aws_info = LocalAwsInfo::set_aside(&project);
    cli.init(&project, &environment, is_new)?;
    if is_init {
        print_ready(context, &project, &environment);
        return Ok(());
    }
    cli.publish()?;
    drop(local_aws_info);
    let published = verify::verify(&account, &project)?;
    let report = &context.report;
    report.message(format!("verified: `{}` has the {} files of this build", published.bucket, published.count));
    if arguments.invalidate {
        verify::invalidate_and_wait(&account, &supervisor, &published, limit)?;
    } else {
        report
            .message("CloudFront may serve the previous release for up to a day; `--invalidate` invalidates its cache");
    }
    report.message(format!("published as `{}` in {}:", environment.name, duration(start.elapsed())));
    report.data(published.url);
    Ok(())
}

/// Describes the Amplify CLI that would be used, for `doctor`.
pub(crate) fn cli(context: &Context) -> Result<String> {
    Ok(match amplify::find()? {
        Some((program, version)) => format!("{version}, {}", program.display()),
        None => format!("{} will be downloaded when needed", amplify::pinned(context)?),
    })
}

/// Describes the account and the identity that would publish, for `doctor`.
pub(crate) fn identity(context: &Context) -> Result<String> {
    let account = Account::open(context, &aws::region(context)?)?;
    Ok(account.to_string())
}

fn print_ready(context: &Context, project: &Project, environment: &Environment) {
    let Environment { name, app_id, .. } = environment;
    let path = context.shorten(&project.team_provider_info_path());
    context.report.message(format!(
        "the environment `{name}` of the app `{app_id}` is ready; commit `{}`, so that `cargo xtask publish --env {name}` needs no app id",
        path.display()
    ));
}

/// Builds the page with its `release.json`; or, with `--skip-build`, checks that it was built from this commit for this
/// environment.
fn build(context: &Context, arguments: &PublishArguments, project: &Project, environment: &Environment) -> Result<()> {
    if !arguments.skip_build {
        if process::has_changes(&context.root) {
            context.report.warn("there are uncommitted changes, which the commit shown on the page does not include");
        }
        frontend::package(context).install()?;
        release::write(context, &environment.name)?;
        return frontend::package(context).run(&frontend::BUILD);
    }
    let path = project.distribution.join("release.json");
    let shown = context.shorten(&path).display().to_string();
    let hint = "remove `--skip-build`";
    let built =
        project::read(&path).map_err(|error| Failure::new(format!("nothing to publish: {error:#}")).hint(hint))?;
    let is_current =
        built["environment"] == environment.name && built["commit"].as_str() == context.provenance().commit.as_deref();
    match is_current {
        true => Ok(()),
        false => Err(Failure::new(format!("`{shown}` was built from another commit, or for another environment"))
            .hint(hint)
            .into()),
    }
}

/// The target that the database must be at: the one it was upgraded to.
fn target(context: &Context) -> String {
    context.variable("DATABASE_TARGET").unwrap_or_else(|| "heads".to_owned())
}

/// `--dry-run`: prints the commands in order. Values that only AWS knows are in angle brackets.
fn show(context: &Context, arguments: &PublishArguments, environment: &Environment) -> Result<()> {
    let Environment { name, app_id, .. } = environment;
    let is_init = arguments.command == Some(PublishCommand::Init);
    let line = |program: &str, words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| shell_word::quote(word)).collect();
        context.report.data(format!("{program} {}", quoted.join(" ")));
    };
    line("aws", &aws::CALLER_IDENTITY);
    line("aws", &environment::app(app_id));
    line("aws", &environment::backend_environment(app_id, name));
    if !environment.is_known {
        context.report.message(format!(
            "this checkout does not have the environment `{name}`: if the app has it, its stack is checked, and `init` is run without an app id"
        ));
    } else {
        line("aws", &aws::describe_stacks("<stackName>"));
        line("aws", &environment::backend("<deploymentArtifacts>"));
    }
    if !arguments.skip_build && !is_init {
        line("npm --prefix frontend", &npm::INSTALL);
        line("npm --prefix frontend", &frontend::BUILD);
    }
    let init = amplify::init_arguments(name, (!environment.is_known).then_some(app_id));
    line("amplify", &init.iter().map(String::as_str).collect::<Vec<_>>());
    if is_init {
        return Ok(());
    }
    line("amplify", &amplify::publish_arguments().iter().map(String::as_str).collect::<Vec<_>>());
    line("aws", &verify::list("<HostingBucketName>"));
    for key in verify::COMPARED_BY_CONTENT {
        line("aws", &aws::copy(&format!("s3://<HostingBucketName>/{key}")));
    }
    if arguments.invalidate {
        line("aws", &verify::invalidate("<CloudFrontDistributionID>"));
        line("aws", &verify::invalidation("<CloudFrontDistributionID>", "<Id>"));
    }
    Ok(())
}
