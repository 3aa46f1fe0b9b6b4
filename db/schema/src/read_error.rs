//! Why a schema can't be read.

use std::error::Error;
use std::fmt;

use connection::{QueryError, quote_identifier};

/// Why a schema can't be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// A query fails.
    Query(QueryError),
    /// Objects, by description, each of which needs another one to be created first.
    Circle(Vec<String>),
    /// There is no role with this name.
    NoRole(String),
}

impl From<QueryError> for ReadError {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(error) => error.fmt(formatter),
            Self::Circle(objects) => {
                write!(
                    formatter,
                    "cannot write the schema: each of these objects needs another one of them first: {}",
                    objects.join(", ")
                )
            }
            Self::NoRole(name) => write!(formatter, "role {} does not exist", quote_identifier(name)),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Query(error) => error.source(),
            Self::Circle(_) | Self::NoRole(_) => None,
        }
    }
}
