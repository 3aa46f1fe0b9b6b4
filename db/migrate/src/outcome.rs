//! The state that a failed run leaves the database in.

use std::fmt::{self, Display, Formatter};

use revision::Direction;

/// The state that a failed run leaves the database in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The revision was rolled back entirely.
    RolledBack {
        /// The revision.
        revision: String,
        /// The version rows.
        heads: Vec<String>,
    },
    /// The first statements of a `Transaction: off` revision ran and stay in effect.
    PartiallyApplied {
        /// The revision.
        revision: String,
        /// The section that ran.
        direction: Direction,
        /// The number of statements that ran.
        done: usize,
        /// The number of statements in the section.
        of: usize,
        /// The version rows, which are unchanged.
        heads: Vec<String>,
    },
    /// A rehearsal was rolled back entirely.
    Rehearsed {
        /// The version rows, which are unchanged.
        heads: Vec<String>,
    },
    /// A plain SQL file was rolled back entirely.
    NothingRan,
    /// The connection was lost while such a file was running or committed.
    AllOrNothing,
    /// The revisions are applied, and the objects were rolled back.
    ObjectsRolledBack {
        /// The version rows.
        heads: Vec<String>,
    },
    /// The revisions are applied. The connection was lost: the objects are either all applied or none of them.
    ObjectsUnknown {
        /// The version rows.
        heads: Vec<String>,
    },
    /// The connection was lost during the commit. The revision is either committed, together with its version row, or
    /// rolled back.
    Unknown {
        /// The revision.
        revision: String,
    },
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::RolledBack { revision, heads } => {
                write!(f, "`{revision}` was rolled back; the database is at {}", heads_text(heads))
            }
            Self::PartiallyApplied { revision, direction, done, of, heads } => write!(
                f,
                "the {direction} of `{revision}` stopped after {done} of {of} statements (no transaction); the version rows are still {}",
                heads_text(heads)
            ),
            Self::Rehearsed { heads } => {
                write!(f, "the rehearsal was rolled back; the database is at {}", heads_text(heads))
            }
            Self::NothingRan => f.write_str("all statements of the file were rolled back"),
            Self::AllOrNothing => {
                f.write_str("the connection was lost: either all statements of the file took effect, or none")
            }
            Self::ObjectsRolledBack { heads } => write!(
                f,
                "the objects were rolled back and remain to be applied; the database is at {}",
                heads_text(heads)
            ),
            Self::ObjectsUnknown { heads } => write!(
                f,
                "the connection was lost: the objects are either all applied or none of them; the database is at {}",
                heads_text(heads)
            ),
            Self::Unknown { revision } => write!(
                f,
                "the connection was lost: `{revision}` is either applied entirely, with its version row, or not at all"
            ),
        }
    }
}

/// Version rows as text.
pub(crate) fn heads_text(heads: &[String]) -> String {
    match heads {
        [] => "base".to_owned(),
        heads => heads.iter().map(|head| format!("`{head}`")).collect::<Vec<_>>().join(", "),
    }
}
