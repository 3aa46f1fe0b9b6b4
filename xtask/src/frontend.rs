//! The front end: its packages, its scripts, its server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// Browsers that are known to work, by the names of their programs.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What installs its packages, and what builds the page.
pub(crate) const INSTALL: [&str; 4] = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
pub(crate) const BUILD: [&str; 3] = ["run", "--silent", "build"];

/// Where the front end is.
pub(crate) fn directory(context: &Context) -> PathBuf {
    context.root.join("frontend")
}

/// Installs the packages of the lockfile, unless they are there.
pub(crate) fn install(context: &Context) -> Result<()> {
    let directory = directory(context);
    let lock = read(&directory.join("package-lock.json"))?;
    let stamp = directory.join("node_modules/.xtask-package-lock.json");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    context.report.talk("installing the packages of the front end");
    npm(context, &INSTALL)?;
    fs::write(&stamp, lock).with_context(|| format!("`{}`", stamp.display()))
}

/// Runs a script of `package.json`.
pub(crate) fn script(context: &Context, name: &str) -> Result<()> {
    npm(context, &["run", "--silent", name])
}

/// Builds the page into `dist`.
pub(crate) fn build(context: &Context) -> Result<()> {
    npm(context, &BUILD)
}

fn npm(context: &Context, arguments: &[&str]) -> Result<()> {
    let mut command = process::npm(context, &directory(context))?;
    command.args(arguments);
    if let Some(browser) = browser() {
        command.env("CHROMIUM", browser);
    }
    match command.status().context("npm could not be run")?.success() {
        true => Ok(()),
        false => Err(Failure::new(format!("`npm {}` failed in `frontend`", arguments.join(" "))).into()),
    }
}

/// A browser to test in.
pub(crate) fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| process::find(name).ok())
}

/// Vite's server, not yet started: one process, so that ending it ends all.
pub(crate) fn server(context: &Context) -> Result<Command> {
    let mut command = Command::new(process::find("node")?);
    command.arg("node_modules/vite/bin/vite.js").current_dir(directory(context));
    Ok(command)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("`{}`", path.display()))
}
