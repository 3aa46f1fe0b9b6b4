//! The environment of the comparison: the built binary, the other tools, the server binaries, and the working folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::{Binaries, Home, Stamp};

use crate::cli::Cli;
use crate::log::log;
use crate::measure;

pub(crate) struct Harness {
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    /// The target directory of this checkout.
    pub(crate) target: PathBuf,
    /// The working folder.
    pub(crate) folder: PathBuf,
    /// The `xtask` binary: a release build, or a debug build if nothing is measured.
    pub(crate) xtask: PathBuf,
    pub(crate) binaries: Binaries,
    /// Whether to use small sizes and write no results.
    pub(crate) is_quick: bool,
    /// The tools to compare with, or all if empty.
    pub(crate) wanted: Vec<String>,
}

impl Harness {
    pub(crate) fn open(cli: &Cli) -> Result<Self> {
        let folder = cli.target.join("bench");
        fs::create_dir_all(folder.join("logs")).with_context(|| format!("`{}`", folder.display()))?;
        let binaries = Home::new(&cli.target, cli.major)?.open(&log)?.binaries().clone();
        let harness = Self {
            root: cli.root.clone(),
            target: cli.target.clone(),
            xtask: cli.target.join(if cli.quick { "debug/xtask" } else { "release/xtask" }),
            folder,
            binaries,
            is_quick: cli.quick,
            wanted: cli.peers.clone(),
        };
        let mode: &[&str] = if cli.quick { &[] } else { &["--release"] };
        log("building xtask");
        let mut build = Command::new(program("cargo")?);
        build.args(["build", "--package", "xtask", "--target-dir"]).arg(&cli.target).args(mode);
        harness.succeed("build-xtask", build.current_dir(&harness.root))?;
        Ok(harness)
    }

    /// The log file for runs with this name. Each run overwrites it.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{name}.log"))
    }

    /// Runs a command that must succeed.
    pub(crate) fn succeed(&self, name: &str, command: &mut Command) -> Result<measure::Usage> {
        measure::succeed(command, &self.log(name))
    }

    /// `cargo xtask db` with the settings of the sample that the tests use, and with the crates of this workspace. It
    /// finds them by these variables.
    pub(crate) fn xtask_db(&self) -> Command {
        let mut command = Command::new(&self.xtask);
        command.arg("db").env("CARGO_MANIFEST_DIR", self.root.join("xtask/tests/sample/xtask"));
        command.env("XTASK_TEST_WORKSPACE", &self.root);
        command
    }

    /// Creates an empty folder.
    pub(crate) fn fresh(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("work").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
        Ok(folder)
    }

    /// Installs the npm packages in `bench/package-lock.json` and returns their folder.
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

    /// Creates a Python environment with `bench/requirements.txt` and returns the folder of its programs.
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

    /// Builds a program from crates.io with `cargo install` and returns its path. If nothing is measured, a debug build will do.
    pub(crate) fn cargo_install(&self, package: &str, binary: &str, arguments: &[&str]) -> Result<PathBuf> {
        let folder = self.folder.join("cargo").join(package);
        let mut arguments = arguments.to_vec();
        if self.is_quick && !stamp(&folder, arguments.join(" ")).is_current() {
            arguments.push("--debug");
        }
        stamp(&folder, arguments.join(" ")).install_once(|| {
            log(&format!("building {package} (once)"));
            let mut install = self.cargo_install_command(package, &arguments, &folder)?;
            install.env("CARGO_PROFILE_DEV_DEBUG", "false");
            self.succeed(&format!("install-{package}"), &mut install).map(drop)
        })?;
        Ok(folder.join("bin").join(binary))
    }

    /// The command that builds a program from crates.io and installs it into a folder.
    pub(crate) fn cargo_install_command(&self, package: &str, arguments: &[&str], folder: &Path) -> Result<Command> {
        let mut install = Command::new(program("cargo")?);
        install.args(["install", "--locked", package]).args(arguments).arg("--root").arg(folder);
        install.env("CARGO_TARGET_DIR", self.folder.join("cargo-target")).current_dir(&self.folder);
        Ok(install)
    }
}

/// Records a completed installation in a folder.
fn stamp(folder: &Path, wanted: impl Into<String>) -> Stamp {
    Stamp::new(folder.join("installed.txt"), wanted)
}

/// The path of a required program.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    which::which(name)
        .with_context(|| format!("`{name}` is not installed (`cargo xtask doctor` shows how to install it)"))
}
