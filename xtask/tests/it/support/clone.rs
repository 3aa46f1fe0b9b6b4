//! A fresh clone with its own home directory, for a release as CodeBuild runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::emulator::{Emulator, SECRET};
use super::folders::lay_sample;
use super::{clean, copy_checkout, git, root, target as built};

/// A clone of the current state of this checkout, with the sample instead of the team's application, and with its own
/// home and target directories.
pub(crate) struct Clone {
    pub(crate) directory: PathBuf,
    pub(crate) home: PathBuf,
    pub(crate) target: PathBuf,
}

/// The exit code and the output of a command.
pub(crate) struct CommandResult {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    /// Standard output, then standard error.
    pub(crate) text: String,
}

impl Clone {
    /// Creates a clone, always in the same directory, so that cargo can reuse what it built for the last one. Tests that may run
    /// at the same time have target directories with different names.
    pub(crate) fn fresh(folder: &Path, target: &str) -> Self {
        let directory = folder.join("clone");
        let _ = fs::remove_dir_all(&directory);
        copy_checkout(&root(), &directory);
        lay_sample(&directory);
        let home = folder.join("home");
        fs::create_dir_all(&home).expect("can create the folder");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(target);
        copy_crates(&target);
        let clone = Self { directory, home, target };
        clone.git(&["init", "--quiet"]);
        clone.commit("a clone");
        clone
    }

    /// Replaces the Gen 2 project with the Gen 1 project, as its CLI wrote it, including its lines in `.gitignore`.
    pub(crate) fn with_gen1(self) -> Self {
        let _ = fs::remove_dir_all(self.directory.join("amplify"));
        copy_checkout(&root().join("xtask/tests/amplify-gen1"), &self.directory.join("amplify"));
        let ignored = self.directory.join(".gitignore");
        let own = fs::read_to_string(&ignored).expect("can read the file");
        fs::write(ignored, own + include_str!("../../amplify-gen1.gitignore")).expect("can write the file");
        self.commit("use Amplify Gen 1");
        self
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.directory, arguments)
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let path = self.directory.join(name);
        let text = fs::read_to_string(&path).expect("can read the file");
        assert!(text.contains(from), "{name}");
        fs::write(path, text.replace(from, to)).expect("can write the file");
    }

    /// A command in the clone, with the emulator as AWS.
    pub(crate) fn command(&self, program: &Path, emulator: &Emulator) -> Command {
        let real = PathBuf::from(std::env::var_os("HOME").expect("HOME is set"));
        let kept =
            |variable: &str, folder: &str| std::env::var_os(variable).unwrap_or_else(|| real.join(folder).into());
        let mut command = clean(program, &self.directory);
        command
            // The home directory is checked for what the CLI leaves behind; caches of downloads are shared.
            .env("HOME", &self.home)
            .env("CARGO_HOME", kept("CARGO_HOME", ".cargo"))
            .env("RUSTUP_HOME", kept("RUSTUP_HOME", ".rustup"))
            .env("npm_config_cache", kept("npm_config_cache", ".npm"))
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_MANIFEST_DIR", self.directory.join("xtask"))
            .env_remove("XTASK_TEST_WORKSPACE");
        emulator.prepare(&mut command);
        command
    }

    /// `cargo xtask …`, compiled from the clone.
    pub(crate) fn cargo_xtask(
        &self,
        emulator: &Emulator,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> CommandResult {
        let mut command = self.command(Path::new("cargo"), emulator);
        command.env_remove("CARGO_MANIFEST_DIR");
        run(command.arg("xtask").args(arguments).envs(variables.iter().copied()))
    }

    /// Runs the binary under test, which is the same program.
    pub(crate) fn xtask(&self, emulator: &Emulator, arguments: &[&str], variables: &[(&str, &str)]) -> CommandResult {
        let mut command = self.command(Path::new(env!("CARGO_BIN_EXE_xtask")), emulator);
        run(command.args(arguments).envs(variables.iter().copied()))
    }

    /// The real CLI, as installed by `publish`.
    pub(crate) fn amplify(&self) -> PathBuf {
        self.target.join("amplify-cli/node_modules/.bin/amplify")
    }
}

/// Copies what cargo has built for this checkout to another target directory. Otherwise, it would compile every crate again,
/// from the same sources; now, it compiles what a test has changed.
fn copy_crates(target: &Path) {
    let debug = target.join("debug");
    if debug.exists() {
        return;
    }
    fs::create_dir_all(&debug).expect("can create the folder");
    // Only what is complete has a fingerprint, so they come first: cargo may be building. It compiles what is missing.
    for folder in [".fingerprint", "build", "deps"] {
        let _ = Command::new("cp").arg("--archive").arg(built().join("debug").join(folder)).arg(&debug).output();
    }
}

/// Runs a command, whose output must not contain the secret.
pub(crate) fn run(command: &mut Command) -> CommandResult {
    let output = command.output().expect("can run the command");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!text.contains(SECRET), "the secret is printed:\n{text}");
    CommandResult { code: output.status.code(), stdout, text }
}
