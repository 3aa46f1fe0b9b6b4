//! The revision id of a version, as the old tool's table has it. `db import` names the files by it, and `db adopt` finds them.

use revision::is_revision_id;
use sha2::{Digest, Sha256};

/// The number of characters of a too long version before its digest.
const KEPT: usize = 19;

/// The id of the revision that a version of another tool becomes: the version itself if it is an id, otherwise with `_` for every
/// other character, and if it is too long for an id (32 characters), its start and a digest.
///
/// `version` is the value in the tool's table: a number has no leading zeros there, unless the table stores text. A changeset of
/// Liquibase is `PATH::ID::AUTHOR`, as Liquibase writes it.
pub fn revision_id(version: &str) -> String {
    let id: String = version.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if is_revision_id(&id) {
        return id;
    }
    let digest = Sha256::digest(version.as_bytes());
    let digest: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let start = &id[..id.len().min(KEPT)];
    format!("{start}_{digest}")
}

#[cfg(test)]
mod tests {
    use revision::is_revision_id;

    use super::revision_id;

    #[test]
    fn versions_become_ids() {
        assert_eq!(revision_id("20240115093000"), "20240115093000");
        assert_eq!(revision_id("1"), "1");
        assert_eq!(revision_id("1.2.3"), "1_2_3");
        assert_eq!(revision_id("ae1027a6acf"), "ae1027a6acf");
        for version in ["", "head", "changelog/2024/first.sql::create-users::alice", &"é".repeat(40)] {
            assert!(is_revision_id(&revision_id(version)), "{version}: {}", revision_id(version));
        }
        assert_ne!(revision_id(&"a".repeat(40)), revision_id(&"a".repeat(41)), "the truncated part still counts");
    }
}
