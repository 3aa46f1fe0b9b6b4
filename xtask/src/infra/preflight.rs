//! Whether an account can have an environment: what AWS says about its plan, quotas and services before anything is
//! created. Nothing here changes anything.

use anyhow::Result;
use serde_json::Value;

use crate::aws::Account;
use crate::config::Environment;

/// What a check has found.
pub(super) enum Finding {
    /// Nothing prevents the environment.
    Fine(String),
    /// It may fail, with the way round.
    Risk(String),
    /// It will fail, with the way round.
    Obstacle(String),
}

/// The environment to check for.
pub(super) struct Wanted<'a> {
    pub(super) settings: &'a Environment,
    /// The major version of PostgreSQL.
    pub(super) postgres: u32,
    /// The CodeCommit repository exists.
    pub(super) has_repository: bool,
}

/// The codes of the quotas of a VPC (Amazon VPC User Guide, "Amazon VPC quotas").
const VPCS: [&str; 2] = ["vpc", "L-F678F1CE"];
const NAT_GATEWAYS: [&str; 2] = ["vpc", "L-FE5A380F"];
const ADDRESSES: [&str; 2] = ["ec2", "L-0263D0A3"];

/// The quotas of the builds' compute types (AWS CodeBuild User Guide, "Quotas for AWS CodeBuild").
const BUILDS: [&str; 2] = [
    "Concurrently running builds for Linux/Small environment",
    "Concurrently running builds for Linux/Medium environment",
];

/// The name and result of each check. An error means that AWS did not answer it.
pub(super) fn checks(account: &Account<'_>, wanted: &Wanted<'_>) -> Vec<(&'static str, Result<Finding>)> {
    let mut checks = vec![
        ("aws plan", plan(account)),
        ("codebuild", builds(account)),
        ("vpcs", vpcs(account)),
        ("rds role", role_of_rds(account)),
        ("aurora", serverless(account, wanted)),
    ];
    if !wanted.settings.is_isolated() {
        checks.extend([("nat gateways", nat_gateways(account)), ("addresses", addresses(account))]);
    }
    if wanted.settings.uses_code_commit() {
        checks.push(("codecommit", code_commit(account, wanted.has_repository)));
    }
    checks
}

/// On the free plan, Aurora and backups of more than a day are refused (`FreeTierRestrictionError`).
fn plan(account: &Account<'_>) -> Result<Finding> {
    // The API is only in this region. Accounts older than the plans have none.
    let get = ["freetier", "get-account-plan-state", "--region", "us-east-1"];
    let Some(state) = account.find(&get)? else { return Ok(Finding::Fine("no free plan".to_owned())) };
    Ok(match state["accountPlanType"].as_str() {
        Some("FREE") => Finding::Obstacle(
            "the account is on the free plan, which refuses Aurora and backups of more than a day (`FreeTierRestrictionError`): upgrade it (Billing, Free tier, Upgrade plan; its credits remain)".to_owned(),
        ),
        plan => Finding::Fine(plan.unwrap_or("no plan").to_lowercase()),
    })
}

/// A new account may have a quota of zero (`Cannot have more than 0 builds in queue for the account`).
fn builds(account: &Account<'_>) -> Result<Finding> {
    let answer = account.run(&["service-quotas", "list-service-quotas", "--service-code", "codebuild"])?;
    let quotas = answer["Quotas"].as_array();
    let value = |name: &str| {
        let quota = quotas.into_iter().flatten().find(|quota| quota["QuotaName"] == name);
        quota.and_then(|quota| quota["Value"].as_f64())
    };
    let values = BUILDS.map(value);
    if let Some((name, _)) = BUILDS.iter().zip(values).find(|(_, value)| *value == Some(0.0)) {
        return Ok(Finding::Obstacle(format!(
            "the quota `{name}` is 0, so no release can be built: request an increase (Service Quotas, AWS CodeBuild); a new account may need a case with AWS Support, and a valid payment method"
        )));
    }
    Ok(match values {
        [Some(small), Some(medium)] => Finding::Fine(format!("{small} small and {medium} medium builds at a time")),
        _ => {
            Finding::Risk("AWS does not say how many builds may run at a time; a new account may have none".to_owned())
        }
    })
}

fn vpcs(account: &Account<'_>) -> Result<Finding> {
    let used = count(&account.run(&["ec2", "describe-vpcs"])?, "Vpcs");
    Ok(room(used, quota(account, VPCS)?, "VPCs", "delete an unused one, or request more", VPCS))
}

