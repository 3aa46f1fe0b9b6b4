//! `cargo xtask publish`: the page is built, the Amplify CLI is driven without a question, and what it says is proven.
//!
//! What can be wrong here is looked at before AWS is asked, and what can be wrong there before anything is changed.

mod amplify;
mod environment;
mod project;
mod proof;

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::aws::{self, Account};
use crate::cli::{PublishArguments, PublishCommand};
use crate::context::Context;
use crate::report::{Failure, duration};
use crate::supervise::Supervisor;
use crate::{db, frontend, npm, process, release};
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
    context.report.talk(&account);
    let limit = Duration::from_secs(context.config.publish.timeout);
    let is_new = environment.inspect(&account, &project, &supervisor, limit)?;
    if !is_init {
        build(context, arguments, &project, &environment)?;
    }
    let cli = AmplifyCli::new(context, &account, &supervisor)?;
    let put_away = LocalAwsInfo::put_away(&project);
    cli.init(&project, &environment, is_new)?;
    if is_init {
        print_ready(context, &project, &environment);
        return Ok(());
    }
    cli.publish()?;
    drop(put_away);
    let published = proof::prove(&account, &project)?;
    let report = &context.report;
    report.talk(format!("proven: the {} files of this build are in `{}`", published.count, published.bucket));
    if arguments.invalidate {
        proof::invalidate_and_wait(&account, &supervisor, &published, limit)?;
    } else {
        report.talk("CloudFront may go on showing the last release for a day; `--invalidate` makes it forget");
    }
    report.talk(format!("published as `{}` in {}:", environment.name, duration(start.elapsed())));
    report.data(published.url);
    Ok(())
}

/// The Amplify CLI that would be used, for `doctor`.
pub(crate) fn cli(context: &Context) -> Result<String> {
    Ok(match amplify::find()? {
        Some((program, version)) => format!("{version}, {}", program.display()),
        None => format!("{} is fetched when it is needed", amplify::pinned(context)?),
    })
}

/// Who would publish where, for `doctor`.
pub(crate) fn identity(context: &Context) -> Result<String> {
    let account = Account::open(context, &aws::region(context)?)?;
    Ok(account.to_string())
}

fn print_ready(context: &Context, project: &Project, environment: &Environment) {
    let Environment { name, app_id, .. } = environment;
    let path = context.shorten(&project.team_provider_info_path());
    context.report.talk(format!(
        "`{name}` of the app `{app_id}` is ready. Commit `{}`, and `cargo xtask publish --env {name}` needs no app id",
        path.display()
    ));
}

/// The page with its `release.json`; or what an earlier step has built of this commit for this environment.
fn build(context: &Context, arguments: &PublishArguments, project: &Project, environment: &Environment) -> Result<()> {
    if !arguments.skip_build {
        if process::has_changes(&context.root) {
            context.report.warn("the page will name the commit, and there are changes that are not committed");
        }
        frontend::package(context).install()?;
        release::write(context, &environment.name)?;
        return frontend::package(context).run(&frontend::BUILD);
    }
    let path = project.distribution.join("release.json");
    let shown = context.shorten(&path).display().to_string();
    let hint = "leave out `--skip-build`";
    let built = project::read(&path)
        .map_err(|error| Failure::new(format!("there is nothing to publish: {error:#}")).hint(hint))?;
    let is_this =
        built["environment"] == environment.name && built["commit"].as_str() == context.provenance().commit.as_deref();
    match is_this {
        true => Ok(()),
        false => Err(Failure::new(format!("`{shown}` was built of another commit, or for another environment"))
            .hint(hint)
            .into()),
    }
}

/// What the database has to be at: the same that it was upgraded to.
fn target(context: &Context) -> String {
    context.variable("DATABASE_TARGET").unwrap_or_else(|| "heads".to_owned())
}

/// `--dry-run`: the commands in their order. What only AWS can say stands in angle brackets.
fn show(context: &Context, arguments: &PublishArguments, environment: &Environment) -> Result<()> {
    let Environment { name, app_id, .. } = environment;
    let is_init = arguments.command == Some(PublishCommand::Init);
    let line = |program: &str, words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| process::quote(word)).collect();
        context.report.data(format!("{program} {}", quoted.join(" ")));
    };
    line("aws", &aws::CALLER_IDENTITY);
    line("aws", &environment::app(app_id));
    line("aws", &environment::backend_environment(app_id, name));
    if !environment.is_known {
        context.report.talk(format!(
            "this checkout does not know `{name}`: if the app has it already, its stack is looked at, and `init` takes no app id"
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
    line("aws", &proof::list("<HostingBucketName>"));
    for key in proof::WHOLE {
        line("aws", &aws::copy(&format!("s3://<HostingBucketName>/{key}")));
    }
    if arguments.invalidate {
        line("aws", &proof::invalidate("<CloudFrontDistributionID>"));
        line("aws", &proof::invalidation("<CloudFrontDistributionID>", "<Id>"));
    }
    Ok(())
}
