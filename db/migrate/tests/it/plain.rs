//! A plain SQL file, such as one with the rows of a development database: one transaction, and nothing is recorded.

use std::sync::Arc;
use std::thread;

use migrate::{Error, Outcome, RunError};
use revision::{RevisionFile, Script};

use crate::support::{Database, options, outcome, statement_error};

fn script(sql: &str) -> Script {
    Script::read_plain(&RevisionFile::in_memory("seeds.sql", sql)).expect(sql)
}

fn run(database: &Database, sql: &str) -> Result<usize, Error> {
    database.session(options(), Arc::new(|_| ())).run_plain(&script(sql))
}

#[test]
fn all_statements_take_effect_or_none() {
    let database = Database::create();
    let create = "CREATE TABLE t (i int PRIMARY KEY, x xid8 DEFAULT pg_current_xact_id());\n";
    let copy = "COPY t (i) FROM STDIN;\n1\n2\n\\.\nINSERT INTO t VALUES (3);;\n-- the end";
    assert_eq!(run(&database, &format!("{create}{copy}")).expect("it runs"), 3);
    assert_eq!(database.rows("SELECT count(*), count(DISTINCT x) FROM t"), ["3|1"]);
    assert!(!database.has_table("migration_log"));
    let error = run(
        &database,
        "INSERT INTO t VALUES (4);\n SELECT 1;\nCOPY t (i) FROM STDIN;\n5\n\\.\n  INSERT INTO t VALUES (1);",
    )
    .expect_err("a duplicate key");
    let place = statement_error(&error).excerpt.as_ref().expect("a place").place;
    assert_eq!(((place.line, place.column), outcome(&error)), ((6, 3), Some(&Outcome::NothingRan)));
    assert_eq!(database.rows("SELECT count(*) FROM t"), ["3"]);
}

#[test]
fn a_lost_connection_leaves_all_or_nothing() {
    let database = Database::create();
    let error = run(&database, "SELECT pg_terminate_backend(pg_backend_pid());").expect_err("the session ended");
    assert_eq!(outcome(&error), Some(&Outcome::AllOrNothing));
}

#[test]
fn it_can_be_cancelled() {
    let database = Database::create();
    let mut session = database.session(options(), Arc::new(|_| ()));
    let canceller = session.canceller();
    thread::scope(|scope| {
        let run = scope.spawn(|| session.run_plain(&script("CREATE TABLE t (); SELECT pg_sleep(60);")));
        database.wait_for_session("wait_event = 'PgSleep'");
        canceller.cancel();
        let error = run.join().expect("no panic").expect_err("it was cancelled");
        let is_interrupted = matches!(&error, Error::Run(run) if matches!(**run, RunError::Interrupted { .. }));
        assert!(is_interrupted && outcome(&error) == Some(&Outcome::NothingRan), "{error:?}");
    });
    assert!(!database.has_table("t"));
}

#[test]
fn the_timeouts_are_those_of_a_revision() {
    let database = Database::create();
    database.send("CREATE TABLE t (lock text, statement text)");
    let mut options = options();
    options.statement_timeout = std::time::Duration::from_secs(7);
    let sql = "INSERT INTO t VALUES (current_setting('lock_timeout'), current_setting('statement_timeout'))";
    let expected = format!("{}s|7s", options.lock_timeout.as_secs());
    database.session(options, Arc::new(|_| ())).run_plain(&script(sql)).expect("it runs");
    assert_eq!(database.rows("SELECT lock, statement FROM t"), [expected]);
}
