//! `upgrade --each`: many databases and schemas with one command. A failure does not stop the others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::wait::{SLEEPING, wait_for};
use crate::support::{Database, root, scratch, write_revision, xtask};

fn list(folder: &Path, lines: &[String]) -> PathBuf {
    let path = folder.join("fleet.txt");
    fs::write(&path, format!("# the databases to migrate\n\n{}\n", lines.join("\n"))).expect("can write the list");
    path
}

fn each(versions: &Path, list: &Path, base: &str, more: &[&str]) -> Command {
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", base, "--each"]).arg(list).arg("--dir").arg(versions).args(more);
    command
}

fn run(versions: &Path, list: &Path, base: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = each(versions, list, base, more).output().expect("xtask runs");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned())
}

fn versions(name: &str) -> PathBuf {
    let versions = scratch(name);
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE a (i int);", "DROP TABLE a;");
    write_revision(&versions, "b1", "-- Revises: a1", "CREATE TABLE b (i int);", "DROP TABLE b;");
    let index = "CREATE INDEX CONCURRENTLY b_i ON b (i);";
    write_revision(&versions, "c1", "-- Revises: b1\n-- Transaction: off", index, "DROP INDEX b_i;");
    versions
}

#[test]
fn a_failure_does_not_stop_the_others() {
    let versions = versions("fleet-databases");
    let databases: Vec<Database> = (0..9).map(|_| Database::create()).collect();
    databases[4].rows("CREATE TABLE b (something text)");
    let lines: Vec<String> = databases.iter().map(|database| format!("dbname={}", database.name)).collect();
    let list = list(&versions, &lines);
    let (code, stdout, stderr) = run(&versions, &list, &databases[0].url(), &["--jobs", "4", "--json"]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("1 of 9 databases were not migrated: 1 failed"), "{stderr}");
    let name = &databases[4].name;
    assert!(
        stderr.contains(&format!("/{name}: error: ")) && stderr.contains("relation \"b\" already exists"),
        "{stderr}"
    );
    assert!(stderr.contains("`b1` was rolled back; the database is at `a1`"), "{stderr}");
    assert_eq!(stdout.lines().filter(|line| line.contains("\"event\":\"database\"")).count(), 8, "{stdout}");
    assert_eq!(stdout.lines().filter(|line| line.contains("\"event\":\"failed\"")).count(), 1, "{stdout}");
    for (index, database) in databases.iter().enumerate() {
        let at = if index == 4 { "a1" } else { "c1" };
        assert_eq!(database.rows("SELECT version_num FROM alembic_version"), [at]);
    }
    // Once it is fixed, only this one is migrated.
    databases[4].rows("DROP TABLE b");
    let (code, _, stderr) = run(&versions, &list, &databases[0].url(), &[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stderr.matches("nothing to do, at c1").count(), 8, "{stderr}");
    assert!(stderr.contains("9 databases in"), "{stderr}");
}

#[test]
fn schemas_of_one_database_are_migrated_concurrently() {
    let versions = versions("fleet-schemas");
    let database = Database::create();
    for number in 0..8 {
        database.rows(&format!("CREATE SCHEMA tenant_{number}"));
    }
    let lines: Vec<String> = (0..8).map(|number| format!("options=-csearch_path=tenant_{number}")).collect();
    let (code, _, stderr) = run(&versions, &list(&versions, &lines), &database.url(), &[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(database.rows("SELECT count(*) FROM pg_tables WHERE tablename = 'alembic_version'"), ["8"]);
    assert_eq!(database.rows("SELECT count(*), bool_and(indisvalid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE relname = 'b_i'"), ["8|t"]);
    // A migration of one schema does not block the others.
    let slow = scratch("fleet-schemas-slow");
    write_revision(&slow, "z1", "-- Revises:", "SELECT pg_sleep(600);", "");
    database.rows("CREATE SCHEMA slow");
    let one = scratch("fleet-schemas-list");
    let mut holder = each(&slow, &list(&one, &["options=-csearch_path=slow".to_owned()]), &database.url(), &[]);
    let mut holder = holder.stderr(Stdio::null()).spawn().expect("xtask runs");
    wait_for(&database, SLEEPING);
    let (code, _, stderr) = run(&versions, &list(&versions, &lines), &database.url(), &["--lock-wait", "1"]);
    assert_eq!(code, Some(0), "{stderr}");
    // A signal cancels the running migrations and starts no more.
    let kill = format!("kill -s TERM {}", holder.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh runs").success());
    assert_eq!(holder.wait().expect("it exits").code(), Some(130));
}

#[test]
fn slices_share_a_list() {
    let versions = versions("fleet-slices");
    let databases: Vec<Database> = (0..5).map(|_| Database::create()).collect();
    let lines: Vec<String> = databases.iter().map(|database| format!("dbname={}", database.name)).collect();
    let list = list(&versions, &lines);
    for slice in ["1/2", "2/2"] {
        let (code, _, stderr) = run(&versions, &list, &databases[0].url(), &["--slice", slice]);
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stderr.contains(if slice == "1/2" { "3 databases" } else { "2 databases" }), "{stderr}");
    }
    assert!(databases.iter().all(|database| database.rows("SELECT version_num FROM alembic_version") == ["c1"]));
    let (code, _, stderr) = run(&versions, &list, &databases[0].url(), &["--slice", "3/2"]);
    assert_eq!(code, Some(2), "{stderr}");
}

#[test]
fn errors_in_the_list_are_reported_first() {
    let versions = versions("fleet-list");
    let database = Database::create();
    let good = format!("dbname={}", database.name);
    let bad = list(&versions, &[good, "dbname=x colour=red".to_owned(), "port=x".to_owned()]);
    let (code, _, stderr) = run(&versions, &bad, &database.url(), &[]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("fleet.txt:4: unknown connection keyword at character 10"), "{stderr}");
    assert!(stderr.contains("fleet.txt:5: "), "all of them: {stderr}");
    assert_eq!(database.rows("SELECT to_regclass('alembic_version') IS NULL"), ["t"]);
    let (code, _, stderr) = run(&versions, &list(&versions, &[]), &database.url(), &[]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("lists no databases"), "{stderr}");
    let (code, _, stderr) = run(&versions, &versions.join("none.txt"), &database.url(), &[]);
    assert!(code == Some(1) && stderr.contains("none.txt"), "{stderr}");
}
