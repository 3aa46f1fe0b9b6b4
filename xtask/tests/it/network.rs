//! A connection that is cut at any byte of a run, including within a COMMIT and its response: nothing is lost, nothing
//! is applied twice, and the error describes the actual state of the database.

use std::process::{Output, Stdio};

use crate::support::proxy::{Proxy, Way};
use crate::support::wait::wait_for;
use crate::support::{Database, db, in_parallel, root, scratch, succeed, write_revision, xtask};

/// How many points of a run are tried in each direction.
const POINTS: u64 = 24;

fn upgrade(database: &Database, proxy: &Proxy, versions: &std::path::Path) -> Output {
    let url = format!("host=127.0.0.1 port={} user=postgres dbname={} sslmode=disable", proxy.port, database.name);
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &url, "--dir"]).arg(versions).output().expect("xtask runs")
}

#[test]
fn a_connection_that_is_cut_loses_nothing() {
    let versions = scratch("network");
    let off = "-- Revises: a2\n-- Transaction: off";
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);", "");
    write_revision(&versions, "a2", "-- Revises: a1", "INSERT INTO t VALUES (2);\nCREATE TABLE u ();", "");
    let statements = "INSERT INTO t VALUES (3);\nCREATE INDEX CONCURRENTLY t_n ON t (n);\nINSERT INTO t VALUES (4);";
    write_revision(&versions, "a3", off, statements, "");
    write_revision(&versions, "a4", "-- Revises: a3", "INSERT INTO t VALUES (5);", "");

    let (database, whole) = (Database::create(), Proxy::start());
    succeed(&upgrade(&database, &whole, &versions));
    let cuts: Vec<(Way, u64)> = [Way::ToServer, Way::ToClient]
        .into_iter()
        .flat_map(|way| {
            let total = whole.count(way);
            (0..POINTS).map(move |point| (way, total * (2 * point + 1) / (2 * POINTS)))
        })
        .collect();
    in_parallel(3, &cuts, |_, &(way, after)| {
        let database = Database::create();
        let output = upgrade(&database, &Proxy::cutting(way, after), &versions);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let exists = database.rows("SELECT to_regclass('alembic_version') IS NOT NULL") == ["t"];
        let heads = if exists { database.rows("SELECT version_num FROM alembic_version") } else { Vec::new() };
        if let Some((_, head)) = text.rsplit_once("the database is at ") {
            let claimed = head.lines().next().unwrap_or_default().replace('`', "");
            let claimed: Vec<&str> = claimed.split(", ").filter(|&head| head != "base").collect();
            assert_eq!(heads, claimed, "{way:?} {after}: {text}");
        }
        succeed(&db(&database, &versions, &["upgrade"]));
        let found = |query| database.rows(query);
        assert_eq!(found("SELECT n FROM t ORDER BY n"), ["1", "2", "3", "4", "5"], "{way:?} {after}: {text}");
        assert_eq!(found("SELECT version_num FROM alembic_version"), ["a4"]);
        let log = "SELECT revision FROM migration_log ORDER BY id";
        assert_eq!(found(log), ["a1", "a2", "a3", "a4"], "{way:?} {after}: {text}");
        assert_eq!(found("SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass"), ["t"]);
        database.drop();
    });
}

/// The second connection only reports who holds a lock. It is opened if a revision takes longer than a moment.
#[test]
fn a_run_survives_the_end_of_its_second_connection() {
    let versions = scratch("watcher");
    write_revision(
        &versions,
        "a1",
        "-- Revises:",
        "DO $$ BEGIN\nWHILE NOT EXISTS (SELECT FROM pg_class WHERE relname = 'go') LOOP PERFORM pg_sleep(0.1); END LOOP;\nEND $$;\nCREATE TABLE t ();",
        "",
    );
    let database = Database::create();
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("xtask runs");
    let watchers = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND query LIKE '%AS blocker%'";
    (0..3).for_each(|_| wait_for(&database, watchers));
    database.rows("CREATE TABLE go ()");
    succeed(&child.wait_with_output().expect("it exits"));
    assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["a1"]);
}
