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
mod project;
mod rules;
mod site;
mod stack_name;
mod superseded;
mod synthesized;
mod target;
mod upload;

use anyhow::Result;

use super::app;
use super::publication::Publication;
use crate::aws::Stack;
use crate::cli::{PublishArguments, PublishCommand};
use crate::config::Hosting;
use crate::context::Context;
use crate::frontend;
use crate::report::Failure;
use amplify_hosting::Target;
use ampx::PageHosting;
pub(super) use backend::Backend;
use branch::Branch;
pub(super) use checks::checks;
use deployed::Deployed;
use outputs::Outputs;
use page::Page;

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
    if backend == Backend::Present {
        bootstrap::check(account)?;
        ampx::install(&publication)?;
    }
    let branch = branch.map_or_else(|| Branch::create(account, &app_id, &environment), Ok)?;
    if hosting == Hosting::Amplify {
        job::wait_for_others(&publication, &app_id, &environment)?;
    }
    let (branch, outputs) = match backend {
        Backend::Present => deploy(&publication, &branch, &app_id, &environment, hosting)?,
        Backend::Absent => (branch, Outputs::default()),
    };
    publication.build(arguments, &environment, &frontend::output(context))?;
    let address = match &outputs.site {
        None => {
            let target = Target { app: &app, app_id: &app_id, branch: &branch, name: &environment };
            amplify_hosting::publish(&publication, &target, outputs.api.as_deref())?
        }
        Some(site) => site::publish(&publication, site)?,
    };
    if let Some(page) = Page::open(&publication, &address) {
        verify(&publication, &page, &outputs, backend)?;
    }
    publication.finish(&environment, &address.url());
    Ok(())
}

/// Deploys the backend, and returns the branch as it is then.
fn deploy(
    publication: &Publication<'_>,
    branch: &Branch,
    app_id: &str,
    environment: &str,
    hosting: Hosting,
) -> Result<(Branch, Outputs)> {
    let context = publication.context;
    let made = stack_name::stack_name(app_id, environment);
    let stack = branch.stack().unwrap_or(&made);
    wait_for_stack(publication, stack)?;
    let page = page(publication, environment, hosting, stack)?;
    let deployed = ampx::deploy(publication, app_id, environment, page)?;
    // The stack records itself in the branch, so it is read again.
    let branch = Branch::find(&publication.account, app_id, environment)?;
    let branch =
        branch.ok_or_else(|| Failure::new(format!("the branch `{environment}` was deleted during the deployment")))?;
    check_backend(&branch, environment, &deployed)?;
    let names: Vec<&str> = deployed.iter().map(|stack| stack.name.as_str()).collect();
    context.report.message(format!("verified: the backend is `{}`, with the synthesized template", names.join("`, `")));
    Ok((branch, Outputs::read(&context.root, hosting)?))
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

/// Waits until no other release is changing the branch's stack. `ampx` deletes a stack whose creation failed, as the role of
/// `cdk bootstrap` that deploys.
fn wait_for_stack(publication: &Publication<'_>, name: &str) -> Result<()> {
    if Stack::find(&publication.account, name)?.is_some_and(|stack| stack.was_never_created()) {
        let message = format!("the creation of `{name}` failed: `ampx` deletes it, and creates it again");
        publication.context.report.message(message);
        return Ok(());
    }
    Stack::settled(&publication.account, &publication.supervisor, name, publication.limit).map(drop)
}

/// Where the page of the backend is.
fn page(publication: &Publication<'_>, environment: &str, hosting: Hosting, stack: &str) -> Result<PageHosting> {
    let account = &publication.account;
    if hosting == Hosting::Amplify {
        return Ok(PageHosting::Amplify);
    }
    let bucket = page_bucket::name(publication.context, environment, &account.number, &account.region)?;
    match page_bucket::is_left_behind(account, &bucket, stack)? {
        true => {
            publication.context.report.message(format!("using the bucket `{bucket}`, which exists"));
            Ok(PageHosting::ExistingBucket)
        }
        false => Ok(PageHosting::OwnBucket),
    }
}

/// # Errors
/// The backend of the branch is not the one just deployed.
fn check_backend(branch: &Branch, name: &str, deployed: &[Deployed]) -> Result<()> {
    let found = branch.stack();
    if deployed.iter().any(|stack| Some(stack.arn.as_str()) == found) {
        return Ok(());
    }
    let message = match found {
        Some(found) => format!("the backend of the branch `{name}` is `{found}`, not the stack just deployed"),
        None => format!("the branch `{name}` has no backend, although a stack was deployed"),
    };
    let hint = "its resource `AmplifyBranchLinker` records the stack in the branch: see the log of its function, and publish again";
    Err(Failure::new(message).hint(hint).into())
}

fn verify(publication: &Publication<'_>, page: &Page<'_>, outputs: &Outputs, backend: Backend) -> Result<()> {
    let report = &publication.context.report;
    page.verify()?;
    report.message(format!("verified: users get the `{}` of this build", page::COMPARED.join("` and `")));
    if outputs.site.is_some() {
        page.verify_missing()?;
        report.message("verified: a request for a missing file returns status 404");
    }
    if backend == Backend::Absent {
        return Ok(());
    }
    if outputs.api.is_none() {
        report.message("the backend has no API: `amplify_outputs.json` has no `custom.api`");
        return Ok(());
    }
    page.verify_api(publication.heads.as_deref())?;
    report.message(match &publication.heads {
        Some(_) => "verified: the API answers, and sees the migrated database",
        None => "verified: the API answers; which database it sees was not checked",
    });
    Ok(())
}
