//! Where the comparison is made: the release binary, the tools beside it, a server, and a folder for all that is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::{Binaries, Home, Stamp};

use crate::cli::Cli;
use crate::measure;
use crate::talk::talk;

pub(crate) struct Harness {
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    /// A folder of the comparison's own.
    pub(crate) folder: PathBuf,
    /// `xtask`, built for release.
    pub(crate) xtask: PathBuf,
    pub(crate) binaries: Binaries,
    /// Small sizes, nothing written.
    pub(crate) is_quick: bool,
    /// The tools that were asked for beside the engine; all if none was.
    pub(crate) wanted: Vec<String>,
}

impl Harness {
    pub(crate) fn open(cli: &Cli) -> Result<Self> {
        let folder = cli.target.join("bench");
        fs::create_dir_all(folder.join("logs")).with_context(|| format!("`{}`", folder.display()))?;
        let binaries = Home::new(&cli.target, cli.major)?.open(&talk)?.binaries().clone();
        let harness = Self {
            root: cli.root.clone(),
            xtask: cli.target.join("release/xtask"),
            folder,
            binaries,
            is_quick: cli.quick,
            wanted: cli.peers.clone(),
        };
        talk("building xtask for release");
        let mut build = Command::new(program("cargo")?);
        build.args(["build", "--release", "--package", "xtask", "--target-dir"]).arg(&cli.target);
        harness.succeed("build-xtask", build.current_dir(&harness.root))?;
        Ok(harness)
    }

    /// Where what a run prints is kept until the next of its name.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{name}.log"))
    }

    /// Runs a command that has to succeed.
    pub(crate) fn succeed(&self, name: &str, command: &mut Command) -> Result<measure::Usage> {
        measure::succeed(command, &self.log(name))
    }

    /// An empty folder.
    pub(crate) fn fresh(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("work").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
        Ok(folder)
    }

    /// Installs the npm packages of `bench/package-lock.json`: their folder.
    pub(crate) fn npm(&self) -> Result<PathBuf> {
        let folder = self.folder.join("npm");
        let lock = fs::read_to_string(self.root.join("bench/package-lock.json"))?;
        stamp(&folder, lock).install_once(|| {
            for name in ["package.json", "package-lock.json"] {
                fs::copy(self.root.join("bench").join(name), folder.join(name))?;
            }
            let mut npm = Command::new(program("npm")?);
            npm.args(["ci", "--prefer-offline", "--no-audit", "--no-fund"]).current_dir(&folder);
            self.succeed("npm", &mut npm).map(drop)
        })?;
        Ok(folder.join("node_modules"))
    }

    /// A Python with the packages of `bench/requirements.txt`: its programs.
    pub(crate) fn python(&self) -> Result<PathBuf> {
        let folder = self.folder.join("python");
        let wanted = fs::read_to_string(self.root.join("bench/requirements.txt"))?;
        stamp(&folder, wanted).install_once(|| {
            let mut venv = Command::new(program("python3")?);
            self.succeed("venv", venv.args(["-m", "venv", "--clear"]).arg(&folder))?;
            let mut pip = Command::new(folder.join("bin/python"));
            pip.args(["-m", "pip", "install", "--quiet", "--requirement"]);
            self.succeed("pip", pip.arg(self.root.join("bench/requirements.txt"))).map(drop)
        })?;
        Ok(folder.join("bin"))
    }

    /// A program from crates.io, built as `cargo install` builds it: its path.
    pub(crate) fn cargo_install(&self, package: &str, binary: &str, arguments: &[&str]) -> Result<PathBuf> {
        let folder = self.folder.join("cargo").join(package);
        stamp(&folder, arguments.join(" ")).install_once(|| {
            talk(&format!("building {package} (once)"));
            self.succeed(&format!("install-{package}"), &mut self.cargo_install_command(package, arguments, &folder)?)
                .map(drop)
        })?;
        Ok(folder.join("bin").join(binary))
    }

    /// What builds a program from crates.io into a folder.
    pub(crate) fn cargo_install_command(&self, package: &str, arguments: &[&str], folder: &Path) -> Result<Command> {
        let mut install = Command::new(program("cargo")?);
        install.args(["install", "--locked", package]).args(arguments).arg("--root").arg(folder);
        install.env("CARGO_TARGET_DIR", self.folder.join("cargo-target")).current_dir(&self.folder);
        Ok(install)
    }
}

/// What an installation in a folder leaves when it is done.
fn stamp(folder: &Path, wanted: impl Into<String>) -> Stamp {
    Stamp::new(folder.join("installed.txt"), wanted)
}

/// The path of a program that the machine has to have.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    which::which(name).with_context(|| format!("`{name}` is not installed (`cargo xtask doctor` says how to get it)"))
}
