//! `amplify_outputs.json`: what the backend tells the page. `ampx` writes it into the root of the checkout.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::json_file;

pub(super) const FILE: &str = "amplify_outputs.json";

/// The URL of the API: the output `custom.api`. None if the backend has no API.
pub(super) fn api(root: &Path) -> Result<Option<String>> {
    let outputs = json_file::read(&root.join(FILE)).context("`ampx` wrote no outputs of the backend")?;
    Ok(outputs["custom"]["api"].as_str().map(str::to_owned))
}
