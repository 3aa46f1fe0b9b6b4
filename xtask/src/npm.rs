//! The npm packages of this monorepo: installed from their lockfiles by npm, pnpm or Yarn; scripts run without secrets.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use cluster::{Needs, Stamp};

use crate::context::Context;
use crate::package_manager::PackageManager;
use crate::report::Failure;
use crate::{json_file, process};

const MANIFEST: &str = "package.json";

/// A folder with a `package.json`.
pub(crate) struct Package<'a> {
    context: &'a Context,
    /// The folder, from the root of the checkout.
    name: String,
    variables: Vec<(&'static str, OsString)>,
}

impl<'a> Package<'a> {
    pub(crate) fn new(context: &'a Context, name: impl Into<String>) -> Self {
        Self { context, name: name.into(), variables: Vec::new() }
    }

    /// Sets environment variables for its scripts.
    pub(crate) fn variables<Value: Into<OsString>>(
        mut self,
        variables: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Self {
        self.variables.extend(variables.into_iter().map(|(name, value)| (name, value.into())));
        self
    }

    /// The folder, from the root of the checkout.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.context.root.join(&self.name)
    }

    /// The package manager, according to the lockfile.
    pub(crate) fn manager(&self) -> Result<PackageManager> {
        PackageManager::of(&self.directory())
    }

    /// Installs the packages of the lockfile, unless they are installed.
    pub(crate) fn install(&self) -> Result<()> {
        let manager = self.manager()?;
        let lock = self.directory().join(manager.lockfile());
        let wanted = regular_file::read_to_string(&lock).with_context(|| format!("`{}`", lock.display()))?;
        let running = install_lock(self.context, &self.name)?;
        Stamp::new(self.directory().join("node_modules/.xtask-package-lock.json"), wanted).install_once(|| {
            self.context.report.message(format!("installing the packages of `{}`", self.name));
            self.run(manager, manager.install(), running.into())
        })
    }

    /// Whether the folder has a package.
    pub(crate) fn exists(&self) -> bool {
        self.directory().join(MANIFEST).is_file()
    }

    /// Whether `package.json` has a script.
    pub(crate) fn has_script(&self, name: &str) -> Result<bool> {
        Ok(json_file::read(&self.directory().join(MANIFEST))?["scripts"][name].is_string())
    }

    /// Runs a script of `package.json`.
    pub(crate) fn script(&self, name: &str) -> Result<()> {
        let manager = self.manager()?;
        self.run(manager, &manager.script(name), Stdio::inherit())
    }

    fn run(&self, manager: PackageManager, arguments: &[&str], stdin: Stdio) -> Result<()> {
        let program = manager.program();
        let mut command = program_in(self.context, program, &self.directory())?;
        command.args(arguments).stdin(stdin);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        match command.status().with_context(|| format!("{program} could not be run"))?.success() {
            true => Ok(()),
            false => Err(Failure::new(format!("`{program} {}` failed in `{}`", arguments.join(" "), self.name)).into()),
        }
    }
}

/// A lock for installing packages, to pass to npm as its standard input: if this process is killed, npm still holds it,
/// so that the next command neither installs at the same time nor uses an incomplete folder.
pub(crate) fn install_lock(context: &Context, name: &str) -> Result<File> {
    let path = context.target().join(format!("npm-{}.lock", name.replace('/', "-")));
    fs::create_dir_all(context.target()).with_context(|| format!("`{}`", context.target().display()))?;
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    let file = opened.with_context(|| format!("`{}`", path.display()))?;
    if file.try_lock().is_err() {
        context.report.message(format!("waiting for another installation of the packages of `{name}`"));
        file.lock().with_context(|| format!("`{}`", path.display()))?;
    }
    Ok(file)
}

/// npm in a directory, without arguments.
pub(crate) fn npm(context: &Context, directory: &Path) -> Result<Command> {
    program_in(context, "npm", directory)
}

fn program_in(context: &Context, program: &str, directory: &Path) -> Result<Command> {
    let mut command = context.command(&process::find(program)?, Needs::Node);
    command.current_dir(directory).stdout(context.report.child_stdout());
    Ok(command)
}
