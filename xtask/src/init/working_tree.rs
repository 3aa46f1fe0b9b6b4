//! What git knows about the files of a checkout.

use std::path::{Path, PathBuf};

use anyhow::Result;
use cluster::Needs;

use crate::process;
use crate::report::Failure;

pub(super) struct WorkingTree<'a> {
    root: &'a Path,
}

impl<'a> WorkingTree<'a> {
    /// # Errors
    /// The folder is not in a repository, so that what is deleted could not be restored.
    pub(super) fn open(root: &'a Path) -> Result<Self> {
        if process::git_commit(root, "HEAD").is_none() {
            let message = format!("`{}` is not in a git repository with a commit", root.display());
            let hint =
                "clone the repository; or run `git init`, `git add --all` and `git commit`, so that nothing is lost";
            return Err(Failure::new(message).hint(hint).into());
        }
        Ok(Self { root })
    }

    /// The tracked files below these paths, from the root.
    pub(super) fn tracked(&self, paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
        Ok(self.read(&["ls-files", "-z", "--cached"], paths)?.into_iter().map(PathBuf::from).collect())
    }

    /// # Errors
    /// A file below these paths has changes that are not in a commit, or is not tracked.
    pub(super) fn check_is_committed(&self, paths: &[PathBuf]) -> Result<()> {
        let changed = self.read(&["status", "--porcelain", "-z", "--untracked-files=normal", "--no-renames"], paths)?;
        if changed.is_empty() {
            return Ok(());
        }
        let names: Vec<String> =
            changed.iter().take(5).map(|line| format!("  {}", line.get(3..).unwrap_or(line))).collect();
        let more = changed.len().saturating_sub(names.len());
        let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
        let message = format!("files that would be replaced have uncommitted changes:\n{}{more}", names.join("\n"));
        Err(Failure::new(message).hint("commit them, or put them aside: `git stash --include-untracked`").into())
    }

    /// The lines of a git command that end with a NUL.
    fn read(&self, arguments: &[&str], paths: &[PathBuf]) -> Result<Vec<String>> {
        let shell = process::shell(self.root)?;
        let git = process::find("git")?;
        let output = process::command(&shell, &git, Needs::Tool).args(arguments).arg("--").args(paths).read()?;
        Ok(output.split('\0').filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
}
