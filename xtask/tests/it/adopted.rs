//! `[adopted]` of xtask.toml: the revisions that a history had when it was adopted are exempt from checks.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{root, scratch, server_url, write_revision, xtask};

/// A checkout whose `cargo run --package verify -- …` runs the program that the tests have built.
struct Checkout(PathBuf);

impl Checkout {
    fn new(name: &str, until: &str) -> Self {
        let build = ["build", "--quiet", "--package", "verify"];
        let built = Command::new(env!("CARGO")).args(build).current_dir(root()).status();
        assert!(built.expect("cargo runs").success());
        let checkout = Self(scratch(name));
        let programs = Path::new(env!("CARGO_BIN_EXE_xtask")).parent().expect("it has a parent");
        let cargo = format!(
            "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec '{}' \"$@\"\n",
            programs.join("verify").display()
        );
        let path = checkout.0.join("bin/cargo");
        fs::create_dir_all(checkout.0.join("bin")).expect("can create the folder");
        fs::write(&path, cargo).expect("can write the file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("can set the mode");
        checkout.adopt(until);
        checkout
    }

    fn adopt(&self, until: &str) {
        let settings = format!("[adopted]\nuntil = {until}\n");
        fs::write(self.0.join("xtask.toml"), settings).expect("can write the settings");
    }

    fn write(&self, id: &str, fields: &str, upgrade: &str, downgrade: &str) {
        write_revision(&self.0.join("db/versions"), id, fields, upgrade, downgrade);
    }

    /// Whether a command succeeds, and its output.
    fn db(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = xtask(&self.0);
        let path = format!("{}:{}", self.0.join("bin").display(), std::env::var("PATH").unwrap_or_default());
        command.env("CARGO_MANIFEST_DIR", self.0.join("xtask")).env("PATH", path).env_remove("CI");
        let output = command.arg("db").args(arguments).output().expect("xtask runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), text)
    }

    fn verify(&self, more: &[&str]) -> (bool, String) {
        self.db(&[&["verify", "--postgres", &server_url()], more].concat())
    }
}

/// Four revisions in a diamond without its top, and a dependency: `late2` is one of two heads and depends on `early`.
fn damaged(name: &str, until: &str) -> Checkout {
    let checkout = Checkout::new(name, until);
    checkout.write("early", "-- Revises:", "CREATE TABLE early (i char(4));", "SELECT 1;");
    checkout.write("middle", "-- Revises: early\n-- Branch Labels: left", "CREATE TABLE middle (i char(4));", "");
    checkout.write("other", "-- Revises:\n-- Branch Labels: right", "CREATE TABLE other (i char(4));", "SELECT 2;");
    let depends = "-- Revises: other\n-- Depends On: early";
    checkout.write("late", depends, "CREATE TABLE late (i int8);", "DROP TABLE late;");
    checkout
}

#[test]
fn adopted_revisions_are_exempt_and_later_ones_are_checked() {
    let checkout = damaged("adopted", "[\"middle\", \"other\"]");
    let (passed, text) = checkout.db(&["lint"]);
    assert!(
        passed && text.contains("not linting 3 adopted revisions (`until` in `[adopted]` of xtask.toml)"),
        "{text}"
    );
    assert!(text.contains("no findings in 1 revision"), "{text}");
    assert!(!text.contains("1 revisions"), "{text}");
    let (passed, text) = checkout.verify(&[]);
    assert!(passed && text.contains("not verifying 3 adopted revisions"), "{text}");
    assert!(text.contains("\n1 revision, "), "{text}");

    // The revisions after them are checked, one by one and together.
    let upgrade = "CREATE TABLE IF NOT EXISTS late (i char(4));";
    checkout.write("late", "-- Revises: other\n-- Depends On: early", upgrade, "SELECT 3;");
    let (passed, text) = checkout.db(&["lint"]);
    assert!(!passed && text.contains("ban-char-field") && text.matches("-->").count() == 1, "{text}");
    let (passed, text) = checkout.verify(&[]);
    assert!(!passed && text.contains("verify-downgrade-differs") && text.matches("-->").count() == 1, "{text}");

    // So are the labels of the heads, and schema.sql.
    let fields = "-- Revises: other\n-- Depends On: early\n-- Lint: allow verify-downgrade-differs (a test)";
    checkout.write("late", fields, upgrade, "SELECT 3;");
    checkout.write("more", "-- Revises: early", "SELECT 1;", "SELECT 1;");
    fs::write(checkout.0.join("db/schema.sql"), "-- outdated\n").expect("can write the file");
    let (passed, text) = checkout.verify(&[]);
    assert!(!passed && text.contains("`more` is one of 3 heads and has no label of its own"), "{text}");
    assert!(text.contains("schema.sql does not match the revisions"), "{text}");
}

#[test]
fn dependencies_are_adopted_too_and_since_adds_to_it() {
    let checkout = damaged("adopted-dependency", "\"late\"");
    let (passed, text) = checkout.verify(&["--json"]);
    assert!(!passed && text.contains("not verifying 3 adopted revisions"), "{text}");
    assert!(text.contains("middle.sql") && !text.contains("early.sql") && !text.contains("other.sql"), "{text}");
    let (passed, text) = checkout.verify(&["--since", "middle"]);
    assert!(passed && text.contains("not verifying 3 adopted revisions") && text.contains("\n0 revisions, "), "{text}");
    checkout.adopt("\"early\"");
    let (passed, text) = checkout.verify(&["--since", "middle"]);
    assert!(!passed && text.contains("other.sql") && !text.contains("middle.sql"), "{text}");
}

#[test]
fn the_checks_of_the_whole_history_begin_after_the_adopted_part() {
    let checkout = Checkout::new("adopted-whole", "\"base1\"");
    // Its downgrade leaves a table, which would fail `downgrade base`.
    checkout.write("base1", "-- Revises:", "CREATE TABLE t (); CREATE TABLE u ();", "DROP TABLE u;");
    let left = "-- Revises: base1\n-- Branch Labels: left";
    checkout.write("left1", left, "CREATE TABLE a ();", "DROP TABLE a;");
    let right = "-- Revises: base1\n-- Branch Labels: right";
    checkout.write("right1", right, "CREATE TABLE b ();", "DROP TABLE b;");
    let (passed, text) = checkout.verify(&[]);
    assert!(passed, "{text}");
    checkout.write("left1", left, "CREATE TABLE a (LIKE b);", "DROP TABLE a;");
    let (passed, text) = checkout.verify(&[]);
    assert!(!passed && text.contains("from the adopted revisions to left1, then right1"), "{text}");

    checkout.adopt("[]");
    let (_, text) = checkout.verify(&[]);
    assert!(text.contains("base1.sql") && text.contains("from base to left1"), "{text}");
    assert!(!text.contains("adopted"), "{text}");
}

#[test]
fn a_value_that_is_not_a_revision_id_is_an_error_with_its_position() {
    let checkout = damaged("adopted-unknown", "[\"early\", \"midle\"]");
    for task in [&["lint"][..], &["verify", "--postgres", &server_url()]] {
        let (passed, text) = checkout.db(task);
        assert!(!passed && text.contains("`until` in `[adopted]` of xtask.toml: "), "{text}");
        assert!(text.contains("`midle`") && text.contains("did you mean `middle`?"), "{text}");
    }
    for moving in ["heads", "right", "left@head", "midd", "base", "", "-1"] {
        checkout.adopt(&format!("\"{moving}\""));
        let (passed, text) = checkout.db(&["lint"]);
        assert!(!passed && text.contains(&format!("xtask.toml: `{moving}` is not the full id")), "{text}");
        assert_eq!(text.contains("of a revision: write `middle`"), matches!(moving, "midd" | "left@head"), "{text}");
    }
    // Another directory has another history.
    write_revision(&checkout.0.join("versions"), "x1", "-- Revises:", "SELECT 1;", "SELECT 1;");
    assert!(checkout.db(&["lint", "--dir", "versions"]).0);
}

/// A squash of adopted and other revisions would be neither.
#[test]
fn a_squash_ends_where_the_adopted_revisions_end() {
    let checkout = Checkout::new("adopted-squash", "\"b1\"");
    checkout.write("a1", "-- Revises:", "CREATE TABLE a ();", "DROP TABLE a;");
    checkout.write("b1", "-- Revises: a1", "CREATE TABLE b ();", "DROP TABLE b;");
    checkout.write("c1", "-- Revises: b1", "CREATE TABLE c ();", "DROP TABLE c;");
    let squash = |range: &str| checkout.db(&["squash", range, "-m", "squash", "--postgres", &server_url()]);
    let (succeeds, text) = squash(":c1");
    assert!(!succeeds && text.contains("names `b1`, which is inside the range"), "{text}");
    let (succeeds, text) = squash(":b1");
    assert!(succeeds, "{text}");
    let (succeeds, text) = checkout.verify(&[]);
    assert!(succeeds && text.contains("not verifying 1 adopted revision"), "{text}");
}
