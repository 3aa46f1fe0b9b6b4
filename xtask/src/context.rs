//! What every task needs: the root of the checkout, the settings and the environment. The only reader of environment
//! variables.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::Needs;
use migrate::Provenance;

use crate::config::Config;
use crate::process;
use crate::report::Report;

/// Where `buildspec/verify.yml` records the commit, for the builds whose source is its output: from the root.
pub(crate) const COMMIT_FILE: &str = "buildspec/commit";

pub(crate) struct Context {
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    pub(crate) config: Config,
    pub(crate) report: Report,
}

impl Context {
    pub(crate) fn new(report: Report) -> Result<Self> {
        // Cargo sets the manifest's directory even if the binary was built in another checkout (a shared target directory).
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let package = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = package.parent().context("the crate `xtask` has no directory above it")?.to_owned();
        let config = Config::load(&root.join("xtask.toml"))?;
        Ok(Self { root, config, report })
    }

    /// An environment variable; `None` if it is unset or empty.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    /// Whether this is a CI build, where defaults meant for development do not apply.
    pub(crate) fn is_ci(&self) -> bool {
        ["CI", "CODEBUILD_BUILD_ID"].iter().any(|name| self.variable(name).is_some_and(|value| value != "false"))
    }

    /// A program with the variables that it needs, and those that `xtask.toml` adds.
    pub(crate) fn command(&self, program: &Path, needs: Needs) -> Command {
        let mut command = needs.command(program);
        command.envs(self.passed());
        command
    }

    /// The variables that `xtask.toml` passes to programs.
    pub(crate) fn passed(&self) -> impl Iterator<Item = (&str, String)> {
        self.config.environment.pass.iter().filter_map(|name| Some((name.as_str(), self.variable(name)?)))
    }

    /// The target directory, which also holds the embedded database.
    pub(crate) fn target(&self) -> PathBuf {
        self.variable("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from)
    }

    /// The root of the Cargo workspace: the checkout, except in the tests of this tool, whose checkouts have no crates.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.variable("XTASK_TEST_WORKSPACE").map_or_else(|| self.root.clone(), PathBuf::from)
    }

    /// A path for messages: relative to the current directory if below it.
    pub(crate) fn shorten(&self, path: &Path) -> PathBuf {
        let from = std::env::current_dir().unwrap_or_else(|_| self.root.clone());
        path.strip_prefix(from).map_or_else(|_| path.to_owned(), Path::to_owned)
    }

    /// The origin of a run, for the log.
    pub(crate) fn provenance(&self) -> Provenance {
        // A build whose source is another build's artifact has no repository: the pipeline passes it the commit, unless
        // the artifact was promoted. To CodeBuild, the version of that source is the version of an object in a bucket.
        let commit = self.variable("RELEASE_COMMIT").or_else(|| self.recorded_commit());
        let commit = commit.or_else(|| self.variable("CODEBUILD_RESOLVED_SOURCE_VERSION"));
        let commit = commit.or_else(|| process::git_commit(&self.root, "HEAD"));
        let mut provenance = Provenance::new(env!("CARGO_PKG_VERSION"));
        provenance.commit = commit;
        provenance.build_id = self.variable("CODEBUILD_BUILD_ID");
        provenance
    }

    /// The commit that an artifact records; `None` in a repository, which may have the record of an earlier build.
    pub(crate) fn recorded_commit(&self) -> Option<String> {
        if self.root.join(".git").exists() {
            return None;
        }
        let text = regular_file::read_to_string(&self.root.join(COMMIT_FILE)).ok()?;
        Some(text.trim().to_owned()).filter(|commit| !commit.is_empty())
    }
}
