//! What keeps a private PostgreSQL from running, and what to do about it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::PathBuf;

/// What went wrong.
#[derive(Debug)]
pub enum ClusterError {
    /// No PostgreSQL of this major version on the machine, and no npm to fetch one with.
    NoNpm {
        /// The major version.
        major: u32,
    },
    /// npm could not install the package.
    Npm {
        /// What npm said, its end.
        output: String,
    },
    /// npm installed nothing that fits this machine.
    NoPackage {
        /// Operating system and processor.
        platform: String,
    },
    /// A program ran and failed.
    Program {
        /// Its name.
        program: &'static str,
        /// What it said, its end.
        output: String,
    },
    /// The data directory belongs to another major version.
    OtherMajor {
        /// The data directory.
        data: PathBuf,
        /// Its version.
        found: String,
        /// The binaries' version.
        wanted: u32,
    },
    /// The server did not come up, or did not go down.
    NotReady {
        /// The server's log.
        log: PathBuf,
        /// The end of it.
        output: String,
    },
    /// There is no user for the server to run as: root may not run it.
    NoUser,
    /// A file operation failed.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl ClusterError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::Io { path, source }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoNpm { major } => format!(
                "install Node.js (https://nodejs.org) or PostgreSQL {major}, or name a database: `--url` or `DATABASE_URL`"
            ),
            Self::Npm { output } if is_network(output) => {
                "npm could not reach its registry: check the network and its proxy settings, or name a database: `--url` or `DATABASE_URL`"
                    .to_owned()
            }
            Self::Npm { output } | Self::Program { output, .. } | Self::NotReady { output, .. } if is_full(output) => {
                "the disk is full: make room and run the command again".to_owned()
            }
            Self::Io { source, .. } if is_full(&source.to_string()) => {
                "the disk is full: make room and run the command again".to_owned()
            }
            Self::Npm { .. } => "name a database instead: `--url` or `DATABASE_URL`".to_owned(),
            Self::NoPackage { .. } => "install PostgreSQL itself, or name a database: `--url` or `DATABASE_URL`".to_owned(),
            Self::OtherMajor { data, found, .. } => format!(
                "set `postgres.major = {found}` in xtask.toml, or remove the development data: `rm -r {}`",
                data.display()
            ),
            Self::NotReady { log, .. } => format!("the whole log is `{}`", log.display()),
            Self::NoUser => "create one: `useradd --system postgres`".to_owned(),
            _ => return None,
        })
    }
}

fn is_network(output: &str) -> bool {
    ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "ENETUNREACH", "network"]
        .iter()
        .any(|sign| output.contains(sign))
}

fn is_full(output: &str) -> bool {
    ["No space left", "ENOSPC", "os error 28"].iter().any(|sign| output.contains(sign))
}

impl Display for ClusterError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNpm { major } => {
                write!(f, "there is no PostgreSQL {major} on this machine, and no npm to fetch one with")
            }
            Self::Npm { output } => write!(f, "npm could not install PostgreSQL:\n{output}"),
            Self::NoPackage { platform } => write!(f, "the npm package has no PostgreSQL for {platform}"),
            Self::Program { program, output } => write!(f, "`{program}` failed:\n{output}"),
            Self::OtherMajor { data, found, wanted } => {
                write!(f, "`{}` is a cluster of PostgreSQL {found}, and the binaries are {wanted}", data.display())
            }
            Self::NotReady { output, .. } => write!(f, "the embedded PostgreSQL is not ready:\n{output}"),
            Self::NoUser => write!(f, "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`"),
            Self::Io { path, source } => write!(f, "`{}`: {source}", path.display()),
        }
    }
}

impl std::error::Error for ClusterError {}

/// The last lines of what a program said.
pub(crate) fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
