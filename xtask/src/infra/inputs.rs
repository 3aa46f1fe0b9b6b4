//! The inputs of an assembly.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The files of the app outside `infra/src`, from the root of the checkout.
const FILES: [&str; 5] =
    ["infra/cdk.json", "infra/package.json", "infra/package-lock.json", "infra/tsconfig.json", "rust-toolchain.toml"];

/// Identifies the inputs of an assembly: the settings, and the hash of each file of the app.
pub(super) fn of(root: &Path, settings: &str) -> Result<String> {
    let mut inputs = format!("{settings}\n");
    for name in FILES {
        add(&mut inputs, name, &root.join(name))?;
    }
    let sources = root.join("infra/src");
    let entries = sources.read_dir().with_context(|| format!("`{}`", sources.display()))?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>()?;
    names.sort();
    for name in names {
        add(&mut inputs, &name.to_string_lossy(), &sources.join(&name))?;
    }
    Ok(inputs)
}

fn add(inputs: &mut String, name: &str, path: &Path) -> Result<()> {
    let contents = regular_file::read(path).with_context(|| format!("`{}`", path.display()))?;
    write!(inputs, "{name} ")?;
    for byte in Sha256::digest(contents) {
        write!(inputs, "{byte:02x}")?;
    }
    inputs.push('\n');
    Ok(())
}
