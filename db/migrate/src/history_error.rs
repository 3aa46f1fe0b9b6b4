//! What the files of applied revisions forbid.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// What the files of applied revisions forbid.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HistoryError {
    /// Files of applied revisions have been edited since.
    Edited {
        /// The revisions with their files.
        revisions: Vec<(String, PathBuf)>,
        /// What was applied (`-`) against what the first file has now (`+`); empty if it was not compared.
        diff: String,
    },
    /// A downgrade through a revision without `-- migrate:downgrade`.
    Irreversible {
        /// The revision.
        revision: String,
        /// Its file.
        path: PathBuf,
    },
    /// A revision that neither the files nor the log have.
    NotLogged {
        /// The revision.
        revision: String,
    },
}

impl Display for HistoryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { revisions, diff } => {
                f.write_str("applied revisions have been edited since:")?;
                for (revision, path) in revisions {
                    write!(f, "\n  `{revision}` (`{}`)", path.display())?;
                }
                if !diff.is_empty() {
                    write!(f, "\n{diff}")?;
                }
                Ok(())
            }
            Self::Irreversible { revision, path } => {
                write!(f, "`{revision}` is irreversible: `{}` has no `-- migrate:downgrade` section", path.display())
            }
            Self::NotLogged { revision } => write!(f, "neither this checkout nor the log has `{revision}`"),
        }
    }
}

impl std::error::Error for HistoryError {}
