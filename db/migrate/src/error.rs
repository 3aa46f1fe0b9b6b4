//! Everything that can go wrong, as facts; the wording is in the `Display` of each type and in `hint`.
//!
//! Messages are lower case without a full stop, ids and paths in backticks. `hint` is what to do next.

mod database;
mod graph;
mod script;
mod target;

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

pub use database::{Aftermath, DatabaseError, StatementError};
pub use graph::GraphError;
pub use script::{Problem, ScriptError};
pub use target::TargetError;

use connection::SettingsError;

/// Whatever this crate fails with.
#[derive(Debug)]
pub enum Error {
    /// A file or directory can't be read or written.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The directory holds no revision.
    NoRevisions {
        /// The directory.
        directory: PathBuf,
    },
    /// A revision file is wrong.
    Script(Box<ScriptError>),
    /// The files don't make a graph.
    Graph(GraphError),
    /// A target means nothing here.
    Target(TargetError),
    /// The connection settings are wrong.
    Settings(SettingsError),
    /// A statement of a revision failed.
    Statement(Box<StatementError>),
    /// Anything else about the database.
    Database(Box<DatabaseError>),
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "`{}`: {source}", path.display()),
            Self::NoRevisions { directory } => write!(f, "`{}` holds no revision (`*.sql`)", directory.display()),
            Self::Script(error) => error.fmt(f),
            Self::Graph(error) => error.fmt(f),
            Self::Target(error) => error.fmt(f),
            Self::Settings(error) => error.fmt(f),
            Self::Statement(error) => error.fmt(f),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<GraphError> for Error {
    fn from(error: GraphError) -> Self {
        Self::Graph(error)
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        Self::Database(Box::new(error))
    }
}

impl Error {
    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            // What can be done about settings is for the caller to word: `SettingsError::hint`.
            Self::Io { .. } | Self::Settings(_) => None,
            Self::NoRevisions { .. } => {
                Some("is the directory right? `cargo xtask db revision -m MESSAGE` writes the first one".to_owned())
            }
            Self::Script(error) => error.hint(),
            Self::Graph(error) => error.hint(),
            Self::Target(error) => error.hint(),
            Self::Statement(error) => error.hint(),
            Self::Database(error) => error.hint(),
        }
    }
}
