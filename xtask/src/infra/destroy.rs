//! `infra destroy`: shows what will remain, asks for confirmation, disables the protection, deletes, and verifies.

use anyhow::Result;

use super::deployment::Deployment;
use super::previews;
use crate::aws::Stack;
use crate::report::{EXIT_USAGE, Failure};

pub(super) fn run(deployment: &Deployment<'_>, yes: bool) -> Result<()> {
    let report = &deployment.context.report;
    let (name, environment) = (deployment.stack_name(), deployment.environment);
    let Some(stack) = deployment.stack()? else {
        report.message(format!("nothing to destroy: there is no stack `{name}`"));
        return Ok(());
    };
    let clusters = deployment.assembly.with_policy(&["Snapshot"]);
    let is_protected = !clusters.is_empty();
    report.message(format!("`{name}` will be deleted with all its resources, except:"));
    for (resource, kind) in deployment.assembly.with_policy(&["Retain", "RetainExceptOnCreate"]) {
        report.message(format!("  {resource} ({kind}) is kept"));
    }
    if deployment.found.existing_repository {
        report.message(format!("  the CodeCommit repository `{name}`, which is not the stack's, is kept"));
    }
    match is_protected {
        true => report.message("  a final snapshot of the database is kept"),
        false => report.message("no snapshot is taken: the database is deleted with its data and its backups"),
    }
    let outputs = stack.outputs();
    let app_id = outputs.get("AmplifyAppId").map(String::as_str).unwrap_or_default();
    refuse_a_used_network(deployment, app_id)?;
    previews::refuse_to_destroy(deployment)?;
    let get = ["amplify", "get-backend-environment", "--app-id", app_id, "--environment-name", environment];
    if let Some(found) = deployment.account.find(&get)? {
        let amplify_stack = &found["backendEnvironment"]["stackName"];
        let amplify_stack = amplify_stack.as_str().unwrap_or_default();
        report.message(format!(
            "Amplify's stack `{amplify_stack}` and the buckets of the backend and the page are not deleted: run `amplify delete` first, or delete them by hand"
        ));
    }
    confirm(deployment, yes, is_protected)?;
    if is_protected {
        disable_protection(deployment, &clusters)?;
    }
    let exited = deployment.cdk(&["destroy", "--force"])?;
    if !exited.status.success() || deployment.stack()?.is_some() {
        return Err(deployment.failed("destroy", &exited));
    }
    report.message(format!("destroyed `{name}`"));
    Ok(())
}

/// # Errors
/// The Gen 2 backend is deployed: its functions are in the network, which can't be deleted before them.
fn refuse_a_used_network(deployment: &Deployment<'_>, app_id: &str) -> Result<()> {
    let get = ["amplify", "get-branch", "--app-id", app_id, "--branch-name", deployment.environment];
    let Some(found) = deployment.account.find(&get)? else { return Ok(()) };
    let Some(arn) = found["branch"]["backend"]["stackArn"].as_str() else { return Ok(()) };
    if Stack::find(&deployment.account, arn)?.is_none() {
        return Ok(());
    }
    let message = format!("the backend of the branch `{}` is still deployed, in this network", deployment.environment);
    let hint = format!(
        "nothing was changed; delete the backend first: `aws cloudformation delete-stack --stack-name {arn}`, then `aws cloudformation wait stack-delete-complete --stack-name {arn}`"
    );
    Err(Failure::new(message).hint(hint).into())
}

/// Asks for confirmation. Deleting a protected database requires typing the name of the environment.
fn confirm(deployment: &Deployment<'_>, yes: bool, is_protected: bool) -> Result<()> {
    let environment = deployment.environment;
    let place = format!("account {}, {}", deployment.account.number, deployment.account.region);
    let is_confirmed = match (is_protected, yes) {
        (false, true) => true,
        (false, false) => deployment.supervisor.confirm(&format!("destroy it in {place}? [y/N] "))?,
        (true, _) => deployment
            .supervisor
            .ask(&format!("type `{environment}` to destroy it in {place}: "))?
            .is_some_and(|answer| answer == environment),
    };
    if is_confirmed {
        return Ok(());
    }
    let hint = match is_protected {
        true => format!(
            "nothing was changed; `--yes` does not apply to `{environment}`: its name is read from standard input"
        ),
        false => "nothing was changed; use `--yes` to skip the question".to_owned(),
    };
    Err(Failure::new("not destroyed").hint(hint).code(EXIT_USAGE).into())
}

/// Disables the termination protection of the stack and the deletion protection of its databases.
fn disable_protection(deployment: &Deployment<'_>, clusters: &[(&str, &str)]) -> Result<()> {
    let name = deployment.stack_name();
    for (cluster, _) in clusters {
        let find =
            ["cloudformation", "describe-stack-resource", "--stack-name", name, "--logical-resource-id", cluster];
        let Some(found) = deployment.account.find(&find)? else { continue };
        let Some(id) = found["StackResourceDetail"]["PhysicalResourceId"].as_str() else { continue };
        let modify = ["rds", "modify-db-cluster", "--no-deletion-protection", "--apply-immediately"];
        deployment.account.run(&[&modify[..], &["--db-cluster-identifier", id]].concat())?;
    }
    deployment.unprotect_stack()
}
