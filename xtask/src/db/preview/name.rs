//! The name of a preview's database: readable, and different for each branch and each database.

use revision::Checksum;

const PREFIX: &str = "preview";

/// The longest readable part, in bytes. With the rest, the name has at most 61, of the 63 that PostgreSQL allows.
const LONGEST_BRANCH: usize = 40;

/// The digits of the hash.
const HASH: usize = 12;

/// The name for a branch, next to the database `origin`. Comments tell apart branches of the same hash.
pub(super) fn of(origin: &str, branch: &str) -> String {
    let lower = branch.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut readable = words.collect::<Vec<_>>().join("_");
    readable.truncate(LONGEST_BRANCH);
    let hash = &Checksum::of(format!("{origin}\0{branch}").as_bytes()).to_string()[..HASH];
    match readable.trim_end_matches('_') {
        "" => format!("{PREFIX}_{hash}"),
        readable => format!("{PREFIX}_{readable}_{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn names_are_valid_and_readable() {
        for (branch, expected) in [
            ("feature/ABC-12 x", "preview_feature_abc_12_x_"),
            ("--Fix: the \"thing\"--", "preview_fix_the_thing_"),
            ("日本語", "preview_"),
            (&"a/".repeat(200), "preview_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_"),
        ] {
            let name = of("app", branch);
            let (readable, hash) = name.split_at(name.len() - 12);
            assert_eq!(readable, expected, "{branch}");
            assert!(name.len() <= 63 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        }
    }

    #[test]
    fn different_branches_and_databases_have_different_names() {
        let branches = ["a-b", "a/b", "a b", "A-b", "a_b", "a-b-", "", "-"];
        let names: std::collections::BTreeSet<String> =
            branches.iter().flat_map(|branch| [of("app", branch), of("other", branch)]).collect();
        assert_eq!(names.len(), 2 * branches.len());
    }
}
