//! What is recorded about a preview: as the comment of its database, which needs no table and disappears with it.

use serde::{Deserialize, Serialize};

/// The record of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::db) struct Mark {
    /// The database that it was created next to.
    pub(super) origin: String,
    pub(in crate::db) branch: String,
    /// The commit that it was last updated from; `None` if it is not known, or was merged already.
    pub(super) commit: Option<String>,
    /// In seconds since 1970.
    pub(super) created: u64,
    pub(in crate::db) updated: u64,
    /// Whether the seeds have run.
    pub(super) seeded: bool,
}

/// The comment. The key shows that it is a record.
#[derive(Serialize, Deserialize)]
struct Comment {
    preview: Mark,
}

impl Mark {
    /// The record in a comment, if it is one.
    pub(super) fn read(comment: &str) -> Option<Self> {
        serde_json::from_str(comment).ok().map(|Comment { preview }| preview)
    }

    /// The comment with the record.
    pub(super) fn comment(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Comment { preview: self.clone() })
    }
}
