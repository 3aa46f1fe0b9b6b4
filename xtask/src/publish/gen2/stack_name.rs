//! The name of a branch's stack, as Amplify makes it (platform-core, `BackendIdentifierConversions.toStackName`).

use std::fmt::Write as _;

use sha2::{Digest as _, Sha512};

/// The bytes of the hash in the name: ten hexadecimal digits.
const HASH_BYTES: usize = 5;

/// The longest part of the name for the branch.
const LONGEST_BRANCH: usize = 50;

pub(super) fn stack_name(app_id: &str, branch: &str) -> String {
    let alphanumeric = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let digest = Sha512::new().chain_update(app_id).chain_update(branch).finalize();
    let mut name = alphanumeric(branch);
    name.truncate(LONGEST_BRANCH);
    let mut stack = format!("amplify-{}-{name}-branch-", alphanumeric(app_id));
    for byte in &digest[..HASH_BYTES] {
        let _ = write!(stack, "{byte:02x}");
    }
    stack
}

#[cfg(test)]
mod tests {
    use super::stack_name;

    /// Names that `toStackName` of `@aws-amplify/platform-core` 1.12.1 has returned.
    #[test]
    fn is_the_one_that_amplify_makes() {
        let long = "a".repeat(60);
        let cut = format!("amplify-d2example-{}-branch-b2e9b3113c", "a".repeat(50));
        for (app_id, branch, expected) in [
            ("d2example", "dev", "amplify-d2example-dev-branch-756dfd9b4c"),
            ("d1a2b3c4d5e6f7", "feature-x", "amplify-d1a2b3c4d5e6f7-featurex-branch-45939f1b10"),
            ("d2example", &long, &cut),
        ] {
            assert_eq!(stack_name(app_id, branch), expected);
        }
    }
}
