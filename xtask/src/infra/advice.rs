//! Hints for failed deployments.

/// What to do about the reason that CloudFormation gives: a message of the service, without an error code.
pub(super) fn advice(reason: &str, environment: &str) -> String {
    let reason = reason.to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| reason.contains(phrase));
    if has(&["limit exceeded", "limitexceeded", "maximum number", "quota"]) {
        return "a quota of the account is exhausted: delete unused resources, or request an increase (`aws service-quotas list-service-quotas --service-code vpc`, `rds`, …)".to_owned();
    }
    if has(&["not authorized", "accessdenied", "access denied"]) {
        return "the role that CloudFormation uses, created by `cdk bootstrap --cloudformation-execution-policies`, lacks a permission, or a policy of the organization denies it".to_owned();
    }
    if has(&["already exists"]) {
        return format!(
            "the name is taken, perhaps by a resource that a previous `{environment}` left behind: delete it, or rename the environment"
        );
    }
    if has(&["cannot find version"]) {
        return "this version of Aurora is not available in this region: choose one of `aws rds describe-db-engine-versions --engine aurora-postgresql` in `infra/src/database.ts`".to_owned();
    }
    if has(&["deletion protection", "cannot delete protected"]) {
        return format!("use `cargo xtask infra destroy --env {environment}`, which disables the protection first");
    }
    "fix the cause and run the command again; it continues from the current state on AWS".to_owned()
}
