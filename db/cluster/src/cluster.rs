//! A data directory and its server: initializing, starting, stopping.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::binaries::{self, Binaries};
use crate::error::{ClusterError, tail};
use crate::owner::Owner;
use crate::postmaster::Postmaster;
use crate::private::PrivateDirectory;

/// The timeout for starting (including crash recovery) and stopping the server.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The start of the names of the directories in which initdb works.
const STAGING: &str = "initdb-";

/// A cluster on disk.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) binaries: Binaries,
    pub(crate) owner: Owner,
    /// The data directory.
    pub(crate) data: PathBuf,
    /// The directory of the socket.
    pub(crate) socket: PathBuf,
    pub(crate) log: PathBuf,
}

impl Cluster {
    /// The server's arguments: it listens only on the socket.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        // A list of names, which may be quoted.
        let mut sockets = OsString::from("unix_socket_directories=\"");
        for (index, part) in self.socket.as_os_str().as_bytes().split(|&byte| byte == b'"').enumerate() {
            sockets.push(if index == 0 { "" } else { "\"\"" });
            sockets.push(OsStr::from_bytes(part));
        }
        sockets.push("\"");
        let data = self.data.as_os_str();
        ["-D".as_ref(), data, "-c".as_ref(), "listen_addresses=".as_ref(), "-c".as_ref(), &sockets, "-c".as_ref()]
            .into_iter()
            .chain(["timezone=UTC".as_ref()])
            .map(OsStr::to_owned)
            .collect()
    }

    /// Creates the data directory atomically, unless it exists.
    pub(crate) fn initialize(&self) -> Result<(), ClusterError> {
        if let Ok(version) = fs::read_to_string(self.data.join("PG_VERSION")) {
            let found = version.trim().to_owned();
            let expected = self.binaries.major;
            if found != expected.to_string() {
                return Err(ClusterError::OtherMajor { data: self.data.clone(), found, expected });
            }
            return Ok(());
        }
        // An initdb may still be running in another directory for a command that was killed.
        let parent = self.data.parent().unwrap_or(Path::new("/"));
        let staging = PrivateDirectory::create(parent, STAGING)?;
        self.owner.create_directory(staging.path())?;
        let fresh = staging.path().join("data");
        let mut initdb = self.owner.command(self.binaries.program("initdb"));
        initdb.arg("--pgdata").arg(&fresh).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
            "--no-instructions",
        ]);
        run("initdb", initdb.stdin(Stdio::null()))?;
        fs::rename(&fresh, &self.data).map_err(ClusterError::io(&self.data))
    }

    pub(crate) fn postmaster(&self) -> Postmaster<'_> {
        Postmaster { data: &self.data, socket: &self.socket }
    }

    /// Starts the server and waits until it is ready.
    pub(crate) fn start(&self) -> Result<(), ClusterError> {
        self.owner.create_directory(&self.socket)?;
        // A killed command may be starting one at the same time, and each of the two can make the other fail.
        if self.adopt()? || self.launch().is_ok() || self.adopt()? { Ok(()) } else { self.launch() }
    }

    fn launch(&self) -> Result<(), ClusterError> {
        let log = File::options().create(true).append(true).open(&self.log).map_err(ClusterError::io(&self.log))?;
        let log_start = log.metadata().map_or(0, |metadata| metadata.len());
        let mut command = self.owner.command(self.binaries.program("postgres"));
        command.args(self.arguments()).stdin(Stdio::null());
        command.stdout(log.try_clone().map_err(ClusterError::io(&self.log))?).stderr(log);
        // A separate process group, because Ctrl-C is meant for the command, which then stops the server.
        command.process_group(0);
        let mut child = command.spawn().map_err(ClusterError::io(self.binaries.program("postgres")))?;
        self.wait_until_ready(&mut child, log_start)
    }

    /// Waits until the server accepts sessions, or `child` exits.
    pub(crate) fn wait_until_ready(&self, child: &mut Child, log_start: u64) -> Result<(), ClusterError> {
        let deadline = Instant::now() + TIMEOUT;
        while !self.postmaster().accepts_sessions() {
            let has_exited = child.try_wait().map_err(ClusterError::io(&self.log))?.is_some();
            if has_exited || Instant::now() > deadline {
                return Err(self.not_ready(log_start));
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Stops the server and terminates open sessions. If this process is killed meanwhile, pg_ctl still holds `lock`, so that
    /// the next command does not use a server that is about to stop.
    pub(crate) fn stop(&self, lock: &File) -> Result<(), ClusterError> {
        let lock = lock.try_clone().map_err(ClusterError::io(&self.data))?;
        let mut pg_ctl = self.owner.command(self.binaries.program("pg_ctl"));
        let seconds = TIMEOUT.as_secs().to_string();
        pg_ctl.arg("stop").arg("-D").arg(&self.data).args(["-m", "fast", "-w", "-s", "-t", &seconds]);
        run("pg_ctl", pg_ctl.stdin(lock))
    }

    /// Waits for a server that a killed command is starting or stopping. Returns `false` if none is running afterwards.
    fn adopt(&self) -> Result<bool, ClusterError> {
        let deadline = Instant::now() + TIMEOUT;
        while let Some(pid) = self.postmaster().process() {
            if self.postmaster().accepts_sessions() {
                return Ok(true);
            }
            if Instant::now() > deadline {
                let output = format!("process {pid} uses {}, but does not accept connections", self.data.display());
                return Err(ClusterError::NotReady { log: self.log.clone(), output });
            }
            sleep(Duration::from_millis(20));
        }
        self.postmaster().delete_stale_locks()?;
        Ok(false)
    }

    /// Deletes what killed commands have left next to the data directory, as far as possible: their programs may still
    /// be running.
    pub(crate) fn delete_leftovers(&self) {
        let parent = self.data.parent().unwrap_or(Path::new("/"));
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if [STAGING, binaries::STAGING].iter().any(|start| name.as_bytes().starts_with(start.as_bytes())) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    fn not_ready(&self, log_start: u64) -> ClusterError {
        let log = fs::read(&self.log).unwrap_or_default();
        let output = tail(&String::from_utf8_lossy(&log[(log_start as usize).min(log.len())..]));
        ClusterError::NotReady { log: self.log.clone(), output }
    }
}

fn run(program: &'static str, command: &mut Command) -> Result<(), ClusterError> {
    let path = PathBuf::from(command.get_program());
    let output = command.output().map_err(ClusterError::io(path))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Err(ClusterError::Program { program, output: tail(&text) })
}
