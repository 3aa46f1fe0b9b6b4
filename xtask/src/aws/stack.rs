//! A CloudFormation stack: its status, its resources, and why it failed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::Value;

use super::account::Account;
use crate::report::{Failure, duration};
use crate::supervise::Supervisor;

/// How often to poll a stack that is being changed.
const POLL_INTERVAL: Duration = Duration::from_secs(10);

pub(crate) fn describe_stacks(name: &str) -> [&str; 4] {
    ["cloudformation", "describe-stacks", "--stack-name", name]
}

pub(crate) fn list_stack_resources(name: &str) -> [&str; 4] {
    ["cloudformation", "list-stack-resources", "--stack-name", name]
}

/// A stack as CloudFormation describes it.
pub(crate) struct Stack {
    description: Value,
}

impl Stack {
    /// The current state of the stack; `None` if it does not exist.
    pub(crate) fn find(account: &Account<'_>, name: &str) -> Result<Option<Self>> {
        let found =
            account.find(&describe_stacks(name))?.map(|answer| Self { description: answer["Stacks"][0].clone() });
        // A stack in review has a change set but no resources.
        Ok(found.filter(|stack| !matches!(stack.status(), "DELETE_COMPLETE" | "REVIEW_IN_PROGRESS")))
    }

    /// Waits until no other release is changing the stack, because concurrent releases would undo each other. Returns
    /// `None` if it does not exist.
    ///
    /// # Errors
    /// It cannot be updated, or has been changing for longer than `limit`.
    pub(crate) fn settled(
        account: &Account<'_>,
        supervisor: &Supervisor,
        name: &str,
        limit: Duration,
    ) -> Result<Option<Self>> {
        let deadline = Instant::now() + limit;
        loop {
            let Some(stack) = Self::find(account, name)? else { return Ok(None) };
            let status = stack.status();
            if stack.is_stuck() {
                let hint = match status {
                    "UPDATE_ROLLBACK_FAILED" => {
                        format!("run `aws cloudformation continue-update-rollback --stack-name {name}`")
                    }
                    _ => format!(
                        "see its events in the console for what could not be deleted; then, as a user who may (the role of the build may not), run `aws cloudformation delete-stack --stack-name {name}`"
                    ),
                };
                return Err(Failure::new(format!("the stack `{name}` is {status} and cannot be updated"))
                    .hint(hint)
                    .into());
            }
            if !status.ends_with("_IN_PROGRESS") {
                return Ok(Some(stack));
            }
            if Instant::now() >= deadline {
                let hint = "nothing was changed; try again once the other release has finished";
                return Err(Failure::new(format!("the stack `{name}` has been {status} for {}", duration(limit)))
                    .hint(hint)
                    .into());
            }
            supervisor.pause(&format!("waiting for another release: the stack `{name}` is {status}"), POLL_INTERVAL)?;
        }
    }

    /// `UPDATE_COMPLETE` and the like (AWS CloudFormation User Guide, "Stack status codes").
    pub(crate) fn status(&self) -> &str {
        self.description["StackStatus"].as_str().unwrap_or_default()
    }

    pub(crate) fn arn(&self) -> &str {
        self.description["StackId"].as_str().unwrap_or_default()
    }

    /// Whether its creation failed: CloudFormation cannot update it, and the CDK deletes it before the next attempt.
    pub(crate) fn was_never_created(&self) -> bool {
        matches!(self.status(), "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED")
    }

    /// Whether it refuses to be deleted.
    pub(crate) fn is_protected(&self) -> bool {
        self.description["EnableTerminationProtection"].as_bool().unwrap_or(false)
    }

    /// Whether it cannot be updated without manual intervention.
    fn is_stuck(&self) -> bool {
        let status = self.status();
        status.ends_with("_FAILED") || matches!(status, "ROLLBACK_COMPLETE" | "DELETE_IN_PROGRESS")
    }

