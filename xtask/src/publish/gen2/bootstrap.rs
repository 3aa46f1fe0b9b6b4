//! The CDK's own stack in the account and region, which every deployment needs.

use anyhow::Result;

use crate::aws::Account;
use crate::report::Failure;

/// The parameter with its version.
const PARAMETER: &str = "/cdk-bootstrap/hnb659fds/version";

/// The oldest version that `ampx` accepts (backend-cli, `CDK_MIN_BOOTSTRAP_VERSION`), and the CDK requires of a stack with
/// assets.
const OLDEST: u64 = 6;

pub(super) fn parameter() -> [&'static str; 4] {
    ["ssm", "get-parameter", "--name", PARAMETER]
}

/// Describes the bootstrap stack.
///
/// # Errors
/// There is none, or it is too old.
pub(super) fn check(account: &Account<'_>) -> Result<String> {
    let answer = account.find(&parameter())?;
    let version = answer.as_ref().and_then(|answer| answer["Parameter"]["Value"].as_str());
    let place = format!("account {}, {}", account.number, account.region);
    let message = match version {
        Some(version) if version.parse::<u64>().is_ok_and(|version| version >= OLDEST) => {
            return Ok(format!("version {version}"));
        }
        Some(version) => {
            format!("the CDK's bootstrap stack in {place} has version {version}; {OLDEST} or later is required")
        }
        None => format!("{place} is not bootstrapped for the CDK"),
    };
    let command = format!("npm --prefix infra exec -- cdk bootstrap aws://{}/{}", account.number, account.region);
    let hint = format!(
        "once, with permission to create a bucket and roles: `npm --prefix infra ci`, then `{command}`; or `cargo xtask infra deploy`, which does this first"
    );
    Err(Failure::new(message).hint(hint).into())
}
