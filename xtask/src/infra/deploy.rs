//! `infra deploy`: shows the changes and the costs, asks for confirmation, deploys, verifies, and prints the next steps.

use anyhow::Result;

use super::cost;
use super::deployment::{Deployment, LIMIT};
use super::outputs::print;
use crate::aws::Stack;
use crate::report::{EXIT_USAGE, Failure};

pub(super) fn run(deployment: &Deployment<'_>, yes: bool) -> Result<()> {
    let report = &deployment.context.report;
    let (stack_name, account) = (deployment.stack_name(), &deployment.account);
    let is_recreated = deployment.stack()?.is_some_and(|stack| stack.status() == "ROLLBACK_COMPLETE");
    if is_recreated {
        report.warn(format!("the creation of `{stack_name}` failed: it will be deleted and created again"));
    } else {
        Stack::settled(account, &deployment.supervisor, stack_name, LIMIT)?;
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
        if !yes && !deployment.confirm(&question)? {
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
    // Destroying an environment keeps its repository, so an existing one of that name is imported.
    let deploy = ["deploy", "--require-approval", "never", "--progress", "events", "--import-existing-resources"];
    let exited = deployment.cdk(&deploy)?;
    if !exited.status.success() {
        return Err(deployment.failed("deploy", &exited));
    }
    let stack = verify(deployment)?;
    report.message(format!("deployed and verified every resource of `{stack_name}`"));
    print(deployment.context, &stack);
    print_next_steps(deployment, &stack);
    Ok(())
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
    match outputs.get("CodeCommitHTTPCloneUrl") {
        Some(url) => report.message(format!(
            "  git -c credential.helper='!aws codecommit credential-helper $@' -c credential.UseHttpPath=true push {url} HEAD:{}",
            settings.branch
        )),
        None => report.message(format!(
            "  push to `{}` of {}; the connection must be accepted once, in the console (Developer Tools, Connections)",
            settings.branch,
            settings.repository.as_deref().unwrap_or("the repository")
        )),
    }
}
