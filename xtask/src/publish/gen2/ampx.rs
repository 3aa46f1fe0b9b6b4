//! `ampx pipeline-deploy`: installs it from the project's lockfile, runs it, and detects failures that its exit code
//! hides.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::Needs;

use super::deployed::{self, Deployed};
use super::synthesized::{self, Synthesized};
use super::{earlier, outputs, project};
use crate::aws::Stack;
use crate::functions;
use crate::npm::Package;
use crate::package_manager::PackageManager;
use crate::process;
use crate::publish::names::project_name;
use crate::publish::publication::{PreviewBackend, Publication};
use crate::report::Failure;
use crate::supervise::Exited;

/// From the folder of its packages.
const PROGRAM: &str = "node_modules/.bin/ampx";
const NAME: &str = "ampx pipeline-deploy";

/// The variable that makes `backend.ts` add the bucket and the distribution of the page.
const HOSTING: &str = "HOSTING";

/// The variable that makes `hosting.ts` refer to the bucket of the page instead of creating it.
const PAGE_BUCKET: &str = "PAGE_BUCKET";

/// The variables that make `backend.ts` use the network and the server of an environment, and the database of a preview.
pub(super) const PREVIEW_ENVIRONMENT: &str = "PREVIEW_ENVIRONMENT";
pub(super) const PREVIEW_DATABASE: &str = "PREVIEW_DATABASE";

/// Where the page of the backend is.
#[derive(Clone, Copy)]
pub(super) enum PageHosting {
    Amplify,
    /// A bucket that the backend creates.
    OwnBucket,
    /// A bucket that an earlier backend has left behind.
    ExistingBucket,
}

/// Node.js's exit code if it ends while a promise is still awaited. This happens to `ampx` if it cannot reach its
/// telemetry server, after a deployment or after an error.
const UNSETTLED: i32 = 13;

/// The package manager and its arguments: `ampx` refuses to run without one. It runs in the root, regardless of where
/// its packages are.
pub(super) fn call<'a>(root: &Path, app_id: &'a str, branch: &'a str) -> Result<(&'static str, Vec<&'a str>)> {
    let folder = project::folder(root);
    let manager = PackageManager::of(&root.join(folder))?;
    let mut arguments = match manager {
        PackageManager::Npm => vec!["--prefix", folder, "exec", "--offline", "--", "ampx"],
        PackageManager::Pnpm => vec!["exec", "ampx"],
        PackageManager::YarnClassic | PackageManager::Yarn => vec!["run", "ampx"],
    };
    arguments.extend(["pipeline-deploy", "--branch", branch, "--app-id", app_id]);
    Ok((manager.program(), arguments))
}

/// Installs the packages of `ampx`, and those of the functions.
pub(super) fn install(publication: &Publication<'_>) -> Result<()> {
    let context = publication.context;
    let folder = project::folder(&context.root);
    Package::new(context, folder).install()?;
    // `ampx` bundles the functions with the packages that are installed there.
    if let Some(functions) = functions::package(context) {
        functions.install()?;
    }
    match context.root.join(folder).join(PROGRAM).exists() {
        true => Ok(()),
        false => Err(Failure::new(format!("the packages of `{folder}` have no `{folder}/{PROGRAM}`"))
            .hint(format!("run `npm install --prefix {folder} --save-exact @aws-amplify/backend-cli`"))
            .into()),
    }
}

/// Deploys the backend, and verifies it.
///
/// # Errors
/// It fails, takes too long, or AWS does not have what it has synthesized.
pub(super) fn deploy(
    publication: &Publication<'_>,
    app_id: &str,
    branch: &str,
    page: PageHosting,
) -> Result<Vec<Deployed>> {
    let root = &publication.context.root;
    // `ampx` deploys the artifacts if it synthesizes nothing, and the outputs would be those of another backend.
    earlier::delete(&root.join(synthesized::ARTIFACTS))?;
    earlier::delete(&root.join(outputs::FILE))?;
    let exited = publication.supervisor.run(NAME, command(publication, app_id, branch, page)?, publication.limit)?;
    let synthesized = Synthesized::read(root)?;
    match (exited.status.success(), synthesized) {
        (true, Some(synthesized)) => {
            let deployed = deployed::verify(&publication.account, &synthesized)
                .context(format!("`{NAME}` exited 0 without deploying this backend"))?;
            publication.preview.as_ref().map_or(Ok(()), |preview| check_database(&synthesized, preview))?;
            Ok(deployed)
        }
        (true, None) => Err(Failure::new(format!("`{NAME}` exited 0, but synthesized nothing"))
            .hint("does `amplify/backend.ts` call `defineBackend`?")
            .into()),
        (false, Some(synthesized)) => Err(failed(publication, &exited, &synthesized)?.into()),
        (false, None) => Err(failure(&exited, "nothing was synthesized, so nothing was deployed; see its output above: does `amplify/backend.ts` compile, and call `defineBackend`?").into()),
    }
}

