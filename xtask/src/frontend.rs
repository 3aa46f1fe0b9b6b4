//! The front end: its package, its development server, and the browser for its tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::Needs;

use crate::context::Context;
use crate::npm::{PLUG_AND_PLAY, Package};
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

/// Builds the page, with a `release.json` whether or not the build copies the one in `public`. `heads` are those of the
/// database.
pub(crate) fn build(context: &Context, environment: &str, heads: Option<&[String]>) -> Result<()> {
    let package = package(context);
    package.install()?;
    let release = release::write(context, environment, heads)?;
    package.script(&context.config.frontend.build)?;
    let output = output(context);
    if !output.is_dir() {
        return Ok(());
    }
    for file in [release.with_file_name(release::PAGE_DIAGRAM), release] {
        let built = output.join(file.file_name().context("a file has a name")?);
        if file.exists() && !built.exists() {
            fs::copy(&file, &built).map(drop).with_context(|| format!("`{}`", built.display()))?;
        }
    }
    Ok(())
}

/// Prints the commands of [`build`], for `--dry-run`.
pub(crate) fn show_build(context: &Context, line: &dyn Fn(&str, &[&str])) -> Result<()> {
    let package = package(context);
    let manager = package.show_install(line)?;
    line(&manager.in_folder(package.name()), &manager.script(&context.config.frontend.build));
    Ok(())
}

/// Vite's development server, not started. It runs without npm, so that it is a single process and killing it suffices.
pub(crate) fn server(context: &Context) -> Result<Command> {
    let package = package(context);
    let directory = package.directory();
    let mut command = context.command(&process::find("node")?, Needs::Node);
    if let Some((vite, options)) = plug_and_play(context, &package.lock()?.folder, &directory)? {
        command.arg(vite).env("NODE_OPTIONS", options).current_dir(directory);
        return Ok(command);
    }
    // A workspace installs the packages of its members further up.
    let vite = directory.ancestors().map(|folder| folder.join(VITE)).find(|path| path.exists());
    let vite = vite.ok_or_else(|| {
        Failure::new(format!("`{}` has no Vite, which this command runs", context.shorten(&directory).display()))
            .hint("start the database with `cargo xtask db start`, and your front end with its own command")
    })?;
    command.arg(vite).current_dir(directory);
    Ok(command)
}

/// Vite as Yarn installs it without `node_modules`: its path, and the options with which Node.js can read it.
fn plug_and_play(context: &Context, folder: &Path, directory: &Path) -> Result<Option<(String, String)>> {
    let finder = folder.join(PLUG_AND_PLAY);
    if !finder.exists() {
        return Ok(None);
    }
    let mut node = context.command(&process::find("node")?, Needs::Node);
    node.arg("--require").arg(&finder).args(["--print", "require.resolve('vite/package.json')"]);
    let output = node.current_dir(directory).output().context("could not run Node.js")?;
    let manifest = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let Some(vite) = Path::new(&manifest).parent().filter(|_| output.status.success()) else { return Ok(None) };
    let loader = folder.join(".pnp.loader.mjs");
    let mut options =
        vec![context.variable("NODE_OPTIONS").unwrap_or_default(), format!("--require \"{}\"", finder.display())];
    if loader.exists() {
        options.push(format!("--experimental-loader \"{}\"", loader.display()));
    }
    Ok(Some((vite.join("bin/vite.js").display().to_string(), options.join(" ").trim().to_owned())))
}
