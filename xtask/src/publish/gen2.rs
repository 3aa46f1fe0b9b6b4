//! Publishes a Gen 2 project: `ampx` deploys the backend, Amplify Hosting or a bucket behind CloudFront serves the page, and each
//! is verified.

mod address;
mod amplify_hosting;
mod ampx;
mod archive;
mod backend;
mod bootstrap;
mod branch;
mod checks;
mod content_type;
mod deployed;
mod dry_run;
mod earlier;
mod http;
mod job;
mod outputs;
mod page;
mod page_bucket;
mod preview;
mod project;
mod release;
mod rules;
mod site;
mod stack_name;
mod superseded;
mod synthesized;
mod target;
mod teardown;
mod upload;

use anyhow::Result;

use super::app;
use super::publication::Publication;
use crate::cli::{PublishArguments, PublishCommand};
use crate::config::Hosting;
use crate::context::Context;
use crate::report::Failure;
pub(super) use backend::Backend;
use branch::Branch;
pub(super) use checks::checks;
pub(crate) use preview::{PreviewApp, PreviewApps, Published, check_files as check_preview};
use release::Destination;

pub(super) fn run(context: &Context, arguments: &PublishArguments, hosting: Hosting, backend: Backend) -> Result<()> {
    let environment = target::environment(context, &arguments.target)?;
    match backend {
        Backend::Present => project::check(&context.root)?,
        Backend::Absent => backend::check_hosting(hosting)?,
    }
    if arguments.dry_run {
        return dry_run::show(context, arguments, &environment, hosting, backend);
    }
    let publication = Publication::begin(context, arguments, &environment, None)?;
    let account = &publication.account;
    let app_id = target::app(context, account, &arguments.target, &environment)?;
    let app = app::find(account, &app_id)?;
    branch::check_app(&app, &app_id)?;
    let branch = Branch::find(account, &app_id, &environment)?;
    if backend == Backend::Absent {
        backend::check_branch(branch.as_ref(), &environment)?;
    }
    if arguments.command == Some(PublishCommand::Init) {
        return init(&publication, branch, &app_id, &environment, hosting, backend);
    }
    let destination = Destination { app: &app, app_id: &app_id, name: &environment, hosting, backend };
    if backend == Backend::Present {
        bootstrap::check(account)?;
    }
    let released = release::run(&publication, &destination, branch, arguments.skip_build)?;
    publication.finish(&environment, &released.url);
    Ok(())
}

/// `publish init`: creates the branch, and prints what a publication still lacks.
fn init(
    publication: &Publication<'_>,
    branch: Option<Branch>,
    app_id: &str,
    environment: &str,
    hosting: Hosting,
    backend: Backend,
) -> Result<()> {
    let report = &publication.context.report;
    if branch.is_none() {
        Branch::create(&publication.account, app_id, environment)?;
    }
    report.message(format!("the branch `{environment}` of the app `{app_id}` is ready"));
    if hosting == Hosting::CloudFront {
        report
            .message("the first publication creates the bucket and the distribution of the page, which takes minutes");
    }
    if backend == Backend::Absent {
        return Ok(());
    }
    if let Err(error) = bootstrap::check(&publication.account) {
        report.warn(Failure::one_line(&error));
    }
    Ok(())
}
