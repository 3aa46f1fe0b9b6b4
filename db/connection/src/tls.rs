//! TLS for a session, with libpq's meaning of `sslmode`.
//!
//! Knows certificates and native-tls; knows nothing of sessions.

use std::path::Path;

use native_tls::{Certificate, Identity, TlsConnector};
use postgres_native_tls::MakeTlsConnector;

use crate::error::SettingsError;
use crate::settings::{Settings, SslMode};

/// A connector for the settings' `sslmode`, certificates and key; none where there is no TLS: with `disable`, and on
/// sockets. (Making one reads the machine's certificates, which takes 60 ms.)
///
/// # Errors
/// A certificate or key file can't be read or holds none.
pub(crate) fn connector(settings: &Settings) -> Result<Option<MakeTlsConnector>, SettingsError> {
    let mode = settings.ssl_mode();
    if mode == SslMode::Disable || settings.hosts().iter().all(|host| host.starts_with('/')) {
        return Ok(None);
    }
    let root = settings.ssl_root_cert();
    // With a root certificate `require` means `verify-ca`, for compatibility as libpq has it.
    let checks_authority = mode >= SslMode::VerifyCa || (mode == SslMode::Require && root.is_some());
    let mut builder = TlsConnector::builder();
    builder.danger_accept_invalid_certs(!checks_authority);
    builder.danger_accept_invalid_hostnames(mode < SslMode::VerifyFull);
    let named_root = root.filter(|root| checks_authority && root != Path::new("system"));
    builder.disable_built_in_roots(!checks_authority || named_root.is_some());
    if let Some(root) = named_root {
        let bytes = read(&root)?;
        let certificates = Certificate::stack_from_pem(&bytes).map_err(|error| unusable(&root, &error))?;
        if certificates.is_empty() {
            return Err(SettingsError::Unreadable { path: root, reason: "there is no certificate in it".to_owned() });
        }
        for certificate in certificates {
            builder.add_root_certificate(certificate);
        }
    }
    if let (Some(certificate), Some(key)) = (settings.get("sslcert"), settings.get("sslkey")) {
        let identity = Identity::from_pkcs8(&read(Path::new(certificate))?, &read(Path::new(key))?)
            .map_err(|error| unusable(Path::new(key), &error))?;
        builder.identity(identity);
    }
    let connector = builder.build().map_err(|error| unusable(Path::new("TLS"), &error))?;
    Ok(Some(MakeTlsConnector::new(connector)))
}

fn read(path: &Path) -> Result<Vec<u8>, SettingsError> {
    std::fs::read(path).map_err(|error| SettingsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
}

fn unusable(path: &Path, error: &native_tls::Error) -> SettingsError {
    SettingsError::Unreadable { path: path.to_owned(), reason: error.to_string() }
}
