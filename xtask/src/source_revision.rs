//! What an execution of a pipeline releases: a commit, which CodePipeline has read from a repository or as a promoted
//! artifact.

use std::path::Path;

use serde_json::Value;

use crate::process;

/// The name of the action that reads the source (`infra/src/pipeline.ts`).
pub(crate) const ACTION: &str = "Source";

/// The metadata of an object that CodePipeline reports as the summary of its version (CodePipeline API Reference,
/// `SourceRevision`). A promoted artifact has its commit there: its version does not name one.
pub(crate) const SUMMARY: &str = "codepipeline-artifact-revision-summary";

/// The source of an execution.
pub(crate) struct SourceRevision {
    /// The full id of the commit.
    pub(crate) commit: String,
    /// The version of the promoted artifact; `None` if the source is a repository.
    pub(crate) version: Option<String>,
    /// The message of the commit, as the repository reports it.
    summary: Option<String>,
}

impl SourceRevision {
    /// The source of an execution, a `PipelineExecutionSummary` of the API; `None` if it has read none, or an object
    /// that no promotion has written.
    pub(crate) fn of(execution: &Value) -> Option<Self> {
        let source = execution["sourceRevisions"].as_array()?.iter().find(|source| source["actionName"] == ACTION)?;
        let (id, summary) = (source["revisionId"].as_str()?, source["revisionSummary"].as_str());
        match summary {
            _ if is_commit(id) => {
                Some(Self { commit: id.to_owned(), version: None, summary: summary.map(str::to_owned) })
            }
            Some(commit) if is_commit(commit) => {
                Some(Self { commit: commit.to_owned(), version: Some(id.to_owned()), summary: None })
            }
            _ => None,
        }
    }

    /// The first line of the commit's message, from the repository or else from git in a directory.
    pub(crate) fn message(&self, directory: &Path) -> Option<String> {
        match &self.summary {
            Some(summary) => Some(first_line(summary)),
            None => process::git_subject(directory, &self.commit),
        }
        .filter(|message| !message.is_empty())
    }
}

/// Whether this is the full id of a commit. The version of an object has other characters too.
fn is_commit(id: &str) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The summary of a connection's revision is JSON, with the message in it.
fn first_line(summary: &str) -> String {
    let parsed = serde_json::from_str::<Value>(summary).ok();
    let message = parsed.as_ref().and_then(|parsed| parsed["CommitMessage"].as_str()).unwrap_or(summary);
    message.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::SourceRevision;

    #[test]
    fn a_source_is_a_commit_or_a_promoted_artifact() {
        let commit = "4f0c12e9ab4f0c12e9ab4f0c12e9ab4f0c12e9ab";
        let version = "L4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY_MTRCxf3v";
        let of = |id: &str, summary: Option<&str>| {
            let other = json!({"actionName": "Other", "revisionId": "0"});
            let source = json!({"actionName": "Source", "revisionId": id, "revisionSummary": summary});
            SourceRevision::of(&json!({"sourceRevisions": [other, source]}))
        };
        let read = |id: &str, summary: Option<&str>| of(id, summary).map(|source| (source.commit, source.version));
        assert_eq!(read(commit, None), Some((commit.to_owned(), None)));
        assert_eq!(read(commit, Some(commit)), Some((commit.to_owned(), None)));
        assert_eq!(read(version, Some(commit)), Some((commit.to_owned(), Some(version.to_owned()))));
        assert_eq!(read(version, Some("uploaded by hand")), None);
        assert_eq!(read(version, None), None);
        assert!(SourceRevision::of(&json!({"status": "InProgress"})).is_none());
        let message = |summary: &str| of(commit, Some(summary)).and_then(|source| source.message(Path::new("/")));
        assert_eq!(message("colors\n\nmore").as_deref(), Some("colors"));
        assert_eq!(message(r#"{"ProviderType":"GitHub","CommitMessage":"a\nb"}"#).as_deref(), Some("a"));
    }
}
