//! Replaces `tls.rs` in a build without TLS.

use postgres::tls::{MakeTlsConnect, NoTlsError, NoTlsStream};
use postgres::{NoTls, Socket};

use crate::error::SettingsError;
use crate::settings::Settings;
use crate::ssl_mode::SslMode;

/// Never constructed.
#[derive(Clone)]
pub(crate) struct Connector(());

impl Connector {
    /// None, or an error if the settings require TLS.
    pub(crate) fn of(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        match settings.ssl_mode() {
            SslMode::Disable | SslMode::Allow | SslMode::Prefer => Ok(None),
            _ if settings.is_local() => Ok(None),
            _ => Err(SettingsError::Tls { reason: "this program was built without TLS support".to_owned() }),
        }
    }

    pub(crate) fn failure(&self) -> Option<SettingsError> {
        None
    }
}

impl MakeTlsConnect<Socket> for Connector {
    type Stream = NoTlsStream;
    type TlsConnect = NoTls;
    type Error = NoTlsError;

    fn make_tls_connect(&mut self, _: &str) -> Result<NoTls, NoTlsError> {
        Ok(NoTls)
    }
}
