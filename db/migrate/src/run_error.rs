//! Why a run stopped, and the state that it left the database in.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::time::Duration;

use connection::{QueryError, ServerError};
use revision::Excerpt;

use crate::outcome::Outcome;

/// Why a run stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The server refused a statement of a revision.
    Statement(Box<StatementError>),
    /// The connection was lost during a revision, or a query of the engine failed.
    During {
        /// The error of the query.
        source: QueryError,
        /// The state of the database.
        outcome: Outcome,
    },
    /// The file of a revision can't be read.
    Reading {
        /// The error of the file.
        source: revision::Error,
        /// The state of the database.
        outcome: Outcome,
    },
    /// A version row that the plan changes is missing: something else migrates without the lock, or the revision has
    /// deleted it.
    VersionRowGone {
        /// The revision.
        revision: String,
        /// The state of the database.
        outcome: Outcome,
    },
    /// The revision dropped, moved or changed one of the engine's tables.
    TableChanged {
        /// The file of the revision.
        path: PathBuf,
        /// The line of the statement, if the revision ran without a transaction.
        line: Option<u32>,
        /// The table, quoted and qualified.
        table: String,
        /// How it differs, such as "no longer exists".
        problem: String,
        /// The state of the database.
        outcome: Outcome,
    },
    /// The revision released the migration lock, and another session took it.
    LockLost {
        /// The state of the database.
        outcome: Outcome,
    },
    /// A statement of a `Transaction: off` revision released the migration lock. Nothing has run since.
    LockReleased {
        /// The file of the revision.
        path: PathBuf,
        /// The line of the statement.
        line: u32,
        /// The state of the database.
        outcome: Outcome,
    },
    /// A `CREATE INDEX CONCURRENTLY IF NOT EXISTS` would do nothing, because an invalid index has the name.
    InvalidIndex {
        /// The file of the revision.
        path: PathBuf,
        /// The line of the statement.
        line: u32,
        /// The index, quoted and qualified.
        index: String,
        /// The state of the database.
        outcome: Outcome,
    },
    /// Objects have to be dropped and created again, but objects that no file in `objects` creates depend on them.
    ForeignDependents {
        /// The file of the revision, or in `objects`, that needs them dropped.
        path: PathBuf,
        /// The objects to drop, such as `view public.v`.
        objects: Vec<String>,
        /// What depends on them.
        dependents: Vec<String>,
        /// The state of the database.
        outcome: Outcome,
    },
    /// Two files in `objects` create the same object.
    CreatedTwice {
        /// One of them.
        path: PathBuf,
        /// The object, such as `view public.v`.
        object: String,
        /// The other one.
        other: PathBuf,
        /// The state of the database.
        outcome: Outcome,
    },
    /// The run was cancelled with a [`Canceller`](crate::Canceller).
    Interrupted {
        /// The state of the database, if a revision was running.
        outcome: Option<Outcome>,
    },
    /// A rehearsal would have held its locks for longer than it may.
    HeldTooLong {
        /// The limit.
        limit: Duration,
        /// The file and line of the statement that was running, if one was.
        at: Option<(PathBuf, u32)>,
        /// The state of the database.
        outcome: Outcome,
    },
    /// The server has not rolled back a rehearsal.
    NotRolledBack {
        /// The transaction.
        transaction: String,
        /// Its state, according to the server.
        status: String,
    },
    /// An [`Observer`](crate::Observer) stopped the run.
    Observer {
        /// The error of the observer.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl RunError {
    /// The state of the database, if there is more to report than that nothing has changed.
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Statement(error) => Some(&error.outcome),
            Self::During { outcome, .. }
            | Self::Reading { outcome, .. }
            | Self::VersionRowGone { outcome, .. }
            | Self::TableChanged { outcome, .. }
            | Self::LockLost { outcome }
            | Self::ForeignDependents { outcome, .. }
            | Self::CreatedTwice { outcome, .. }
            | Self::LockReleased { outcome, .. }
            | Self::InvalidIndex { outcome, .. }
            | Self::HeldTooLong { outcome, .. } => Some(outcome),
            Self::Interrupted { outcome } => outcome.as_ref(),
            Self::Observer { .. } | Self::NotRolledBack { .. } => None,
        }
    }

    /// The same, to replace it.
    pub(crate) fn outcome_mut(&mut self) -> Option<&mut Outcome> {
        match self {
            Self::Statement(error) => Some(&mut error.outcome),
            Self::During { outcome, .. }
            | Self::Reading { outcome, .. }
            | Self::VersionRowGone { outcome, .. }
            | Self::TableChanged { outcome, .. }
            | Self::LockLost { outcome }
            | Self::ForeignDependents { outcome, .. }
            | Self::CreatedTwice { outcome, .. }
            | Self::LockReleased { outcome, .. }
            | Self::InvalidIndex { outcome, .. }
            | Self::HeldTooLong { outcome, .. } => Some(outcome),
            Self::Interrupted { outcome } => outcome.as_mut(),
            Self::Observer { .. } | Self::NotRolledBack { .. } => None,
        }
    }
}

