//! `xtask/folders.toml`: which paths belong to the tool and which to the team.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{copy_checkout, root, sample};

#[derive(Deserialize)]
pub(crate) struct Folders {
    pub(crate) team: Owned,
    pub(crate) tool: Owned,
}

#[derive(Deserialize)]
pub(crate) struct Owned {
    /// From the root of the checkout.
    pub(crate) paths: Vec<String>,
}

impl Folders {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(root().join("xtask/folders.toml")).expect("can read the file");
        toml::from_str(&text).expect("it has two lists of paths")
    }
}

/// Replaces the team's paths in a copy of this checkout with those of the sample, and the buildspecs, which a team may
/// change.
pub(crate) fn lay_sample(directory: &Path) {
    for path in Folders::read().team.paths.iter().map(String::as_str).chain(["buildspec"]) {
        let path = directory.join(path);
        if path.is_dir() {
            fs::remove_dir_all(path).expect("can delete the folder");
        } else if path.exists() {
            fs::remove_file(path).expect("can delete the file");
        }
    }
    copy_checkout(&sample(), directory);
}
