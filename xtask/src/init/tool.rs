//! The tool's files in this clone, which are copied to another repository.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::folders::Folders;
use super::working_tree::WorkingTree;
use crate::process;
use crate::report::Failure;

/// Checks of the tool's own repository.
const OWN: &str = ".ci";

/// The tool in a clone.
pub(super) struct Tool<'a> {
    root: &'a Path,
    /// Its files, from the root.
    pub(super) files: Vec<PathBuf>,
    pub(super) commit: String,
}

impl<'a> Tool<'a> {
    /// # Errors
    /// It has uncommitted changes, so its commit would not identify its contents.
    pub(super) fn read(root: &'a Path) -> Result<Self> {
        let folders = Folders::read(root)?;
        let tree = WorkingTree::open(root)?;
        tree.check_is_committed(&folders.tool.paths)?;
        let commit = process::git_commit(root, "HEAD").context("the clone has a commit")?;
        let files = tree.tracked(&folders.tool.paths)?.into_iter().filter(|path| !path.starts_with(OWN)).collect();
        Ok(Self { root, files, commit })
    }

    /// The contents of a file.
    pub(super) fn contents(&self, path: &Path) -> Result<Vec<u8>> {
        let whole = self.root.join(path);
        regular_file::read(&whole).with_context(|| format!("`{}`", whole.display()))
    }

    /// # Errors
    /// The repository is this clone.
    pub(super) fn check_is_elsewhere(&self, directory: &Path) -> Result<()> {
        let canonical = |path: &Path| path.canonicalize().with_context(|| format!("`{}`", path.display()));
        if canonical(directory)? != canonical(self.root)? {
            return Ok(());
        }
        let hint = "name another repository; `cargo xtask init --empty` starts an application in this clone";
        Err(Failure::new(format!("`{}` is this clone", directory.display())).hint(hint).into())
    }
}
