//! `init --into`: adds the tool to a repository, and changes no existing file except `.gitignore` and `.gitattributes`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::adaptation::Adaptation;
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
pub(super) const MERGED: [&str; 2] = [".gitignore", ".gitattributes"];

/// Files about the tool of which a repository may have its own, which are kept.
const OPTIONAL: [&str; 5] = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE-APACHE", "LICENSE-MIT"];

const SETTINGS: &str = "xtask.toml";

/// The folder that cargo writes.
const WRITTEN: &str = "target";

/// Files of a team that belong in commits.
const IGNORABLE: [&str; 4] = ["db/versions/revision.sql", "db/objects/object.sql", "db/seeds.sql", "db/schema.sql"];

pub(super) fn run(context: &Context, directory: &Path, name: &ProjectName, arguments: &InitArguments) -> Result<()> {
    let report = &context.report;
    let tool = Tool::read(&context.root)?;
    tool.check_is_elsewhere(directory)?;
    let tree = WorkingTree::open(directory)?;
    tree.check_is_root()?;
    tree.check_is_committed(&[], "files of the repository")?;
    let front_end = FrontEnd::find(&tree, arguments.frontend.as_deref())?;
    report.message(format!(
        "front end: `{}`, built by `{} run build`{}",
        front_end.directory.display(),
        front_end.manager.program(),
        front_end.output.map_or_else(String::new, |output| format!(" into `{output}`"))
    ));
    report.message(format!("backend: {}", publish::describe_backend(directory)));
    let adaptation = Adaptation::of(&tree, &front_end.directory, |_| false)?;
    let change = change(&tool, &tree, name, &front_end, &adaptation, context)?;
    advise(&tool, &tree, &adaptation, context)?;
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
    adaptation: &Adaptation,
    context: &Context,
) -> Result<Change> {
    let (mut change, mut installed) = (Change::default(), Installed::default());
    let mut conflicts = Vec::new();
    for path in &tool.files {
        if let Some(other) = tree.blocked(path) {
            conflicts.push(other);
            continue;
        }
        let contents = adaptation.contents(tool, path)?;
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
    // What commands of the tool write, and git ignores then.
    conflicts.extend(tree.tracked(&[PathBuf::from(WRITTEN)])?);
    conflicts.dedup();
    check(&conflicts)?;
    let settings = template::settings(&context.root, name, &front_end.directory, front_end.output)?;
    change.write(Path::new(SETTINGS), settings.into_bytes());
    change.write(Path::new(installed::FILE), installed.to_text(&tool.commit).into_bytes());
    Ok(change)
}

/// # Errors
/// The repository has files at the paths of the tool's files.
fn check(conflicts: &[PathBuf]) -> Result<()> {
    if conflicts.is_empty() {
        return Ok(());
    }
    let message = format!("the repository has files that the tool needs to write:\n{}", listed(conflicts));
    let hint = match conflicts.iter().any(|path| path == Path::new("Cargo.toml")) {
        true => {
            "nothing was changed; the tool's Cargo workspace is in the root: move yours to a folder, such as `rust`, which is then excluded from it"
        }
        false => "nothing was changed; move or rename them first",
    };
    Err(Failure::new(message).hint(hint).into())
}

/// Says what the tool's files mean for those that are there.
fn advise(tool: &Tool<'_>, tree: &WorkingTree<'_>, adaptation: &Adaptation, context: &Context) -> Result<()> {
    let report = &context.report;
    for folder in &adaptation.crates {
        report.message(format!(
            "excludes your `{}` from the tool's Cargo workspace; rust-toolchain.toml applies there too, unless it has its own",
            folder.display()
        ));
    }
    let present: Vec<&Path> = tool.team.iter().map(PathBuf::as_path).filter(|path| path.starts_with("db")).collect();
    for path in present.into_iter().filter(|path| tree.root().join(path).exists()) {
        report.warn(format!(
            "your `{}` is where the tool has its own: see xtask/folders.toml, and move yours if it is something else",
            path.display()
        ));
    }
    for path in tree.ignored(&IGNORABLE)? {
        report.warn(format!("your `.gitignore` ignores `{path}`: git would leave such files out of commits"));
    }
    if tree.contents(Path::new("package.json"))?.is_some() {
        report.message(format!(
            "linters, formatters and tests that you run in the root read the tool's folders too: exclude {}",
            tool.code_folders().join(", ")
        ));
    }
    Ok(())
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
