//! The front end: its package, its development server, and the browser for its tests.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use cluster::Needs;

use crate::context::Context;
use crate::npm::Package;
use crate::process;

/// The program names of browsers that work.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The npm arguments that build the page into `dist`.
pub(crate) const BUILD: [&str; 3] = ["run", "--silent", "build"];

/// Its npm package.
pub(crate) fn package(context: &Context) -> Package<'_> {
    Package::new(context, "frontend").variables(browser().map(|path| ("CHROMIUM", path)))
}

/// The browser for the tests.
pub(crate) fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| process::find(name).ok())
}

/// Vite's development server, not started. It runs without npm, so that it is a single process and killing it suffices.
pub(crate) fn server(context: &Context) -> Result<Command> {
    let mut command = context.command(&process::find("node")?, Needs::Node);
    command.arg("node_modules/vite/bin/vite.js").current_dir(package(context).directory());
    Ok(command)
}
