//! A separate target directory, with an embedded database of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

use cluster::Home;

use super::wait::wait_until;
use super::{binaries, root, target, xtask};

/// A separate target directory for a test of the embedded database.
pub(crate) struct Machine {
    pub(crate) target: PathBuf,
}

impl Machine {
    pub(crate) fn new(name: &str) -> Self {
        // If the tests run as root, the server runs as another user, who can access /tmp.
        let target = PathBuf::from(format!("/tmp/xtask-embedded-{}-{name}", std::process::id()));
        fs::create_dir_all(target.join("postgres/17")).expect("can create the directory");
        Self { target }
    }

    /// Uses the binaries of the other tests.
    pub(crate) fn with_binaries(name: &str) -> Self {
        binaries();
        let machine = Self::new(name);
        let home = Home::new(target(), 17).expect("there is a user to run the server");
        let npm = home.directory().join("npm");
        if npm.exists() {
            symlink(npm, machine.home().join("npm")).expect("can create the link");
        }
        machine
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.target.join("postgres/17")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xtask(&root());
        command.env_remove("CI").env("CARGO_TARGET_DIR", &self.target).arg("db").args(arguments);
        command
    }

    pub(crate) fn db(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("xtask runs")
    }

    /// Waits until this many servers run: a stopped one is still listed for a moment.
    pub(crate) fn expect_servers(&self, count: usize) {
        wait_until(&format!("{count} servers"), || self.servers() == count);
    }

    /// The number of servers that use this data directory, according to `/proc`.
    pub(crate) fn servers(&self) -> usize {
        let data = self.home().join("data").display().to_string();
        let command = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let commands = fs::read_dir("/proc").expect("this is Linux").filter_map(Result::ok).map(command);
        let is_ours = |command: &Vec<u8>| {
            let words: Vec<&[u8]> = command.split(|&byte| byte == 0).collect();
            words.windows(2).any(|pair| pair == [b"-D".as_slice(), data.as_bytes()])
        };
        commands.filter(is_ours).count()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.db(&["stop"]);
        let _ = fs::remove_dir_all(&self.target);
    }
}
