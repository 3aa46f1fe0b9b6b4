//! npm, pnpm and Yarn: the lockfiles that identify them, and their commands.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::json_file;
use crate::report::Failure;

/// The arguments of npm that install the packages of a lockfile. Cached packages are not downloaded again: the lockfile pins
/// them.
pub(crate) const INSTALL: [&str; 5] = ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

/// The program that installs the packages of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PackageManager {
    Npm,
    Pnpm,
    /// Version 1.
    YarnClassic,
    /// Version 2 and later, also called Berry.
    Yarn,
}

/// Identifies a lockfile of Yarn 1; it is the first line after a comment.
const YARN_CLASSIC: &str = "# yarn lockfile v1";

/// Where the packages of a folder are pinned: a workspace of npm, pnpm or Yarn has one lockfile for all of its members.
#[derive(Debug)]
pub(crate) struct Lock {
    pub(crate) manager: PackageManager,
    /// The folder of the lockfile, which the packages are installed from.
    pub(crate) folder: PathBuf,
}

impl Lock {
    /// The lockfile of a folder, or that of the workspace around it, in the checkout `root`.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub(crate) fn of(folder: &Path, root: &Path) -> Result<Self> {
        let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(root));
        let workspace = above.into_iter().find(|above| is_workspace(above) && has_lockfile(above));
        let folder = if has_lockfile(folder) { folder } else { workspace.unwrap_or(folder) };
        Ok(Self { manager: PackageManager::of(folder)?, folder: folder.to_owned() })
    }
}

fn has_lockfile(folder: &Path) -> bool {
    LOCKFILES.into_iter().any(|name| folder.join(name).exists())
}

/// Whether other folders are members of the package in this one.
fn is_workspace(folder: &Path) -> bool {
    let package = json_file::read(&folder.join("package.json"));
    folder.join("pnpm-workspace.yaml").exists() || package.is_ok_and(|package| !package["workspaces"].is_null())
}

impl PackageManager {
    /// Determines it from the lockfile in a folder.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub(crate) fn of(folder: &Path) -> Result<Self> {
        let found: Vec<&str> = LOCKFILES.into_iter().filter(|name| folder.join(name).exists()).collect();
        match found[..] {
            [NPM_LOCKFILE] => Ok(Self::Npm),
            [PNPM_LOCKFILE] => Ok(Self::Pnpm),
            [lockfile] => {
                let text = regular_file::read_to_string(&folder.join(lockfile))?;
                Ok(if text.lines().any(|line| line == YARN_CLASSIC) { Self::YarnClassic } else { Self::Yarn })
            }
            [] => Err(Failure::new(format!("`{}` has no lockfile: {}", folder.display(), LOCKFILES.join(", ")))
                .hint("install the packages with npm, pnpm or Yarn, and commit the lockfile that it writes")
                .into()),
            _ => Err(Failure::new(format!("`{}` has several lockfiles: {}", folder.display(), found.join(", ")))
                .hint("delete those that are not of the package manager that you use")
                .into()),
        }
    }

    /// The name of the program.
    pub(crate) const fn program(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pnpm => "pnpm",
            Self::YarnClassic | Self::Yarn => "yarn",
        }
    }

    pub(crate) const fn lockfile(self) -> &'static str {
        match self {
            Self::Npm => NPM_LOCKFILE,
            Self::Pnpm => PNPM_LOCKFILE,
            Self::YarnClassic | Self::Yarn => YARN_LOCKFILE,
        }
    }

    /// The arguments that install exactly what is in the lockfile.
    pub(crate) const fn install(self) -> &'static [&'static str] {
        match self {
            Self::Npm => &INSTALL,
            Self::Pnpm => &["install", "--frozen-lockfile", "--prefer-offline"],
            Self::YarnClassic => &["install", "--frozen-lockfile", "--prefer-offline", "--non-interactive"],
            Self::Yarn => &["install", "--immutable"],
        }
    }

    /// The arguments that make the lockfile fit `package.json`, without installing anything.
    pub(crate) const fn update_lockfile(self) -> &'static str {
        match self {
            Self::Npm => "install --package-lock-only",
            Self::Pnpm => "install --lockfile-only",
            Self::YarnClassic => "install",
            Self::Yarn => "install --mode=update-lockfile",
        }
    }

    /// The arguments that run a script of `package.json`.
    pub(crate) fn script(self, name: &str) -> Vec<&str> {
        match self {
            Self::Npm => vec!["run", "--silent", name],
            Self::Pnpm | Self::YarnClassic => vec!["--silent", "run", name],
            Self::Yarn => vec!["run", name],
        }
    }

    /// The program with the option that selects a folder, for messages.
    pub(crate) fn in_folder(self, folder: &str) -> String {
        let option = match self {
            Self::Npm => "--prefix",
            Self::Pnpm => "--dir",
            Self::YarnClassic | Self::Yarn => "--cwd",
        };
        format!("{} {option} {folder}", self.program())
    }
}

