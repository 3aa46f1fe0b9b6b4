//! Deploys the backend of a branch, publishes its page, and verifies what users get.

use anyhow::Result;
use serde_json::Value;

use super::amplify_hosting::{self, Target};
use super::ampx::{self, PageHosting};
use super::backend::Backend;
use super::branch::Branch;
use super::deployed::Deployed;
use super::outputs::Outputs;
use super::page::{self, Page};
use super::{job, page_bucket, site, stack_name};
use crate::aws::Stack;
use crate::config::Hosting;
use crate::frontend;
use crate::publish::publication::Publication;
use crate::report::Failure;

/// Where a checkout is released to.
#[derive(Clone, Copy)]
pub(super) struct Destination<'a> {
    pub(super) app: &'a Value,
    pub(super) app_id: &'a str,
    /// The name of the branch.
    pub(super) name: &'a str,
    pub(super) hosting: Hosting,
    pub(super) backend: Backend,
}

/// A release that users get.
pub(super) struct Released {
    /// The page's URL.
    pub(super) url: String,
    /// The URL of the API's function, if there is one.
    pub(super) api: Option<String>,
}

/// Releases the checkout. The branch is created if there is none.
pub(super) fn run(
    publication: &Publication<'_>,
    destination: &Destination<'_>,
    branch: Option<Branch>,
    skip_build: bool,
) -> Result<Released> {
    let Destination { app, app_id, name, hosting, backend } = *destination;
    if backend == Backend::Present {
        ampx::install(publication)?;
    }
    let branch = branch.map_or_else(|| Branch::create(&publication.account, app_id, name), Ok)?;
    if hosting == Hosting::Amplify {
        job::wait_for_others(publication, app_id, name)?;
    }
    let (branch, outputs) = match backend {
        Backend::Present => deploy(publication, &branch, destination)?,
        Backend::Absent => (branch, Outputs::default()),
    };
    publication.build(skip_build, name, &frontend::output(publication.context))?;
    let address = match &outputs.site {
        None => {
            let target = Target { app, app_id, branch: &branch, name };
            amplify_hosting::publish(publication, &target, outputs.api.as_deref())?
        }
        Some(site) => site::publish(publication, site)?,
    };
    if let Some(page) = Page::open(publication, &address) {
        verify(publication, &page, &outputs, backend)?;
    }
    Ok(Released { url: address.url(), api: outputs.api })
}

/// Deploys the backend, and returns the branch as it is then.
fn deploy(publication: &Publication<'_>, branch: &Branch, destination: &Destination<'_>) -> Result<(Branch, Outputs)> {
    let (context, Destination { app_id, name: environment, hosting, .. }) = (publication.context, *destination);
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
