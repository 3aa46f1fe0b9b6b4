//! `init --update`: brings the tool in a repository to the version of this clone.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::change::Change;
use super::installed::{self, Installed};
use super::into::{MERGED, contents, merged};
use super::tool::Tool;
use super::working_tree::{WorkingTree, listed};
use crate::cli::InitArguments;
use crate::config::Config;
use crate::context::Context;
use crate::report::Failure;

/// The folder in which a team may change the tool's files; its changes are kept.
const CHANGEABLE: &str = "buildspec";

pub(super) fn run(context: &Context, directory: &Path, arguments: &InitArguments) -> Result<()> {
    let tool = Tool::read(&context.root)?;
    tool.check_is_elsewhere(directory)?;
    let tree = WorkingTree::open(directory)?;
    tree.check_is_committed(&[])?;
    let before = Installed::read(directory)?;
    let change = change(&tool, &tree, &before, context)?;
    if change.is_empty() {
        context.report.message("nothing to do: the tool is at this version");
        return Ok(());
    }
    match arguments.dry_run {
        true => change.show(context, &tree),
        false => change.apply(context, &tree, &arguments.branch),
    }
}

fn change(tool: &Tool<'_>, tree: &WorkingTree<'_>, before: &Installed, context: &Context) -> Result<Change> {
    let (mut change, mut after) = (Change::default(), Installed::default());
    let config = Config::load(&tree.root().join("xtask.toml"))?;
    let mut edited = Vec::new();
    for path in &tool.files {
        let contents = contents(tool, path, config.frontend.directory())?;
        let present = tree.contents(path)?;
        match present {
            Some(present) if MERGED.iter().any(|name| path == Path::new(name)) => {
                if let Some(merged) = merged(&present, &contents)? {
                    change.write(path, merged);
                }
            }
            Some(present) if before.is_unchanged(path, &present) => {
                after.add(path, &contents);
                if present != contents {
                    change.write(path, contents);
                }
            }
            // Already the same as in this version, or kept as the team's.
            Some(present) if present == contents => after.add(path, &contents),
            Some(_) if path.starts_with(CHANGEABLE) => {
                context.report.message(format!("keeps your `{}`: compare it with the new one", path.display()));
            }
            Some(_) if !before.paths().any(|written| written == path) => {
                context.report.message(format!("keeps your `{}`", path.display()));
            }
            Some(_) => edited.push(path.clone()),
            None => {
                after.add(path, &contents);
                change.write(path, contents);
            }
        }
    }
    for path in before.paths().filter(|path| !tool.files.iter().any(|file| file == path)) {
        match tree.contents(path)? {
            Some(present) if before.is_unchanged(path, &present) => change.delete(path),
            Some(_) => edited.push(path.to_owned()),
            None => {}
        }
    }
    check(&edited)?;
    let list = after.to_text(&tool.commit).into_bytes();
    if !change.is_empty() {
        change.write(Path::new(installed::FILE), list);
    }
    Ok(change)
}

/// # Errors
/// Files of the tool have been edited in the repository.
fn check(edited: &[PathBuf]) -> Result<()> {
    if edited.is_empty() {
        return Ok(());
    }
    let message = format!("files of the tool were edited in the repository:\n{}", listed(edited));
    let hint = "nothing was changed; move your changes to what is yours (ARCHITECTURE.md lists it), or undo them there: `git log -- FILE` shows them";
    Err(Failure::new(message).hint(hint).into())
}
