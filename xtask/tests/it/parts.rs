//! The parts of `cargo xtask test` that test the team's application, on applications other than the sample: parts that
//! one does not have are skipped and reported.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{copy_checkout, sample, scratch, server_url, write_revision, xtask};

/// A checkout of the buildspecs and of these files.
fn checkout(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let checkout = scratch(name);
    copy_checkout(&sample().join("buildspec"), &checkout.join("buildspec"));
    for (name, text) in files {
        let path = checkout.join(name);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("can create the folder");
        fs::write(path, text).expect("can write the file");
    }
    checkout
}

/// Runs the parts: the exit code, the lines about what is skipped, the last line of the summary, and the whole output.
fn test(checkout: &Path, parts: &[&str]) -> (Option<i32>, Vec<String>, String, String) {
    let mut command = xtask(checkout);
    command.env("CARGO_MANIFEST_DIR", checkout.join("xtask"));
    let output = command.arg("test").args(parts).args(["--postgres", &server_url()]).output().expect("xtask runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let skipped = text.lines().filter_map(|line| line.strip_prefix("skipped: this project has no ")).map(str::to_owned);
    let summary = text.lines().find(|line| line.contains(" passed, ")).unwrap_or_default().to_owned();
    (output.status.code(), skipped.collect(), summary, text)
}

const ALL: [&str; 5] = ["lint", "db", "buildspec", "frontend", "functions"];

#[test]
fn a_project_may_have_none_of_it() {
    let empty = checkout("parts-empty", &[]);
    let (code, skipped, summary, text) = test(&empty, &ALL);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(skipped, ["revisions", "revisions", "front end", "functions"], "{text}");
    assert_eq!(summary, "1 passed, 0 failed, 4 skipped");
    fs::create_dir_all(empty.join("db/versions")).expect("can create the folder");
    fs::write(empty.join("README.md"), "").expect("can write the file");
    assert_eq!(test(&empty, &["lint", "db"]).2, "0 passed, 0 failed, 2 skipped");
}

#[test]
fn a_directory_that_the_settings_name_must_exist() {
    let checkout = checkout("parts-named", &[("xtask.toml", "[migrate]\nversions = \"db/version\"\n")]);
    let (code, skipped, summary, text) = test(&checkout, &["lint", "db"]);
    assert_eq!((code, skipped.len(), summary.as_str()), (Some(1), 0, "0 passed, 2 failed, 0 skipped"), "{text}");
    assert!(text.contains("the directory `db/version` does not exist"), "{text}");
}

/// Revisions without fixtures, `schema.sql` and types of a role.
#[test]
fn revisions_require_nothing_else() {
    let checkout = checkout("parts-revisions", &[("xtask.toml", "[migrate]\nversion_table = \"shop_version\"\n")]);
    let versions = checkout.join("db/versions");
    write_revision(&versions, "a1b2c3d4", "-- Revises:", "CREATE TABLE goods (id bigint);", "DROP TABLE goods;");
    let (code, skipped, summary, text) = test(&checkout, &["lint", "db"]);
    assert_eq!((code, skipped.len(), summary.as_str()), (Some(0), 0, "2 passed, 0 failed, 0 skipped"), "{text}");
}

/// Require npm, to run scripts.
mod with_npm {
    use super::*;

    const LOCK: &str = r#"{"name": "shop", "lockfileVersion": 3, "packages": {"": {"name": "shop"}}}"#;

    /// The output of the part for a front end with these scripts, and no revisions.
    fn frontend(scripts: &str) -> (Option<i32>, Vec<String>, String, PathBuf) {
        let manifest = format!(r#"{{"name": "shop", "scripts": {{{scripts}}}}}"#);
        let files = [("frontend/package.json", manifest.as_str()), ("frontend/package-lock.json", LOCK)];
        let checkout = checkout("parts-frontend", &files);
        let (code, skipped, summary, text) = test(&checkout, &["frontend"]);
        assert!(!summary.is_empty(), "{text}");
        (code, skipped, summary, checkout)
    }

    #[test]
    fn a_front_end_needs_only_a_build() {
        let missing = |name: &str| format!("script `{name}` in `frontend`");
        let (code, skipped, summary, checkout) = frontend(r#""build": "node --version""#);
        assert_eq!(code, Some(0));
        assert_eq!(skipped, ["typecheck", "test", "test:browser"].map(missing));
        assert_eq!(summary, "1 passed, 0 failed, 3 skipped");
        let release = fs::read_to_string(checkout.join("frontend/public/release.json")).expect("can read the file");
        assert!(release.contains("\"heads\": [],"), "{release}");

        let (code, skipped, summary, _) = frontend(r#""test": "node --version""#);
        assert_eq!(code, Some(1), "`publish` needs the build");
        assert_eq!(skipped, ["typecheck", "test:browser"].map(missing));
        assert_eq!(summary, "1 passed, 1 failed, 2 skipped");
    }

    #[test]
    fn functions_may_have_no_tests() {
        let manifest = r#"{"name": "shop", "scripts": {"typecheck": "node --version"}}"#;
        let folder = "amplify/functions";
        let names = ["package.json", "package-lock.json"].map(|name| format!("{folder}/{name}"));
        let checkout = checkout("parts-functions", &[(&names[0], manifest), (&names[1], LOCK)]);
        let (code, skipped, summary, text) = test(&checkout, &["functions"]);
        assert_eq!(code, Some(0), "{text}");
        assert_eq!(skipped, [format!("script `test` in `{folder}`")]);
        assert_eq!(summary, "1 passed, 0 failed, 1 skipped");
    }
}
