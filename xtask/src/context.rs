//! What every task needs: the root of the checkout, the settings, the environment. The only reader of variables.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use migrate::Provenance;

use crate::config::Config;
use crate::process;
use crate::report::Report;

pub(crate) struct Context {
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    pub(crate) config: Config,
    pub(crate) report: Report,
}

impl Context {
    pub(crate) fn new(report: Report) -> Result<Self> {
        // Cargo tells where the manifest is, even if the binary was built elsewhere (a shared target directory).
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let package = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = package.parent().context("the crate `xtask` has no directory above it")?.to_owned();
        let config = Config::load(&root.join("xtask.toml"))?;
        Ok(Self { root, config, report })
    }

    /// A variable; an empty one counts as unset.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    /// Whether nobody is watching: in a build, a default would be a surprise.
    pub(crate) fn is_ci(&self) -> bool {
        ["CI", "CODEBUILD_BUILD_ID"].iter().any(|name| self.variable(name).is_some_and(|value| value != "false"))
    }

    /// Where builds go, and the embedded database's data.
    pub(crate) fn target(&self) -> PathBuf {
        self.variable("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from)
    }

    /// A path as people type it: relative to the current directory where that is shorter.
    pub(crate) fn shorten(&self, path: &Path) -> PathBuf {
        let from = std::env::current_dir().unwrap_or_else(|_| self.root.clone());
        path.strip_prefix(from).map_or_else(|_| path.to_owned(), Path::to_owned)
    }

    /// Where a run comes from, for the log.
    pub(crate) fn provenance(&self) -> Provenance {
        // A build that is given another build's artifact knows its source by this alone: the pipeline says it.
        let said = ["RELEASE_COMMIT", "CODEBUILD_RESOLVED_SOURCE_VERSION"];
        let commit = said.iter().find_map(|name| self.variable(name));
        let commit = commit.or_else(|| process::git_commit(&self.root, "HEAD"));
        let mut provenance = Provenance::new(env!("CARGO_PKG_VERSION"));
        provenance.commit = commit;
        provenance.build_id = self.variable("CODEBUILD_BUILD_ID");
        provenance
    }
}
