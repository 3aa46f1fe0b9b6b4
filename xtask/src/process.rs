//! Finding and running other programs. The error for a missing program includes how to install it. Programs get only
//! the variables that they need. Secrets are passed in the environment, never as arguments.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::Needs;
use xshell::{Cmd, Shell};

use crate::report::Failure;

/// How to install the programs that tasks run.
const INSTALL: [(&str, &str); 14] = [
    ("aws", "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"),
    ("cargo", "https://rustup.rs"),
    ("chromium", "`apt-get install chromium`, or https://www.google.com/chrome"),
    ("curl", "`apt-get install curl`, or https://curl.se/download.html"),
    ("docker", "https://docs.docker.com/engine/install"),
    ("git", "`apt-get install git`, or https://git-scm.com"),
    ("node", "https://nodejs.org"),
    ("npm", "https://nodejs.org"),
    ("pgbench", "`apt-get install postgresql`, or `brew install postgresql`"),
    ("pnpm", "`npm install --global pnpm`, or https://pnpm.io"),
    ("psql", "`apt-get install postgresql-client`, or `brew install libpq`"),
    ("python3", "`apt-get install python3-venv`, or https://www.python.org"),
    (
        "session-manager-plugin",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
    ),
    ("yarn", "`npm install --global yarn`, or https://yarnpkg.com"),
];

/// The path of a program.
pub(crate) fn find(program: &str) -> Result<PathBuf> {
    which::which(program).map_err(|_| {
        let hint = format!("install it: {}", how_to_install(program));
        Failure::new(format!("`{program}` is not installed")).hint(hint).into()
    })
}

/// How to install a program.
pub(crate) fn how_to_install(program: &str) -> &'static str {
    INSTALL.iter().find(|(name, _)| *name == program).map_or("put it on PATH", |(_, how)| how)
}

/// The version that a program prints: the first word that starts with a digit. `None` if the program fails.
pub(crate) fn version(program: &Path, arguments: &[&str]) -> Option<String> {
    let shell = Shell::new().ok()?;
    let text = command(&shell, program, Needs::Tool).args(arguments).ignore_stderr().read().ok()?;
    let begins = |word: &&str| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let name = |word: &str| word.trim_start_matches('v').to_owned();
    // `aws-cli/2.1.0 Python/3.11`
    text.split([' ', '/', '\n']).find(begins).map(name)
}

/// A command that has not run yet, with the variables that it needs. xshell's echo is off, because only `report.rs` prints.
pub(crate) fn command<'shell>(shell: &'shell Shell, program: &Path, needs: Needs) -> Cmd<'shell> {
    shell.cmd(program).quiet().env_clear().envs(needs.variables())
}

/// A command with the whole environment: for programs that the user chose to run (an editor, a buildspec, psql, the
/// tests), and for this program itself.
pub(crate) fn inherit(program: &Path) -> Command {
    Command::new(program)
}

/// Like [`inherit`], for xshell.
pub(crate) fn inherit_in<'shell>(shell: &'shell Shell, program: &Path) -> Cmd<'shell> {
    shell.cmd(program).quiet()
}

/// xshell's shell in a directory.
pub(crate) fn shell(directory: &Path) -> Result<Shell> {
    let shell = Shell::new().context("a shell")?;
    shell.change_dir(directory);
    Ok(shell)
}

/// Whether there is a Python that can create a virtual environment.
pub(crate) fn has_python_venv() -> bool {
    let import = |python: PathBuf| {
        let shell = Shell::new().ok()?;
        command(&shell, &python, Needs::Tool).args(["-c", "import venv, ensurepip"]).ignore_stderr().read().ok()
    };
    find("python3").ok().and_then(import).is_some()
}

/// What git prints in a directory; `None` if it fails, for example because there is no repository.
fn git(directory: &Path, arguments: &[&str]) -> Option<String> {
    let (git, shell) = (find("git").ok()?, shell(directory).ok()?);
    command(&shell, &git, Needs::Tool).args(arguments).ignore_stderr().read().ok()
}

/// The commit that a name such as `HEAD` refers to in a directory; `None` if git does not know it, or there is no
/// repository.
pub(crate) fn git_commit(directory: &Path, name: &str) -> Option<String> {
    git(directory, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])
}

/// The author of a commit; `None` if git does not know it.
pub(crate) fn git_author(directory: &Path, commit: &str) -> Option<String> {
    let show = ["show", "--no-patch", "--format=%an", "--end-of-options", commit];
    git(directory, &show).filter(|author| !author.is_empty())
}

/// The first line of a commit's message; `None` if git does not know it.
pub(crate) fn git_subject(directory: &Path, commit: &str) -> Option<String> {
    git(directory, &["show", "--no-patch", "--format=%s", "--end-of-options", commit])
}

/// The branch that is checked out in a directory; `None` if there is none, or no repository.
pub(crate) fn git_branch(directory: &Path) -> Option<String> {
    git(directory, &["symbolic-ref", "--quiet", "--short", "HEAD"])
}

/// Whether a commit contains another one; false if git does not know one of them.
pub(crate) fn git_contains(directory: &Path, commit: &str, other: &str) -> bool {
    git(directory, &["merge-base", "--is-ancestor", "--end-of-options", other, commit]).is_some()
}

/// Those of these files that git does not have as they are; none if the directory is not in a repository.
pub(crate) fn uncommitted(directory: &Path, files: &[&Path]) -> Vec<String> {
    let status = || {
        let (git, shell) = (find("git").ok()?, shell(directory).ok()?);
        let names = files.iter().filter_map(|file| file.file_name());
        let status = command(&shell, &git, Needs::Tool)
            .args(["-c", "core.quotePath=false", "status", "--porcelain", "--untracked-files=all", "--"])
            .args(names);
        status.ignore_stderr().read().ok()
    };
    let name = |line: &str| line.get(2..).unwrap_or_default().trim().to_owned();
    status().unwrap_or_default().lines().map(name).collect()
}

/// Whether a commit has a file.
pub(crate) fn git_has_file(directory: &Path, commit: &str, file: &Path) -> bool {
    let has = || {
        let (git, shell) = (find("git").ok()?, shell(directory).ok()?);
        let object = format!("{commit}:./{}", file.file_name()?.to_str()?);
        command(&shell, &git, Needs::Tool).args(["cat-file", "-e", &object]).ignore_stderr().run().ok()
    };
    has().is_some()
}

/// Whether tracked files have uncommitted changes.
pub(crate) fn has_changes(directory: &Path) -> bool {
    let changed = || {
        let (git, shell) = (find("git").ok()?, shell(directory).ok()?);
        command(&shell, &git, Needs::Tool)
            .args(["status", "--porcelain", "--untracked-files=no"])
            .ignore_stderr()
            .read()
            .ok()
    };
    changed().is_some_and(|files| !files.is_empty())
}
