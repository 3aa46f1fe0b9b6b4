//! TLS streams for the driver, by the operating system's library.

use native_tls::{Certificate, Identity, Protocol, TlsConnector};
use postgres::Socket;
use postgres::tls::TlsConnect;

use crate::error::SettingsError;
use crate::trust::{Material, Verify};

/// The library's configuration, shared by all sessions of a connector.
pub(super) struct Context(TlsConnector);

pub(crate) type Stream = postgres_native_tls::TlsStream<Socket>;

impl Context {
    pub(super) fn new(material: &Material) -> Result<Self, SettingsError> {
        let mut builder = TlsConnector::builder();
        builder.min_protocol_version(Some(Protocol::Tlsv12));
        builder.danger_accept_invalid_certs(material.verify == Verify::Nothing);
        builder.danger_accept_invalid_hostnames(material.verify != Verify::Host);
        builder.disable_built_in_roots(material.verify == Verify::Nothing || material.roots.is_some());
        if let Some(roots) = &material.roots {
            let certificates =
                Certificate::stack_from_pem(roots.text.as_bytes()).map_err(|error| roots.unusable(error))?;
            if certificates.is_empty() {
                return Err(roots.unusable("the file contains no certificate"));
            }
            for certificate in certificates {
                builder.add_root_certificate(certificate);
            }
        }
        if let Some([certificate, key]) = &material.identity {
            let identity = Identity::from_pkcs8(certificate.text.as_bytes(), key.text.as_bytes());
            builder.identity(identity.map_err(|error| key.unusable(error))?);
        }
        if material.names_protocol {
            postgres_native_tls::set_postgresql_alpn(&mut builder);
        }
        builder.build().map(Self).map_err(|error| SettingsError::Tls { reason: error.to_string() })
    }
}

/// Performs the handshake on a socket.
pub(super) async fn handshake(context: &Context, host: &str, socket: Socket) -> Result<Stream, String> {
    let connector = postgres_native_tls::TlsConnector::new(context.0.clone(), host);
    connector.connect(socket).await.map_err(|error| error.to_string())
}
