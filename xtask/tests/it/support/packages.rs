//! The npm packages that tests share: those that deploy a Gen 2 backend (`ampx`, the CDK and the AWS SDK, 1.2 GB), and those of
//! `infra/`. Each is installed once for all tests.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use cluster::{ClusterError, Stamp};

use super::{lock, lock_file, root, sample, target};

/// `node_modules` with the packages of `amplify/`, which exists once they are installed.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("amplify-packages/node_modules")
}

/// Installs the packages of the lockfile, unless they are installed. `cargo xtask` treats the folder as its own
/// installation.
pub(crate) fn install() -> PathBuf {
    let _lock = lock("amplify-packages");
    let modules = directory();
    let folder = modules.parent().expect("it has a parent");
    let source = sample().join("amplify");
    let lock = fs::read_to_string(source.join("package-lock.json")).expect("can read the lockfile");
    install_once(&modules, &lock, || {
        fs::create_dir_all(folder).expect("can create the folder");
        for name in ["package.json", "package-lock.json"] {
            fs::copy(source.join(name), folder.join(name)).expect("can copy the file");
        }
    });
    modules
}

/// Installs the packages of this checkout's `infra/`, unless they are installed, and returns their `node_modules`. Waits for
/// `cargo xtask`, which may be installing them too.
pub(crate) fn install_infra() -> PathBuf {
    let _lock = lock_file(&target().join("npm-infra.lock"));
    let folder = root().join("infra");
    let modules = folder.join("node_modules");
    let lock = fs::read_to_string(folder.join("package-lock.json")).expect("can read the lockfile");
    install_once(&modules, &lock, || ());
    modules
}

/// Installs the packages of a lockfile, unless they are installed. `prepare` runs first.
fn install_once(modules: &Path, lock: &str, prepare: impl FnOnce()) {
    let install = || -> Result<(), ClusterError> {
        prepare();
        let arguments = ["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        let folder = modules.parent().expect("it has a parent");
        let output = Command::new("npm").args(arguments).current_dir(folder).output().expect("npm runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    };
    let stamp = modules.join(".xtask-package-lock.json");
    Stamp::new(stamp, lock).install_once(install).expect("can install the packages");
}

/// Gives a copy of `amplify/` the installed packages.
pub(crate) fn link(amplify: &Path) {
    symlink(install(), amplify.join("node_modules")).expect("can create the link");
}

/// Gives a copy of `infra/` the installed packages.
pub(crate) fn link_infra(infra: &Path) {
    symlink(install_infra(), infra.join("node_modules")).expect("can create the link");
}
