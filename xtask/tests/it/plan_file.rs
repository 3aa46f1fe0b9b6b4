//! What `upgrade --plan` refuses, besides what the transcript `plan_file` shows: another database, another file, other settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

use crate::support::{Database, db, scratch, succeed, write_revision, xtask};

fn with(database: &Database, versions: &Path, arguments: &[&str], plan: &Path) -> Output {
    db(database, versions, &[arguments, &[plan.to_str().expect("it is UTF-8")]].concat())
}

/// A database with one revision, and the plan for it.
fn planned(name: &str) -> (Database, PathBuf, PathBuf) {
    let (database, versions) = (Database::create(), scratch(name));
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE a ();", "DROP TABLE a;");
    let plan = versions.join("../release.json");
    succeed(&with(&database, &versions, &["plan", "heads", "--out"], &plan));
    (database, versions, plan)
}

fn refused(output: &Output, reason: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains(reason), "{text}");
}

#[test]
fn another_database_is_refused() {
    let (database, versions, plan) = planned("plan-file-database/versions");
    let other = Database::create();
    refused(&with(&other, &versions, &["upgrade", "--plan"], &plan), "it was made for the database");
    assert_eq!(other.rows("SELECT to_regclass('a')"), ["null"]);
    succeed(&with(&database, &versions, &["upgrade", "--plan"], &plan));
    let text = fs::read_to_string(&plan).expect("can read the plan");
    assert!(text.contains(&database.name) && !text.contains("password"), "{text}");
}

#[test]
fn an_edited_file_is_refused() {
    let (database, versions, plan) = planned("plan-file-edited/versions");
    let text = fs::read_to_string(&plan).expect("can read the plan");
    let value: Value = serde_json::from_str(&text).expect("it is JSON");
    let edits: [(&str, &str, Value); 7] = [
        ("/plan/target", "was edited", json!("base")),
        ("/plan/steps/0/sql", "was edited", json!("0".repeat(64))),
        ("/plan/settings/attempts", "was edited", json!(1)),
        ("/plan/database/name", "was edited", json!("postgres")),
        ("/hash", "was edited", json!("0".repeat(64))),
        ("/format", "the format 2", json!(2)),
        ("/plan/from", "is not a plan", json!("base")),
    ];
    for (pointer, reason, replacement) in edits {
        let mut edited = value.clone();
        *edited.pointer_mut(pointer).expect("it is there") = replacement;
        fs::write(&plan, edited.to_string()).expect("can write the plan");
        refused(&with(&database, &versions, &["upgrade", "--plan"], &plan), reason);
    }
    assert_eq!(database.rows("SELECT to_regclass('a')"), ["null"]);
    // White space is no edit.
    fs::write(&plan, value.to_string()).expect("can write the plan");
    succeed(&with(&database, &versions, &["upgrade", "--plan"], &plan));
}

#[test]
fn other_settings_and_another_phase_are_refused() {
    let (database, versions, plan) = planned("plan-file-settings/versions");
    let project = scratch("plan-file-settings-project");
    fs::write(project.join("xtask.toml"), "[migrate]\nlock_timeout = 1\n").expect("can write the settings");
    let mut command = xtask(&project);
    command.env("CARGO_MANIFEST_DIR", project.join("xtask"));
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions).arg("--plan").arg(&plan);
    let output = command.output().expect("xtask runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && text.contains("lock_timeout 1000 ms"), "{text}");
    // A partially applied revision, which a run would resume.
    write_revision(&versions, "b1", "-- Revises: a1\n-- Transaction: off", "CREATE TABLE b ();\nSELECT 1 / 0;", "");
    succeed(&db(&database, &versions, &["upgrade", "a1"]));
    succeed(&with(&database, &versions, &["plan", "heads", "--out"], &plan));
    assert_eq!(db(&database, &versions, &["upgrade"]).status.code(), Some(5));
    refused(&with(&database, &versions, &["upgrade", "--plan"], &plan), "partially applied");
}
