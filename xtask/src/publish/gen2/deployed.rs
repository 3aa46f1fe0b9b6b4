//! Checks that AWS has the templates that `ampx` has synthesized. Neither the exit code nor the output of `ampx` proves
//! it.

use anyhow::Result;
use serde_json::Value;

use super::synthesized::{Root, Synthesized};
use crate::aws::{self, Account, Stack};
use crate::report::Failure;

/// A stack that has the synthesized template.
pub(super) struct Deployed {
    pub(super) name: String,
    pub(super) arn: String,
}

pub(super) fn get_template(stack: &str) -> [&str; 6] {
    ["cloudformation", "get-template", "--stack-name", stack, "--template-stage", "Original"]
}

/// Compares every stack of the assembly, and those nested in it, with the deployed ones.
///
/// # Errors
/// A stack does not exist, is not complete, was rolled back, or has another template.
pub(super) fn verify(account: &Account<'_>, synthesized: &Synthesized) -> Result<Vec<Deployed>> {
    synthesized.stacks.iter().map(|root| verify_root(account, synthesized, root)).collect()
}

fn verify_root(account: &Account<'_>, synthesized: &Synthesized, root: &Root) -> Result<Deployed> {
    let name = &root.name;
    let stack = Stack::find(account, name)?.ok_or_else(|| missing(format!("there is no stack `{name}`")))?;
    match stack.status() {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" => {}
        status if status.contains("ROLLBACK") => return Err(rolled_back(account, name)?.into()),
        status => return Err(Failure::new(format!("the stack `{name}` is {status}")).into()),
    }
    compare(account, synthesized, name, name, &root.template)?;
    Ok(Deployed { name: name.clone(), arn: stack.arn().to_owned() })
}

/// Compares a stack and those nested in it. `stack` is its name or ARN, `shown` its name in messages.
fn compare(account: &Account<'_>, synthesized: &Synthesized, stack: &str, shown: &str, template: &Value) -> Result<()> {
    let deployed = account.run(&get_template(stack))?;
    if normalized(&deployed["TemplateBody"]) != normalized(template) {
        let message = format!("the stack `{shown}` does not have the synthesized template");
        return Err(Failure::new(message)
            .hint("another release may have deployed at the same time: publish again")
            .into());
    }
    let nested = synthesized.nested(template)?;
    if nested.is_empty() {
        return Ok(());
    }
    let ids = Stack::physical_ids(account, stack)?;
    for nested in nested {
        let name = &nested.logical_name;
        let shown = format!("{shown}/{name}");
        let id = ids.get(name).ok_or_else(|| missing(format!("there is no nested stack `{shown}`")))?;
        compare(account, synthesized, id, &shown, &nested.template)?;
    }
    Ok(())
}

fn missing(message: String) -> Failure {
    Failure::new(message).hint("see the output of `ampx` above, and publish again")
}

/// CloudFormation returns a question mark for each character outside of ASCII, and the aws CLI a document, or its text.
fn normalized(template: &Value) -> String {
    let parsed: Option<Value> = template.as_str().and_then(|text| serde_json::from_str(text).ok());
    let text = parsed.as_ref().unwrap_or(template).to_string();
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

/// Why a stack was rolled back: the resource that failed, and the reason.
pub(super) fn rolled_back(account: &Account<'_>, name: &str) -> Result<Failure> {
    let Some((resource, reason)) = Stack::innermost_failure(account, name)? else {
        return Ok(Failure::new(format!("the stack `{name}` was rolled back")).hint("see its events in the console"));
    };
    let hint = match (resource.as_str(), reason.as_str()) {
        (resource, reason) if resource.contains("AmplifyBranchLinker") && reason.contains("not found") => {
            "the branch was deleted during the deployment; publish again: `cargo xtask publish` creates it first"
        }
        (_, reason) => aws::advice(reason).unwrap_or(
            "CloudFormation has restored what was deployed before, and the page is unchanged; fix the cause and publish again",
        ),
    };
    Ok(Failure::new(format!("the stack `{name}` was rolled back: {resource}: {reason}")).hint(hint))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::normalized;

    #[test]
    fn templates_differ_only_in_what_cloudformation_returns_differently() {
        let synthesized = json!({"Description": "Räume", "Resources": {}});
        assert_eq!(normalized(&json!({"Resources": {}, "Description": "R?ume"})), normalized(&synthesized));
        let text = json!(r#"{"Resources": {}, "Description": "R?ume"}"#);
        assert_eq!(normalized(&text), normalized(&synthesized));
        assert_ne!(normalized(&json!({"Resources": {}, "Description": "Raum"})), normalized(&synthesized));
    }
}
