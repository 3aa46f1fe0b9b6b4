//! TLS for sessions. Certificates are read when a server first offers TLS, once for all sessions of a connector.

#[cfg(not(any(target_os = "windows", target_vendor = "apple")))]
#[path = "tls/openssl_stream.rs"]
mod stream;

#[cfg(any(target_os = "windows", target_vendor = "apple"))]
#[path = "tls/native_stream.rs"]
mod stream;

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use postgres::Socket;
use postgres::tls::{MakeTlsConnect, TlsConnect};

use crate::error::SettingsError;
use crate::settings::Settings;
use crate::trust::Trust;
use stream::{Context, Stream, handshake};

/// Makes TLS streams for the driver.
#[derive(Clone)]
pub(crate) struct Connector(Arc<Lazy>);

struct Lazy {
    trust: Trust,
    context: OnceLock<Result<Context, SettingsError>>,
}

impl Connector {
    /// The connector for these settings; `None` if they need no TLS.
    pub(crate) fn of(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        let connector = |trust| Self(Arc::new(Lazy { trust, context: OnceLock::new() }));
        Ok(Trust::of(settings)?.map(connector))
    }

    /// Why the certificates can't be used, if they can't. The driver keeps only the text of this error.
    pub(crate) fn failure(&self) -> Option<SettingsError> {
        self.0.context.get()?.as_ref().err().cloned()
    }

    fn context(&self) -> Result<&Context, String> {
        let context = self.0.context.get_or_init(|| Context::new(&self.0.trust.read()?));
        context.as_ref().map_err(ToString::to_string)
    }
}

/// A connector for one host.
pub(crate) struct ToHost {
    connector: Connector,
    host: String,
}

impl MakeTlsConnect<Socket> for Connector {
    type Stream = Stream;
    type TlsConnect = ToHost;
    type Error = String;

    fn make_tls_connect(&mut self, host: &str) -> Result<ToHost, String> {
        Ok(ToHost { connector: self.clone(), host: host.to_owned() })
    }
}

impl TlsConnect<Socket> for ToHost {
    type Stream = Stream;
    type Error = String;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, String>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move { handshake(self.connector.context()?, &self.host, socket).await })
    }
}
