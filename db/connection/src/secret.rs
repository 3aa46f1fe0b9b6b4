//! Passwords and their sources.

use std::fmt::{self, Debug, Formatter};

/// A string that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a string.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The string, to pass it on.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("********")
    }
}

/// The source of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordSource {
    /// The connection string or the service file.
    Settings,
    /// `PGPASSWORD`, or the caller.
    Environment,
    /// `~/.pgpass`, or the file that `PGPASSFILE` names.
    PasswordFile,
}
