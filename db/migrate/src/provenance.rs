//! Where a run comes from, for the log.

/// Where a run comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provenance {
    /// The version of the program that runs it.
    pub tool_version: String,
    /// The commit of the checkout.
    pub commit: Option<String>,
    /// The build, such as `CODEBUILD_BUILD_ID`.
    pub build_id: Option<String>,
}

impl Provenance {
    /// A program of this version, and nothing else known.
    pub fn new(tool_version: impl Into<String>) -> Self {
        Self { tool_version: tool_version.into(), ..Self::default() }
    }
}
