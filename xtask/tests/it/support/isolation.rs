//! A machine for builds that must compile nothing and, if this one allows it, reach nothing.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::program;

/// Programs that compile or install Rust.
const COMPILERS: [&str; 6] = ["cargo", "rustc", "rustup", "cc", "gcc", "ld"];

/// A folder with failing programs instead of the compilers.
pub(crate) struct NoRust(PathBuf);

impl NoRust {
    pub(crate) fn new(folder: PathBuf) -> Self {
        for name in COMPILERS {
            program(&folder, name, "echo \"${0##*/} $*\" >> \"${0%/*}/calls\"; exit 97");
        }
        Self(folder)
    }

    /// Puts the failing programs first on the PATH of a command.
    pub(crate) fn hide_rust(&self, command: &mut Command) {
        let own =
            command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value.map(OsStr::to_owned));
        let path = own.or_else(|| std::env::var_os("PATH")).expect("PATH is set");
        let folders = [self.0.clone()].into_iter().chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).expect("they are paths"));
    }

    /// The calls of the failing programs.
    pub(crate) fn calls(&self) -> String {
        fs::read_to_string(self.0.join("calls")).unwrap_or_default()
    }
}

/// The program and its first arguments that run another one without a network; only sockets in the file system remain. The
/// other one itself if this machine does not allow that, or if the server of the tests is reached through the network.
pub(crate) fn without_network(program: &Path, host: &str) -> (PathBuf, Vec<OsString>) {
    // Root needs no other user namespace, in which it could not open the server's socket.
    let ways: [&[&str]; 2] = [&["--net"], &["--net", "--map-current-user"]];
    let is_permitted = |way: &&&[&str]| {
        let mut attempt = Command::new("unshare");
        attempt.args(**way).arg("true").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        attempt.status().is_ok_and(|status| status.success())
    };
    if let Some(way) = ways.iter().find(is_permitted).filter(|_| host.starts_with('/')) {
        let arguments = way.iter().map(Into::into).chain([program.as_os_str().to_owned()]);
        return ("unshare".into(), arguments.collect());
    }
    (program.to_owned(), Vec::new())
}
