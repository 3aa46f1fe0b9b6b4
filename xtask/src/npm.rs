//! The npm packages of this monorepo: installed from their lockfiles; scripts run without secrets.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::{Needs, Stamp};

use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// The arguments that install the packages of a lockfile. Cached packages are not downloaded again: the lockfile pins them.
pub(crate) const INSTALL: [&str; 5] = ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

/// A folder with a `package.json`.
pub(crate) struct Package<'a> {
    context: &'a Context,
    name: &'static str,
    variables: Vec<(&'static str, PathBuf)>,
}

impl<'a> Package<'a> {
    pub(crate) fn new(context: &'a Context, name: &'static str) -> Self {
        Self { context, name, variables: Vec::new() }
    }

    /// Sets an environment variable for its scripts.
    pub(crate) fn variable(mut self, name: &'static str, value: Option<PathBuf>) -> Self {
        self.variables.extend(value.map(|value| (name, value)));
        self
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.context.root.join(self.name)
    }

    /// Installs the packages of the lockfile, unless they are installed.
    pub(crate) fn install(&self) -> Result<()> {
        let lock = self.directory().join("package-lock.json");
        let wanted = regular_file::read_to_string(&lock).with_context(|| format!("`{}`", lock.display()))?;
        Stamp::new(self.directory().join("node_modules/.xtask-package-lock.json"), wanted).install_once(|| {
            self.context.report.message(format!("installing the packages of `{}`", self.name));
            self.run(&INSTALL)
        })
    }

    /// Runs a script of `package.json`.
    pub(crate) fn script(&self, name: &str) -> Result<()> {
        self.run(&["run", "--silent", name])
    }

    /// Runs npm.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<()> {
        let mut command = npm(self.context, &self.directory())?;
        command.args(arguments);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        match command.status().context("npm could not be run")?.success() {
            true => Ok(()),
            false => Err(Failure::new(format!("`npm {}` failed in `{}`", arguments.join(" "), self.name)).into()),
        }
    }
}

/// npm in a directory, without arguments.
pub(crate) fn npm(context: &Context, directory: &Path) -> Result<Command> {
    let mut npm = context.command(&process::find("npm")?, Needs::Node);
    npm.current_dir(directory).stdout(context.report.child_stdout());
    Ok(npm)
}
