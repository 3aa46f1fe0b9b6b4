//! Cancelling from another thread: the statement stops, its transaction is rolled back, the lock is released, and the
//! error describes the state of the database.

use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use migrate::{Canceller, Error, Event, Migrator, Outcome, RunError, Target};
use revision::Revisions;

use crate::support::{
    Database, Recorder, options, outcome, provenance, revision, revisions, rolled_back, without_transaction,
};

/// Runs all revisions, cancels as soon as `wait` returns, and returns the error.
fn cancelled(database: &Database, revisions: &Revisions, recorder: &Recorder, wait: impl FnOnce()) -> Error {
    let migrator = Migrator::new(revisions, database.session(options(), recorder.listener()));
    let canceller = migrator.canceller();
    thread::scope(|scope| {
        let run = scope.spawn(|| migrator.lock()?.plan(Target::Upgrade("heads"))?.run(&provenance()));
        wait();
        let start = Instant::now();
        canceller.cancel();
        let error = run.join().expect("no panic").expect_err("it was cancelled");
        assert!(start.elapsed() < Duration::from_secs(60), "it took {:?}", start.elapsed());
        let is_interrupted = matches!(&error, Error::Run(run) if matches!(**run, RunError::Interrupted { .. }));
        assert!(is_interrupted, "{error:?}");
        error
    })
}

fn sleeping(database: &Database) -> impl FnOnce() {
    || {
        database.wait_for_session("wait_event = 'PgSleep'");
    }
}

#[test]
fn the_running_revision_is_rolled_back_and_the_lock_released() {
    for slow in [
        "CREATE TABLE b (); SELECT pg_sleep(600);",
        "CREATE TABLE b ();\nCOPY b FROM STDIN;\n\\.\nSELECT pg_sleep(600);",
    ] {
        let database = Database::create();
        let three = revisions([
            revision("a1", "", "CREATE TABLE a ();", ""),
            revision("b1", "a1", slow, ""),
            revision("c1", "b1", "CREATE TABLE c ();", ""),
        ]);
        let error = cancelled(&database, &three, &Recorder::default(), sleeping(&database));
        assert_eq!(outcome(&error), Some(&rolled_back("b1", &["a1"])));
        assert_eq!(["a", "b", "c"].map(|table| database.has_table(table)), [true, false, false]);
        assert_eq!((database.version_rows(), database.log()), (vec!["a1".to_owned()], vec!["upgrade a1".to_owned()]));
        drop(database.lock(&three));
    }
}

#[test]
fn a_revision_without_a_transaction_can_be_resumed() {
    let database = Database::create();
    let file = |second: &str| {
        let upgrade = format!("CREATE TABLE t (i int);\nINSERT INTO t SELECT 1 FROM {second};\nCREATE TABLE last ();");
        revisions([without_transaction("a1", "", &upgrade, "")])
    };
    let error = cancelled(&database, &file("pg_sleep(600)"), &Recorder::default(), sleeping(&database));
    assert!(matches!(outcome(&error), Some(Outcome::PartiallyApplied { done: 1, of: 3, .. })), "{error:?}");
    assert_eq!(database.rows("SELECT count(*) FROM t"), ["0"]);
    assert_eq!(database.rows("SELECT statement, finished_at IS NOT NULL FROM migration_journal"), ["1|t", "2|f"]);
    database.run(&file("pg_sleep(0)"), Target::Resume).expect("the rest runs");
    assert_eq!(
        (database.rows("SELECT count(*) FROM t"), database.version_rows()),
        (vec!["1".to_owned()], vec!["a1".to_owned()])
    );
}

#[test]
fn the_pause_before_a_retry_ends() {
    let (database, recorder) = (Database::create(), Recorder::default());
    let two = revisions([revision("a1", "", "CREATE TABLE t ();", ""), revision("b1", "a1", "DROP TABLE t;", "")]);
    database.run(&two, Target::Upgrade("a1")).expect("an upgrade");
    let mut reader = database.connect();
    reader.send("BEGIN; SELECT FROM t;").expect("a reader");
    // The pauses double. The fourth is the first of more than a second.
    let long_pause = |event: &Event| matches!(event, Event::Retrying { pause, .. } if *pause > Duration::from_secs(1));
    let error = cancelled(&database, &two, &recorder, || recorder.wait_for("a long pause", long_pause));
    assert_eq!(outcome(&error), Some(&rolled_back("b1", &["a1"])));
    assert!(database.has_table("t"));
}

