//! Hints for failed deployments.

use crate::aws;

/// What to do about the reason that CloudFormation gives: a message of the service, without an error code.
pub(super) fn advice(reason: &str, environment: &str) -> String {
    if let Some(advice) = aws::advice(reason) {
        return advice.to_owned();
    }
    let reason = reason.to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| reason.contains(phrase));
    if has(&["not authorized", "accessdenied", "access denied"]) {
        return "the role that CloudFormation uses, created by `cdk bootstrap --cloudformation-execution-policies`, lacks a permission, or a policy of the organization denies it".to_owned();
    }
    if has(&["already exists"]) {
        return format!(
            "something outside of this stack has the name. If it is the CodeCommit repository of a previous `{environment}`, run the command again, which refers to it; otherwise, rename the environment, or see what uses it before you remove it"
        );
    }
    if has(&["deletion protection", "cannot delete protected"]) {
        return format!("use `cargo xtask infra destroy --env {environment}`, which disables the protection first");
    }
    "fix the cause and run the command again; it continues from the current state on AWS".to_owned()
}
