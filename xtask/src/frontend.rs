//! The front end: its package, its server, the browser that looks at it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::context::Context;
use crate::npm::Package;
use crate::process;

/// Browsers that are known to work, by the names of their programs.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What builds the page into `dist`.
pub(crate) const BUILD: [&str; 3] = ["run", "--silent", "build"];

/// Its npm package.
pub(crate) fn package(context: &Context) -> Package<'_> {
    Package::new(context, "frontend").variable("CHROMIUM", browser())
}

/// A browser to test in.
pub(crate) fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| process::find(name).ok())
}

/// Vite's server, not yet started: one process, so that ending it ends all.
pub(crate) fn server(context: &Context) -> Result<Command> {
    let mut command = Command::new(process::find("node")?);
    command.arg("node_modules/vite/bin/vite.js").current_dir(package(context).directory());
    Ok(command)
}
