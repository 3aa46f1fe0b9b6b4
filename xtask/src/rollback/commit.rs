//! Commits, as git has them.

use std::path::Path;

use anyhow::{Context as _, Result};
use cluster::Needs;
use revision::{Files, RevisionFile, Revisions};

use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// How many characters of a commit's id are shown.
const SHORT: usize = 10;

/// A commit.
pub(super) struct Commit {
    /// The full id.
    pub(super) id: String,
    /// The first line of the message.
    subject: String,
}

impl Commit {
    /// The commit that a name refers to.
    ///
    /// # Errors
    /// This clone does not have it.
    pub(super) fn find(context: &Context, name: &str) -> Result<Self> {
        let id = process::git_commit(&context.root, name).ok_or_else(|| {
            let hint = "nothing was changed; `git fetch --all` gets the commits of the repository";
            Failure::new(format!("this clone has no commit `{name}`")).hint(hint)
        })?;
        let subject = process::git_subject(&context.root, &id).unwrap_or_default();
        Ok(Self { id, subject })
    }

    /// Whether the other commit has this one in its history, and is another one.
    pub(super) fn is_before(&self, context: &Context, other: &str) -> bool {
        self.id != other && process::git_contains(&context.root, other, &self.id)
    }

    /// How many commits the other one has more.
    pub(super) fn distance(&self, context: &Context, other: &str) -> Result<usize> {
        let count = text(context, &["rev-list", "--count", &format!("{}..{other}", self.id)], "")?;
        count.trim().parse().context("`git rev-list --count` prints a number")
    }

    /// Whether it has a file.
    pub(super) fn has(&self, context: &Context, path: &str) -> bool {
        git(context, &["cat-file", "-e", &format!("{}:{path}", self.id)], "").is_ok()
    }

    /// Its revisions.
    pub(super) fn revisions(&self, context: &Context) -> Result<Revisions> {
        let folder = context.config.versions().display().to_string();
        // `MODE blob ID\tPATH`
        let listed = text(context, &["ls-tree", "-r", "-z", &self.id, "--", &format!("{folder}/")], "")?;
        let entries: Vec<(&str, &str)> = listed
            .split('\0')
            .filter_map(|entry| entry.split_once('\t'))
            .filter(|(_, path)| path.ends_with(".sql"))
            .filter_map(|(head, path)| Some((head.rsplit(' ').next()?, path)))
            .collect();
        let ids: Vec<&str> = entries.iter().map(|(id, _)| *id).collect();
        let contents = git(context, &["cat-file", "--batch"], &ids.join("\n"))?;
        let mut rest = contents.as_slice();
        let mut files = Vec::new();
        for (_, path) in entries {
            let (content, after) = blob(rest).context("`git cat-file --batch` prints every file")?;
            files.push(RevisionFile::in_memory(Path::new(path), content));
            rest = after;
        }
        match files.is_empty() {
            true => Ok(Revisions::new(Vec::new())?),
            false => Ok(Revisions::read(&files.into_iter().collect::<Files>())?),
        }
    }

    /// The beginning of its id.
    pub(super) fn short(&self) -> &str {
        self.id.get(..SHORT).unwrap_or(&self.id)
    }
}

impl std::fmt::Display for Commit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.short(), self.subject)
    }
}

/// The first file of `ID blob SIZE\nCONTENT\n…`, and the rest.
fn blob(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let size: usize = std::str::from_utf8(&text[..end]).ok()?.rsplit(' ').next()?.parse().ok()?;
    let (content, rest) = text[end + 1..].split_at_checked(size)?;
    Some((content, rest.get(1..)?))
}

fn text(context: &Context, arguments: &[&str], input: &str) -> Result<String> {
    Ok(String::from_utf8_lossy(&git(context, arguments, input)?).into_owned())
}

fn git(context: &Context, arguments: &[&str], input: &str) -> Result<Vec<u8>> {
    let (git, shell) = (process::find("git")?, process::shell(&context.root)?);
    let command = process::command(&shell, &git, Needs::Tool).args(arguments).stdin(input).ignore_stderr();
    Ok(command.output().with_context(|| format!("`git {}` failed", arguments.join(" ")))?.stdout)
}

#[cfg(test)]
mod tests {
    use super::blob;

    #[test]
    fn reads_one_file_after_the_other() {
        let (first, rest) = blob(b"1a blob 3\na\nb\n2b blob 0\n\n").expect("there is one");
        assert_eq!(first, b"a\nb");
        assert_eq!(blob(rest), Some((&b""[..], &b""[..])));
        assert_eq!(blob(b""), None);
        assert_eq!(blob(b"1a missing\n"), None);
        assert_eq!(blob(b"1a blob 9\nab\n"), None);
    }
}
