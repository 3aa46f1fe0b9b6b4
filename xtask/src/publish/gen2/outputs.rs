//! `amplify_outputs.json`: what the backend tells the page. `ampx` writes it into the root of the checkout.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::json_file;

const FILE: &str = "amplify_outputs.json";

/// Deletes what an earlier run has left, which would be that of another backend.
pub(super) fn delete_earlier(root: &Path) -> Result<()> {
    let path = root.join(FILE);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not delete `{}`", path.display()))
        }
        _ => Ok(()),
    }
}

/// The URL of the API: the output `custom.api`. None if the backend has no API.
pub(super) fn api(root: &Path) -> Result<Option<String>> {
    let outputs = json_file::read(&root.join(FILE)).context("`ampx` wrote no outputs of the backend")?;
    Ok(outputs["custom"]["api"].as_str().map(str::to_owned))
}
