//! What a user can do about an error, as facts. Callers word them.

use crate::error::{ConnectError, SettingsError};
use crate::keyword;
use crate::secret::PasswordSource;

/// What the user can do next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Show an example of a URL and of `keyword=value`.
    SettingsExample,
    /// List these keywords.
    Keywords(Vec<&'static str>),
    /// Services are defined in `~/.pg_service.conf`, or in the file that `PGSERVICEFILE` names.
    ServiceFiles,
    /// The server rejected the login, and no password was given.
    NoPassword,
    /// The server requires a password, and none was given.
    PasswordMissing,
    /// The source of the password that was rejected.
    PasswordFrom(PasswordSource),
    /// The database does not exist.
    CreateDatabase,
    /// The server's certificate is for another host.
    CertificateForAnotherHost,
    /// The server's certificate is not trusted.
    UntrustedCertificate,
    /// The server has no TLS, which the settings require.
    ServerWithoutTls,
    /// The name of the host can't be resolved.
    UnknownHost,
    /// The server could not be reached.
    IsServerRunning,
}

impl SettingsError {
    /// What the user can do next.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Syntax { .. } => Some(Hint::SettingsExample),
            Self::UnknownKeyword { .. } => Some(Hint::Keywords(keyword::names())),
            Self::UnknownService { .. } => Some(Hint::ServiceFiles),
            _ => None,
        }
    }
}

impl ConnectError {
    /// What the user can do next.
    pub fn hint(&self) -> Option<Hint> {
        let (reason, code, has_password, source) = match self {
            Self::Settings(error) => return error.hint(),
            Self::NoSession { reason, code, has_password, password_source, .. } => {
                (reason, code.as_deref(), *has_password, *password_source)
            }
        };
        match code {
            Some("28P01") if !has_password => Some(Hint::NoPassword),
            Some("28P01") => Some(Hint::PasswordFrom(source.unwrap_or(PasswordSource::Settings))),
            Some("3D000") => Some(Hint::CreateDatabase),
            Some(_) => None,
            None if !has_password && reason.contains("password missing") => Some(Hint::PasswordMissing),
            None if reason.contains("mismatch") => Some(Hint::CertificateForAnotherHost),
            None if reason.contains("does not support TLS") => Some(Hint::ServerWithoutTls),
            None if reason.contains("lookup address") => Some(Hint::UnknownHost),
            None if reason.contains("certificate") => Some(Hint::UntrustedCertificate),
            None => Some(Hint::IsServerRunning),
        }
    }
}
