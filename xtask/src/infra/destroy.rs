//! `infra destroy`: says what goes and what stays, asks, lifts the protection, deletes, and looks.

use anyhow::Result;
use serde_json::Value;

use super::deployment::Deployment;
use crate::report::{EXIT_USAGE, Failure};

pub(super) fn run(deployment: &Deployment<'_>, yes: bool) -> Result<()> {
    let report = &deployment.context.report;
    let (name, environment) = (deployment.stack_name(), deployment.environment);
    let Some(stack) = deployment.stack()? else {
        report.talk(format!("there is no stack `{name}`: nothing to destroy"));
        return Ok(());
    };
    let policy = |policy: &'static str| {
        let has = move |(_, resource): &(&str, &Value)| resource["DeletionPolicy"] == policy;
        deployment.assembly.resources().filter(has).map(|(name, resource)| (name.to_owned(), kind(resource)))
    };
    let clusters: Vec<String> = policy("Snapshot").map(|(cluster, _)| cluster).collect();
    let is_protected = !clusters.is_empty();
    report.talk(format!("`{name}` goes, with everything in it, but for"));
    for (resource, kind) in policy("Retain") {
        report.talk(format!("  {resource} ({kind}): stays"));
    }
    match is_protected {
        true => report.talk("  the database: a last snapshot of it stays"),
        false => report.talk("  the database goes with its data and its backups"),
    }
    let outputs = stack.outputs();
    let app_id = outputs.get("AmplifyAppId").map(String::as_str).unwrap_or_default();
    let get = ["amplify", "get-backend-environment", "--app-id", app_id, "--environment-name", environment];
    if let Some(found) = deployment.account.find(&get)? {
        let made = &found["backendEnvironment"]["stackName"];
        let made = made.as_str().unwrap_or_default();
        report.talk(format!(
            "  what Amplify has made: the stack `{made}`, and the buckets of backend and page. Deleting the app forgets them: `amplify delete` first, or delete them by hand"
        ));
    }
    confirm(deployment, yes, is_protected)?;
    if is_protected {
        lift_protection(deployment, &clusters)?;
    }
    let ended = deployment.cdk(&["destroy", "--force"])?;
    if !ended.status.success() || deployment.stack()?.is_some() {
        return Err(deployment.failed("destroy", &ended));
    }
    report.talk(format!("destroyed: `{name}` is gone"));
    Ok(())
}

/// What holds data that cannot be had again is deleted only by who types its name.
fn confirm(deployment: &Deployment<'_>, yes: bool, is_protected: bool) -> Result<()> {
    let environment = deployment.environment;
    let place = format!("account {}, {}", deployment.account.number, deployment.account.region);
    let is_sure = match (is_protected, yes) {
        (false, true) => true,
        (false, false) => deployment.agrees(&format!("destroy it in {place}? [y/N] "))?,
        (true, _) => deployment
            .supervisor
            .ask(&format!("type `{environment}` to destroy it in {place}: "))?
            .is_some_and(|answer| answer == environment),
    };
    if is_sure {
        return Ok(());
    }
    let hint = match is_protected {
        true => format!(
            "nothing was changed; `--yes` is not enough for `{environment}`: its name is read from standard input"
        ),
        false => "nothing was changed; `--yes` where nobody can answer".to_owned(),
    };
    Err(Failure::new("not destroyed").hint(hint).code(EXIT_USAGE).into())
}

/// Of the stack, and of its databases.
fn lift_protection(deployment: &Deployment<'_>, clusters: &[String]) -> Result<()> {
    let name = deployment.stack_name();
    for cluster in clusters {
        let find =
            ["cloudformation", "describe-stack-resource", "--stack-name", name, "--logical-resource-id", cluster];
        let Some(found) = deployment.account.find(&find)? else { continue };
        let Some(id) = found["StackResourceDetail"]["PhysicalResourceId"].as_str() else { continue };
        let modify = ["rds", "modify-db-cluster", "--no-deletion-protection", "--apply-immediately"];
        deployment.account.ask(&[&modify[..], &["--db-cluster-identifier", id]].concat())?;
    }
    let lift = ["cloudformation", "update-termination-protection", "--no-enable-termination-protection"];
    deployment.account.ask(&[&lift[..], &["--stack-name", name]].concat())?;
    Ok(())
}

fn kind(resource: &Value) -> String {
    resource["Type"].as_str().unwrap_or_default().to_owned()
}
