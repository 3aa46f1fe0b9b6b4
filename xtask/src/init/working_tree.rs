//! The files of a checkout, according to git.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cluster::Needs;

use crate::process;
use crate::report::Failure;

/// Files in an error message, one per line: the first ones, and how many more there are.
pub(super) fn listed(files: &[impl AsRef<Path>]) -> String {
    const SHOWN: usize = 8;
    let mut lines: Vec<String> =
        files.iter().take(SHOWN).map(|file| format!("  {}", file.as_ref().display())).collect();
    if files.len() > SHOWN {
        lines.push(format!("  and {} more", files.len() - SHOWN));
    }
    lines.join("\n")
}

pub(super) struct WorkingTree<'a> {
    root: &'a Path,
}

impl<'a> WorkingTree<'a> {
    /// # Errors
    /// The folder is not in a repository, so deleted files could not be restored.
    pub(super) fn open(root: &'a Path) -> Result<Self> {
        if process::git_commit(root, "HEAD").is_none() {
            let message = format!("`{}` is not in a git repository with a commit", root.display());
            let hint =
                "clone the repository; or run `git init`, `git add --all` and `git commit`, so that nothing is lost";
            return Err(Failure::new(message).hint(hint).into());
        }
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Path {
        self.root
    }

    /// The contents of a file; `None` if it does not exist.
    pub(super) fn contents(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        let whole = self.root.join(path);
        match whole.symlink_metadata() {
            Err(_) => Ok(None),
            Ok(_) => regular_file::read(&whole).map(Some).with_context(|| format!("`{}`", whole.display())),
        }
    }

    /// Creates a branch and switches to it.
    pub(super) fn create_branch(&self, name: &str) -> Result<()> {
        self.git(&["switch", "--quiet", "--create", name], &[] as &[&Path])
            .map(drop)
            .with_context(|| format!("could not create the branch `{name}`; `--branch NAME` chooses another one"))
    }

    /// Stages files, including deleted ones.
    pub(super) fn stage(&self, paths: &[&Path]) -> Result<()> {
        // The repository may ignore a file that the tool needs. In several commands, because the length of a command
        // line is limited.
        paths.chunks(200).try_for_each(|paths| self.git(&["add", "--all", "--force"], paths).map(drop))
    }

    /// The difference between the folders `a` and `b` in a folder, for `git apply`.
    pub(super) fn patch(folder: &Path) -> Result<Vec<u8>> {
        let shell = process::shell(folder)?;
        let arguments = ["diff", "--no-index", "--no-prefix", "--binary", "--no-color", "a", "b"];
        // It exits 1 if they differ.
        let command = process::command(&shell, &process::find("git")?, Needs::Tool).args(arguments).ignore_status();
        Ok(command.output()?.stdout)
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
        let names: Vec<&str> = changed.iter().map(|line| line.get(3..).unwrap_or(line)).collect();
        let message = format!("files that would be replaced have uncommitted changes:\n{}", listed(&names));
        Err(Failure::new(message).hint("commit them, or put them aside: `git stash --include-untracked`").into())
    }

    /// The lines of a git command that end with a NUL.
    fn read(&self, arguments: &[&str], paths: &[PathBuf]) -> Result<Vec<String>> {
        Ok(self.git(arguments, paths)?.split('\0').filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
    fn git(&self, arguments: &[&str], paths: &[impl AsRef<Path>]) -> Result<String> {
        let shell = process::shell(self.root)?;
        let command = process::command(&shell, &process::find("git")?, Needs::Tool).args(arguments).arg("--");
        Ok(command.args(paths.iter().map(AsRef::as_ref)).read()?)
    }
}
