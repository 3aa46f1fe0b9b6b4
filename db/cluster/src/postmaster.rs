//! The server process of a data directory, according to the lock files that PostgreSQL writes.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use crate::environment::Needs;
use crate::error::ClusterError;

/// The socket's name for the default port.
const SOCKET: &str = ".s.PGSQL.5432";

/// The state of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerState {
    /// No process uses the data directory.
    Stopped,
    /// It is starting or stopping.
    Changing,
    /// It accepts sessions.
    Running,
}

/// A data directory and the directory of its server's socket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Postmaster<'a> {
    pub(crate) data: &'a Path,
    pub(crate) socket: &'a Path,
}

impl Postmaster<'_> {
    pub(crate) fn state(self) -> ServerState {
        match self.process() {
            None => ServerState::Stopped,
            Some(_) if self.accepts_sessions() => ServerState::Running,
            Some(_) => ServerState::Changing,
        }
    }

    /// Whether the server is ready, according to the last line of its lock file. A server that is stopping may still
    /// accept connections.
    pub(crate) fn accepts_sessions(self) -> bool {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let is_ready = text.lines().last().is_some_and(|line| line.trim() == "ready");
        is_ready && UnixStream::connect(self.socket.join(SOCKET)).is_ok()
    }

    /// The process in the lock file, if it is the server of this data directory.
    pub(crate) fn process(self) -> Option<String> {
        let pid = pid(&self.data.join("postmaster.pid"))?;
        self.is_server(&pid).then_some(pid)
    }

    /// Deletes the lock files of a server that no longer runs. PostgreSQL does that too, but not if the process id now belongs
    /// to another process.
    pub(crate) fn delete_stale_locks(self) -> Result<(), ClusterError> {
        let socket_lock = self.socket.join(format!("{SOCKET}.lock"));
        for lock in [self.data.join("postmaster.pid"), socket_lock] {
            if pid(&lock).is_some_and(|pid| self.is_server(&pid)) || is_being_written(&lock) {
                continue;
            }
            match fs::remove_file(&lock) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(ClusterError::io(&lock)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a process is a PostgreSQL server that runs in the data directory. Without `/proc`, this runs `ps`.
    fn is_server(self, pid: &str) -> bool {
        let data = fs::canonicalize(self.data).unwrap_or_else(|_| self.data.to_owned());
        if !Path::new("/proc/self").exists() {
            let output = Needs::Server.command("ps").args(["-ww", "-p", pid, "-o", "command="]).output();
            let command = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
            let names = |path: &Path| command.contains(&*path.to_string_lossy());
            return command.contains("postgres") && (names(self.data) || names(&data));
        }
        if !fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.contains("postgres")) {
            return false;
        }
        // The server's current directory is the data directory. In a container, root cannot read that of another user.
        if let (Ok(current), Ok(own)) = (fs::metadata(format!("/proc/{pid}/cwd")), fs::metadata(&data)) {
            return (current.dev(), current.ino()) == (own.dev(), own.ino());
        }
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = command.split(|&byte| byte == 0).collect();
        let is_data = |word: &[u8]| [self.data, &data].iter().any(|path| path.as_os_str().as_bytes() == word);
        words.windows(2).any(|pair| pair[0] == b"-D" && is_data(pair[1]))
    }
}

/// The process id in a lock file. It is negative for a server in single-user mode.
fn pid(lock: &Path) -> Option<String> {
    let text = std::io::read_to_string(File::open(lock).ok()?).ok()?;
    let pid = text.lines().next()?.trim().trim_start_matches('-').to_owned();
    pid.parse::<u32>().is_ok().then_some(pid)
}

/// Whether a starting server has created its lock file, but not yet written its process id.
fn is_being_written(lock: &Path) -> bool {
    let age = fs::metadata(lock)
        .ok()
        .filter(|found| found.len() == 0)
        .and_then(|found| found.modified().ok()?.elapsed().ok());
    age.is_some_and(|age| age.as_secs() < 2)
}
