//! The Gen 2 project in `amplify/`: what must be right before `ampx` may deploy it.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::json_file;
use crate::report::Failure;

/// The oldest `@aws-amplify/backend` that synthesizes when the current `ampx` asks for it. An older one ignores that, and
/// `ampx` deploys what is in `.amplify/artifacts`, and exits 0.
const OLDEST_BACKEND: (u32, u32) = (1, 15);

const BACKEND: &str = "@aws-amplify/backend";
const CLI: &str = "@aws-amplify/backend-cli";

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
    let path = root.join("amplify/package-lock.json");
    if !path.exists() {
        let hint = format!("`npm install --prefix amplify --save-exact {BACKEND} {CLI}` writes it; commit it");
        return Err(Failure::new(
            "`amplify/package-lock.json` is missing: the versions of `ampx` and of the CDK are not pinned",
        )
        .hint(hint)
        .into());
    }
    let lock = json_file::read(&path)?;
    let version = |name: &str| -> Result<String> {
        let version = lock["packages"][format!("node_modules/{name}")]["version"].as_str();
        let hint = || format!("run `npm install --prefix amplify --save-exact {name}`");
        Ok(version
            .ok_or_else(|| Failure::new(format!("`amplify/package-lock.json` has no `{name}`")).hint(hint()))?
            .to_owned())
    };
    let (backend, cli) = (version(BACKEND)?, version(CLI)?);
    let mut parts = backend.split('.').map(|part| part.parse().unwrap_or(0));
    if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < OLDEST_BACKEND {
        let (major, minor) = OLDEST_BACKEND;
        let message = format!(
            "`{BACKEND}` {backend} is too old for `{CLI}` {cli}: `ampx` would deploy an old backend, and exit 0"
        );
        let hint = format!(
            "version {major}.{minor} or later is required: `npm install --prefix amplify --save-exact {BACKEND}`"
        );
        return Err(Failure::new(message).hint(hint).into());
    }
    Ok(format!("backend {backend}, backend-cli {cli}"))
}

/// Whether `ampx` checks the types of the backend. A project in JavaScript has none.
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
