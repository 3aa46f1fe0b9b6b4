//! `cargo xtask buildspec`: checks the files in `buildspec/` against CodeBuild's reference, and runs them as its agent does.

mod batch;
mod check;
mod reference;
mod run;
mod runtime;
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
use check::Surroundings;
use runtime::Image;
use yaml::{Problem, YamlNode};

pub(crate) fn run(context: &Context, command: &BuildspecCommand) -> Result<()> {
    match command {
        BuildspecCommand::Check { files } => check(context, files),
        BuildspecCommand::Run { name } => {
            let path = find(context, name)?;
            let (file, problems) = read(context, &path)?;
            report(context, &path, &problems);
            let file = file.filter(|_| problems.is_empty());
            run::run(context, name, &file.ok_or_else(|| Failure::new("CodeBuild would reject this file"))?)
        }
    }
}

/// The path of a buildspec, given by name or path.
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
    let hint = format!("the buildspecs are: {}", names.join(", "));
    Err(Failure::new(format!("there is no buildspec `{name}`")).hint(hint).code(2).into())
}

fn check(context: &Context, named: &[PathBuf]) -> Result<()> {
    let files = if named.is_empty() { files(context)? } else { named.to_vec() };
    let mut count = 0;
    for path in &files {
        let (_, problems) = read(context, path)?;
        report(context, path, &problems);
        count += problems.len();
    }
    match count {
        0 => {
            let names: Vec<String> = files.iter().map(|path| context.shorten(path).display().to_string()).collect();
            context.report.message(format!("no problems in {}", names.join(", ")));
            Ok(())
        }
        1 => Err(Failure::new("1 problem").into()),
        _ => Err(Failure::new(format!("{count} problems")).into()),
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

/// Reads a buildspec and checks it.
fn read(context: &Context, path: &Path) -> Result<(Option<YamlNode>, Vec<Problem>)> {
    let text = regular_file::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
    let image = Image::read()?;
    let rust = toolchain::version(&context.root)?;
    let surroundings =
        Surroundings { image: &image, rust: rust.as_deref(), isolated_in: isolated_environment(context, path) };
    Ok(match yaml::parse(&text) {
        Ok(file) => {
            let problems = check::check(&file, &surroundings);
            (Some(file), problems)
        }
        Err(problem) => (None, vec![problem]),
    })
}

/// The buildspecs that run in the private subnets; `infra/src/pipeline.ts` decides it.
const IN_VPC: [&str; 2] = ["database.yml", "fleet.yml"];

/// An environment in which the build of a file has no internet access.
fn isolated_environment<'a>(context: &'a Context, path: &Path) -> Option<&'a str> {
    let is_in_vpc = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| IN_VPC.contains(&name));
    let mut environments = context.config.infra.environments.iter().filter(|_| is_in_vpc);
    environments.find(|(_, environment)| environment.is_isolated()).map(|(name, _)| name.as_str())
}

fn report(context: &Context, path: &Path, problems: &[Problem]) {
    let path = context.shorten(path);
    for Problem { line, column, message } in problems {
        if context.report.is_json() {
            context.report.json(&json!({"path": path, "line": line, "column": column, "message": message}));
        } else {
            context.report.data(format!("{}:{line}:{column}: {message}", path.display()));
        }
    }
}
