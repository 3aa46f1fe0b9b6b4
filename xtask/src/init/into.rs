//! `init --into`: adds the tool to a repository, and changes no existing file except `.gitignore` and `.gitattributes`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::change::Change;
use super::front_end::FrontEnd;
use super::installed::{self, Installed};
use super::template;
use super::tool::Tool;
use super::working_tree::{WorkingTree, listed};
use crate::cli::InitArguments;
use crate::config::ProjectName;
use crate::context::Context;
use crate::publish;
use crate::report::Failure;

/// Files whose lines are added to those of the repository.
pub(super) const MERGED: [&str; 2] = [IGNORED, ".gitattributes"];

const IGNORED: &str = ".gitignore";

/// Files about the tool of which a repository may have its own, which are kept.
const OPTIONAL: [&str; 5] = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE-APACHE", "LICENSE-MIT"];

const SETTINGS: &str = "xtask.toml";

pub(super) fn run(context: &Context, directory: &Path, name: &ProjectName, arguments: &InitArguments) -> Result<()> {
    let report = &context.report;
    let tool = Tool::read(&context.root)?;
    tool.check_is_elsewhere(directory)?;
    let tree = WorkingTree::open(directory)?;
    tree.check_is_committed(&[])?;
    let front_end = FrontEnd::find(directory, arguments.frontend.as_deref())?;
    report.message(format!(
        "front end: `{}`, built by `{} run build`{}",
        front_end.directory.display(),
        front_end.manager.program(),
        front_end.output.map_or_else(String::new, |output| format!(" into `{output}`"))
    ));
    report.message(format!("backend: {}", publish::describe_backend(directory)));
    let change = change(&tool, &tree, name, &front_end, context)?;
    if arguments.dry_run {
        return change.show(context, &tree);
    }
    change.apply(context, &tree, &arguments.branch)?;
    if front_end.output.is_none() {
        report.warn(
            "set `output` in the section [frontend] of xtask.toml: package.json does not show what the build writes",
        );
    }
    report.message("Next, in that repository:");
    NEXT.into_iter().for_each(|line| report.message(line));
    Ok(())
}

/// The next steps, with their purpose.
const NEXT: [&str; 4] = [
    "  `git diff --cached --stat` lists the files; `git commit` commits them",
    "  `cargo xtask doctor` lists what is missing on this machine",
    "  `cargo xtask db revision -m 'create notes'` creates a first revision, `cargo xtask db upgrade` applies it",
    "  `cargo xtask test lint db buildspec frontend` runs the checks",
];

fn change(
    tool: &Tool<'_>,
    tree: &WorkingTree<'_>,
    name: &ProjectName,
    front_end: &FrontEnd,
    context: &Context,
) -> Result<Change> {
    let (mut change, mut installed) = (Change::default(), Installed::default());
    let mut conflicts = Vec::new();
    for path in &tool.files {
        let contents = contents(tool, path, &front_end.directory)?;
        let present = tree.contents(path)?;
        let is = |names: &[&str]| names.iter().any(|name| path == Path::new(name));
        match present {
            Some(present) if is(&MERGED) => {
                if let Some(merged) = merged(&present, &contents)? {
                    change.write(path, merged);
                    context.report.message(format!("adds lines to your `{}`", path.display()));
                }
            }
            Some(_) if is(&OPTIONAL) => context.report.message(format!("keeps your `{}`", path.display())),
            Some(_) => conflicts.push(path.clone()),
            None => {
                installed.add(path, &contents);
                change.write(path, contents);
            }
        }
    }
    if tree.contents(Path::new(SETTINGS))?.is_some() {
        conflicts.push(PathBuf::from(SETTINGS));
    }
    check(&conflicts)?;
    let settings = template::settings(&context.root, name, &front_end.directory, front_end.output)?;
    change.write(Path::new(SETTINGS), settings.into_bytes());
    change.write(Path::new(installed::FILE), installed.to_text(&tool.commit).into_bytes());
    Ok(change)
}

/// The contents of a file of the tool, for a repository with this folder of the front end.
pub(super) fn contents(tool: &Tool<'_>, path: &Path, front_end: &Path) -> Result<Vec<u8>> {
    let contents = tool.contents(path)?;
    if path != Path::new(IGNORED) {
        return Ok(contents);
    }
    let folder = front_end.strip_prefix(".").unwrap_or(front_end).join("public");
    let text = String::from_utf8(contents).context("`.gitignore` is not UTF-8")?;
    Ok(text.replace("/frontend/public/", &format!("/{}/", folder.display())).into_bytes())
}

/// # Errors
/// The repository has files at the paths of the tool's files.
fn check(conflicts: &[PathBuf]) -> Result<()> {
    if conflicts.is_empty() {
        return Ok(());
    }
    let message = format!("the repository has files that the tool needs to write:\n{}", listed(conflicts));
    Err(Failure::new(message).hint("nothing was changed; move or rename them first").into())
}

/// The text with the missing lines; `None` if no line is missing.
pub(super) fn merged(present: &[u8], added: &[u8]) -> Result<Option<Vec<u8>>> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).context("it is not UTF-8");
    let (present, added) = (text(present)?, text(added)?);
    let missing: Vec<&str> =
        added.lines().filter(|line| !line.is_empty() && !present.lines().any(|other| other == *line)).collect();
    if missing.iter().all(|line| line.starts_with('#')) {
        return Ok(None);
    }
    let separator = if present.is_empty() || present.ends_with('\n') { "" } else { "\n" };
    Ok(Some(format!("{present}{separator}{}\n", missing.join("\n")).into_bytes()))
}
