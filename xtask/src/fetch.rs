//! `cargo xtask fetch`: downloads the crates into a folder, for a build that cannot reach crates.io. That build sets
//! `CARGO_HOME` to the folder, and `CARGO_NET_OFFLINE`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::process;

pub(crate) fn run(context: &Context, directory: &Path) -> Result<()> {
    let directory = std::path::absolute(directory).with_context(|| format!("`{}`", directory.display()))?;
    let shell = process::shell(&context.root)?;
    let fetch = ["fetch", "--quiet", "--locked", "--target", "host-tuple"];
    process::inherit_in(&shell, &process::find("cargo")?).args(fetch).env("CARGO_HOME", &directory).run()?;
    // Unpacked crates take ten times the space, and cargo unpacks them again when needed.
    let unpacked = directory.join("registry/src");
    fs::remove_dir_all(&unpacked).with_context(|| format!("`{}`", unpacked.display()))?;
    let shown = context.shorten(&directory);
    context.report.message(format!("downloaded the crates in Cargo.lock for this platform to `{}`", shown.display()));
    Ok(())
}
