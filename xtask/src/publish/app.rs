//! The Amplify app that a publication goes to.

use anyhow::Result;
use serde_json::Value;

use crate::aws::Account;
use crate::report::Failure;

pub(super) fn get(app_id: &str) -> [&str; 4] {
    ["amplify", "get-app", "--app-id", app_id]
}

/// The description of the app.
///
/// # Errors
/// The app is not in this account and region.
pub(super) fn find(account: &Account<'_>, app_id: &str) -> Result<Value> {
    let missing = || {
        let message = format!("there is no app `{app_id}` in account {}, {}", account.number, account.region);
        Failure::new(message).hint(format!("the credentials are those of `{}`; nothing was changed", account.arn))
    };
    Ok(account.find(&get(app_id))?.ok_or_else(missing)?["app"].take())
}
