//! What to verify, which certificates to trust and which to send, as the `ssl…` keywords specify.
//!
//! Files are not read before [`Trust::read`], which is called when a server offers TLS.

use std::path::{Path, PathBuf};

use crate::error::SettingsError;
use crate::rds;
use crate::settings::Settings;
use crate::ssl_mode::SslMode;

/// What to verify about the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verify {
    Nothing,
    /// That a trusted authority signed it.
    Authority,
    /// Also that it is valid for the host.
    Host,
}

/// What to verify, and the paths of the certificates.
#[derive(Debug)]
pub(crate) struct Trust {
    verify: Verify,
    /// None for the system's certificates.
    roots: Option<PathBuf>,
    /// The hosts whose regions select certificates of `roots`; empty for all certificates.
    rds_hosts: Vec<String>,
    /// The client's certificate and key.
    identity: Option<[PathBuf; 2]>,
    /// Whether to request PostgreSQL's protocol (ALPN), as `sslnegotiation=direct` requires.
    names_protocol: bool,
}

/// The same, with the contents of the files.
pub(crate) struct Material {
    pub(crate) verify: Verify,
    /// None for the system's certificates.
    pub(crate) roots: Option<Pem>,
    pub(crate) identity: Option<[Pem; 2]>,
    pub(crate) names_protocol: bool,
}

/// The contents of a PEM file.
pub(crate) struct Pem {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl Pem {
    fn read(path: &Path) -> Result<Self, SettingsError> {
        match regular_file::read_to_string(path) {
            Ok(text) => Ok(Self { path: path.to_owned(), text }),
            Err(error) => Err(unreadable(path, error)),
        }
    }

    /// The error if the contents can't be used.
    pub(crate) fn unusable(&self, reason: impl ToString) -> SettingsError {
        unreadable(&self.path, reason)
    }
}

fn unreadable(path: &Path, reason: impl ToString) -> SettingsError {
    SettingsError::Unreadable { path: path.to_owned(), reason: reason.to_string() }
}

impl Trust {
    /// What these settings specify; `None` if they need no TLS: with `sslmode=disable`, and on sockets.
    ///
    /// # Errors
    /// A file that they name does not exist.
    pub(crate) fn of(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        let mode = settings.ssl_mode();
        if mode == SslMode::Disable || settings.is_local() {
            return Ok(None);
        }
        let named = settings.ssl_root_cert();
        let verify = match mode {
            SslMode::VerifyFull => Verify::Host,
            SslMode::VerifyCa => Verify::Authority,
            // As in libpq: with a root certificate, `require` means `verify-ca`.
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
            regular_file::check(path).map_err(|error| unreadable(path, error))?;
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
