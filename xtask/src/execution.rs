//! The executions of an environment's pipeline, as CodePipeline has recorded them.

use anyhow::Result;
use serde_json::Value;

use crate::aws::Account;
use crate::clock;
use crate::report::Failure;
use crate::source_revision::SourceRevision;

/// An execution: a release, or a rollback.
pub(crate) struct Execution {
    pub(crate) id: String,
    /// `Succeeded`, `Failed`, … (AWS CodePipeline API Reference, `PipelineExecutionSummary`).
    pub(crate) status: String,
    /// Seconds since 1970.
    pub(crate) started: Option<u64>,
    /// When it changed last, in seconds since 1970.
    pub(crate) changed: Option<u64>,
    /// What it releases, once it has read its source.
    pub(crate) source: Option<SourceRevision>,
    /// The user or session that started it by hand.
    pub(crate) started_by: Option<String>,
}

impl Execution {
    /// The last executions, newest first.
    ///
    /// # Errors
    /// The environment has no pipeline, or AWS refuses to list its executions.
    pub(crate) fn list(account: &Account<'_>, environment: &str, pipeline: &str, most: u32) -> Result<Vec<Self>> {
        let most = most.to_string();
        let list = ["codepipeline", "list-pipeline-executions", "--pipeline-name", pipeline, "--max-items", &most];
        let found = account.find(&list)?.ok_or_else(|| {
            let message =
                format!("there is no pipeline `{pipeline}` in account {}, {}", account.number, account.region);
            Failure::new(message).hint(format!("`cargo xtask infra deploy --env {environment}`"))
        })?;
        Ok(found["pipelineExecutionSummaries"].as_array().into_iter().flatten().map(Self::read).collect())
    }

    fn read(summary: &Value) -> Self {
        let trigger = &summary["trigger"];
        let is_by_hand = trigger["triggerType"] == "StartPipelineExecution";
        let person = is_by_hand.then(|| text(trigger, "triggerDetail")).flatten();
        Self {
            id: text(summary, "pipelineExecutionId").unwrap_or_default(),
            status: text(summary, "status").unwrap_or_default(),
            started: time(&summary["startTime"]),
            changed: time(&summary["lastUpdateTime"]),
            source: SourceRevision::of(summary),
            started_by: person.map(|arn| last_part(&arn)),
        }
    }

    /// The full id of the commit, once it has read its source.
    pub(crate) fn commit(&self) -> Option<&str> {
        self.source.as_ref().map(|source| source.commit.as_str())
    }

    pub(crate) fn has_succeeded(&self) -> bool {
        self.status == "Succeeded"
    }

    /// Whether it runs or waits.
    pub(crate) fn is_active(&self) -> bool {
        matches!(self.status.as_str(), "InProgress" | "Stopping")
    }
}

/// The text of a field, unless it is missing or empty.
pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A time: text from version 2 of the aws CLI, seconds since 1970 from version 1.
fn time(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => clock::seconds(text),
        value => value.as_f64().map(|seconds| seconds as u64),
    }
}

/// The name at the end of a user's or a session's ARN.
fn last_part(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or(arn).to_owned()
}
