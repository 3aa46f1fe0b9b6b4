//! `init --empty`: the team's folders, with a small new application instead of the sample.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::change::{delete, write};
use super::folders::Folders;
use super::template;
use super::working_tree::WorkingTree;
use crate::config::ProjectName;
use crate::context::Context;
use crate::report::counted;

pub(super) fn run(context: &Context, name: &ProjectName, is_dry_run: bool) -> Result<()> {
    let team = Folders::read(&context.root)?.team.paths;
    let tree = WorkingTree::open(&context.root)?;
    tree.check_is_committed(&team, "files that would be replaced")?;
    let files = template::files(&context.root, name)?;
    let deleted: Vec<PathBuf> = tree.tracked(&team)?.into_iter().filter(|path| !files.contains_key(path)).collect();
    let report = &context.report;
    for (part, deleted, written) in by_part(&team, &deleted, &files) {
        let verb = if is_dry_run { "would be " } else { "" };
        report.message(format!(
            "{}: {} {verb}deleted, {} {verb}written",
            part.display(),
            counted(deleted, "file"),
            counted(written, "file")
        ));
    }
    if is_dry_run {
        return Ok(());
    }
    for path in &deleted {
        delete(&context.root, path)?;
    }
    for (path, text) in &files {
        write(&context.root.join(path), text.as_bytes())?;
    }
    let ProjectName(name) = name;
    report.message(format!("`{name}` is ready. Next:"));
    NEXT.into_iter().for_each(|line| report.message(line));
    Ok(())
}

/// The next steps, with their purpose. The embedded database may have the sample's tables.
const NEXT: [&str; 6] = [
    "  `cargo xtask db reset` creates the development database again, with the table `notes`",
    "  `cargo xtask db dump` writes db/schema.sql, for reviews",
    "  `cargo xtask dev` serves the page and the API",
    "  `cargo xtask test lint db buildspec frontend functions` tests them",
    "  `git add --all` and `git commit`",
    "  `cargo xtask db new -m MESSAGE` creates a revision; README.md describes what comes after it",
];

/// How many files of each of the team's folders are deleted and written.
fn by_part<'a>(
    team: &'a [PathBuf],
    deleted: &[PathBuf],
    written: &BTreeMap<PathBuf, String>,
) -> Vec<(&'a Path, usize, usize)> {
    let counted = team.iter().map(|part| {
        let deleted = deleted.iter().filter(|path| path.starts_with(part)).count();
        (part.as_path(), deleted, written.keys().filter(|path| path.starts_with(part)).count())
    });
    counted.filter(|(_, deleted, written)| deleted + written > 0).collect()
}
