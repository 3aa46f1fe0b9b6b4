//! Deletes the stack of a backend.

use std::time::Duration;

use anyhow::Result;

use crate::aws::{Account, Stack};
use crate::publish::poll::{Answer, poll};
use crate::report::{Failure, duration};
use crate::supervise::Supervisor;

/// Deletes a stack, and waits until it is gone. Returns whether there was one.
///
/// # Errors
/// It is protected, a resource cannot be deleted, or it takes too long.
pub(super) fn delete_stack(
    account: &Account<'_>,
    supervisor: &Supervisor,
    name: &str,
    limit: Duration,
) -> Result<bool> {
    let (mut exists, mut is_requested) = (false, false);
    let gone = poll(supervisor, limit, || {
        let Some(stack) = Stack::find(account, name)? else { return Ok(Answer::Final(())) };
        exists = true;
        let status = stack.status().to_owned();
        if stack.is_protected() {
            let message = format!("the stack `{name}` is protected against deletion");
            return Err(Failure::new(message).hint("nothing was changed; is it really that of a preview?").into());
        }
        if is_requested && status == "DELETE_FAILED" {
            return Err(not_deleted(account, name)?.into());
        }
        // An update has to end first.
        if !is_requested && !status.ends_with("_IN_PROGRESS") {
            account.run(&["cloudformation", "delete-stack", "--stack-name", name])?;
            is_requested = true;
            return Ok(Answer::NotYet(format!("deleting the stack `{name}`")));
        }
        Ok(Answer::NotYet(format!("the stack `{name}` is {status}")))
    })?;
    gone.map_err(|missing| {
        let message = format!("{missing} after {}", duration(limit));
        let hint = "the network interfaces of functions can take 40 minutes to delete: run the command again";
        Failure::new(message).hint(hint)
    })?;
    Ok(exists)
}

/// Why a stack was not deleted.
fn not_deleted(account: &Account<'_>, name: &str) -> Result<Failure> {
    let reason = Stack::innermost_failure(account, name)?;
    let reason = reason.map_or_else(String::new, |(resource, reason)| format!(": {resource}: {reason}"));
    let hint = "fix the cause, and run the command again";
    Ok(Failure::new(format!("the stack `{name}` could not be deleted{reason}")).hint(hint))
}
