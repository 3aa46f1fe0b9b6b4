//! `infra outputs`: prints the outputs of an environment's stack.

use anyhow::Result;
use serde_json::json;

use super::assembly;
use crate::aws::{Account, Place, Stack};
use crate::context::Context;
use crate::report::Failure;

/// Finds the stack of an environment and prints its outputs.
pub(super) fn print_of(context: &Context, name: &str) -> Result<()> {
    let account = Account::open(context, &Place::of(context, Some(name), None)?)?;
    let stack_name = assembly::stack_name(context, name)?;
    let Some(stack) = Stack::find(&account, &stack_name)? else {
        let message = format!("there is no stack `{stack_name}` in account {}, {}", account.number, account.region);
        return Err(Failure::new(message).hint(format!("`cargo xtask infra deploy --env {name}`")).into());
    };
    print(context, &stack);
    Ok(())
}

/// Prints the outputs of a stack.
pub(super) fn print(context: &Context, stack: &Stack) {
    let outputs = stack.outputs();
    if context.report.is_json() {
        return context.report.json(&json!(outputs));
    }
    for (name, value) in outputs {
        context.report.data(format!("{name} {value}"));
    }
}
