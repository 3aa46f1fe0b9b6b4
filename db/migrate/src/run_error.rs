//! Why a run stops, and what state that leaves the database in.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use connection::QueryError;
use revision::Excerpt;

use crate::outcome::Outcome;

/// Why a run stops.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The server refused a statement of a revision.
    Statement(Box<StatementError>),
    /// The bookkeeping failed, or the connection broke, while a revision ran.
    During {
        /// What failed.
        source: QueryError,
        /// What state things are in.
        outcome: Outcome,
    },
    /// A part of the file could not be read while a revision ran.
    Reading {
        /// What failed.
        source: revision::Error,
        /// What state things are in.
        outcome: Outcome,
    },
    /// A version row that the plan replaces no longer exists: something migrates without the lock.
    VersionRowGone {
        /// The revision.
        revision: String,
    },
    /// SIGINT or SIGTERM.
    Interrupted {
        /// What state things are in, if a revision was running.
        outcome: Option<Outcome>,
    },
    /// The observer of the run failed.
    Observer {
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl RunError {
    /// What state the database is in, if there is more to report than "as before".
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Statement(error) => Some(&error.outcome),
            Self::During { outcome, .. } | Self::Reading { outcome, .. } => Some(outcome),
            Self::Interrupted { outcome } => outcome.as_ref(),
            Self::VersionRowGone { .. } | Self::Observer { .. } => None,
        }
    }
}

impl Display for RunError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement(error) => error.fmt(f),
            Self::During { source, .. } => source.fmt(f),
            Self::Reading { source, .. } => source.fmt(f),
            Self::VersionRowGone { revision } => {
                write!(f, "the version row that `{revision}` replaces is gone; `{revision}` is rolled back")
            }
            Self::Interrupted { .. } => f.write_str("interrupted"),
            Self::Observer { source } => source.fmt(f),
        }
    }
}

// What these display is what they wrap.
impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Statement(error) => error.source(),
            Self::During { source, .. } => source.source(),
            Self::Reading { source, .. } => source.source(),
            Self::Observer { source } => source.source(),
            Self::VersionRowGone { .. } | Self::Interrupted { .. } => None,
        }
    }
}

/// A statement of a revision that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementError {
    /// The revision's file.
    pub path: PathBuf,
    /// Where the server points at, or the statement begins; none if all statements had run, and the commit (a deferred
    /// constraint) or the bookkeeping failed.
    pub excerpt: Option<Excerpt>,
    /// SQLSTATE.
    pub code: String,
    /// The server's message.
    pub message: String,
    /// The server's detail.
    pub detail: Option<String>,
    /// The server's hint.
    pub hint: Option<String>,
    /// The server's context, such as the line of a function.
    pub context: Option<String>,
    /// What state things are in.
    pub outcome: Outcome,
}

impl Display for StatementError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (line, column) = self.excerpt.as_ref().map_or((1, 1), |at| (at.place.line, at.place.column));
        write!(f, "{}:{line}:{column}: {} (SQLSTATE {})", self.path.display(), self.message, self.code)?;
        if self.excerpt.is_none() {
            f.write_str(", at the commit of the revision")?;
        }
        Ok(())
    }
}

impl Error for StatementError {}
