//! What `sslmode` and the other `ssl…` keywords ask for: what is verified, against which certificates, and who the client is.
//!
//! Nothing is read before [`Trust::read`], which is called once a server offers TLS.

use std::path::{Path, PathBuf};

use crate::error::SettingsError;
use crate::rds;
use crate::settings::Settings;
use crate::ssl_mode::SslMode;

/// What is verified of the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verify {
    Nothing,
    /// That a trusted authority has signed it.
    Authority,
    /// That, and that it is for this host.
    Host,
}

/// What is verified and with what, as paths.
#[derive(Debug)]
pub(crate) struct Trust {
    verify: Verify,
    /// None for the machine's own certificates.
    roots: Option<PathBuf>,
    /// The hosts whose region decides what of `roots` is needed; empty for all of it.
    rds_hosts: Vec<String>,
    /// Certificate and key.
    identity: Option<[PathBuf; 2]>,
    /// Whether the handshake names PostgreSQL's protocol, as `sslnegotiation=direct` requires.
    names_protocol: bool,
}

/// The same, read.
pub(crate) struct Material {
    pub(crate) verify: Verify,
    /// None for the machine's own certificates.
    pub(crate) roots: Option<Pem>,
    pub(crate) identity: Option<[Pem; 2]>,
    pub(crate) names_protocol: bool,
}

/// A text of certificates or keys, and where it is from.
pub(crate) struct Pem {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl Pem {
    fn read(path: &Path) -> Result<Self, SettingsError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { path: path.to_owned(), text }),
            Err(error) => Err(unreadable(path, error)),
        }
    }

    /// The error for a text that can't be used.
    pub(crate) fn unusable(&self, reason: impl ToString) -> SettingsError {
        unreadable(&self.path, reason)
    }
}

fn unreadable(path: &Path, reason: impl ToString) -> SettingsError {
    SettingsError::Unreadable { path: path.to_owned(), reason: reason.to_string() }
}

impl Trust {
    /// What these settings ask for; none where there is no TLS: with `disable`, and on sockets.
    ///
    /// # Errors
    /// A file that they name is not there.
    pub(crate) fn of(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        let mode = settings.ssl_mode();
        if mode == SslMode::Disable || settings.is_local() {
            return Ok(None);
        }
        let named = settings.ssl_root_cert();
        let verify = match mode {
            SslMode::VerifyFull => Verify::Host,
            SslMode::VerifyCa => Verify::Authority,
            // With a root certificate `require` means `verify-ca`, for compatibility as libpq has it.
            SslMode::Require if named.is_some() => Verify::Authority,
            _ => Verify::Nothing,
        };
        let roots = named.filter(|root| verify != Verify::Nothing && root != Path::new("system"));
        let is_bundle = settings.get("sslrootcert").is_none();
        let rds_hosts = if is_bundle { settings.hosts().into_iter().map(str::to_owned).collect() } else { Vec::new() };
        let sends_certificate = settings.get("sslcertmode") != Some("disable");
        let identity = settings.get("sslcert").zip(settings.get("sslkey")).filter(|_| sends_certificate);
        let identity = identity.map(|(certificate, key)| [PathBuf::from(certificate), PathBuf::from(key)]);
        for path in roots.iter().chain(identity.iter().flatten()) {
            std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
        }
        let names_protocol = settings.get("sslnegotiation") == Some("direct");
        Ok(Some(Self { verify, roots, rds_hosts, identity, names_protocol }))
    }

    /// Reads the files.
    pub(crate) fn read(&self) -> Result<Material, SettingsError> {
        let mut roots = self.roots.as_deref().map(Pem::read).transpose()?;
        if let Some(roots) = roots.as_mut().filter(|_| !self.rds_hosts.is_empty()) {
            let hosts: Vec<&str> = self.rds_hosts.iter().map(String::as_str).collect();
            roots.text = rds::certificates_for(&hosts, &roots.text).join("\n");
        }
        let identity = match &self.identity {
            Some([certificate, key]) => Some([Pem::read(certificate)?, Pem::read(key)?]),
            None => None,
        };
        Ok(Material { verify: self.verify, roots, identity, names_protocol: self.names_protocol })
    }
}
