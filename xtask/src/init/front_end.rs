//! The front end of a repository: its folder, its build, and the output folder.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::working_tree::WorkingTree;
use crate::json_file;
use crate::package_manager::{Lock, PackageManager};
use crate::report::{EXIT_USAGE, Failure};

const MANIFEST: &str = "package.json";

/// The default output folder of each build tool, by the package that a front end depends on. Those that use Vite precede it.
const OUTPUTS: [(&str, &str); 9] = [
    ("@sveltejs/kit", "build"),
    ("@react-router/dev", "build/client"),
    ("@remix-run/dev", "build/client"),
    ("astro", "dist"),
    ("vite", "dist"),
    ("react-scripts", "build"),
    ("@vue/cli-service", "dist"),
    ("gatsby", "public"),
    ("parcel", "dist"),
];

pub(super) struct FrontEnd {
    /// From the root of the repository; `.` is the root.
    pub(super) directory: PathBuf,
    pub(super) manager: PackageManager,
    /// `None` if the package does not specify it.
    pub(super) output: Option<&'static str>,
}

impl FrontEnd {
    /// The named folder; otherwise the root, if a build tool is known to build a page there, or the only folder that has one;
    /// otherwise the only folder that can be built.
    ///
    /// # Errors
    /// There is none, or there are several; or its packages are not pinned by a lockfile.
    pub(super) fn find(tree: &WorkingTree<'_>, named: Option<&Path>) -> Result<Self> {
        let root = tree.root();
        let directory = match named {
            Some(directory) => inside(directory)?,
            None => choose(root, candidates(tree)?)?,
        };
        let path = root.join(&directory).join(MANIFEST);
        let package = json_file::read(&path).with_context(|| format!("`{}`", path.display()))?;
        if !has_build(&package) {
            let message = format!("`{}` has no script `build`", path.display());
            return Err(Failure::new(message).hint("name the folder of the front end: `--frontend DIR`").into());
        }
        let manager = Lock::of(&root.join(&directory), root)?.manager;
        let output = if is_configured(&root.join(&directory), &package) { None } else { output(&package) };
        Ok(Self { directory, manager, output })
    }
}

/// A folder in the repository, as the settings name it.
fn inside(directory: &Path) -> Result<PathBuf> {
    let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !directory.components().all(is_inside) {
        let message = format!("`{}` is not a folder from the root of the repository", directory.display());
        return Err(Failure::new(message)
            .hint("for example `--frontend web`, or `--frontend .`")
            .code(EXIT_USAGE)
            .into());
    }
    let parts = directory.components().filter(|part| matches!(part, Component::Normal(_)));
    let normal: PathBuf = parts.collect();
    Ok(if normal.as_os_str().is_empty() { PathBuf::from(".") } else { normal })
}

/// What a known build tool writes.
fn output(package: &Value) -> Option<&'static str> {
    let depends = |name: &str| ["dependencies", "devDependencies"].iter().any(|kind| !package[kind][name].is_null());
    OUTPUTS.into_iter().find(|(name, _)| depends(name)).map(|(_, output)| output)
}

/// Whether Vite is configured to write to another folder. Which one, only Vite can tell.
fn is_configured(folder: &Path, package: &Value) -> bool {
    let configuration = ["js", "ts", "mjs", "mts", "cjs", "cts"].map(|end| folder.join(format!("vite.config.{end}")));
    let texts = configuration.iter().filter_map(|path| regular_file::read_to_string(path).ok());
    texts.chain(package["scripts"]["build"].as_str().map(str::to_owned)).any(|text| text.contains("outDir"))
}

fn has_build(package: &Value) -> bool {
    package["scripts"]["build"].is_string()
}

/// The folders that have a package with a script `build`, except those of the backend and of the CDK.
fn candidates(tree: &WorkingTree<'_>) -> Result<Vec<PathBuf>> {
    let is_other = |path: &PathBuf| ["amplify", "infra"].iter().any(|other| path.iter().any(|part| part == *other));
    let manifests = tree.tracked(&[])?.into_iter().filter(|path| path.ends_with(MANIFEST) && !is_other(path));
    let folders = manifests.filter_map(|path| path.parent().map(|folder| Path::new(".").join(folder)));
    let folders = folders.map(|folder| inside(&folder)).collect::<Result<Vec<_>>>()?;
    Ok(folders.into_iter().filter(|folder| has_build(&read(tree.root(), folder))).collect())
}

/// The package in a folder; null if it cannot be read.
fn read(root: &Path, folder: &Path) -> Value {
    json_file::read(&root.join(folder).join(MANIFEST)).unwrap_or_default()
}

fn choose(root: &Path, candidates: Vec<PathBuf>) -> Result<PathBuf> {
    let is_page = |folder: &&PathBuf| output(&read(root, folder)).is_some();
    let pages: Vec<&PathBuf> = candidates.iter().filter(is_page).collect();
    let names = |folders: &[&PathBuf]| {
        folders.iter().map(|folder| format!("`{}`", folder.display())).collect::<Vec<_>>().join(", ")
    };
    let failure = match (&pages[..], &candidates[..]) {
        (&[one], _) | (&[], [one]) => return Ok(one.clone()),
        // Pages below one in the root are examples or parts of it.
        (pages, _) if pages.iter().any(|page| page.as_path() == Path::new(".")) => return Ok(PathBuf::from(".")),
        ([], []) => Failure::new("no folder has a package.json with a script `build`"),
        ([], _) => Failure::new(format!(
            "several folders have a package.json with a script `build`: {}",
            names(&candidates.iter().collect::<Vec<_>>())
        )),
        (pages, _) => Failure::new(format!("several folders have a front end: {}", names(pages))),
    };
    Err(failure.hint("name the folder of the front end: `--frontend DIR`").code(EXIT_USAGE).into())
}
