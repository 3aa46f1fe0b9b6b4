//! The executions of a pipeline.

use anyhow::Result;
use serde_json::Value;

use crate::aws::Account;
use crate::source_revision::SourceRevision;

/// How many executions are considered.
const MOST: &str = "100";

/// An execution: a release, or a rollback.
pub(super) struct Execution {
    pub(super) status: String,
    pub(super) commit: String,
    /// The version of the promoted artifact; `None` if the source was a repository.
    pub(super) version: Option<String>,
    /// As AWS writes it.
    pub(super) started: String,
}

impl Execution {
    /// The last executions that have read their source, newest first.
    pub(super) fn list(account: &Account<'_>, pipeline: &str) -> Result<Vec<Self>> {
        let list = ["codepipeline", "list-pipeline-executions", "--pipeline-name", pipeline, "--max-items", MOST];
        let answer = account.run(&list)?;
        Ok(answer["pipelineExecutionSummaries"].as_array().into_iter().flatten().filter_map(Self::read).collect())
    }

    fn read(summary: &Value) -> Option<Self> {
        let SourceRevision { commit, version, .. } = SourceRevision::of(summary)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Some(Self { status: text(&summary["status"]), commit, version, started: text(&summary["startTime"]) })
    }

    pub(super) fn has_succeeded(&self) -> bool {
        self.status == "Succeeded"
    }

    /// Whether it runs or waits.
    pub(super) fn is_active(&self) -> bool {
        matches!(self.status.as_str(), "InProgress" | "Stopping")
    }
}
