//! `cargo xtask buildspec`: the files of `buildspec/`, checked against CodeBuild's reference and run as its agent does.

mod check;
mod reference;
mod run;
mod secret;
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::cli::BuildspecCommand;
use crate::context::Context;
use crate::report::Failure;
use crate::toolchain;
use yaml::{Problem, YamlNode};

pub(crate) fn run(context: &Context, command: &BuildspecCommand) -> Result<()> {
    match command {
        BuildspecCommand::Check { files } => check(context, files),
        BuildspecCommand::Run { name } => {
            let path = find(context, name)?;
            let (file, problems) = read(&path, toolchain::version(&context.root)?.as_deref())?;
            tell(context, &path, &problems);
            let file = file.filter(|_| problems.is_empty());
            run::run(context, name, &file.ok_or_else(|| Failure::new("CodeBuild would not take it"))?)
        }
    }
}

/// The file of a name, or the file itself.
fn find(context: &Context, name: &str) -> Result<PathBuf> {
    let path = match name.ends_with(".yml") {
        true => PathBuf::from(name),
        false => context.root.join("buildspec").join(format!("{name}.yml")),
    };
    if path.exists() {
        return Ok(path);
    }
    let files = files(context)?;
    let names: Vec<&str> = files.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
    let hint = format!("there are: {}", names.join(", "));
    Err(Failure::new(format!("there is no buildspec `{name}`")).hint(hint).code(2).into())
}

fn check(context: &Context, named: &[PathBuf]) -> Result<()> {
    let files = if named.is_empty() { files(context)? } else { named.to_vec() };
    let rust = toolchain::version(&context.root)?;
    let mut wrong = 0;
    for path in &files {
        let (_, problems) = read(path, rust.as_deref())?;
        tell(context, path, &problems);
        wrong += problems.len();
    }
    match wrong {
        0 => {
            let names: Vec<String> = files.iter().map(|path| context.shorten(path).display().to_string()).collect();
            context.report.talk(format!("nothing wrong: {}", names.join(", ")));
            Ok(())
        }
        1 => Err(Failure::new("1 thing is wrong").into()),
        _ => Err(Failure::new(format!("{wrong} things are wrong")).into()),
    }
}

/// The buildspecs of this monorepo, by name.
fn files(context: &Context) -> Result<Vec<PathBuf>> {
    let folder = context.root.join("buildspec");
    let entries = fs::read_dir(&folder).with_context(|| format!("`{}`", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yml"));
    files.sort();
    Ok(files)
}

/// A buildspec with all that is wrong with it, if `rust` is what `rust-toolchain.toml` names.
fn read(path: &Path, rust: Option<&str>) -> Result<(Option<YamlNode>, Vec<Problem>)> {
    let text = fs::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
    Ok(match yaml::parse(&text) {
        Ok(file) => {
            let problems = check::check(&file, rust);
            (Some(file), problems)
        }
        Err(problem) => (None, vec![problem]),
    })
}

fn tell(context: &Context, path: &Path, problems: &[Problem]) {
    let path = context.shorten(path);
    for Problem { line, column, message } in problems {
        if context.report.is_json() {
            context.report.json(&json!({"path": path, "line": line, "column": column, "message": message}));
        } else {
            context.report.data(format!("{}:{line}:{column}: {message}", path.display()));
        }
    }
}
