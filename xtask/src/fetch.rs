//! `cargo xtask fetch`: the crates in a folder, for a build that can't reach crates.io. Such a build is given the folder as
//! `CARGO_HOME`, and `CARGO_NET_OFFLINE`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::process;

pub(crate) fn run(context: &Context, directory: &Path) -> Result<()> {
    let directory = std::path::absolute(directory).with_context(|| format!("`{}`", directory.display()))?;
    let shell = process::shell(&context.root)?;
    let fetch = ["fetch", "--quiet", "--locked", "--target", "host-tuple"];
    process::command(&shell, &process::find("cargo")?).args(fetch).env("CARGO_HOME", &directory).run()?;
    // Unpacked they are ten times the size, and cargo unpacks them again.
    let unpacked = directory.join("registry/src");
    fs::remove_dir_all(&unpacked).with_context(|| format!("`{}`", unpacked.display()))?;
    let shown = context.shorten(&directory);
    context.report.talk(format!("the crates of Cargo.lock for this kind of machine are in `{}`", shown.display()));
    Ok(())
}
