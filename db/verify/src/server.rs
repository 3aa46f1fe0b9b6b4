//! The PostgreSQL to use: a container if a Docker engine is available, otherwise the embedded binaries, or a given server.
//! Started servers do not outlive the program, even if it is killed.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use cluster::{Durability, Home, Needs, Temporary};
use testcontainers::core::{IntoContainerPort, WaitFor};
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
    _keep: Keep,
}

#[expect(dead_code, reason = "the server is stopped when this is dropped")]
enum Keep {
    Container(Box<Container<GenericImage>>, Option<Guard>),
    Temporary(Box<Temporary>),
    Nothing,
}

impl Server {
    pub(crate) fn start(choice: &Choice, target: &Path, major: u32) -> Result<Self> {
        match choice {
            Choice::Named(url) => {
                Ok(Self { url: url.clone(), description: "the given server".to_owned(), _keep: Keep::Nothing })
            }
            Choice::Docker => Self::container(major),
            Choice::Auto if has_engine() => Self::container(major),
            Choice::Auto | Choice::Embedded => Self::embedded(target, major),
        }
    }

    fn embedded(target: &Path, major: u32) -> Result<Self> {
        let target = std::path::absolute(target).context("the target directory")?;
        let embedded = Home::new(&target, major)?.open(&|text| message(text))?;
        let server = Temporary::start(embedded.binaries(), Durability::Unflushed)?;
        let url = format!("host='{}' user=postgres dbname=postgres", server.socket().display());
        let description = format!("PostgreSQL {major} from the embedded binaries");
        Ok(Self { url, description, _keep: Keep::Temporary(Box::new(server)) })
    }

    fn container(major: u32) -> Result<Self> {
        // The message on stdout is from the server that initializes the database; the one on stderr is from the final server.
        let image = GenericImage::new("postgres", &major.to_string())
            .with_exposed_port(5432.tcp())
            .with_wait_for(WaitFor::message_on_stderr("ready to accept connections"))
            .with_env_var("POSTGRES_HOST_AUTH_METHOD", "trust")
            .with_cmd(["-c", "fsync=off", "-c", "max_connections=200"]);
        let container = image.start().with_context(|| format!("a container of `postgres:{major}`"))?;
        let guard = Guard::of(container.id());
        let (host, port) = (container.get_host()?, container.get_host_port_ipv4(5432)?);
        let url = format!("host={host} port={port} user=postgres dbname=postgres sslmode=disable");
        let description = format!("PostgreSQL {major} in a container");
        Ok(Self { url, description, _keep: Keep::Container(Box::new(container), guard) })
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
