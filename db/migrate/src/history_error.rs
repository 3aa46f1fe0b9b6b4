//! Errors in the files of applied revisions.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// Why the files of applied revisions prevent a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HistoryError {
    /// Files were edited after they had been applied.
    Edited {
        /// The revisions and their files.
        revisions: Vec<(String, PathBuf)>,
        /// The first revision as it was applied (`-`) and as it is in the file (`+`). Empty if they were not compared.
        diff: String,
    },
    /// A downgrade includes a revision that has no downgrade section.
    Irreversible {
        /// The revision.
        revision: String,
        /// Its file.
        path: PathBuf,
    },
    /// A revision is neither in the files nor in the log.
    NotLogged {
        /// The revision.
        revision: String,
    },
    /// A revision that is only in the log has COPY data or a large section to revert it, which the log has not kept.
    NotKept {
        /// The revision.
        revision: String,
    },
    /// A revision that is only in the log was logged without its dependencies.
    DependenciesNotLogged {
        /// The revision.
        revision: String,
        /// An applied revision that may be one of them.
        other: String,
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
            Self::DependenciesNotLogged { revision, other } => write!(
                f,
                "`{revision}` is not in this checkout, and the log does not record whether it depends on `{other}`: an earlier version applied it"
            ),
            Self::NotKept { revision } => write!(
                f,
                "`{revision}` is not in this checkout, and the log has only a part of its downgrade section: no COPY data, and only the first 64 KiB of a section of more than 1 MiB"
            ),
            Self::NotLogged { revision } => write!(f, "`{revision}` is neither in this checkout nor in the log"),
        }
    }
}

impl std::error::Error for HistoryError {}
