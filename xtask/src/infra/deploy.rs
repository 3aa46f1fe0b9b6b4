//! `infra deploy`: shows the changes and the costs, asks for confirmation, deploys, verifies, and prints the next steps.

use anyhow::Result;

use super::assembly::{Assembly, Found};
use super::cost;
use super::deployment::{Deployment, LIMIT, preflight};
use super::outputs::print;
use super::preflight::Finding;
use super::previews;
use crate::aws::Stack;
use crate::report::{EXIT_USAGE, Failure};

pub(super) fn run(deployment: &Deployment<'_>, yes: bool, is_checked: bool) -> Result<()> {
    let report = &deployment.context.report;
    let (stack_name, account) = (deployment.stack_name(), &deployment.account);
    let failed = deployment.stack()?.filter(Stack::was_never_created);
    let existing = match &failed {
        Some(_) => {
            report.warn(format!("the creation of `{stack_name}` failed: it will be deleted and created again"));
            None
        }
        None => Stack::settled(account, &deployment.supervisor, stack_name, LIMIT)?,
    };
    match &existing {
        None if is_checked => check_account(deployment)?,
        // A protected environment has no previews.
        Some(stack) if !stack.is_protected() => previews::refuse_to_forbid(deployment)?,
        _ => {}
    }
    let has_bootstrap = is_bootstrapped(deployment)?;
    if !has_bootstrap {
        report.message(format!(
            "account {}, {} is not bootstrapped: the CDK will create its own stack (a bucket, roles) first",
            account.number, account.region
        ));
    }
    let differs = deployment.diff()?;
    if differs {
        cost::print(deployment)?;
        let question = format!("deploy `{stack_name}` to account {}, {}? [y/N] ", account.number, account.region);
        if !yes && !deployment.supervisor.confirm(&question)? {
            let hint = "nothing was changed; use `--yes` to skip the question";
            return Err(Failure::new("not deployed").hint(hint).code(EXIT_USAGE).into());
        }
    }
    if !has_bootstrap {
        let place = format!("aws://{}/{}", account.number, account.region);
        let exited = deployment.cdk(&["bootstrap", &place])?;
        if !exited.status.success() || !is_bootstrapped(deployment)? {
            let hint = "it requires permission to create a bucket and roles; its stack is `CDKToolkit`";
            return Err(Failure::new(format!("`cdk bootstrap` failed: {}", exited.describe())).hint(hint).into());
        }
    }
    if failed.is_some_and(|stack| stack.is_protected()) {
        deployment.unprotect_stack()?;
    }
    if existing.is_none() {
        create(deployment)?;
    }
    deploy(deployment, &deployment.assembly)?;
    let stack = verify(deployment)?;
    report.message(format!("deployed and verified every resource of `{stack_name}`"));
    print(deployment.context, &stack);
    print_next_steps(deployment, &stack);
    Ok(())
}

/// Reports what may fail.
///
/// # Errors
/// The account cannot have the environment.
fn check_account(deployment: &Deployment<'_>) -> Result<()> {
    let (report, mut obstacles) = (&deployment.context.report, Vec::new());
    let has_repository = deployment.found.existing_repository;
    for (name, finding) in preflight(deployment.context, deployment.environment, &deployment.account, has_repository) {
        match finding {
            Ok(Finding::Fine(_)) => {}
            Ok(Finding::Risk(text)) => report.warn(format!("{name}: {text}")),
            Ok(Finding::Obstacle(text)) => obstacles.push(format!("{name}: {text}")),
            Err(error) => report.warn(format!("{name}: not checked: {}", Failure::one_line(&error))),
        }
    }
    if obstacles.is_empty() {
        return Ok(());
    }
    let account = &deployment.account;
    let place = format!("account {}, {}", account.number, account.region);
    let message = format!("{place} cannot have `{}` yet\n{}", deployment.stack_name(), obstacles.join("\n"));
    let hint = "nothing was created; `cargo xtask doctor infra` checks again, and `cargo xtask infra deploy --no-preflight` tries regardless";
    Err(Failure::new(message).hint(hint).into())
}

/// Creates a stack that will be protected, still without its protection: otherwise, a creation that fails could not be
/// rolled back, and would leave a snapshot and the names behind.
fn create(deployment: &Deployment<'_>) -> Result<()> {
    if deployment.assembly.with_policy(&["Snapshot"]).is_empty() {
        return Ok(());
    }
    let found = Found { first_deployment: true, ..deployment.found.clone() };
    deploy(deployment, &Assembly::synthesize(deployment.context, deployment.environment, &found)?)?;
    deployment.context.report.message(format!("created `{}`; protecting it", deployment.stack_name()));
    Ok(())
}

