//! `db lint`: which revisions it checks. The findings are in `transcripts/lint.txt`.

use crate::support::{scratch, write_revision, xtask};

/// In CI, only the revisions that are not in the configured commit are linted.
#[test]
fn ci_lints_new_revisions() {
    let directory = scratch("new-revisions");
    let versions = directory.join("versions");
    let git = |arguments: &[&str]| crate::support::git(&directory, arguments);
    let lint = |arguments: &[&str], is_ci: bool| {
        let mut command = xtask(&directory);
        if !is_ci {
            command.env_remove("CI");
        }
        let output = command.args(["db", "lint", "--dir", "versions"]).args(arguments).output().expect("xtask runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (text.contains("aaaa1111"), text.contains("bbbb1111"), text)
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    write_revision(&versions, "aaaa1111", "-- Revises:", "CREATE TABLE t (i int);", "DROP TABLE t;");
    let (old, _, text) = lint(&[], true);
    assert!(old && text.contains("every revision: git does not know `main`"), "{text}");

    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "reviewed"]);
    write_revision(&versions, "bbbb1111", "-- Revises: aaaa1111", "ALTER TABLE t DROP COLUMN i;", "SELECT 1;");
    let (old, new, text) = lint(&[], true);
    assert!(!old && new && text.contains("the revisions that are not in `main`"), "{text}");
    let (old, new, text) = lint(&[], false);
    assert!(old && new, "{text}");
    let (old, new, text) = lint(&["--since", "main"], false);
    assert!(!old && new, "{text}");
    let (_, _, text) = lint(&["--since", "no_such_branch"], false);
    assert!(text.contains("git does not know `no_such_branch`"), "{text}");
}
