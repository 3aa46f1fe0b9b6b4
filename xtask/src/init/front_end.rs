//! The front end of a repository: its folder, its build, and the output folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::json_file;
use crate::package_manager::PackageManager;
use crate::report::{EXIT_USAGE, Failure};

const MANIFEST: &str = "package.json";

/// The default output folder of each build tool, by the package that a front end depends on.
const OUTPUTS: [(&str, &str); 4] =
    [("vite", "dist"), ("react-scripts", "build"), ("astro", "dist"), ("parcel", "dist")];

pub(super) struct FrontEnd {
    /// From the root of the repository; `.` is the root.
    pub(super) directory: PathBuf,
    pub(super) manager: PackageManager,
    /// `None` if the package does not specify it.
    pub(super) output: Option<&'static str>,
}

impl FrontEnd {
    /// The named folder, or the only one that can be built.
    ///
    /// # Errors
    /// There is none, or there are several; or its packages are not pinned by a lockfile.
    pub(super) fn find(root: &Path, named: Option<&Path>) -> Result<Self> {
        let directory = match named {
            Some(directory) => directory.to_owned(),
            None => only(candidates(root)?)?,
        };
        let path = root.join(&directory).join(MANIFEST);
        let package = json_file::read(&path).with_context(|| format!("`{}`", path.display()))?;
        if !has_build(&package) {
            let message = format!("`{}` has no script `build`", path.display());
            return Err(Failure::new(message).hint("name the folder of the front end: `--frontend DIR`").into());
        }
        let manager = PackageManager::of(&root.join(&directory))?;
        let depends =
            |name: &str| ["dependencies", "devDependencies"].iter().any(|kind| !package[kind][name].is_null());
        let output = OUTPUTS.into_iter().find(|(name, _)| depends(name)).map(|(_, output)| output);
        Ok(Self { directory, manager, output })
    }
}

fn has_build(package: &Value) -> bool {
    package["scripts"]["build"].is_string()
}

/// The root and its folders that have a package with a script `build`.
fn candidates(root: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = vec![PathBuf::from(".")];
    for entry in fs::read_dir(root).with_context(|| format!("`{}`", root.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        // The packages of the backend and of the tool are not the page.
        let is_other = ["amplify", "infra", "node_modules"].iter().any(|other| name == *other);
        if entry.path().is_dir() && !is_other {
            folders.push(PathBuf::from(name));
        }
    }
    folders.sort();
    let can_build =
        |folder: &PathBuf| json_file::read(&root.join(folder).join(MANIFEST)).is_ok_and(|package| has_build(&package));
    Ok(folders.into_iter().filter(can_build).collect())
}

fn only(candidates: Vec<PathBuf>) -> Result<PathBuf> {
    let names: Vec<String> = candidates.iter().map(|folder| format!("`{}`", folder.display())).collect();
    let failure = match &candidates[..] {
        [one] => return Ok(one.clone()),
        [] => Failure::new("no folder has a package.json with a script `build`"),
        _ => Failure::new(format!("several folders have a package.json with a script `build`: {}", names.join(", "))),
    };
    Err(failure.hint("name the folder of the front end: `--frontend DIR`").code(EXIT_USAGE).into())
}
