//! What to do about an error, as facts. The caller words them, because this crate knows no command line.

use connection::QueryError;
use revision::Direction;

use crate::error::Error;
use crate::history_error::HistoryError;
use crate::lock_error::LockError;
use crate::outcome::Outcome;
use crate::run_error::{RunError, StatementError};
use crate::state_error::{INSUFFICIENT_PRIVILEGE, StateError};

/// What to do about an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// For an error in the files, the graph or the target.
    Revision(revision::Hint),
    /// For an error of the connection.
    Connection(connection::Hint),
    /// Create a schema, or configure which one to use.
    CreateSchema,
    /// Configure which schema has the version table.
    ChooseSchema,
    /// Configure another schema for the engine's tables.
    MoveTables,
    /// If the table is the engine's, make this role its owner or a member of its owner; otherwise drop it.
    TrustOwner {
        /// The table, quoted and qualified.
        table: String,
        /// Its owner.
        owner: String,
        /// The role that has logged in.
        role: String,
    },
    /// Record the state of a database that was created without the engine.
    StampExisting,
    /// Find out who wrote the version rows, and delete them if nothing was applied.
    CheckVersionRows,
    /// Wait until the other tool has finished, and run again.
    AwaitOtherTool,
    /// Connect to the primary server.
    ConnectToPrimary,
    /// Find out why `default_transaction_read_only` is set, or override it for the connection.
    AllowWrites,
    /// Grant the role CREATE and USAGE on this schema.
    GrantOnSchema(String),
    /// Add the columns as this owner of the tables.
    UpdateAsOwner(String),
    /// Wait for the other run, or wait longer.
    WaitLonger,
    /// Connect directly, or use the pooler in session mode.
    AvoidPooler,
    /// Resume the partially applied revision, or set the version rows by hand.
    Resume,
    /// Resume the partially applied revision with the files that it came from.
    ResumeElsewhere {
        /// The revision.
        revision: String,
    },
    /// Make the version rows and the journal agree: set the rows back to those before the revision, and resume; or
    /// delete the journal, if the rest was done by hand.
    ReconcileJournal {
        /// The version rows now.
        rows: Vec<String>,
        /// The version rows that agree with the journal.
        rows_before: Vec<String>,
    },
    /// Restore the statements that have run.
    RestoreStatements,
    /// Restore `Transaction: off`.
    RestoreMode,
    /// Find out whether the statement has run, and specify it.
    SayWhetherItRan,
    /// Restore the statement and resume, or specify whether it has run.
    RestoreOrSayWhetherItRan,
    /// Run the remaining statements by hand, and record these version rows.
    FinishByHand(Vec<String>),
    /// Drop this index, and resume.
    DropInvalidIndex(String),
    /// Revert the revision with the files that it came from; the log does not have it.
    RevertElsewhere,
    /// Restore a backup, or write a new revision.
    MoveForward,
    /// Restore the file of this revision and make the change in a new one, or accept the file as it is.
    RestoreOrAccept(String),
    /// Fix the statement, then resume.
    CorrectAndResume(Direction),
    /// Run again when the session that holds the lock has finished, or raise `lock_timeout`.
    RaiseLockTimeout,
    /// Allow the rehearsal to hold its locks for longer, or rehearse on a copy.
    RehearseLonger,
    /// Rehearse again when the session that holds the lock has finished.
    RehearseLater,
    /// Run as the owner, or grant the role the privilege that it lacks.
    RunAsOwner,
    /// Stop the other tool, which migrates without the lock.
    StopOtherTool,
    /// Leave the engine's tables as they are in a revision.
    KeepTables,
    /// Drop what exists in a revision: no file in `objects` has created it.
    DropInRevision,
    /// Skip rows that exist, so that the file can run again.
    SkipExistingRows,
    /// Create the dependents in `objects`, or drop them in a revision before, and create them in one after.
    MoveDependents,
    /// Release only the advisory locks that the revision has taken.
    KeepLock,
}

const LOCK_NOT_AVAILABLE: &str = "55P03";

const UNIQUE_VIOLATION: &str = "23505";

/// A table, schema, function, column or other object exists already.
const EXISTS_ALREADY: [&str; 5] = ["42P07", "42P06", "42723", "42701", "42710"];