/// # Errors
/// The backend of a preview does not refer to the preview's database.
fn check_database(synthesized: &Synthesized, preview: &PreviewBackend) -> Result<()> {
    let PreviewBackend { environment, database } = preview;
    if synthesized.mentions(database)? {
        return Ok(());
    }
    let message = format!(
        "the deployed backend does not refer to the database `{database}`: its functions may use that of `{environment}`"
    );
    let hint = format!("`amplify/backend.ts` must use the variable {PREVIEW_DATABASE} as docs/preview.md describes");
    Err(Failure::new(message).hint(hint).into())
}

fn command(publication: &Publication<'_>, app_id: &str, branch: &str, page: PageHosting) -> Result<Command> {
    let context = publication.context;
    let (program, arguments) = call(&context.root, app_id, branch)?;
    let mut command = context.command(&process::find(program)?, Needs::Aws);
    command.args(arguments).current_dir(&context.root);
    publication.account.prepare(&mut command);
    command
        // It refuses to run elsewhere.
        .env("CI", "1")
        .env("AMPLIFY_DISABLE_TELEMETRY", "1")
        // `backend.ts` reads the parameters of `infra/` by this name.
        .env("PROJECT", project_name(context)?)
        // Otherwise, it would become a variable of the deployed function that records the stack in the branch.
        .env_remove("AWS_ENDPOINT_URL_AMPLIFY");
    match &publication.preview {
        Some(PreviewBackend { environment, database }) => {
            command.env(PREVIEW_ENVIRONMENT, environment).env(PREVIEW_DATABASE, database)
        }
        None => command.env_remove(PREVIEW_ENVIRONMENT).env_remove(PREVIEW_DATABASE),
    };
    match page {
        PageHosting::Amplify => command.env_remove(HOSTING).env_remove(PAGE_BUCKET),
        PageHosting::OwnBucket => command.env(HOSTING, "cloudfront").env_remove(PAGE_BUCKET),
        PageHosting::ExistingBucket => command.env(HOSTING, "cloudfront").env(PAGE_BUCKET, "existing"),
    };
    Ok(command)
}

/// The reason for the failure, and what is deployed now.
fn failed(publication: &Publication<'_>, exited: &Exited, synthesized: &Synthesized) -> Result<Failure> {
    if let Ok(deployed) = deployed::verify(&publication.account, synthesized) {
        let names: Vec<&str> = deployed.iter().map(|stack| stack.name.as_str()).collect();
        let message = format!(
            "`{NAME}` failed ({}), but `{}` has the synthesized template; the page was not published",
            exited.describe(),
            names.join("`, `")
        );
        let hint = match exited.status.code() {
            Some(UNSETTLED) => {
                "Node.js ended while `ampx` was still waiting, for example for its telemetry; publish again"
            }
            _ => {
                "see its output above: perhaps `amplify/backend.ts` starts something that it does not await, or has a type error; fix it and publish again"
            }
        };
        return Ok(Failure::new(message).hint(hint));
    }
    for root in &synthesized.stacks {
        let stack = Stack::find(&publication.account, &root.name)?;
        if stack.is_some_and(|stack| stack.status().contains("ROLLBACK")) {
            return deployed::rolled_back(&publication.account, &root.name);
        }
    }
    let hint = match exited.status.code() {
        Some(UNSETTLED) => {
            "Node.js ended while `ampx` was still waiting, for example for its telemetry; the backend was not deployed: publish again"
        }
        _ => "see its output above; the previous backend and page are still live: fix the cause and publish again",
    };
    Ok(failure(exited, hint))
}

fn failure(exited: &Exited, hint: &str) -> Failure {
    Failure::new(format!("`{NAME}` failed: {}", exited.describe())).hint(hint)
}
