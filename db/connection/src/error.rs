//! Errors in the settings, while connecting, and of queries.

#![expect(missing_docs, reason = "the fields of an error are explained by the line above their variant")]

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::secret::PasswordSource;

/// The settings are invalid. No message quotes a value: any part of a malformed text may be a password.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingsError {
    /// The text is neither a URL nor `keyword=value`. The position is in characters, from 1.
    Syntax { expected: &'static str, position: usize },
    /// The keyword at this position is not one of libpq's.
    UnknownKeyword { position: usize },
    /// The value is not one that the keyword can have.
    InvalidValue { keyword: &'static str, expected: &'static str },
    /// libpq accepts the value, this crate does not.
    Unsupported { keyword: &'static str, reason: &'static str },
    /// The value of an environment variable can't be used.
    Variable { variable: &'static str, error: Box<SettingsError> },
    /// No service file defines the service.
    UnknownService { files: Vec<PathBuf> },
    /// A line of a service file is not `keyword=value`.
    ServiceFile { path: PathBuf, line: usize, expected: &'static str },
    /// A file that the settings name can't be read.
    Unreadable { path: PathBuf, reason: String },
    /// TLS is not available or can't be set up.
    Tls { reason: String },
}

impl Display for SettingsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { expected, position } => {
                write!(f, "invalid connection string at character {position}: expected {expected}")
            }
            Self::UnknownKeyword { position } => write!(f, "unknown connection keyword at character {position}"),
            Self::InvalidValue { keyword, expected } => write!(f, "invalid `{keyword}`: expected {expected}"),
            Self::Unsupported { keyword, reason } => {
                write!(f, "unsupported `{keyword}`: {reason}")
            }
            Self::Variable { variable, error } => write!(f, "{variable}: {error}"),
            Self::UnknownService { files } => {
                let files: Vec<String> = files.iter().map(|file| format!("`{}`", file.display())).collect();
                write!(f, "the service is not defined in {}", files.join(" or "))
            }
            Self::ServiceFile { path, line, expected } => {
                write!(f, "{}:{line}: expected {expected}", path.display())
            }
            Self::Unreadable { path, reason } => write!(f, "`{}`: {reason}", path.display()),
            Self::Tls { reason } => write!(f, "TLS can't be set up: {reason}"),
        }
    }
}

impl Error for SettingsError {}

/// No session could be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectError {
    /// The settings can't be used.
    Settings(SettingsError),
    /// The server rejects the session or does not respond in time. `code` is the SQLSTATE, if the server sent one.
    NoSession {
        database: String,
        reason: String,
        code: Option<String>,
        has_password: bool,
        password_source: Option<PasswordSource>,
    },
}

impl Display for ConnectError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::NoSession { database, reason, .. } => write!(f, "can't connect to `{database}`: {reason}"),
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // It is displayed in place of this error, so its source is this one's.
            Self::Settings(error) => error.source(),
            Self::NoSession { .. } => None,
        }
    }
}

impl From<SettingsError> for ConnectError {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

/// A statement or query failed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum QueryError {
    /// The server reported an error.
    Server(Box<ServerError>),
    /// The connection broke, with the reason.
    Lost(String),
    /// The data to send could not be read.
    Data(Arc<io::Error>),
}

impl Display for QueryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Lost(reason) => write!(f, "connection lost: {reason}"),
            Self::Data(_) => f.write_str("can't read the data to send"),
        }
    }
}

impl Error for QueryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Data(error) => Some(&**error),
            Self::Server(_) | Self::Lost(_) => None,
        }
    }
}

/// The SQLSTATE of a statement that was cancelled: by a request, or by `statement_timeout`.
pub const QUERY_CANCELED: &str = "57014";

/// The fields of the server's error message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerError {
    /// SQLSTATE.
    pub code: String,
    /// Whether the server has ended the session: FATAL or PANIC.
    pub is_fatal: bool,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    pub context: Option<String>,
    /// The position in the statement, in characters from 1.
    pub position: Option<usize>,
}

impl ServerError {
    /// The byte of the sent text that the error points at.
    pub fn byte_in(&self, text: &str) -> Option<usize> {
        let (byte, _) = text.char_indices().nth(self.position?.saturating_sub(1))?;
        Some(byte)
    }
}

impl Display for ServerError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} (SQLSTATE {})", self.message, self.code)
    }
}

impl Error for ServerError {}