impl Display for RunError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement(error) => error.fmt(f),
            Self::During { source, .. } => source.fmt(f),
            Self::Reading { source, .. } => source.fmt(f),
            Self::VersionRowGone { revision, .. } => {
                write!(f, "the version row that `{revision}` replaces is missing")
            }
            Self::TableChanged { path, line, table, problem, .. } => {
                let line = line.map_or_else(String::new, |line| format!(":{line}"));
                let path = path.display();
                write!(f, "{path}{line}: the revision changes the engine's table {table}: it {problem}")
            }
            Self::LockLost { .. } => {
                f.write_str("the revision released the migration lock, and another session has taken it")
            }
            Self::LockReleased { path, line, .. } => {
                write!(f, "{}:{line}: the statement released the migration lock", path.display())
            }
            Self::InvalidIndex { path, line, index, .. } => {
                write!(f, "{}:{line}: the index {index} exists and is invalid", path.display())
            }
            Self::ForeignDependents { path, objects, dependents, .. } => write!(
                f,
                "{}: needs {} dropped and created again, but {} {} on it",
                path.display(),
                objects.join(", "),
                dependents.join(", "),
                if dependents.len() == 1 { "depends" } else { "depend" }
            ),
            Self::CreatedTwice { path, object, other, .. } => {
                write!(f, "{}: `{}` also creates {object}", path.display(), other.display())
            }
            Self::HeldTooLong { limit, at, .. } => {
                if let Some((path, line)) = at {
                    write!(f, "{}:{line}: ", path.display())?;
                }
                write!(f, "the rehearsal has held its locks for {} ms, which is the limit", limit.as_millis())
            }
            Self::NotRolledBack { transaction, status } => {
                write!(f, "the transaction {transaction} of the rehearsal is {status}, not aborted")
            }
            Self::Interrupted { .. } => f.write_str("interrupted"),
            Self::Observer { source } => source.fmt(f),
        }
    }
}

// Displayed as the wrapped error, so the source is that of the wrapped error.
impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Statement(error) => error.source(),
            Self::During { source, .. } => source.source(),
            Self::Reading { source, .. } => source.source(),
            Self::Observer { source } => source.source(),
            Self::VersionRowGone { .. }
            | Self::TableChanged { .. }
            | Self::LockLost { .. }
            | Self::LockReleased { .. }
            | Self::InvalidIndex { .. }
            | Self::ForeignDependents { .. }
            | Self::CreatedTwice { .. }
            | Self::HeldTooLong { .. }
            | Self::NotRolledBack { .. }
            | Self::Interrupted { .. } => None,
        }
    }
}

/// A statement of a revision that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementError {
    /// The file of the revision.
    pub path: PathBuf,
    /// The position that the server reports, or the beginning of the statement. `None` if all statements succeeded, and
    /// the bookkeeping or the commit (a deferred constraint) failed.
    pub excerpt: Option<Excerpt>,
    /// The SQLSTATE.
    pub code: String,
    /// The server's message.
    pub message: String,
    /// The server's detail.
    pub detail: Option<String>,
    /// The server's hint.
    pub hint: Option<String>,
    /// The server's context, such as a line of a function.
    pub context: Option<String>,
    /// The state of the database.
    pub outcome: Outcome,
}

impl StatementError {
    pub(crate) fn new(path: PathBuf, excerpt: Option<Box<Excerpt>>, server: ServerError, outcome: Outcome) -> Self {
        let ServerError { code, message, detail, hint, context, .. } = server;
        Self { path, excerpt: excerpt.map(|at| *at), code, message, detail, hint, context, outcome }
    }
}

impl Display for StatementError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(Excerpt { place, .. }) = &self.excerpt {
            write!(f, "{}:{}:", place.line, place.column)?;
        }
        write!(f, " {} (SQLSTATE {})", self.message, self.code)?;
        if self.excerpt.is_none() {
            let what = if self.outcome == Outcome::NothingRan { "file" } else { "revision" };
            write!(f, ", while committing the {what}")?;
        }
        Ok(())
    }
}

impl Error for StatementError {}
