//! The development database: one for a checkout, kept between runs, shared by the commands that use it at once.
//!
//! Two lock files make that safe. Whoever starts or stops the server holds `start.lock`; whoever uses it holds
//! `use.lock`, shared. The last to leave stops the server, unless `keep` says that it stays up. The kernel frees both
//! locks when a process dies, however it dies.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::binaries::Binaries;
use crate::cluster::Cluster;
use crate::error::ClusterError;
use crate::hash::fnv1a;
use crate::owner::Owner;

/// Where the development database lives.
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

/// The right to use the running database. Dropping it stops the server if nobody else uses it.
#[derive(Debug)]
pub struct Lease {
    embedded: Embedded,
    use_lock: Option<File>,
}

/// What `db status` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whether it answers.
    pub is_running: bool,
    /// Whether it stays up between commands.
    pub is_kept: bool,
    /// Whether there is any data.
    pub has_data: bool,
    /// The data directory.
    pub data: PathBuf,
    /// The socket's directory.
    pub socket: PathBuf,
    /// The server's log.
    pub log: PathBuf,
}

impl Home {
    /// The home below a target directory, or below `/var/tmp` if the user the server runs as can't reach that.
    ///
    /// # Errors
    /// This is root, and there is no user to run the server as.
    pub fn new(target: &Path, major: u32) -> Result<Self, ClusterError> {
        let owner = Owner::choose()?;
        let below_target = target.join("postgres").join(major.to_string());
        let directory = if owner.can_reach(target) {
            below_target
        } else {
            PathBuf::from(format!("/var/tmp/xtask-postgres-{:016x}/{major}", hash(target)))
        };
        Ok(Self { directory, major, owner })
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Socket paths are limited to about a hundred bytes: a deep checkout has its socket elsewhere.
    fn socket(&self) -> PathBuf {
        let below = self.directory.join("socket");
        if below.as_os_str().len() <= 80 {
            below
        } else {
            PathBuf::from(format!("/tmp/xtask-postgres-{:016x}", hash(&self.directory)))
        }
    }

    fn keep(&self) -> PathBuf {
        self.directory.join("keep")
    }

    /// What is known of the database without starting it.
    pub fn status(&self) -> Status {
        let socket = self.socket();
        let data = self.directory.join("data");
        Status {
            is_running: std::os::unix::net::UnixStream::connect(socket.join(".s.PGSQL.5432")).is_ok(),
            is_kept: self.keep().exists(),
            has_data: data.join("PG_VERSION").exists(),
            data,
            socket,
            log: self.directory.join("log"),
        }
    }

    /// Finds or fetches the binaries.
    ///
    /// # Errors
    /// There are none and none can be fetched.
    pub fn open(self, notify: &dyn Fn(&str)) -> Result<Embedded, ClusterError> {
        fs::create_dir_all(&self.directory).map_err(ClusterError::io(&self.directory))?;
        let _starting = self.lock("start.lock")?;
        let binaries = Binaries::find_or_fetch(self.major, &self.directory, notify)?;
        let cluster = Cluster {
            binaries,
            owner: self.owner,
            data: self.directory.join("data"),
            socket: self.socket(),
            log: self.directory.join("log"),
        };
        Ok(Embedded { home: self, cluster })
    }

    /// Opens a lock file and waits until it is ours alone.
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
    /// Starts the server unless it runs, and keeps it running until the lease is dropped.
    ///
    /// # Errors
    /// The data directory can't be made or belongs to another version, or the server does not come up.
    pub fn lease(self, notify: &dyn Fn(&str)) -> Result<Lease, ClusterError> {
        let _starting = self.home.lock("start.lock")?;
        // The directory of the data belongs to whoever runs the command, the data to the server's user.
        if !self.cluster.answers() {
            notify("starting the embedded PostgreSQL");
            self.cluster.initialize()?;
            self.cluster.start()?;
        }
        let use_lock = self.home.lock_file("use.lock")?;
        use_lock.lock_shared().map_err(ClusterError::io(self.home.directory.join("use.lock")))?;
        Ok(Lease { embedded: self, use_lock: Some(use_lock) })
    }

    /// The programs it is run with.
    pub fn binaries(&self) -> &Binaries {
        &self.cluster.binaries
    }

    /// Lets the server run on when the commands that use it have ended, or no longer.
    ///
    /// # Errors
    /// The note of it can't be written.
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

    /// Stops the server now, whoever uses it; `false` if it was not running.
    ///
    /// # Errors
    /// It does not go down.
    pub fn stop(&self) -> Result<bool, ClusterError> {
        let _starting = self.home.lock("start.lock")?;
        self.keep(false)?;
        if !self.cluster.answers() {
            return Ok(false);
        }
        self.cluster.stop()?;
        Ok(true)
    }
}

impl Lease {
    /// The directory of the socket: what `host` is set to.
    pub fn socket(&self) -> &Path {
        &self.embedded.cluster.socket
    }

    /// The database this is a lease of.
    pub fn embedded(&self) -> &Embedded {
        &self.embedded
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // A failure leaves the server running, which the next command finds and uses.
        let Ok(_starting) = self.embedded.home.lock("start.lock") else { return };
        drop(self.use_lock.take());
        let alone = self.embedded.home.lock_file("use.lock").is_ok_and(|file| file.try_lock().is_ok());
        if alone && !self.embedded.home.keep().exists() {
            let _ = self.embedded.cluster.stop();
        }
    }
}

/// A name for what belongs to a path and can't be below it; the same whether or not the path ends in a slash.
fn hash(path: &Path) -> u64 {
    fnv1a(path.components().as_path().as_os_str().as_bytes())
}
