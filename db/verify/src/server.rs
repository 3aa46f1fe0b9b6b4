//! The PostgreSQL to use: a container if a Docker engine is available, otherwise the embedded binaries, or a given server.
//! Started servers do not outlive the program, even if it is killed.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cluster::{Durability, Home, Needs, Temporary};
use connection::{Connection, Settings, connect};
use testcontainers::core::{IntoContainerPort, Mount, WaitFor};
use testcontainers::runners::SyncRunner;
use testcontainers::{Container, GenericImage, ImageExt};

use crate::finding::message;

/// Which server to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// A container if a Docker engine is available, otherwise the embedded binaries.
    Auto,
    /// A container.
    Docker,
    /// The embedded binaries.
    Embedded,
    /// The URL of a running server, with a role that can create databases.
    Named(String),
}

impl FromStr for Choice {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "auto" => Self::Auto,
            "docker" => Self::Docker,
            "embedded" => Self::Embedded,
            url => Self::Named(url.to_owned()),
        })
    }
}

/// A running server.
pub(crate) struct Server {
    /// The value for `--url`.
    pub(crate) url: String,
    /// A description for messages.
    pub(crate) description: String,
    keep: Keep,
    target: PathBuf,
    major: u32,
}

/// What stops the server when it is dropped.
enum Keep {
    Container { _container: Box<Container<GenericImage>>, _guard: Option<Guard> },
    Temporary { _server: Box<Temporary> },
    Nothing,
}

impl Server {
    pub(crate) fn start(choice: &Choice, target: &Path, major: u32) -> Result<Self> {
        match choice {
            Choice::Named(url) => {
                let description = "the given server".to_owned();
                Ok(Self { url: url.clone(), description, keep: Keep::Nothing, target: target.to_owned(), major })
            }
            Choice::Docker => Self::container(target, major),
            Choice::Auto if has_engine() => Self::container(target, major),
            Choice::Auto | Choice::Embedded => Self::embedded(target, major),
        }
    }

    fn embedded(target: &Path, major: u32) -> Result<Self> {
        let target = std::path::absolute(target).context("the target directory")?;
        let embedded = Home::new(&target, major)?.open(&|text| message(text))?;
        let server = Temporary::start(embedded.binaries(), Durability::Unflushed)?;
        let url = format!("host='{}' user=postgres dbname=postgres", server.socket().display());
        let description = format!("PostgreSQL {major} from the embedded binaries");
        Ok(Self { url, description, keep: Keep::Temporary { _server: Box::new(server) }, target, major })
    }

    fn container(target: &Path, major: u32) -> Result<Self> {
        // The message on stdout is from the server that initializes the database; the one on stderr is from the final server.
        // In memory, creating and dropping a database takes less CPU time. It is not the image's own directory, which
        // differs between major versions.
        let image = GenericImage::new("postgres", &major.to_string())
            .with_exposed_port(5432.tcp())
            .with_wait_for(WaitFor::message_on_stderr("ready to accept connections"))
            .with_mount(Mount::tmpfs_mount("/scratch"))
            .with_env_var("PGDATA", "/scratch/data")
            .with_env_var("POSTGRES_HOST_AUTH_METHOD", "trust")
            .with_cmd(["-c", "fsync=off", "-c", "max_connections=200"]);
        let container = image.start().with_context(|| format!("a container of `postgres:{major}`"))?;
        let guard = Guard::of(container.id());
        let (host, port) = (container.get_host()?, container.get_host_port_ipv4(5432)?);
        let url = format!("host={host} port={port} user=postgres dbname=postgres sslmode=disable");
        let description = format!("PostgreSQL {major} in a container");
        let keep = Keep::Container { _container: Box::new(container), _guard: guard };
        Ok(Self { url, description, keep, target: target.to_owned(), major })
    }

    /// Whether the server is used only by this program.
    pub(crate) fn is_own(&self) -> bool {
        !matches!(self.keep, Keep::Nothing)
    }

    /// The options of CREATE DATABASE. Copying the files takes less CPU time than logging each page, but two
    /// checkpoints, which others would notice.
    pub(crate) fn database_options(&self) -> &'static str {
        if self.is_own() && self.major >= 15 { " STRATEGY file_copy" } else { "" }
    }

    /// Replaces a server that is used only by this program with a new one.
    pub(crate) fn renew(&mut self) -> Result<()> {
        *self = match self.keep {
            Keep::Container { .. } => Self::container(&self.target, self.major)?,
            Keep::Temporary { .. } => Self::embedded(&self.target, self.major)?,
            Keep::Nothing => bail!("a server that others use can't be replaced"),
        };
        Ok(())
    }

    /// The settings of a session.
    pub(crate) fn settings(&self) -> Result<Settings> {
        Settings::resolve(&self.url, &|_| None).context("invalid server URL")
    }

    /// Opens a session in the database of the URL.
    pub(crate) fn session(&self) -> Result<Connection> {
        Ok(connect(&self.settings()?, Duration::from_secs(10), &(Arc::new(|_| {}) as _))?)
    }
}

/// Whether a Docker engine is available, according to its own client, which knows contexts and sockets.
fn has_engine() -> bool {
    let client = Needs::Tool
        .command("docker")
        .args(["version", "--format", "{{.Server.Version}}"])
        .stderr(Stdio::null())
        .output();
    client.is_ok_and(|output| output.status.success())
}

/// A shell that removes the container at the end of its standard input, which also ends if this program is killed.
struct Guard(Child);

impl Guard {
    fn of(container: &str) -> Option<Self> {
        let script = "trap : INT TERM; read -r _; exec docker rm --force --volumes \"$1\"";
        let mut command = Needs::Tool.command("/bin/sh");
        command.args(["-c", script, "guard", container]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().ok().map(Self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Starts a server, prints its URL, and stops it at the end of standard input, for the tests of `xtask`.
pub(crate) fn serve(choice: &Choice, target: &Path, major: u32) -> Result<bool> {
    let server = Server::start(choice, target, major)?;
    message(&server.description);
    crate::finding::data(&server.url);
    let read = std::io::stdin().read_to_end(&mut Vec::new());
    if let Err(error) = read {
        bail!("standard input: {error}");
    }
    Ok(true)
}