const NPM_LOCKFILE: &str = "package-lock.json";
const PNPM_LOCKFILE: &str = "pnpm-lock.yaml";
const YARN_LOCKFILE: &str = "yarn.lock";
const LOCKFILES: [&str; 3] = [NPM_LOCKFILE, PNPM_LOCKFILE, YARN_LOCKFILE];

#[cfg(test)]
mod tests {
    use std::fs;

    use cluster::PrivateDirectory;

    use super::{Lock, PackageManager};

    #[test]
    fn the_lockfile_names_the_package_manager() {
        let folder = PrivateDirectory::create(&std::env::temp_dir(), "xtask-lockfile-").expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let found = || PackageManager::of(folder.path()).map_err(|error| error.to_string());
        assert!(found().is_err_and(|error| error.contains("has no lockfile")));
        for (name, text, manager) in [
            ("package-lock.json", "{}", PackageManager::Npm),
            ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", PackageManager::Pnpm),
            ("yarn.lock", "# THIS IS AN AUTOGENERATED FILE.\n# yarn lockfile v1\n", PackageManager::YarnClassic),
            ("yarn.lock", "# This file is generated.\n\n__metadata:\n  version: 8\n", PackageManager::Yarn),
        ] {
            fs::write(path(name), text).expect("can write the file");
            assert_eq!(found(), Ok(manager));
            assert_eq!(manager.lockfile(), name);
            fs::remove_file(path(name)).expect("can delete the file");
        }
        for name in ["package-lock.json", "yarn.lock"] {
            fs::write(path(name), "").expect("can write the file");
        }
        assert!(found().is_err_and(|error| error.contains("package-lock.json, yarn.lock")));
    }

    #[test]
    fn members_of_a_workspace_have_its_lockfile() {
        let root = PrivateDirectory::create(&std::env::temp_dir(), "xtask-workspace-").expect("a folder");
        let root = root.path();
        let app = root.join("packages/app");
        fs::create_dir_all(&app).expect("can create the folder");
        let write = |name: &str, text: &str| fs::write(root.join(name), text).expect("can write the file");
        let found = || Lock::of(&app, root).map(|lock| lock.folder).map_err(|error| error.to_string());
        write("package.json", "{}");
        write("package-lock.json", "{}");
        assert!(found().is_err_and(|error| error.contains("packages/app` has no lockfile")));
        write("package.json", r#"{"workspaces": ["packages/*"]}"#);
        assert_eq!(found(), Ok(root.to_owned()));
        write("package.json", "{}");
        write("pnpm-workspace.yaml", "packages: ['packages/*']\n");
        assert_eq!(found(), Ok(root.to_owned()));
        // One of its own comes first, and those outside of the checkout do not count.
        write("packages/app/yarn.lock", "");
        assert_eq!(found(), Ok(app.clone()));
        fs::remove_file(app.join("yarn.lock")).expect("can delete the file");
        assert!(Lock::of(&app, &app).is_err());
    }
}
