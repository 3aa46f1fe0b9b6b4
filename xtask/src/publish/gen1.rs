//! Publishes a Gen 1 project: runs the Amplify CLI headless, and verifies the bucket.

mod amplify;
mod environment;
mod project;
mod verify;

use anyhow::Result;

use super::publication::Publication;
use super::{app, bucket, invalidation};
use crate::cli::{PublishArguments, PublishCommand};
use crate::context::Context;
use crate::{aws, frontend, shell_word};
use amplify::{AmplifyCli, LocalAwsInfo};
use environment::Environment;
pub(super) use project::{CONFIG, Project};

pub(super) fn run(context: &Context, arguments: &PublishArguments) -> Result<()> {
    let is_init = arguments.command == Some(PublishCommand::Init);
    let project = Project::read(&context.root)?;
    let environment = Environment::choose(context, &arguments.target, &project)?;
    if arguments.dry_run {
        return show(context, arguments, &environment);
    }
    let publication = Publication::begin(context, arguments, &environment.name, environment.region.clone())?;
    let Publication { account, supervisor, limit, .. } = &publication;
    let is_new = environment.inspect(account, &project, supervisor, *limit)?;
    if !is_init {
        publication.build(arguments.skip_build, &environment.name, &project.distribution)?;
    }
    let cli = AmplifyCli::new(context, account, supervisor)?;
    let local_aws_info = LocalAwsInfo::set_aside(&project);
    cli.init(&project, &environment, is_new)?;
    if is_init {
        print_ready(context, &project, &environment);
        return Ok(());
    }
    cli.publish()?;
    drop(local_aws_info);
    let published = verify::verify(account, &project)?;
    let report = &context.report;
    report.message(format!("verified: `{}` has the {} files of this build", published.bucket, published.count));
    if arguments.invalidate {
        invalidation::run(&publication, &published.distribution)?;
    } else {
        report
            .message("CloudFront may serve the previous release for up to a day; `--invalidate` invalidates its cache");
    }
    publication.finish(&environment.name, &published.url);
    Ok(())
}

/// Describes the Amplify CLI that would be used, for `doctor`.
pub(super) fn cli(context: &Context) -> Result<String> {
    Ok(match amplify::find()? {
        Some((program, version)) => format!("{version}, {}", program.display()),
        None => format!("{} will be downloaded when needed", amplify::pinned(context)?),
    })
}

fn print_ready(context: &Context, project: &Project, environment: &Environment) {
    let Environment { name, app_id, .. } = environment;
    let path = context.shorten(&project.team_provider_info_path());
    context.report.message(format!(
        "the environment `{name}` of the app `{app_id}` is ready; commit `{}`, so that `cargo xtask publish --env {name}` needs no app id",
        path.display()
    ));
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
    line("aws", &app::get(app_id));
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
        frontend::show_build(context, &line)?;
    }
    let init = amplify::init_arguments(name, (!environment.is_known).then_some(app_id));
    line("amplify", &init.iter().map(String::as_str).collect::<Vec<_>>());
    if is_init {
        return Ok(());
    }
    line("amplify", &amplify::publish_arguments().iter().map(String::as_str).collect::<Vec<_>>());
    line("aws", &bucket::list("<HostingBucketName>"));
    for key in verify::COMPARED_BY_CONTENT {
        line("aws", &aws::copy(&format!("s3://<HostingBucketName>/{key}")));
    }
    if arguments.invalidate {
        line("aws", &invalidation::create("<CloudFrontDistributionID>"));
        line("aws", &invalidation::get("<CloudFrontDistributionID>", "<Id>"));
    }
    Ok(())
}
