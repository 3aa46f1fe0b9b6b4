//! Files that other programs write as JSON.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// Reads a JSON file. The error names it.
pub(crate) fn read(path: &Path) -> Result<Value> {
    let text = regular_file::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` is not JSON", path.display()))
}
