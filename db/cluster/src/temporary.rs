//! A cluster for tests and benchmarks, deleted when it is dropped or when the process that started it is killed.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::binaries::Binaries;
use crate::cluster::Cluster;
use crate::error::ClusterError;
use crate::owner::Owner;
use crate::private::PrivateDirectory;

/// Whether commits survive a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// With `fsync`, as in production.
    Flushed,
    /// Without `fsync`: faster, for tests.
    Unflushed,
}

/// A running cluster.
#[derive(Debug)]
pub struct Temporary {
    cluster: Cluster,
    /// A shell that stops the server at the end of its standard input, which also ends if this process is killed, or after a
    /// signal.
    guard: Child,
    _directory: PrivateDirectory,
}

/// `$1` is the directory; the other arguments are the server's command line.
const GUARD: &str = r#"trap : INT TERM
directory=$1; shift
"$@" </dev/null >>"$directory/log" 2>&1 & server=$!
read -r _
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$directory/data" "$directory/socket" "$directory/log"
rmdir "$directory""#;

impl Temporary {
    /// Creates and starts a cluster in a private directory.
    ///
    /// # Errors
    /// The cluster cannot be created, or the server does not start.
    pub fn start(binaries: &Binaries, durability: Durability) -> Result<Self, ClusterError> {
        Self::start_with(binaries, durability, &[])
    }

    /// As [`Self::start`], with settings in the form `name=value` that override the usual ones.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(binaries: &Binaries, durability: Durability, settings: &[String]) -> Result<Self, ClusterError> {
        let owner = Owner::choose()?;
        // Not below the target directory, because socket paths are limited to about a hundred bytes.
        let directory = PrivateDirectory::create(Path::new("/tmp"), "xtask-test-")?;
        owner.create_directory(directory.path())?;
        let path = |name| directory.path().join(name);
        let cluster =
            Cluster { binaries: binaries.clone(), owner, data: path("data"), socket: path("socket"), log: path("log") };
        cluster.initialize()?;
        owner.create_directory(&cluster.socket)?;
        let mut command = owner.command("/bin/sh");
        command.args(["-c", GUARD, "guard"]).arg(directory.path()).arg(cluster.binaries.program("postgres"));
        command.args(cluster.arguments()).args(["-c", "max_connections=200"]);
        if durability == Durability::Unflushed {
            command.args(["-c", "fsync=off"]);
        }
        for setting in settings {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let guard = command.spawn().map_err(ClusterError::io("/bin/sh"))?;
        let mut running = Self { cluster, guard, _directory: directory };
        running.cluster.wait_until_ready(&mut running.guard, 0)?;
        Ok(running)
    }

    /// The directory of the socket, for `host`.
    pub fn socket(&self) -> &Path {
        &self.cluster.socket
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}
