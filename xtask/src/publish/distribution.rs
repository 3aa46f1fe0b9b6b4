//! The built page.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::report::Failure;

/// The size of each file of a built page, by relative path.
///
/// # Errors
/// The folder has no `index.html`.
pub(super) fn built(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let files = files(folder)?;
    match files.contains_key("index.html") {
        true => Ok(files),
        false => {
            Err(Failure::new(format!("`{}` has no `index.html`: it is not a built page", folder.display())).into())
        }
    }
}

/// The size of each file below a folder, by relative path.
pub(super) fn files(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let (mut folders, mut files) = (vec![folder.to_owned()], BTreeMap::new());
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).with_context(|| format!("`{}`", current.display()))? {
            let path = entry?.path();
            // Follows symbolic links: their targets are published.
            let metadata = fs::metadata(&path).with_context(|| format!("`{}`", path.display()))?;
            if metadata.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder)?.display().to_string(), metadata.len());
            }
        }
    }
    Ok(files)
}
