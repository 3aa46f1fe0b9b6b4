//! What can be done about a failed deployment.

/// What to do about a reason that CloudFormation gives: the services' own words, which have no code.
pub(super) fn advice(reason: &str, environment: &str) -> String {
    let said = reason.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["limit exceeded", "limitexceeded", "maximum number", "quota"]) {
        return "a quota of the account is used up: delete what nobody needs, or ask for more (`aws service-quotas list-service-quotas --service-code vpc`, `rds` …)".to_owned();
    }
    if has(&["not authorized", "accessdenied", "access denied"]) {
        return "the role that CloudFormation uses may not do that: it is the CDK's (`cdk bootstrap --cloudformation-execution-policies`), or an organization's policy forbids it".to_owned();
    }
    if has(&["already exists"]) {
        return format!(
            "something has that name: what another `{environment}` has left behind, or somebody else's. Delete it, or rename the environment"
        );
    }
    if has(&["cannot find version"]) {
        return "this region does not have that version of Aurora: `aws rds describe-db-engine-versions --engine aurora-postgresql`, and `infra/src/database.ts` names it".to_owned();
    }
    if has(&["deletion protection", "cannot delete protected"]) {
        return format!("`cargo xtask infra destroy --env {environment}` lifts the protection first");
    }
    "once that is mended, run it again: it goes on from where AWS is now".to_owned()
}