impl Error {
    /// What to do about it, if there is anything to suggest.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Revision(error) => error.hint().map(Hint::Revision),
            Self::Connect(error) => error.hint().map(Hint::Connection),
            Self::Query(QueryError::Server(error)) if error.code == INSUFFICIENT_PRIVILEGE => Some(Hint::RunAsOwner),
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
            Self::SeveralVersionTables { .. } => Hint::ChooseSchema,
            Self::NameTaken { .. } => Hint::MoveTables,
            Self::OwnerNotTrusted { table, owner, role } => {
                Hint::TrustOwner { table: table.clone(), owner: owner.clone(), role: role.clone() }
            }
            Self::ReadOnly { is_standby: true } => Hint::ConnectToPrimary,
            Self::ReadOnly { .. } => Hint::AllowWrites,
            Self::CreateTables { schema, source: QueryError::Server(error) }
                if error.code == INSUFFICIENT_PRIVILEGE =>
            {
                Hint::GrantOnSchema(schema.clone())
            }
            Self::CreateTables { .. } | Self::NothingToAdopt { .. } => return None,
            Self::HasVersionRows { .. } => Hint::CheckVersionRows,
            Self::OtherToolRuns => Hint::AwaitOtherTool,
            Self::NotOwner { owner, .. } => Hint::UpdateAsOwner(owner.clone()),
            Self::PartiallyApplied { .. } => Hint::Resume,
            Self::PartiallyAppliedElsewhere { revision } => Hint::ResumeElsewhere { revision: revision.clone() },
            Self::JournalContradicted { rows, rows_before, .. } => {
                Hint::ReconcileJournal { rows: rows.clone(), rows_before: rows_before.clone() }
            }
            Self::EditedHalfWay { .. } => Hint::RestoreStatements,
            Self::EditedWhileUnknown { .. } => Hint::RestoreOrSayWhetherItRan,
            Self::ModeChanged { .. } => Hint::RestoreMode,
            Self::MayHaveRun { .. } => Hint::SayWhetherItRan,
            Self::SessionGone { rows_after, .. } => Hint::FinishByHand(rows_after.clone()),
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
            Self::NotLogged { .. } | Self::NotKept { .. } | Self::DependenciesNotLogged { .. } => Hint::RevertElsewhere,
        }
    }
}

impl RunError {
    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Statement(error) => error.hint(),
            Self::VersionRowGone { .. } => Some(Hint::StopOtherTool),
            Self::InvalidIndex { index, .. } => Some(Hint::DropInvalidIndex(index.clone())),
            Self::Reading { source, .. } => source.hint().map(Hint::Revision),
            Self::TableChanged { .. } => Some(Hint::KeepTables),
            Self::ForeignDependents { .. } => Some(Hint::MoveDependents),
            Self::CreatedTwice { .. } => Some(Hint::Revision(revision::Hint::KeepOneFile)),
            Self::LockLost { .. } | Self::LockReleased { .. } => Some(Hint::KeepLock),
            Self::HeldTooLong { .. } => Some(Hint::RehearseLonger),
            Self::During { .. } | Self::NotRolledBack { .. } | Self::Interrupted { .. } | Self::Observer { .. } => None,
        }
    }
}

impl StatementError {
    fn hint(&self) -> Option<Hint> {
        match (&self.outcome, self.code.as_str()) {
            (Outcome::PartiallyApplied { direction, .. }, _) => Some(Hint::CorrectAndResume(*direction)),
            (Outcome::RolledBack { heads, .. }, code) if heads.is_empty() && EXISTS_ALREADY.contains(&code) => {
                Some(Hint::StampExisting)
            }
            (Outcome::ObjectsRolledBack { .. }, "42P16" | "42809") => Some(Hint::DropInRevision),
            (Outcome::NothingRan, UNIQUE_VIOLATION) => Some(Hint::SkipExistingRows),
            (Outcome::Rehearsed { .. }, LOCK_NOT_AVAILABLE) => Some(Hint::RehearseLater),
            (_, LOCK_NOT_AVAILABLE) => Some(Hint::RaiseLockTimeout),
            (_, INSUFFICIENT_PRIVILEGE) => Some(Hint::RunAsOwner),
            _ => None,
        }
    }
}
