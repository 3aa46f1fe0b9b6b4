//! The tool's files as a repository gets them: those that name its front end, its package manager or its own crates.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::tool::Tool;
use super::working_tree::WorkingTree;
use crate::package_manager::{Lock, PackageManager};

const IGNORED: &str = ".gitignore";
const CARGO: &str = "Cargo.toml";

/// Lines of the tool's `.gitignore` that another repository does not get: they would hide files of its own.
const GENERIC: [&str; 2] = ["build/", "dist/"];

/// The buildspecs that install packages.
const INSTALLING: [&str; 2] = ["buildspec/publish.yml", "buildspec/verify.yml"];

/// What differs between repositories.
pub(super) struct Adaptation {
    /// The folder of the front end, from the root.
    front_end: PathBuf,
    manager: PackageManager,
    /// The folders of the repository's own crates.
    pub(super) crates: Vec<PathBuf>,
}

impl Adaptation {
    /// Of a repository. `is_tools` are the files that the tool has there.
    pub(super) fn of(tree: &WorkingTree<'_>, front_end: &Path, is_tools: impl Fn(&Path) -> bool) -> Result<Self> {
        let manager = Lock::of(&tree.root().join(front_end), tree.root())?.manager;
        let manifests = tree.tracked(&[])?.into_iter().filter(|path| path.ends_with(CARGO) && !is_tools(path));
        let mut crates: Vec<PathBuf> = Vec::new();
        // Sorted, a folder precedes those below it, which cargo excludes with it.
        for folder in manifests.filter_map(|path| path.parent().map(Path::to_owned)) {
            if !folder.as_os_str().is_empty() && !crates.iter().any(|above| folder.starts_with(above)) {
                crates.push(folder);
            }
        }
        Ok(Self { front_end: front_end.to_owned(), manager, crates })
    }

    /// The contents of a file of the tool.
    pub(super) fn contents(&self, tool: &Tool<'_>, path: &Path) -> Result<Vec<u8>> {
        let contents = tool.contents(path)?;
        let is = |name: &&str| path == Path::new(*name);
        let adapt: fn(&Self, &str) -> String = match () {
            () if is(&IGNORED) => Self::ignored,
            () if is(&CARGO) && !self.crates.is_empty() => Self::workspace,
            () if INSTALLING.iter().any(is) && self.manager != PackageManager::Npm => Self::buildspec,
            () => return Ok(contents),
        };
        let text = String::from_utf8(contents).with_context(|| format!("`{}` is not UTF-8", path.display()))?;
        Ok(adapt(self, &text).into_bytes())
    }

    fn ignored(&self, text: &str) -> String {
        let public = self.front_end.strip_prefix(".").unwrap_or(&self.front_end).join("public");
        let lines = text.lines().filter(|line| !GENERIC.contains(line)).map(|line| format!("{line}\n"));
        lines.collect::<String>().replace("/frontend/public/", &format!("/{}/", public.display()))
    }

    /// A crate below the tool's workspace has to be excluded from it, or cargo refuses to build the crate.
    fn workspace(&self, text: &str) -> String {
        let folders = self.crates.iter().map(|folder| format!(", {}", quoted(folder)));
        let line = |line: &str| match line.strip_prefix("exclude = [").and_then(|rest| rest.strip_suffix(']')) {
            Some(excluded) => format!("exclude = [{excluded}{}]\n", folders.clone().collect::<String>()),
            None => format!("{line}\n"),
        };
        text.lines().map(line).collect()
    }

    /// The images of CodeBuild have npm; corepack installs pnpm and Yarn.
    fn buildspec(&self, text: &str) -> String {
        let build = "\n  build:\n";
        text.replacen(build, &format!("\n    commands:\n      - corepack enable{build}"), 1)
    }
}

/// A path as a TOML string, whose escapes are those of JSON.
pub(super) fn quoted(path: &Path) -> String {
    Value::String(path.display().to_string()).to_string()
}
