//! A data directory and the server on it: making, starting, stopping.

use std::fs::{self, File};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::binaries::Binaries;
use crate::error::{ClusterError, tail};
use crate::owner::Owner;

/// How long the server may take to come up (crash recovery included) or go down.
const PATIENCE: Duration = Duration::from_secs(60);

/// One cluster on disk.
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
    /// The settings a private cluster is started with: no network, only the socket.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let data = self.data.display().to_string();
        let socket = format!("unix_socket_directories={}", self.socket.display());
        ["-D", &data, "-c", "listen_addresses=", "-c", &socket, "-c", "timezone=UTC"].map(str::to_owned).to_vec()
    }

    /// Makes the data directory unless it is there. It appears whole or not at all.
    pub(crate) fn initialize(&self) -> Result<(), ClusterError> {
        if let Ok(version) = fs::read_to_string(self.data.join("PG_VERSION")) {
            let found = version.trim().to_owned();
            let wanted = self.binaries.major;
            if found != wanted.to_string() {
                return Err(ClusterError::OtherMajor { data: self.data.clone(), found, wanted });
            }
            return Ok(());
        }
        let parent = self.data.parent().unwrap_or(Path::new("/"));
        let staging = parent.join("initdb");
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(ClusterError::io(&staging))?;
        }
        self.owner.create_directory(&staging)?;
        let fresh = staging.join("data");
        let mut initdb = self.owner.command(self.binaries.program("initdb"));
        initdb.arg("--pgdata").arg(&fresh).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
            "--no-instructions",
        ]);
        run("initdb", initdb)?;
        fs::rename(&fresh, &self.data).map_err(ClusterError::io(&self.data))?;
        fs::remove_dir_all(&staging).map_err(ClusterError::io(&staging))
    }

    /// Whether somebody answers on the socket.
    pub(crate) fn answers(&self) -> bool {
        UnixStream::connect(self.socket.join(".s.PGSQL.5432")).is_ok()
    }

    /// Starts the server and waits until it answers.
    pub(crate) fn start(&self) -> Result<(), ClusterError> {
        self.owner.create_directory(&self.socket)?;
        if self.adopt()? {
            return Ok(());
        }
        let log = File::options().create(true).append(true).open(&self.log).map_err(ClusterError::io(&self.log))?;
        let log_start = log.metadata().map_or(0, |metadata| metadata.len());
        let mut command = self.owner.command(self.binaries.program("postgres"));
        command.args(self.arguments()).stdin(Stdio::null());
        command.stdout(log.try_clone().map_err(ClusterError::io(&self.log))?).stderr(log);
        // A group of its own: Ctrl-C is for the command, which stops the server when it has ended.
        command.process_group(0);
        let mut child = command.spawn().map_err(ClusterError::io(self.binaries.program("postgres")))?;
        self.wait_until_ready(&mut child, log_start)
    }

    /// Waits until sessions are accepted, or `child` has ended without that.
    pub(crate) fn wait_until_ready(&self, child: &mut Child, log_start: u64) -> Result<(), ClusterError> {
        let deadline = Instant::now() + PATIENCE;
        while !(self.answers() && self.is_ready()) {
            let ended = child.try_wait().map_err(ClusterError::io(&self.log))?.is_some();
            if ended || Instant::now() > deadline {
                return Err(self.not_ready(log_start));
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Stops the server; open sessions are ended.
    pub(crate) fn stop(&self) -> Result<(), ClusterError> {
        let mut pg_ctl = self.owner.command(self.binaries.program("pg_ctl"));
        let seconds = PATIENCE.as_secs().to_string();
        pg_ctl.arg("stop").arg("-D").arg(&self.data).args(["-m", "fast", "-w", "-s", "-t", &seconds]);
        run("pg_ctl", pg_ctl)
    }

    /// The last line of `postmaster.pid` says `ready` once sessions are accepted.
    fn is_ready(&self) -> bool {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        text.lines().last().is_some_and(|line| line.trim() == "ready")
    }

    /// Waits for a server that is coming up already, started by a command that was killed; `false` if there is none.
    ///
    /// PostgreSQL removes the lock file of a process that is gone, but not if its number now belongs to another.
    fn adopt(&self) -> Result<bool, ClusterError> {
        let lock = self.data.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&lock) else { return Ok(false) };
        let pid = text.lines().next().unwrap_or_default().trim().to_owned();
        let deadline = Instant::now() + PATIENCE;
        while is_postgres(&pid) {
            if self.answers() && self.is_ready() {
                return Ok(true);
            }
            if Instant::now() > deadline {
                let output = format!("process {pid} runs on {}, but does not answer", self.data.display());
                return Err(ClusterError::NotReady { log: self.log.clone(), output });
            }
            sleep(Duration::from_millis(50));
        }
        match fs::remove_file(&lock) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ClusterError::io(&lock)(error)),
            _ => Ok(false),
        }
    }

    fn not_ready(&self, log_start: u64) -> ClusterError {
        let log = fs::read(&self.log).unwrap_or_default();
        let output = tail(&String::from_utf8_lossy(&log[(log_start as usize).min(log.len())..]));
        ClusterError::NotReady { log: self.log.clone(), output }
    }
}

/// Whether a process number belongs to a PostgreSQL server. Where there is no `/proc`, `ps` tells.
fn is_postgres(pid: &str) -> bool {
    if Path::new("/proc/self").exists() {
        return fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.contains("postgres"));
    }
    let output = Command::new("ps").args(["-p", pid, "-o", "comm="]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("postgres"))
}

fn run(program: &'static str, mut command: Command) -> Result<(), ClusterError> {
    let path = PathBuf::from(command.get_program());
    let output = command.stdin(Stdio::null()).output().map_err(ClusterError::io(path))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Err(ClusterError::Program { program, output: tail(&text) })
}
