//! The front end: its package, its development server, and the browser for its tests.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::Needs;

use crate::context::Context;
use crate::npm::Package;
use crate::report::Failure;
use crate::{process, release};

/// The program names of supported browsers.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Vite, from the folder that its package is installed in.
const VITE: &str = "node_modules/vite/bin/vite.js";

/// Its npm package.
pub(crate) fn package(context: &Context) -> Package<'_> {
    let directory = context.config.frontend.directory().display().to_string();
    Package::new(context, directory).variables(browser().map(|path| ("CHROMIUM", path)))
}

/// The browser for the tests.
pub(crate) fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| process::find(name).ok())
}

/// The built page.
pub(crate) fn output(context: &Context) -> PathBuf {
    context.root.join(context.config.frontend.output())
}

/// Builds the page, with a `release.json` whether or not the build copies the one in `public`.
pub(crate) fn build(context: &Context, environment: &str) -> Result<()> {
    let package = package(context);
    package.install()?;
    let release = release::write(context, environment)?;
    package.script(&context.config.frontend.build)?;
    let built = output(context).join(release::FILE);
    if built.exists() || !output(context).is_dir() {
        return Ok(());
    }
    fs::copy(&release, &built).map(drop).with_context(|| format!("`{}`", built.display()))
}

/// Prints the commands of [`build`], for `--dry-run`.
pub(crate) fn show_build(context: &Context, line: &dyn Fn(&str, &[&str])) -> Result<()> {
    let package = package(context);
    let manager = package.manager()?;
    let program = manager.in_folder(package.name());
    line(&program, manager.install());
    line(&program, &manager.script(&context.config.frontend.build));
    Ok(())
}

/// Vite's development server, not started. It runs without npm, so that it is a single process and killing it suffices.
pub(crate) fn server(context: &Context) -> Result<Command> {
    let directory = package(context).directory();
    // A workspace installs the packages of its members further up.
    let vite = directory.ancestors().map(|folder| folder.join(VITE)).find(|path| path.exists());
    let vite = vite.ok_or_else(|| {
        Failure::new(format!("`{}` has no Vite, which this command runs", context.shorten(&directory).display()))
            .hint("start the database with `cargo xtask db start`, and your front end with its own command")
    })?;
    let mut command = context.command(&process::find("node")?, Needs::Node);
    command.arg(vite).current_dir(directory);
    Ok(command)
}
