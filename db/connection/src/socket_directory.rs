//! The directory of the server's socket, which is where libpq connects to if no host is set.

#[cfg(target_os = "linux")]
use std::path::Path;

/// libpq has one of these, depending on who has compiled it: Debian and Red Hat, PostgreSQL's own default.
#[cfg(target_os = "linux")]
pub(crate) fn default() -> &'static str {
    ["/run/postgresql", "/var/run/postgresql"].into_iter().find(|path| Path::new(path).is_dir()).unwrap_or("/tmp")
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn default() -> &'static str {
    "localhost"
}

/// The name of a host in a password file: `localhost` if it is the default directory, under either of its names.
pub(crate) fn name_in_password_file(host: &str) -> &str {
    if host == default() || host == "/var/run/postgresql" { "localhost" } else { host }
}
