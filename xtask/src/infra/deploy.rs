//! `infra deploy`: look, show, ask, deploy, prove, and say what comes next.

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
        report.warn(format!("`{stack_name}` was never made whole: what is left of it is deleted, and it is made anew"));
    } else {
        Stack::settled(account, &deployment.supervisor, stack_name, LIMIT)?;
    }
    let has_bootstrap = is_bootstrapped(deployment)?;
    if !has_bootstrap {
        report.talk(format!(
            "the CDK has no stack of its own in account {}, {} yet (a bucket, roles): it makes one first",
            account.number, account.region
        ));
    }
    let differs = deployment.diff()?;
    if differs {
        cost::print(deployment)?;
        let question = format!("deploy `{stack_name}` to account {}, {}? [y/N] ", account.number, account.region);
        if !yes && !deployment.agrees(&question)? {
            let hint = "nothing was changed; `--yes` where nobody can answer";
            return Err(Failure::new("not deployed").hint(hint).code(EXIT_USAGE).into());
        }
    }
    if !has_bootstrap {
        let place = format!("aws://{}/{}", account.number, account.region);
        let ended = deployment.cdk(&["bootstrap", &place])?;
        if !ended.status.success() || !is_bootstrapped(deployment)? {
            let hint = "it takes the right to make a bucket and roles; `CDKToolkit` is its stack";
            return Err(Failure::new(format!("`cdk bootstrap` failed: {}", ended.how())).hint(hint).into());
        }
    }
    // The repository stays when an environment goes: one of that name is taken over.
    let deploy = ["deploy", "--require-approval", "never", "--progress", "events", "--import-existing-resources"];
    let ended = deployment.cdk(&deploy)?;
    if !ended.status.success() {
        return Err(deployment.failed("deploy", &ended));
    }
    let stack = prove(deployment)?;
    report.talk(format!("deployed: every resource of `{stack_name}` is there"));
    print(deployment.context, &stack);
    print_next_steps(deployment, &stack);
    Ok(())
}

/// Whether the CDK's own stack is there, and new enough.
fn is_bootstrapped(deployment: &Deployment<'_>) -> Result<bool> {
    let get = ["ssm", "get-parameter", "--name", &deployment.assembly.bootstrap_parameter];
    let Some(answer) = deployment.account.find(&get)? else { return Ok(false) };
    let version = answer["Parameter"]["Value"].as_str().and_then(|version| version.parse::<u64>().ok());
    Ok(version.is_some_and(|version| version >= deployment.assembly.bootstrap_version))
}

/// The CDK's word is not taken for it: the stack has to be whole, of this template, and to hold every resource of it.
fn prove(deployment: &Deployment<'_>) -> Result<Stack> {
    let name = deployment.stack_name();
    let wrong = |what: String| -> anyhow::Error {
        let hint = "see the events of the stack in the console";
        Failure::new(format!("the CDK says it is done, and `{name}` {what}")).hint(hint).into()
    };
    let stack = deployment.stack()?.ok_or_else(|| wrong("is not there".to_owned()))?;
    if !matches!(stack.status(), "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE") {
        return Err(wrong(format!("is {}", stack.status())));
    }
    let (there, outputs) = (Stack::resources(&deployment.account, name)?, stack.outputs());
    let resources = deployment.assembly.resources().map(|(resource, _)| resource);
    let missing = resources.filter(|&wanted| there.iter().all(|there| there != wanted));
    let missing = missing.chain(deployment.assembly.outputs().filter(|&name| !outputs.contains_key(name)));
    let missing: Vec<&str> = missing.collect();
    if !missing.is_empty() {
        return Err(wrong(format!("has no {}", missing.join(", "))));
    }
    let get = ["cloudformation", "get-template", "--stack-name", name, "--template-stage", "Original"];
    match deployment.account.ask(&get)?["TemplateBody"] == deployment.assembly.template {
        true => Ok(stack),
        false => Err(wrong("has another template".to_owned())),
    }
}

/// The command that comes next, and what only a person can do.
fn print_next_steps(deployment: &Deployment<'_>, stack: &Stack) {
    let report = &deployment.context.report;
    let (environment, outputs) = (deployment.environment, stack.outputs());
    let settings = &deployment.context.config.infra.environments[environment];
    if let Some(secret) = outputs.get("AmplifyUserSecretName") {
        report.talk(format!(
            "once: put the access key of the IAM user who publishes into the secret `{secret}`, as AMPLIFY_USER_ACCESS_KEY_ID and AMPLIFY_USER_SECRET_ACCESS_KEY"
        ));
    }
    if let Some(address) = &settings.notify {
        report.talk(format!("once: confirm the mail that {address} gets, or failures stay silent"));
    }
    report.talk("next:");
    match outputs.get("CodeCommitHTTPCloneUrl") {
        Some(url) => report.talk(format!(
            "  git -c credential.helper='!aws codecommit credential-helper $@' -c credential.UseHttpPath=true push {url} HEAD:{}",
            settings.branch
        )),
        None => report.talk(format!(
            "  push to `{}` of {}; the connection has to be accepted once, in the console (Developer Tools, Connections)",
            settings.branch,
            settings.repository.as_deref().unwrap_or("the repository")
        )),
    }
}
