//! What state a failure leaves the database in.

use std::fmt::{self, Display, Formatter};

use revision::Direction;

/// What state a failure leaves the database in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The revision was rolled back entirely.
    RolledBack {
        /// The revision.
        revision: String,
        /// The heads that the database is at.
        heads: Vec<String>,
    },
    /// The first statements of a `Transaction: off` revision stay.
    HalfDone {
        /// The revision.
        revision: String,
        /// Which of its sections ran.
        direction: Direction,
        /// How many statements stay.
        done: usize,
        /// How many there are.
        of: usize,
        /// The version rows, which have not changed.
        heads: Vec<String>,
    },
    /// The connection is lost: the revision is committed or not, in either case together with its version row.
    Unknown {
        /// The revision.
        revision: String,
    },
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::RolledBack { revision, heads } => {
                write!(f, "`{revision}` is rolled back; the database is at {}", heads_text(heads))
            }
            Self::HalfDone { revision, done, of, heads, .. } => write!(
                f,
                "`{revision}` is half done: {done} of its {of} statements stay (no transaction); the version rows are still {}",
                heads_text(heads)
            ),
            Self::Unknown { revision } => write!(
                f,
                "the connection is lost: `{revision}` is either applied entirely, with its version row, or not at all"
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
