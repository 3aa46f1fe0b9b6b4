//! The Rust version of this monorepo, set in `rust-toolchain.toml`, which rustup and `infra/` read. Files that cannot
//! refer to it are checked against it: the buildspecs by `buildspec check`, `rust-version` in Cargo.toml by the test
//! below.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    toolchain: Toolchain,
}

#[derive(Deserialize)]
struct Toolchain {
    channel: String,
}

/// The version that `rust-toolchain.toml` names; `None` if there is no such file, or it names a channel such as
/// `stable`.
pub(crate) fn version(root: &Path) -> Result<Option<String>> {
    let path = root.join("rust-toolchain.toml");
    if !path.exists() {
        return Ok(None);
    }
    let text = regular_file::read_to_string(&path).with_context(|| format!("`{}`", path.display()))?;
    let File { toolchain: Toolchain { channel } } =
        toml::from_str(&text).with_context(|| format!("`{}`", path.display()))?;
    Ok(Some(channel).filter(|channel| channel.starts_with(|c: char| c.is_ascii_digit())))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn rust_version_matches_the_toolchain() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the checkout");
        let version = super::version(root).expect("it can be read").expect("it names a version");
        let minimum = env!("CARGO_PKG_RUST_VERSION");
        assert!(version == minimum || version.starts_with(&format!("{minimum}.")), "{version}, rust-version {minimum}");
    }
}
