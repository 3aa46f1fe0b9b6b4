//! Tests of `db adopt` that a transcript cannot contain: a client that is killed, and the loop over many databases.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use crate::support::wait::wait_for;
use crate::support::{Database, clean, db, root, scratch, server, succeed, write_revision, xtask};

#[test]
fn a_killed_client_records_nothing() {
    let versions = scratch("adopt-killed");
    write_revision(&versions, "1", "-- Revises:", "CREATE TABLE one ();", "DROP TABLE one;");
    write_revision(&versions, "2", "-- Revises: 1", "CREATE TABLE two ();", "DROP TABLE two;");
    let database = Database::create();
    let table = "CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (2, false)";
    database.client().batch_execute(table).expect("can create the table");
    succeed(&db(&database, &versions, &["ensure-version"]));
    let mut blocker = database.client();
    blocker.batch_execute("BEGIN; LOCK TABLE migration_log IN EXCLUSIVE MODE").expect("can lock the log");

    let mut command = xtask(&root());
    command.args(["db", "adopt", "--no-compare", "--url", &database.url(), "--dir"]).arg(&versions);
    let mut child = command.stderr(Stdio::null()).spawn().expect("xtask runs");
    let others = "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'xtask%'";
    wait_for(&database, &format!("SELECT 1 {others} AND wait_event_type = 'Lock'"));
    child.kill().expect("can kill it");
    child.wait().expect("it exits");
    blocker.batch_execute("ROLLBACK").expect("can roll back");
    wait_for(&database, &format!("SELECT 1 WHERE NOT EXISTS (SELECT {others})"));

    let rows = "SELECT (SELECT count(*) FROM alembic_version), (SELECT count(*) FROM migration_log)";
    assert_eq!(database.rows(rows), ["0|0"]);
    succeed(&db(&database, &versions, &["adopt", "--no-compare"]));
    assert_eq!(database.rows(rows), ["1|2"]);
}

/// A database of a tenant, which the old tool has migrated or not.
fn tenant(is_migrated: bool) -> Database {
    let database = Database::create();
    if is_migrated {
        let table = "CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (1, false)";
        database.client().batch_execute(table).expect("can create the table");
    }
    database
}

/// The shell script below "Many databases" in docs/adopt.md, as it is there.
#[test]
fn the_loop_of_the_guide_adopts_what_it_can() {
    let page = fs::read_to_string(root().join("docs/adopt.md")).expect("can read the page");
    let (_, section) = page.split_once("\n### Many databases\n").expect("the page has the section");
    let script = section.split("```").nth(1).and_then(|block| block.strip_prefix("sh\n")).expect("it has a script");
    let folder = scratch("adopt-loop/versions");
    write_revision(&folder, "1", "-- Revises:", "CREATE TABLE one ();", "DROP TABLE one;");
    let folder = folder.parent().expect("it has a parent");
    let tenants = [true, false, true].map(tenant);
    let [first, second, third] = tenants.each_ref().map(|database| database.name.as_str());
    fs::create_dir_all(folder.join("db")).expect("can create the folder");
    let list = format!("# tenants\n\n  dbname={first}\n\t# a comment\ndbname={second}\ndbname={third}");
    fs::write(folder.join("db/fleet.txt"), list).expect("can write the list");
    let cargo = folder.join("cargo");
    let xtask = env!("CARGO_BIN_EXE_xtask");
    fs::write(&cargo, format!("#!/bin/sh\nshift\nexec {xtask} \"$@\" --no-compare --dir versions\n"))
        .expect("can write the script");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("can make it executable");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let run = || {
        let mut command = clean(Path::new("sh"), folder);
        command.args(["-c", script]).env("PATH", &path).env("PGHOST", &server().host).env("PGPORT", &server().port);
        let output = command.env("PGUSER", "postgres").output().expect("sh runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "db/fleet.txt:3\ndb/fleet.txt:5\ndb/fleet.txt:6\n");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, stderr) = run();
    assert_eq!(code, Some(1), "{stderr}");
    assert_eq!(stderr.matches("error: no table of another tool found").count(), 1, "{stderr}");
    let adopted = || {
        let has_log = "SELECT to_regclass('migration_log') IS NOT NULL";
        tenants.each_ref().map(|tenant| tenant.rows(has_log) == ["t"])
    };
    assert_eq!(adopted(), [true, false, true], "{stderr}");
    // Again, with the cause of the failure fixed.
    tenants[1].rows("CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (1, false)");
    let (code, stderr) = run();
    assert_eq!((code, adopted()), (Some(1), [true; 3]), "{stderr}");
    for tenant in &tenants {
        assert_eq!(tenant.rows("SELECT count(*) FROM migration_log"), ["1"], "{stderr}");
    }
}
