//! The packages that deploy a Gen 2 backend: `ampx`, the CDK and the AWS SDK, 1.2 GB. They are installed once for all tests.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use cluster::{ClusterError, Stamp};

use super::sample;

/// `node_modules` with the packages of `amplify/`, which exists once they are installed.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("amplify-packages/node_modules")
}

/// Installs the packages of the lockfile, unless they are installed. `cargo xtask` treats the folder as its own
/// installation.
pub(crate) fn install() -> PathBuf {
    let modules = directory();
    let folder = modules.parent().expect("it has a parent");
    let source = sample().join("amplify");
    let lock = fs::read_to_string(source.join("package-lock.json")).expect("can read the lockfile");
    let install = || -> Result<(), ClusterError> {
        fs::create_dir_all(folder).expect("can create the folder");
        for name in ["package.json", "package-lock.json"] {
            fs::copy(source.join(name), folder.join(name)).expect("can copy the file");
        }
        let arguments = ["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        let output = Command::new("npm").args(arguments).current_dir(folder).output().expect("npm runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    };
    let stamp = modules.join(".xtask-package-lock.json");
    Stamp::new(stamp, lock).install_once(install).expect("can install the packages");
    modules
}

/// Gives a copy of `amplify/` the installed packages.
pub(crate) fn link(amplify: &Path) {
    symlink(install(), amplify.join("node_modules")).expect("can create the link");
}
