//! States of the engine's tables that keep a plan from being made.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use connection::QueryError;
use revision::Direction;

use crate::outcome::heads_text;

/// What is in the way of a plan.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum StateError {
    /// `search_path` has no schema that exists.
    NoSchema,
    /// The engine's tables can't be created.
    CreateTables {
        /// The schema.
        schema: String,
        /// Why not.
        source: QueryError,
    },
    /// A partially applied revision has to be finished first.
    HalfDone {
        /// The revision.
        revision: String,
        /// Which of its sections ran.
        direction: Direction,
        /// How many of its statements have run.
        done: usize,
    },
    /// A partially applied revision that no file has.
    HalfDoneUnknown {
        /// The revision.
        revision: String,
    },
    /// The version rows contradict the journal of a partially applied revision: something else has changed them meanwhile.
    JournalContradicted {
        /// The revision.
        revision: String,
        /// Which of its sections ran.
        direction: Direction,
        /// How many of its statements have run.
        done: usize,
        /// The version rows.
        rows: Vec<String>,
        /// The version rows that the journal goes with, if the files tell.
        rows_before: Vec<String>,
        /// How the rows contradict it.
        contradiction: Contradiction,
    },
    /// A statement that has already run was edited.
    EditedHalfWay {
        /// The revision.
        revision: String,
        /// Its file.
        path: PathBuf,
        /// The statement's number, from 1.
        statement: usize,
        /// The line that it began in when it ran.
        line: u32,
    },
}

/// How version rows contradict a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contradiction {
    /// The upgrade is half done, and the revision is applied.
    AlreadyApplied,
    /// The upgrade is half done, and what the revision follows is not applied.
    NotNext,
    /// The downgrade is half done, and the revision is not applied.
    AlreadyReverted,
    /// The downgrade is half done, and a revision after this one is applied.
    NotAHead,
}

impl Display for StateError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSchema => {
                f.write_str("no schema to keep the version table in: `search_path` names none that exists")
            }
            Self::CreateTables { source, .. } => write!(f, "can't create the version table: {source}"),
            Self::HalfDone { revision, direction, done } => {
                write!(f, "the {direction} of `{revision}` is half done (statements run: {done})")
            }
            Self::HalfDoneUnknown { revision } => {
                write!(f, "`{revision}` is half done, and no file in this checkout has it")
            }
            Self::JournalContradicted { revision, direction, done, rows, contradiction, .. } => {
                let contradiction = match contradiction {
                    Contradiction::AlreadyApplied => "have it as applied",
                    Contradiction::NotNext => "don't have the revisions before it",
                    Contradiction::AlreadyReverted => "have it as reverted",
                    Contradiction::NotAHead => "have a revision after it",
                };
                let rows = heads_text(rows);
                write!(
                    f,
                    "the {direction} of `{revision}` is half done (statements run: {done}), but the version rows {contradiction}: {rows}"
                )
            }
            Self::EditedHalfWay { revision, path, statement, line } => write!(
                f,
                "{}: statement {statement} of `{revision}` (line {line} when it ran) was edited after it had run",
                path.display()
            ),
        }
    }
}

// What `CreateTables` displays includes its source.
impl std::error::Error for StateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CreateTables { source, .. } => source.source(),
            _ => None,
        }
    }
}
