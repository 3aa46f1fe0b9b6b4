//! Why the migration lock can't be had.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// Why the migration lock can't be had.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockError {
    /// Another migration held the lock for too long.
    NotObtained {
        /// How long it was waited for.
        waited: Duration,
        /// Who holds it, if the server shows it.
        holder: Option<String>,
    },
    /// Queries of one session reach several backends.
    Pooler,
}

impl Display for LockError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotObtained { waited, holder } => {
                let holder = holder.as_deref().unwrap_or("a session that this role can't see");
                write!(f, "timed out after {} s waiting for the migration lock, held by {holder}", waited.as_secs())
            }
            Self::Pooler => f.write_str("the connection goes through a transaction pooler: the lock would not hold"),
        }
    }
}

impl std::error::Error for LockError {}
