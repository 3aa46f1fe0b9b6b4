//! The checks of `doctor` for a Gen 2 project.

use anyhow::Result;

use super::{bootstrap, project};
use crate::aws::Account;
use crate::config::Hosting;
use crate::context::Context;
use crate::process;
use crate::publish::names;

/// The oldest Node.js that AWS's SDK for JavaScript, which `ampx` uses, supports from January 2027 on.
const NEXT_NODE: u32 = 22;

/// The name and result of each check.
pub(in crate::publish) fn checks(
    context: &Context,
    account: Option<&Account<'_>>,
) -> Vec<(&'static str, Result<String>)> {
    let mut checks = vec![
        ("ampx", project::packages(&context.root).map(with_node)),
        ("tsconfig", project::types(&context.root)),
        ("hosting", names::hosting(context).map(describe)),
        ("curl", process::find("curl").map(|path| path.display().to_string())),
    ];
    checks.extend(account.map(|account| ("bootstrap", bootstrap::check(account))));
    checks
}

fn describe(hosting: Hosting) -> String {
    match hosting {
        Hosting::Amplify => "Amplify Hosting",
        Hosting::CloudFront => "a bucket and a CloudFront distribution of the backend",
    }
    .to_owned()
}

/// Adds a note if AWS's SDK will drop the installed Node.js.
fn with_node(packages: String) -> String {
    let version = process::find("node").ok().and_then(|node| process::version(&node, &["--version"]));
    let major = version.as_ref().and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    match (version, major) {
        (Some(version), Some(major)) if major < NEXT_NODE => {
            format!("{packages}, on Node.js {version}: from January 2027 on, AWS's SDK requires {NEXT_NODE} or later")
        }
        _ => packages,
    }
}
