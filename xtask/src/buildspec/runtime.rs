//! The runtimes that a build can have: those installed in its image, and those that CodeBuild downloads.
//!
//! Source: "Runtime versions" in the AWS CodeBuild User Guide
//! (<https://docs.aws.amazon.com/codebuild/latest/userguide/runtime-versions.html>), and the image's `runtimes.yml`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The image of every build.
const IMAGE: &str = include_str!("../../../infra/src/image.toml");

/// The runtimes of the image.
#[derive(Deserialize)]
pub(super) struct Image {
    /// The installed versions of each runtime.
    runtimes: BTreeMap<String, Vec<String>>,
}

/// How a build gets a version of a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Availability {
    Installed,
    Downloaded,
    Unavailable,
}

impl Image {
    pub(super) fn read() -> Result<Self> {
        toml::from_str(IMAGE).context("`infra/src/image.toml`")
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.runtimes.keys().map(String::as_str).collect()
    }

    /// The installed versions; `None` if CodeBuild has no such runtime for this image.
    pub(super) fn installed(&self, runtime: &str) -> Option<Vec<&str>> {
        self.runtimes.get(runtime).map(|versions| versions.iter().map(String::as_str).collect())
    }

    /// How a build gets a version, which is an installed one, `latest`, `MAJOR.x`, or one to download.
    pub(super) fn availability(&self, runtime: &str, version: &str) -> Availability {
        let installed = self.installed(runtime).unwrap_or_default();
        let is_major = |major: &str| installed.iter().any(|known| known.split('.').next() == Some(major));
        if version == "latest" || installed.contains(&version) || version.strip_suffix(".x").is_some_and(is_major) {
            return Availability::Installed;
        }
        let number = match runtime {
            "java" => version.strip_prefix("corretto"),
            _ => Some(version),
        };
        let parts = number.map_or(0, |number| match number.split('.').all(|part| part.parse::<u32>().is_ok()) {
            true => number.split('.').count(),
            false => 0,
        });
        match downloadable(runtime).iter().any(|form| form.split('.').count() == parts) {
            true => Availability::Downloaded,
            false => Availability::Unavailable,
        }
    }
}

/// The forms of the versions that CodeBuild downloads.
pub(super) fn downloadable(runtime: &str) -> &'static [&'static str] {
    match runtime {
        "java" => &["correttoMAJOR"],
        "nodejs" | "python" => &["MAJOR", "MAJOR.MINOR", "MAJOR.MINOR.PATCH"],
        "golang" | "rust" => &["MAJOR.MINOR", "MAJOR.MINOR.PATCH"],
        _ => &["MAJOR.MINOR.PATCH"],
    }
}

#[cfg(test)]
mod tests {
    use super::Availability::{Downloaded, Installed, Unavailable};
    use super::Image;

    #[test]
    fn versions_are_installed_downloaded_or_unavailable() {
        let image = Image::read().expect("it can be read");
        for (runtime, version, expected) in [
            ("nodejs", "24", Installed),
            ("nodejs", "24.x", Installed),
            ("nodejs", "latest", Installed),
            ("nodejs", "20", Downloaded),
            ("nodejs", "20.19", Downloaded),
            ("nodejs", "20.x", Unavailable),
            ("nodejs", "lts", Unavailable),
            ("nodejs", "24.1.0.1", Unavailable),
            ("golang", "1.x", Installed),
            ("golang", "1", Unavailable),
            ("golang", "1.19", Downloaded),
            ("java", "corretto11.x", Installed),
            ("java", "corretto15", Downloaded),
            ("java", "11", Unavailable),
            ("java", "openjdk11", Unavailable),
            ("python", "3.x", Installed),
            ("python", "2.x", Unavailable),
            ("dotnet", "6.0", Unavailable),
            ("dotnet", "6.0.400", Downloaded),
            ("rust", "1.93", Installed),
            ("rust", "1.95.0", Downloaded),
        ] {
            assert_eq!(image.availability(runtime, version), expected, "{runtime}: {version}");
        }
    }
}
