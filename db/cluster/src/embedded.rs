//! The development database: one per checkout, kept between runs, and shared by concurrent commands.
//!
//! Two lock files make that safe. A process holds `start.lock` while it starts or stops the server, and a shared `use.lock`
//! while it uses the server. The last one to release `use.lock` stops the server, unless the file `keep` exists. The kernel
//! releases both locks when a process dies.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::binaries::Binaries;
use crate::cluster::Cluster;
use crate::error::ClusterError;
use crate::hash::fnv1a;
use crate::owner::Owner;
use crate::postmaster::{Postmaster, ServerState};

/// The directory of the development database.
#[derive(Debug, Clone)]
pub struct Home {
    directory: PathBuf,
    major: u32,
    owner: Owner,
}

/// The development database, found but not necessarily running.
#[derive(Debug)]
pub struct Embedded {
    home: Home,
    cluster: Cluster,
}

/// Keeps the server running. Dropping the last lease stops it.
#[derive(Debug)]
pub struct Lease {
    embedded: Embedded,
    use_lock: Option<File>,
}

/// The status of the development database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whether the server accepts connections.
    pub is_running: bool,
    /// Whether the server keeps running between commands.
    pub is_kept: bool,
    /// Whether the cluster has been initialized.
    pub has_data: bool,
    /// The data directory.
    pub data: PathBuf,
    /// The socket's directory.
    pub socket: PathBuf,
    /// The server's log.
    pub log: PathBuf,
}

const START_LOCK: &str = "start.lock";
const USE_LOCK: &str = "use.lock";
const KEEP: &str = "keep";

impl Home {
    /// The home below a target directory, or below `/var/tmp` if the server's user cannot access the target directory.
    ///
    /// # Errors
    /// The current user is root, and there is no user to run the server as; or another user could have created the directory.
    pub fn new(target: &Path, major: u32) -> Result<Self, ClusterError> {
        let owner = Owner::choose()?;
        let target = &std::path::absolute(target).map_err(ClusterError::io(target))?;
        let below_target = target.join("postgres").join(major.to_string());
        let directory = if owner.can_access(target) && is_literal_in_a_shell(target) {
            below_target
        } else {
            PathBuf::from(format!("/var/tmp/xtask-postgres-{:016x}/{major}", hash(target)))
        };
        let home = Self { directory, major, owner };
        home.check()?;
        Ok(home)
    }

