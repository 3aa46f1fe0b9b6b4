//! A test of `db adopt` that a transcript cannot contain: a client that is killed.

use std::process::Stdio;

use crate::support::wait::wait_for;
use crate::support::{Database, db, root, scratch, succeed, write_revision, xtask};

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