fn deploy(deployment: &Deployment<'_>, assembly: &Assembly) -> Result<()> {
    let mut arguments = vec!["deploy", "--require-approval", "never", "--progress", "events"];
    let settings = &deployment.context.config.infra.environments[deployment.environment];
    if settings.promoted_from().is_some() {
        // The bucket of promoted artifacts has a fixed name, and an earlier stack of this environment has kept it.
        arguments.push("--import-existing-resources");
    }
    let exited = deployment.cdk_on(assembly, &arguments)?;
    match exited.status.success() {
        true => Ok(()),
        false => Err(deployment.failed("deploy", &exited)),
    }
}

/// Whether the CDK's bootstrap stack exists and is recent enough.
fn is_bootstrapped(deployment: &Deployment<'_>) -> Result<bool> {
    let get = ["ssm", "get-parameter", "--name", &deployment.assembly.bootstrap_parameter];
    let Some(answer) = deployment.account.find(&get)? else { return Ok(false) };
    let version = answer["Parameter"]["Value"].as_str().and_then(|version| version.parse::<u64>().ok());
    Ok(version.is_some_and(|version| version >= deployment.assembly.bootstrap_version))
}

/// Verifies, independently of the CDK, that the stack is complete and has this template, and all of its resources and outputs.
fn verify(deployment: &Deployment<'_>) -> Result<Stack> {
    let name = deployment.stack_name();
    let wrong = |what: String| -> anyhow::Error {
        let hint = "see the events of the stack in the console";
        Failure::new(format!("the CDK reported success, but `{name}` {what}")).hint(hint).into()
    };
    let stack = deployment.stack()?.ok_or_else(|| wrong("does not exist".to_owned()))?;
    if !matches!(stack.status(), "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE") {
        return Err(wrong(format!("is {}", stack.status())));
    }
    let (deployed, outputs) = (Stack::resources(&deployment.account, name)?, stack.outputs());
    let resources = deployment.assembly.resources().map(|(resource, _)| resource);
    let missing = resources.filter(|&expected| deployed.iter().all(|resource| resource != expected));
    let missing = missing.chain(deployment.assembly.outputs().filter(|&name| !outputs.contains_key(name)));
    let missing: Vec<&str> = missing.collect();
    if !missing.is_empty() {
        return Err(wrong(format!("lacks {}", missing.join(", "))));
    }
    let get = ["cloudformation", "get-template", "--stack-name", name, "--template-stage", "Original"];
    match deployment.account.run(&get)?["TemplateBody"] == deployment.assembly.template {
        true => Ok(stack),
        false => Err(wrong("has a different template".to_owned())),
    }
}

/// Prints the next command, and what only a person can do.
fn print_next_steps(deployment: &Deployment<'_>, stack: &Stack) {
    let report = &deployment.context.report;
    let (environment, outputs) = (deployment.environment, stack.outputs());
    let settings = &deployment.context.config.infra.environments[environment];
    if let Some(secret) = outputs.get("AmplifyUserSecretName") {
        report.message(format!(
            "once: write the access key of the IAM user who publishes to the secret `{secret}`, as AMPLIFY_USER_ACCESS_KEY_ID and AMPLIFY_USER_SECRET_ACCESS_KEY"
        ));
    }
    if let Some(address) = &settings.notify {
        report.message(format!("once: confirm the email sent to {address}, to be notified of failures"));
    }
    report.message("next:");
    for to in deployment.context.config.infra.promotes_to(environment) {
        report.message(format!(
            "  deploy `{to}` with this xtask.toml, if it has not been: `cargo xtask infra deploy --env {to}`; it is promoted from `{environment}`"
        ));
    }
    if let Some(from) = settings.promoted_from() {
        return report.message(format!(
            "  deploy `{from}` with this xtask.toml, if it has not been: `cargo xtask infra deploy --env {from}`\n  release `{from}`: the last stage of its pipeline promotes the artifact, which starts this one"
        ));
    }
    match outputs.get("CodeCommitHTTPCloneUrl") {
        Some(url) => report.message(format!(
            "  git -c credential.helper='!aws codecommit credential-helper $@' -c credential.UseHttpPath=true push {url} HEAD:{}",
            settings.branch()
        )),
        None => report.message(format!(
            "  push to `{}` of {}; the connection must be accepted once, in the console (Developer Tools, Connections)",
            settings.branch(),
            settings.repository.as_deref().unwrap_or("the repository")
        )),
    }
}
