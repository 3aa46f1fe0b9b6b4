//! A data directory and its server: initializing, starting, stopping.

use std::fs::{self, File};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::binaries::Binaries;
use crate::environment::Needs;
use crate::error::{ClusterError, tail};
use crate::owner::Owner;

/// The timeout for starting (including crash recovery) and stopping the server.
const TIMEOUT: Duration = Duration::from_secs(60);

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
    pub(crate) fn arguments(&self) -> Vec<String> {
        let data = self.data.display().to_string();
        let socket = format!("unix_socket_directories={}", self.socket.display());
        ["-D", &data, "-c", "listen_addresses=", "-c", &socket, "-c", "timezone=UTC"].map(str::to_owned).to_vec()
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

    /// Whether a server accepts connections on the socket.
    pub(crate) fn accepts_connections(&self) -> bool {
        UnixStream::connect(self.socket.join(".s.PGSQL.5432")).is_ok()
    }

    /// Starts the server and waits until it is ready.
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
        // A separate process group, because Ctrl-C is meant for the command, which then stops the server.
        command.process_group(0);
        let mut child = command.spawn().map_err(ClusterError::io(self.binaries.program("postgres")))?;
        self.wait_until_ready(&mut child, log_start)
    }

    /// Waits until the server accepts sessions, or `child` exits.
    pub(crate) fn wait_until_ready(&self, child: &mut Child, log_start: u64) -> Result<(), ClusterError> {
        let deadline = Instant::now() + TIMEOUT;
        while !(self.accepts_connections() && self.is_ready()) {
            let has_exited = child.try_wait().map_err(ClusterError::io(&self.log))?.is_some();
            if has_exited || Instant::now() > deadline {
                return Err(self.not_ready(log_start));
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Stops the server and terminates open sessions.
    pub(crate) fn stop(&self) -> Result<(), ClusterError> {
        let mut pg_ctl = self.owner.command(self.binaries.program("pg_ctl"));
        let seconds = TIMEOUT.as_secs().to_string();
        pg_ctl.arg("stop").arg("-D").arg(&self.data).args(["-m", "fast", "-w", "-s", "-t", &seconds]);
        run("pg_ctl", pg_ctl)
    }

    /// The last line of `postmaster.pid` is `ready` once the server accepts sessions.
    fn is_ready(&self) -> bool {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        text.lines().last().is_some_and(|line| line.trim() == "ready")
    }

    /// Waits for a server that is starting already, started by a command that was killed; `false` if there is none.
    ///
    /// PostgreSQL removes a stale lock file, but not if its process id now belongs to another process.
    fn adopt(&self) -> Result<bool, ClusterError> {
        let lock = self.data.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&lock) else { return Ok(false) };
        let pid = text.lines().next().unwrap_or_default().trim().to_owned();
        let deadline = Instant::now() + TIMEOUT;
        while is_postgres(&pid) {
            if self.accepts_connections() && self.is_ready() {
                return Ok(true);
            }
            if Instant::now() > deadline {
                let output = format!("process {pid} runs on {}, but does not accept connections", self.data.display());
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

/// Whether a process id belongs to a PostgreSQL server. Without `/proc`, this runs `ps`.
fn is_postgres(pid: &str) -> bool {
    if Path::new("/proc/self").exists() {
        return fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.contains("postgres"));
    }
    let output = Needs::Server.command("ps").args(["-p", pid, "-o", "comm="]).output();
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
