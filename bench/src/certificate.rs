//! A self-signed certificate for a server, readable by the user that the server runs as.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::PrivateDirectory;

use crate::harness::{Harness, program};

/// A certificate and its key. They are deleted on drop.
pub(crate) struct Certificate {
    directory: PrivateDirectory,
}

impl Certificate {
    /// Creates a certificate that the owner of `owned` can read.
    pub(crate) fn create(harness: &Harness, owned: &Path) -> Result<Self> {
        let directory = PrivateDirectory::create(Path::new("/tmp"), "xtask-bench-")?;
        let path = directory.path();
        let mut openssl = Command::new(program("openssl")?);
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bench"]);
        openssl.arg("-out").arg(path.join("server.crt")).arg("-keyout").arg(path.join("server.key"));
        harness.succeed("openssl", &mut openssl)?;
        let owner = fs::metadata(owned).with_context(|| format!("`{}`", owned.display()))?;
        let key = path.join("server.key");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
        for path in [path, &path.join("server.crt"), &key] {
            chown(path, Some(owner.uid()), Some(owner.gid()))?;
        }
        Ok(Self { directory })
    }

    /// The server settings that enable TLS with this certificate.
    pub(crate) fn settings(&self) -> Vec<String> {
        let path = |name: &str| self.directory.path().join(name).display().to_string();
        vec![
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", path("server.crt")),
            format!("ssl_key_file={}", path("server.key")),
        ]
    }
}