/// The quota is for each zone, and CloudFormation chooses the zone.
fn nat_gateways(account: &Account<'_>) -> Result<Finding> {
    let describe = ["ec2", "describe-nat-gateways", "--filter", "Name=state,Values=pending,available"];
    let used = count(&account.run(&describe)?, "NatGateways");
    let way = "if they are in one zone, delete an unused one, request more, or set `nat = \"none\"`";
    Ok(match room(used, quota(account, NAT_GATEWAYS)?, "NAT gateways of a zone", way, NAT_GATEWAYS) {
        Finding::Obstacle(text) => Finding::Risk(text),
        finding => finding,
    })
}

fn addresses(account: &Account<'_>) -> Result<Finding> {
    let used = count(&account.run(&["ec2", "describe-addresses"])?, "Addresses");
    let way = "release an unused one, request more, or set `nat = \"none\"`, which needs none";
    Ok(room(used, quota(account, ADDRESSES)?, "Elastic IP addresses", way, ADDRESSES))
}

/// Whether one more fits.
fn room(used: f64, allowed: f64, what: &str, way: &str, [service, code]: [&str; 2]) -> Finding {
    if used < allowed {
        return Finding::Fine(format!("{used} of {allowed} in use"));
    }
    Finding::Obstacle(format!(
        "{used} of {allowed} {what} are in use: {way} (`aws service-quotas request-service-quota-increase --service-code {service} --quota-code {code} --desired-value {}`)",
        allowed + 5.0
    ))
}

fn quota(account: &Account<'_>, [service, code]: [&str; 2]) -> Result<f64> {
    let get = ["service-quotas", "get-service-quota", "--service-code", service, "--quota-code", code];
    let answer = account.run(&get)?;
    answer["Quota"]["Value"].as_f64().ok_or_else(|| anyhow::anyhow!("AWS does not say what the quota is"))
}

fn count(answer: &Value, key: &str) -> f64 {
    answer[key].as_array().map_or(0.0, |all| all.len() as f64)
}

/// RDS creates its role with the first database, and sometimes too late for it.
fn role_of_rds(account: &Account<'_>) -> Result<Finding> {
    let get = ["iam", "get-role", "--role-name", "AWSServiceRoleForRDS"];
    Ok(match account.find(&get)? {
        Some(_) => Finding::Fine("exists".to_owned()),
        None => Finding::Risk(
            "the account has had no database, and the first one may fail (`Verify that you have permission to create service linked role`): run `aws iam create-service-linked-role --aws-service-name rds.amazonaws.com` first".to_owned(),
        ),
    })
}

/// Whether the region has a version of Aurora that can have this minimum (0 units: that can pause).
fn serverless(account: &Account<'_>, wanted: &Wanted<'_>) -> Result<Finding> {
    let (major, minimum) = (wanted.postgres, wanted.settings.minimum_acu());
    let only = format!("DBEngineVersions[?starts_with(EngineVersion, '{major}.')]");
    let describe = ["rds", "describe-db-engine-versions", "--engine", "aurora-postgresql", "--query", &only];
    let versions = account.run(&describe)?;
    let lowest = |version: &Value| version["ServerlessV2FeaturesSupport"]["MinCapacity"].as_f64();
    let all = versions.as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        return Ok(Finding::Obstacle(format!(
            "the region {} has no Aurora PostgreSQL {major}: choose another region, or `major` in xtask.toml",
            account.region
        )));
    }
    if all.iter().filter_map(lowest).any(|lowest| lowest <= minimum) {
        return Ok(Finding::Fine(format!("version {major}, from {minimum} units")));
    }
    Ok(match all.iter().filter_map(lowest).reduce(f64::min) {
        Some(lowest) => Finding::Obstacle(format!(
            "Aurora Serverless in {} has at least {lowest} units: set `minimum_acu = {lowest}`, or choose another region",
            account.region
        )),
        None => Finding::Risk(format!("AWS does not say whether {} has Aurora Serverless", account.region)),
    })
}

/// CodeCommit was closed to accounts without a repository; only creating one shows whether it still is.
fn code_commit(account: &Account<'_>, has_repository: bool) -> Result<Finding> {
    if has_repository {
        return Ok(Finding::Fine("the repository exists and is used".to_owned()));
    }
    let found = account.run(&["codecommit", "list-repositories"])?;
    Ok(match count(&found, "repositories") > 0.0 {
        true => Finding::Fine("in use".to_owned()),
        false => Finding::Risk(
            "the account has no repository here, and may not be allowed one (`CreateRepository request is not allowed because there is no existing repository in this AWS account`): then, set `connection` and `repository` in xtask.toml".to_owned(),
        ),
    })
}
