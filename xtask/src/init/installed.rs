//! `xtask/installed.txt`: the tool's files that `init` has written to a repository, with their digests, so that an
//! update detects edits, and deletes files that the tool no longer has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};

use crate::report::Failure;

/// The file, from the root of the repository.
pub(super) const FILE: &str = "xtask/installed.txt";

/// The digest of each file.
#[derive(Default)]
pub(super) struct Installed {
    files: BTreeMap<PathBuf, String>,
}

impl Installed {
    /// # Errors
    /// There is no such file, or it has been edited.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        if !path.exists() {
            let message = format!("`{}` has no `{FILE}`: `init` has not added the tool to it", root.display());
            let hint = "a clone gets a newer version by `git merge`, another repository the tool by `cargo xtask init --into DIR`";
            return Err(Failure::new(message).hint(hint).into());
        }
        let text = regular_file::read_to_string(&path).with_context(|| format!("`{}`", path.display()))?;
        let mut files = BTreeMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let entry = line.split_once("  ").filter(|(digest, _)| digest.len() == 64);
            let (digest, file) =
                entry.with_context(|| format!("`{}:{}`: no digest and path", path.display(), number + 1))?;
            files.insert(PathBuf::from(file), digest.to_owned());
        }
        Ok(Self { files })
    }

    pub(super) fn add(&mut self, path: &Path, contents: &[u8]) {
        self.files.insert(path.to_owned(), digest(contents));
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    /// Whether a file is unchanged since it was written. False for a file that was not written.
    pub(super) fn is_unchanged(&self, path: &Path, contents: &[u8]) -> bool {
        self.files.get(path).is_some_and(|written| *written == digest(contents))
    }

    pub(super) fn to_text(&self, commit: &str) -> String {
        let lines = self.files.iter().map(|(path, digest)| format!("{digest}  {}\n", path.display()));
        format!("# Files of the tool, at {commit}. An update reads this list.\n{}", lines.collect::<String>())
    }
}

fn digest(contents: &[u8]) -> String {
    Sha256::digest(contents).iter().map(|byte| format!("{byte:02x}")).collect()
}
