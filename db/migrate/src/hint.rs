//! What to do about an error, as facts. Whoever prints an error words them: this crate knows no command line.

use connection::QueryError;
use revision::Direction;

use crate::error::Error;
use crate::history_error::HistoryError;
use crate::lock_error::LockError;
use crate::outcome::Outcome;
use crate::run_error::{RunError, StatementError};
use crate::state_error::StateError;

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// About files, graph or target.
    Revision(revision::Hint),
    /// About the connection.
    Connection(connection::Hint),
    /// Create a schema, or configure the one to use.
    CreateSchema,
    /// The role needs CREATE and USAGE on the schema.
    GrantOnSchema(String),
    /// Wait for the other run, or wait longer.
    WaitLonger,
    /// Connect directly, or use the pooler in session mode.
    AvoidPooler,
    /// Resume the half-done revision, or set the version rows by hand.
    Resume,
    /// Only a checkout that has the half-done revision can resume it.
    ResumeElsewhere,
    /// The version rows and the journal have to be brought together: back to the rows that the journal goes with, to resume;
    /// or the journal is dropped, if the rest was done by hand.
    ReconcileJournal {
        /// The version rows.
        rows: Vec<String>,
        /// The rows that the journal goes with.
        rows_before: Vec<String>,
    },
    /// Statements that have run have to be as they were.
    RestoreStatements,
    /// The log explains no such revision: only a checkout that has it can revert it.
    RevertElsewhere,
    /// Restore a backup, or write a new revision.
    MoveForward,
    /// Restore the file and make the change in a new revision, or accept the file as it is.
    RestoreOrAccept(String),
    /// Correct the statement, then resume.
    CorrectAndResume(Direction),
    /// Another session holds a lock on what this changes.
    RaiseLockTimeout,
    /// The role lacks a privilege.
    RunAsOwner,
    /// Stop what migrates without the lock.
    StopOtherTool,
}

const INSUFFICIENT_PRIVILEGE: &str = "42501";
const LOCK_NOT_AVAILABLE: &str = "55P03";

impl Error {
    /// What to do next.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Revision(error) => error.hint().map(Hint::Revision),
            Self::Connect(error) => error.hint().map(Hint::Connection),
            Self::Query(_) => None,
            Self::Lock(LockError::NotObtained { .. }) => Some(Hint::WaitLonger),
            Self::Lock(LockError::Pooler) => Some(Hint::AvoidPooler),
            Self::State(error) => error.hint(),
            Self::History(error) => Some(error.hint()),
            Self::Run(error) => error.hint(),
        }
    }
}

impl StateError {
    fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::NoSchema => Hint::CreateSchema,
            Self::CreateTables { schema, source: QueryError::Server(error) }
                if error.code == INSUFFICIENT_PRIVILEGE =>
            {
                Hint::GrantOnSchema(schema.clone())
            }
            Self::CreateTables { .. } => return None,
            Self::HalfDone { .. } => Hint::Resume,
            Self::HalfDoneUnknown { .. } => Hint::ResumeElsewhere,
            Self::JournalContradicted { rows, rows_before, .. } => {
                Hint::ReconcileJournal { rows: rows.clone(), rows_before: rows_before.clone() }
            }
            Self::EditedHalfWay { .. } => Hint::RestoreStatements,
        })
    }
}

impl HistoryError {
    fn hint(&self) -> Hint {
        match self {
            Self::Edited { revisions, .. } => {
                Hint::RestoreOrAccept(revisions.first().map_or_else(String::new, |(revision, _)| revision.clone()))
            }
            Self::Irreversible { .. } => Hint::MoveForward,
            Self::NotLogged { .. } => Hint::RevertElsewhere,
        }
    }
}

impl RunError {
    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Statement(error) => error.hint(),
            Self::VersionRowGone { .. } => Some(Hint::StopOtherTool),
            Self::Reading { source, .. } => source.hint().map(Hint::Revision),
            Self::During { .. } | Self::Interrupted { .. } | Self::Observer { .. } => None,
        }
    }
}

impl StatementError {
    fn hint(&self) -> Option<Hint> {
        match (&self.outcome, self.code.as_str()) {
            (Outcome::HalfDone { direction, .. }, _) => Some(Hint::CorrectAndResume(*direction)),
            (_, LOCK_NOT_AVAILABLE) => Some(Hint::RaiseLockTimeout),
            (_, INSUFFICIENT_PRIVILEGE) => Some(Hint::RunAsOwner),
            _ => None,
        }
    }
}
