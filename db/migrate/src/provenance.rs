//! The origin of a run, for the log.

/// The origin of a run, which the log records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provenance {
    /// The version of the program.
    pub tool_version: String,
    /// The commit of the checkout.
    pub commit: Option<String>,
    /// The id of the build, such as the value of `CODEBUILD_BUILD_ID`.
    pub build_id: Option<String>,
}

impl Provenance {
    /// A program of this version, without a commit or a build.
    pub fn new(tool_version: impl Into<String>) -> Self {
        Self { tool_version: tool_version.into(), ..Self::default() }
    }
}