    pub(crate) fn outputs(&self) -> BTreeMap<String, String> {
        let output = |output: &Value| {
            Some((output["OutputKey"].as_str()?.to_owned(), output["OutputValue"].as_str()?.to_owned()))
        };
        self.description["Outputs"].as_array().into_iter().flatten().filter_map(output).collect()
    }

    /// The logical names of the resources that exist and are complete.
    pub(crate) fn resources(account: &Account<'_>, name: &str) -> Result<Vec<String>> {
        let answer = account.run(&list_stack_resources(name))?;
        let is_complete = |resource: &&Value| {
            resource["ResourceStatus"]
                .as_str()
                .is_some_and(|status| status.ends_with("_COMPLETE") && !status.starts_with("DELETE"))
        };
        let name = |resource: &Value| resource["LogicalResourceId"].as_str().map(str::to_owned);
        Ok(answer["StackResourceSummaries"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(is_complete)
            .filter_map(name)
            .collect())
    }

    /// The physical id of the resource of this type; `None` if the stack has none, or does not exist.
    pub(crate) fn resource(account: &Account<'_>, name: &str, kind: &str) -> Result<Option<String>> {
        let Some(answer) = account.find(&list_stack_resources(name))? else { return Ok(None) };
        let is_one = |resource: &&Value| {
            let is_gone = matches!(resource["ResourceStatus"].as_str(), Some("DELETE_COMPLETE" | "DELETE_SKIPPED"));
            resource["ResourceType"] == kind && !is_gone
        };
        let found = answer["StackResourceSummaries"].as_array().into_iter().flatten().find(is_one);
        Ok(found.map(|resource| resource["PhysicalResourceId"].as_str().unwrap_or_default().to_owned()))
    }

    /// The logical name of each resource, and its physical id, which is the ARN for a nested stack.
    pub(crate) fn physical_ids(account: &Account<'_>, name: &str) -> Result<BTreeMap<String, String>> {
        let answer = account.run(&list_stack_resources(name))?;
        let resources = answer["StackResourceSummaries"].as_array().into_iter().flatten();
        let text = |resource: &Value, key: &str| resource[key].as_str().map(str::to_owned);
        let id = |resource| Some((text(resource, "LogicalResourceId")?, text(resource, "PhysicalResourceId")?));
        Ok(resources.filter_map(id).collect())
    }

    /// Like [`Self::failure`], for the innermost nested stack that failed.
    pub(crate) fn innermost_failure(account: &Account<'_>, name: &str) -> Result<Option<(String, String)>> {
        let mut found = Self::failure(account, name)?;
        // `Embedded stack ARN was not successfully created: …`
        while let Some(nested) = found.as_ref().and_then(|(_, reason)| reason.strip_prefix("Embedded stack ")) {
            let arn = nested.split(' ').next().unwrap_or_default();
            match Self::failure(account, arn)? {
                Some(inner) => found = Some(inner),
                None => break,
            }
        }
        Ok(found)
    }

    /// Why the last operation failed: the first resource that failed, and the reason.
    pub(crate) fn failure(account: &Account<'_>, name: &str) -> Result<Option<(String, String)>> {
        let events = ["cloudformation", "describe-stack-events", "--stack-name", name];
        let Some(answer) = account.find(&events)? else { return Ok(None) };
        let text = |event: &Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
        let mut first = None;
        // Newest first, back to the start of the operation.
        for event in answer["StackEvents"].as_array().into_iter().flatten() {
            let (status, reason) = (text(event, "ResourceStatus"), text(event, "ResourceStatusReason"));
            let is_stack = event["PhysicalResourceId"] == event["StackId"];
            if status.ends_with("_FAILED") && !reason.contains("cancelled") && !is_stack {
                first = Some((text(event, "LogicalResourceId"), reason));
            }
            if is_stack && matches!(&*status, "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS" | "DELETE_IN_PROGRESS") {
                break;
            }
        }
        Ok(first)
    }
}