    /// Checks that no other user could have created what is in the directory.
    fn check(&self) -> Result<(), ClusterError> {
        let trust = self.owner.trust();
        trust.check(&self.directory)?;
        for name in ["data", "log", START_LOCK, USE_LOCK, KEEP] {
            trust.check_entry(&self.directory.join(name))?;
        }
        trust.check_entry(&self.socket())
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Socket paths are limited to about a hundred bytes, and a comma separates hosts, so the socket may be elsewhere.
    fn socket(&self) -> PathBuf {
        let below = self.directory.join("socket");
        if below.as_os_str().len() <= 80 && below.to_str().is_some_and(|path| !path.contains(',')) {
            below
        } else {
            PathBuf::from(format!("/tmp/xtask-postgres-{:016x}", hash(&self.directory)))
        }
    }

    fn keep(&self) -> PathBuf {
        self.directory.join(KEEP)
    }

    /// The status, without starting the server.
    pub fn status(&self) -> Status {
        let socket = self.socket();
        let data = self.directory.join("data");
        Status {
            is_running: Postmaster { data: &data, socket: &socket }.state() == ServerState::Running,
            is_kept: self.keep().exists(),
            has_data: data.join("PG_VERSION").exists(),
            data,
            socket,
            log: self.directory.join("log"),
        }
    }

    /// Whether a server is running, starting or stopping.
    pub fn has_server(&self) -> bool {
        let (data, socket) = (self.directory.join("data"), self.socket());
        Postmaster { data: &data, socket: &socket }.state() != ServerState::Stopped
    }

    /// Finds or installs the binaries.
    ///
    /// # Errors
    /// There are none, and they cannot be installed.
    pub fn open(self, notify: &dyn Fn(&str)) -> Result<Embedded, ClusterError> {
        self.owner.trust().create(&self.directory)?;
        let _starting = self.lock(START_LOCK)?;
        let binaries = Binaries::find_or_fetch(self.major, &self.directory, notify)?;
        if binaries.directory.starts_with(&self.directory) {
            binaries.files().iter().try_for_each(|file| self.owner.trust().check(file))?;
        }
        let cluster = Cluster {
            binaries,
            owner: self.owner,
            data: self.directory.join("data"),
            socket: self.socket(),
            log: self.directory.join("log"),
        };
        Ok(Embedded { home: self, cluster })
    }

    /// Opens a lock file and waits for an exclusive lock.
    fn lock(&self, name: &str) -> Result<File, ClusterError> {
        let file = self.lock_file(name)?;
        file.lock().map_err(ClusterError::io(self.directory.join(name)))?;
        Ok(file)
    }

    fn lock_file(&self, name: &str) -> Result<File, ClusterError> {
        let path = self.directory.join(name);
        File::options().create(true).truncate(false).write(true).open(&path).map_err(ClusterError::io(path))
    }
}

impl Embedded {
    /// Starts the server unless it is running, and keeps it running until the lease is dropped.
    ///
    /// # Errors
    /// The data directory cannot be created or belongs to another version, or the server does not start.
    pub fn lease(self, notify: &dyn Fn(&str)) -> Result<Lease, ClusterError> {
        let _starting = self.home.lock(START_LOCK)?;
        if self.cluster.postmaster().state() != ServerState::Running {
            notify("starting the embedded PostgreSQL");
            self.cluster.delete_leftovers();
            self.cluster.initialize()?;
            self.cluster.start()?;
        }
        let use_lock = self.home.lock_file(USE_LOCK)?;
        use_lock.lock_shared().map_err(ClusterError::io(self.home.directory.join(USE_LOCK)))?;
        Ok(Lease { embedded: self, use_lock: Some(use_lock) })
    }

    /// The server's programs.
    pub fn binaries(&self) -> &Binaries {
        &self.cluster.binaries
    }

    /// Sets whether the server keeps running after the commands that use it.
    ///
    /// # Errors
    /// The file `keep` cannot be created or deleted.
    pub fn keep(&self, keep: bool) -> Result<(), ClusterError> {
        let path = self.home.keep();
        if keep {
            return fs::write(&path, "").map_err(ClusterError::io(path));
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ClusterError::io(path)(error)),
            _ => Ok(()),
        }
    }

    /// Stops the server, even if it is in use; `false` if it is not running.
    ///
    /// # Errors
    /// The server does not stop.
    pub fn stop(&self) -> Result<bool, ClusterError> {
        let starting = self.home.lock(START_LOCK)?;
        self.keep(false)?;
        if self.cluster.postmaster().state() == ServerState::Stopped {
            return Ok(false);
        }
        self.cluster.stop(&starting)?;
        Ok(true)
    }
}

impl Lease {
    /// The directory of the socket, for `host`.
    pub fn socket(&self) -> &Path {
        &self.embedded.cluster.socket
    }

    /// The leased database.
    pub fn embedded(&self) -> &Embedded {
        &self.embedded
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // On errors, the server keeps running; the next command uses it.
        let Ok(starting) = self.embedded.home.lock(START_LOCK) else { return };
        drop(self.use_lock.take());
        let is_unused = self.embedded.home.lock_file(USE_LOCK).is_ok_and(|file| file.try_lock().is_ok());
        if is_unused && !self.embedded.home.keep().exists() {
            let _ = self.embedded.cluster.stop(&starting);
        }
    }
}

/// Whether a shell takes a path in double quotes literally. initdb runs the server through a shell with such quotes.
fn is_literal_in_a_shell(path: &Path) -> bool {
    let bytes = path.as_os_str().as_bytes();
    let is_special = |byte: u8| b"\"$`\n".contains(&byte);
    !bytes.iter().any(|&byte| is_special(byte))
        && !bytes.windows(2).any(|pair| pair == b"\\\\")
        && !bytes.ends_with(b"\\")
}

/// A hash of a path, for the name of a directory that belongs to it. A trailing slash makes no difference.
fn hash(path: &Path) -> u64 {
    fnv1a(path.components().as_path().as_os_str().as_bytes())
}
