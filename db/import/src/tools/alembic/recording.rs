//! The recording of an Alembic project, as Python writes it.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use serde::Deserialize;

/// A project.
#[derive(Debug, Deserialize)]
pub(super) struct Recording {
    /// The failure that stopped env.py offline.
    pub(super) environment: Option<Failure>,
    /// The path of env.py.
    pub(super) environment_path: PathBuf,
    /// The run on a scratch database, if there was one.
    pub(super) online: Option<Online>,
    /// In the order in which they run.
    pub(super) revisions: Vec<Revision>,
    #[serde(default)]
    pub(super) transactional_ddl: Option<bool>,
    #[serde(default)]
    pub(super) version_table: String,
    #[serde(default)]
    pub(super) version_table_schema: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Online {
    /// What has stopped it.
    pub(super) error: Option<Failure>,
}

/// A revision. The names are those of the header.
#[derive(Debug, Deserialize)]
pub(super) struct Revision {
    pub(super) revision: String,
    pub(super) path: PathBuf,
    pub(super) parents: Vec<String>,
    pub(super) depends_on: Vec<String>,
    pub(super) branch_labels: Vec<String>,
    pub(super) message: String,
    pub(super) authors: Vec<String>,
    pub(super) create_date: Option<String>,
    pub(super) upgrade: Both,
    pub(super) downgrade: Both,
}

/// One direction, as rendered and as executed.
#[derive(Debug, Deserialize)]
pub(super) struct Both {
    pub(super) offline: Run,
    pub(super) online: Option<Run>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub(super) statements: Vec<Statement>,
    /// What has stopped it.
    pub(super) error: Option<Failure>,
    /// Whether a second run was different.
    #[serde(default)]
    pub(super) varies: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Statement {
    pub(super) sql: String,
    /// Whether it is in an `autocommit_block`.
    pub(super) autocommit: bool,
    /// Whether it only reads, so that later statements depend on its result.
    pub(super) read: bool,
    /// The line of the program.
    pub(super) line: Option<u32>,
}

/// An exception.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Failure {
    /// The class, or the recorder's finding.
    pub(super) kind: String,
    pub(super) text: String,
    /// The line of the program.
    pub(super) line: Option<u32>,
}

impl Failure {
    /// Whether the recorder raised it, as opposed to Python.
    pub(super) fn is_found(&self) -> bool {
        matches!(self.kind.as_str(), "NeedsConnection" | "Missing" | "Cursor" | "Autocommit")
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.kind.as_str() {
            _ if self.is_found() => f.write_str(&self.text),
            kind if self.text.is_empty() => f.write_str(kind),
            kind => write!(f, "{kind}: {}", self.text),
        }
    }
}
