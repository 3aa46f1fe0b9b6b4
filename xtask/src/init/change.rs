//! A change to a repository: files to write and delete, on a new branch or as a patch.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cluster::PrivateDirectory;

use super::working_tree::WorkingTree;
use crate::context::Context;
use crate::report::counted;

/// What to do to the files of a repository.
#[derive(Default)]
pub(super) struct Change {
    /// The contents of each file to write; `None` deletes the file.
    files: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl Change {
    pub(super) fn write(&mut self, path: &Path, contents: Vec<u8>) {
        self.files.insert(path.to_owned(), Some(contents));
    }

    pub(super) fn delete(&mut self, path: &Path) {
        self.files.insert(path.to_owned(), None);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Creates a branch, changes the files there, and stages them. The commit is the user's.
    pub(super) fn apply(&self, context: &Context, tree: &WorkingTree<'_>, branch: &str) -> Result<()> {
        tree.create_branch(branch)?;
        for (path, contents) in &self.files {
            match contents {
                Some(contents) => write(&tree.root().join(path), contents)?,
                None => delete(tree.root(), path)?,
            }
        }
        let paths: Vec<&Path> = self.files.keys().map(PathBuf::as_path).collect();
        tree.stage(&paths)?;
        context.report.message(format!("on the new branch `{branch}`: {}, staged for a commit", self.describe()));
        Ok(())
    }

    fn describe(&self) -> String {
        let written = self.files.values().filter(|contents| contents.is_some()).count();
        match self.files.len() - written {
            0 => format!("{} written", counted(written, "file")),
            deleted => format!("{} written, {} deleted", counted(written, "file"), counted(deleted, "file")),
        }
    }

    /// Prints the change as a patch for `git apply`.
    pub(super) fn show(&self, context: &Context, tree: &WorkingTree<'_>) -> Result<()> {
        let folder = PrivateDirectory::create(&std::env::temp_dir(), "xtask-init-").context("a temporary folder")?;
        for side in ["a", "b"] {
            fs::create_dir(folder.path().join(side))?;
        }
        for (path, contents) in &self.files {
            let present = tree.root().join(path);
            if present.exists() {
                write(&folder.path().join("a").join(path), &fs::read(&present)?)?;
            }
            if let Some(contents) = contents {
                write(&folder.path().join("b").join(path), contents)?;
            }
        }
        // Unescaped, because `git apply` reads it. It only adds files of this clone.
        context.report.output().write_all(&WorkingTree::patch(folder.path())?)?;
        context.report.message(format!("nothing was changed; it would be {}", self.describe()));
        Ok(())
    }
}

/// Writes a file, and creates its folder.
pub(super) fn write(path: &Path, contents: &[u8]) -> Result<()> {
    let folder = path.parent().with_context(|| format!("`{}` has no folder", path.display()))?;
    fs::create_dir_all(folder).with_context(|| format!("`{}`", folder.display()))?;
    fs::write(path, contents).with_context(|| format!("`{}`", path.display()))
}

/// Deletes a file, and folders that become empty.
pub(super) fn delete(root: &Path, path: &Path) -> Result<()> {
    let whole = root.join(path);
    fs::remove_file(&whole).with_context(|| format!("`{}`", whole.display()))?;
    for folder in path.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty()) {
        // A folder that is not empty is kept.
        if fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}
