//! Why the migration lock was not obtained.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// Why the migration lock was not obtained.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockError {
    /// Another session held the lock until the deadline.
    NotObtained {
        /// How long this session waited.
        waited: Duration,
        /// The session that holds it, if the server shows it.
        holder: Option<String>,
    },
    /// A transaction pooler sends the queries of one session to several backends.
    Pooler,
}

impl Display for LockError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotObtained { waited, holder } => {
                let holder = holder.as_deref().unwrap_or("a session that this role can't see");
                write!(f, "timed out after {} s waiting for the migration lock, held by {holder}", waited.as_secs())
            }
            Self::Pooler => {
                f.write_str("the connection goes through a transaction pooler, which does not keep session locks")
            }
        }
    }
}

impl std::error::Error for LockError {}
