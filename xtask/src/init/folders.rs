//! `xtask/folders.toml`: which folders belong to the tool, and which to the team.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The manifest, from the root of a checkout.
const MANIFEST: &str = "xtask/folders.toml";

#[derive(Debug, Deserialize)]
pub(super) struct Folders {
    /// The team's folders; any of them may be missing.
    pub(super) team: Paths,
    /// The folders that an update replaces.
    pub(super) tool: Paths,
}

/// Files and folders, from the root.
#[derive(Debug, Deserialize)]
pub(super) struct Paths {
    pub(super) paths: Vec<PathBuf>,
}

impl Folders {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let path = root.join(MANIFEST);
        let text = regular_file::read_to_string(&path).with_context(|| format!("`{}`", path.display()))?;
        toml::from_str(&text).with_context(|| format!("`{}`", path.display()))
    }
}
