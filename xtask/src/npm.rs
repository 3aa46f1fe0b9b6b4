//! The npm packages of this monorepo: installed from their lockfiles by npm, pnpm or Yarn; scripts run without secrets.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use cluster::{Needs, Stamp};

use crate::context::Context;
use crate::package_manager::{Lock, PackageManager};
use crate::report::Failure;
use crate::{json_file, process};

const MANIFEST: &str = "package.json";

/// What Yarn writes instead of `node_modules`, unless it is configured otherwise: code that finds the packages.
pub(crate) const PLUG_AND_PLAY: &str = ".pnp.cjs";

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

    /// The lockfile that pins its packages.
    pub(crate) fn lock(&self) -> Result<Lock> {
        Lock::of(&self.directory(), &self.context.root)
    }

    /// Installs the packages of the lockfile, unless they are installed.
    pub(crate) fn install(&self) -> Result<()> {
        let Lock { manager, folder } = self.lock()?;
        let lockfile = folder.join(manager.lockfile());
        let wanted = regular_file::read_to_string(&lockfile).with_context(|| format!("`{}`", lockfile.display()))?;
        let name = name_of(self.context, &folder);
        let running = install_lock(self.context, &name)?;
        Stamp::new(self.stamp(manager, &folder)?, wanted).install_once(|| {
            self.context.report.message(format!("installing the packages of `{name}`"));
            // npm may reject what it has just written: https://github.com/npm/cli/issues/9321
            let (program, update) = (manager.in_folder(&name), manager.update_lockfile());
            let hint = format!("if the lockfile does not fit package.json: run `{program} {update}`, and commit it");
            let installed = self.run(manager.program(), manager.install(), &folder, running.into())?;
            installed.map_err(|failure| failure.hint(hint).into())
        })
    }

    /// The file that says what is installed. Yarn deletes `node_modules` if it keeps the packages elsewhere.
    fn stamp(&self, manager: PackageManager, folder: &Path) -> Result<PathBuf> {
        let modules = folder.join("node_modules");
        if manager != PackageManager::Yarn {
            return Ok(modules.join(".xtask-package-lock.json"));
        }
        let stamp =
            self.context.target().join(format!("yarn-{}.lock", name_of(self.context, folder).replace('/', "-")));
        let is_installed = modules.exists() || folder.join(PLUG_AND_PLAY).exists();
        if !is_installed && stamp.exists() {
            fs::remove_file(&stamp).with_context(|| format!("`{}`", stamp.display()))?;
        }
        Ok(stamp)
    }

    /// Prints the command of [`Self::install`], and returns the program.
    pub(crate) fn show_install(&self, line: &dyn Fn(&str, &[&str])) -> Result<PackageManager> {
        let Lock { manager, folder } = self.lock()?;
        line(&manager.in_folder(&name_of(self.context, &folder)), manager.install());
        Ok(manager)
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
        let manager = self.lock()?.manager;
        Ok(self.run(manager.program(), &manager.script(name), &self.directory(), Stdio::inherit())??)
    }

    fn run(&self, program: &str, arguments: &[&str], folder: &Path, stdin: Stdio) -> Result<Result<(), Failure>> {
        let mut command = program_in(self.context, program, folder)?;
        command.args(arguments).stdin(stdin);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let succeeded = command.status().with_context(|| format!("{program} could not be run"))?.success();
        Ok(succeeded.then_some(()).ok_or_else(|| {
            let name = name_of(self.context, folder);
            Failure::new(format!("`{program} {}` failed in `{name}`", arguments.join(" ")))
        }))
    }
}

/// A folder for messages: from the root of the checkout, which is `.`.
fn name_of(context: &Context, folder: &Path) -> String {
    let name = folder.strip_prefix(&context.root).unwrap_or(folder).display().to_string();
    if name.is_empty() { ".".to_owned() } else { name }
}

/// A lock for installing packages, to pass to npm as its standard input: if this process is killed, npm still holds it,
/// so that the next command neither installs at the same time nor uses an incomplete folder.
pub(crate) fn install_lock(context: &Context, name: &str) -> Result<File> {
    lock(context, name, &format!("another installation of the packages of `{name}`"))
}

/// A lock that one command at a time holds in this target directory. `other` is what the others wait for.
pub(crate) fn lock(context: &Context, name: &str, other: &str) -> Result<File> {
    let path = context.target().join(format!("npm-{}.lock", name.replace('/', "-")));
    fs::create_dir_all(context.target()).with_context(|| format!("`{}`", context.target().display()))?;
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    let file = opened.with_context(|| format!("`{}`", path.display()))?;
    if file.try_lock().is_err() {
        context.report.message(format!("waiting for {other}"));
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
