//! All errors of this crate. Each is worded in the `Display` of its type.

use std::fmt::{self, Display, Formatter};

use connection::{ConnectError, QueryError, SettingsError};
use revision::TargetError;

use crate::history_error::HistoryError;
use crate::lock_error::LockError;
use crate::run_error::RunError;
use crate::state_error::StateError;

/// Why a migration failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The files can't be read, or there is no plan to the target.
    Revision(revision::Error),
    /// Connecting failed.
    Connect(Box<ConnectError>),
    /// A query of the engine failed, outside of a revision.
    Query(QueryError),
    /// The lock was not obtained.
    Lock(LockError),
    /// The contents of the engine's tables, or their absence, prevent the run.
    State(Box<StateError>),
    /// The files of applied revisions prevent the run.
    History(HistoryError),
    /// The run stopped.
    Run(Box<RunError>),
}

impl Error {
    /// Whether this is a failed query of the engine, outside of a revision.
    pub(crate) fn is_query(&self) -> bool {
        match self {
            Self::Query(_) => true,
            Self::State(error) => matches!(**error, StateError::CreateTables { .. } | StateError::NotOwner { .. }),
            _ => false,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revision(error) => error.fmt(f),
            Self::Connect(error) => error.fmt(f),
            Self::Query(error) => error.fmt(f),
            Self::Lock(error) => error.fmt(f),
            Self::State(error) => error.fmt(f),
            Self::History(error) => error.fmt(f),
            Self::Run(error) => error.fmt(f),
        }
    }
}

// Displayed as the wrapped error, so the source is that of the wrapped error.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Revision(error) => error.source(),
            Self::Connect(error) => error.source(),
            Self::Query(error) => error.source(),
            Self::Lock(error) => error.source(),
            Self::State(error) => error.source(),
            Self::History(error) => error.source(),
            Self::Run(error) => error.source(),
        }
    }
}

impl From<revision::Error> for Error {
    fn from(error: revision::Error) -> Self {
        Self::Revision(error)
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        Self::Revision(error.into())
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        Self::Connect(Box::new(error))
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        ConnectError::from(error).into()
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<LockError> for Error {
    fn from(error: LockError) -> Self {
        Self::Lock(error)
    }
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        Self::State(Box::new(error))
    }
}

impl From<HistoryError> for Error {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Self {
        Self::Run(Box::new(error))
    }
}
