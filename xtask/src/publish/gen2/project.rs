//! The Gen 2 project in `amplify/`: checks before `ampx` may deploy it.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::json_file;
use crate::package_manager::PackageManager;
use crate::report::Failure;

/// The oldest `@aws-amplify/backend` that synthesizes when the current `ampx` requests it. An older one ignores the
/// request, and `ampx` deploys what is in `.amplify/artifacts`, and exits 0.
const OLDEST_BACKEND: (u32, u32) = (1, 15);

const BACKEND: &str = "@aws-amplify/backend";
const CLI: &str = "@aws-amplify/backend-cli";

/// The folder whose packages contain `ampx`: `amplify`, or the root, where `npm create amplify` puts them.
pub(super) fn folder(root: &Path) -> &'static str {
    let has_cli = |folder: &str| {
        let package = json_file::read(&root.join(folder).join("package.json"));
        package.is_ok_and(|package| declared(&package, CLI).is_some())
    };
    if !has_cli("amplify") && has_cli(".") { "." } else { "amplify" }
}

/// The version or version range of a package in a `package.json`.
fn declared<'a>(package: &'a Value, name: &str) -> Option<&'a str> {
    ["devDependencies", "dependencies"].iter().find_map(|kind| package[kind][name].as_str())
}

/// Checks everything that can be checked without AWS.
pub(super) fn check(root: &Path) -> Result<()> {
    packages(root)?;
    types(root).map(drop)
}

/// The versions of the pinned packages.
///
/// # Errors
/// There is no lockfile, it lacks a package, or a package is too old.
pub(super) fn packages(root: &Path) -> Result<String> {
    let folder = folder(root);
    let manager = PackageManager::of(&root.join(folder)).map_err(|_| {
        let hint = format!("`npm install --prefix {folder} --save-exact {BACKEND} {CLI}` writes it; commit it");
        Failure::new(format!(
            "`{folder}/package-lock.json` is missing: the versions of `ampx` and of the CDK are not pinned"
        ))
        .hint(hint)
    })?;
    // With another package manager's lockfile, only the ranges in `package.json` are read.
    let file = if manager == PackageManager::Npm { manager.lockfile() } else { "package.json" };
    let file = Path::new(folder).join(file);
    let pinned = json_file::read(&root.join(&file))?;
    let version = |name: &str| -> Result<String> {
        let version = match manager {
            PackageManager::Npm => pinned["packages"][format!("node_modules/{name}")]["version"].as_str(),
            _ => declared(&pinned, name),
        };
        let hint = || format!("run `npm install --prefix {folder} --save-exact {name}`");
        Ok(version
            .ok_or_else(|| Failure::new(format!("`{}` has no `{name}`", file.display())).hint(hint()))?
            .to_owned())
    };
    let (backend, cli) = (version(BACKEND)?, version(CLI)?);
    let numbers = backend.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = numbers.split('.').map(|part| part.parse().unwrap_or(0));
    if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < OLDEST_BACKEND {
        let (major, minor) = OLDEST_BACKEND;
        let message = format!(
            "`{BACKEND}` {backend} is too old for `{CLI}` {cli}: `ampx` would deploy an old backend, and exit 0"
        );
        let hint = format!(
            "version {major}.{minor} or later is required: `npm install --prefix {folder} --save-exact {BACKEND}`"
        );
        return Err(Failure::new(message).hint(hint).into());
    }
    Ok(format!("backend {backend}, backend-cli {cli}"))
}

/// Whether `ampx` checks the types of the backend. A JavaScript project has none.
///
/// # Errors
/// It would deploy type errors, and exit 0.
pub(super) fn types(root: &Path) -> Result<String> {
    if !root.join("amplify/backend.ts").exists() {
        return Ok("JavaScript".to_owned());
    }
    let path = root.join("amplify/tsconfig.json");
    if !path.exists() {
        let hint = "add one that sets `\"strict\": true`, as `npm create amplify@latest` does";
        return Err(Failure::new("`amplify/tsconfig.json` is missing: `ampx` would deploy type errors, and exit 0")
            .hint(hint)
            .into());
    }
    // TypeScript allows comments in this file, so it need not be JSON.
    let text = regular_file::read_to_string(&path).with_context(|| format!("`{}`", path.display()))?;
    let dense: String = text.split_whitespace().collect();
    match dense.contains("\"strict\":true") || dense.contains("\"extends\":") {
        true => Ok("strict".to_owned()),
        false => Err(Failure::new("`amplify/tsconfig.json` does not set `\"strict\": true`")
            .hint("without it, `ampx` deploys values that may be undefined")
            .into()),
    }
}