#[test]
fn a_run_stops_between_revisions_and_between_statements() {
    // The listener cancels while no statement is running, so the server has nothing to cancel.
    let stop_at = |database: &Database, revisions: &Revisions, is_wanted: fn(&Event) -> bool| {
        let canceller: Arc<OnceLock<Canceller>> = Arc::default();
        let in_listener = Arc::clone(&canceller);
        let listener = move |event| {
            if is_wanted(&event)
                && let Some(canceller) = in_listener.get()
            {
                canceller.cancel();
                thread::sleep(Duration::from_millis(300));
            }
        };
        let migrator = Migrator::new(revisions, database.session(options(), Arc::new(listener)));
        assert!(canceller.set(migrator.canceller()).is_ok());
        let mut locked = migrator.lock().expect("the lock");
        locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect_err("it was cancelled")
    };
    let database = Database::create();
    let two = revisions([
        revision("a1", "", "CREATE TABLE a ();", ""),
        without_transaction("b1", "a1", "CREATE TABLE b ();\nCREATE TABLE c ();", ""),
    ]);
    let error = stop_at(&database, &two, |event| matches!(event, Event::RevisionFinished { .. }));
    assert!(matches!(outcome(&error), Some(Outcome::PartiallyApplied { done: 0, of: 2, .. })), "{error:?}");
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["a1".to_owned()], 0));

    let error = stop_at(&database, &two, |event| matches!(event, Event::Statement { number: 2, .. }));
    assert!(matches!(outcome(&error), Some(Outcome::PartiallyApplied { done: 1, of: 2, .. })), "{error:?}");
    assert_eq!(database.journal(), ["b1 upgrade 1 finished"]);
    assert_eq!(["b", "c"].map(|table| database.has_table(table)), [true, false]);

    let three = revisions([revision("a1", "", "CREATE TABLE a ();", ""), revision("b1", "a1", "", "")]);
    let database = Database::create();
    let error = stop_at(&database, &three, |event| matches!(event, Event::RevisionFinished { .. }));
    assert_eq!(outcome(&error), Some(&rolled_back("b1", &["a1"])));
    assert_eq!(database.version_rows(), ["a1"]);
}

#[test]
fn queries_of_the_engine_are_cancelled() {
    // Another session has locked a table of the engine, so reading or writing it waits.
    let one = revisions([without_transaction("a1", "", "CREATE TABLE a ();", "")]);
    for (table, has_outcome) in [("alembic_version", false), ("migration_journal", false), ("migration_log", true)] {
        let database = Database::create();
        database.lock(&one).ensure_tables().expect("the tables");
        let mut other = database.connect();
        // The log is read before the run, which is allowed. Only writing has to wait.
        let mode = if table == "migration_log" { "SHARE" } else { "ACCESS EXCLUSIVE" };
        other.send(&format!("BEGIN; LOCK TABLE {table} IN {mode} MODE;")).expect("a lock");
        let wait = || {
            database.wait_for_session("wait_event_type = 'Lock'");
        };
        let error = cancelled(&database, &one, &Recorder::default(), wait);
        let is_partially_applied = matches!(outcome(&error), Some(Outcome::PartiallyApplied { done: 1, of: 1, .. }));
        assert_eq!((is_partially_applied, outcome(&error).is_some()), (has_outcome, has_outcome), "{error:?}");
        other.send("ROLLBACK").expect("the lock is gone");
        database.upgrade(&one).expect("the table is not locked");
        assert_eq!((database.version_rows(), database.journal().len()), (vec!["a1".to_owned()], 0));
    }
}

#[test]
fn a_plan_that_is_cancelled_before_it_runs_does_nothing() {
    let database = Database::create();
    let one = revisions([revision("a1", "", "CREATE TABLE a ();", "")]);
    let targets = ["a1".to_owned()];
    for target in [Target::Upgrade("heads"), Target::Stamp { targets: &targets, purge: true }] {
        let migrator = database.migrator(&one);
        let canceller = migrator.canceller();
        let mut locked = migrator.lock().expect("the lock");
        locked.ensure_tables().expect("the tables");
        let plan = locked.plan(target).expect("a plan");
        canceller.cancel();
        // The server ignores the request, because no statement is running.
        thread::sleep(Duration::from_millis(300));
        let error = plan.run(&provenance()).expect_err("it was cancelled");
        assert!(matches!(&error, Error::Run(run) if matches!(**run, RunError::Interrupted { .. })), "{error:?}");
        assert_eq!((database.version_rows().len(), database.log().len(), database.has_table("a")), (0, 0, false));
    }
}

#[test]
fn a_rollback_survives_signals_that_come_late() {
    // For one request, the server signals a session twice. The second signal may arrive during the next statement.
    let database = Database::create();
    let (mut connection, mut other) = (database.connect(), database.connect());
    let (signals, backend) = (other.canceller(), connection.backend());
    thread::scope(|scope| {
        scope.spawn(move || {
            let signal = format!("PERFORM pg_cancel_backend({backend})");
            other.send(&format!("DO $$BEGIN LOOP {signal}; END LOOP; END$$")).expect_err("it is cancelled");
        });
        database.wait_for_session("query LIKE 'DO %'");
        let survived = (0..100).filter(|_| {
            let _ = connection.send("BEGIN; SELECT pg_sleep(0.001)");
            connection.roll_back()
        });
        let survived = survived.count();
        signals.cancel();
        assert_eq!(survived, 100);
    });
}
