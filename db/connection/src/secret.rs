//! Passwords, and where one came from.

use std::fmt::{self, Debug, Formatter};

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for whoever has to pass it on.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("********")
    }
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordSource {
    /// The URL or the settings text.
    Settings,
    /// `PGPASSWORD`, or what the caller supplied.
    Environment,
    /// `~/.pgpass` or `PGPASSFILE`.
    PasswordFile,
}
