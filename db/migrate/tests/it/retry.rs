//! Retries of a transaction that can't get its locks, and the session that is reported as blocking it.

use std::sync::Arc;
use std::time::Duration;

use migrate::{Event, Hint, Migrator, Options, Target};
use revision::Revisions;

use crate::support::{
    Database, Recorder, options, outcome, provenance, revision, revisions, rolled_back, statement_error,
};

fn impatient() -> Options {
    let mut options = options();
    options.attempts = 3;
    options.lock_timeout = Duration::from_millis(800);
    options
}

fn table_and_column() -> Revisions {
    let column = "CREATE TABLE other ();\nALTER TABLE t ADD COLUMN b int;";
    revisions([revision("a1", "", "CREATE TABLE t (a int);", ""), revision("b1", "a1", column, "")])
}

/// Attempt, reason and blocker of each retry.
fn retries(recorder: &Recorder) -> Vec<(u32, String, Option<String>)> {
    let retry = |event| match event {
        Event::Retrying { attempt, reason, blocker, .. } => Some((attempt, reason, blocker)),
        _ => None,
    };
    recorder.events().into_iter().filter_map(retry).collect()
}

#[test]
fn the_session_that_holds_the_lock_is_reported() {
    let (database, two, recorder) = (Database::create(), table_and_column(), Recorder::default());
    database.run(&two, Target::Upgrade("a1")).expect("an upgrade");
    let mut reader = database.connect();
    reader.send("SET application_name = 'a long reader'; BEGIN; SELECT FROM t;").expect("a reader");

    let mut options = impatient();
    options.shows_queries = true;
    let session = database.session(options, recorder.listener());
    let mut locked = Migrator::new(&two, session).lock().expect("the lock");
    let plan = locked.plan(Target::Upgrade("heads")).expect("a plan");
    let error = plan.run(&provenance()).expect_err("the reader holds its lock");

    let statement = statement_error(&error);
    assert_eq!((statement.code.as_str(), error.hint()), ("55P03", Some(Hint::RaiseLockTimeout)));
    assert_eq!(statement.excerpt.as_ref().map(|at| at.line.as_str()), Some("ALTER TABLE t ADD COLUMN b int;"));
    assert_eq!(outcome(&error), Some(&rolled_back("b1", &["a1"])));
    assert_eq!((database.version_rows(), database.has_table("other")), (vec!["a1".to_owned()], false));

    let retries = retries(&recorder);
    assert_eq!(retries.iter().map(|(attempt, ..)| *attempt).collect::<Vec<_>>(), [1, 2]);
    assert!(retries.iter().all(|(_, reason, _)| reason.contains("lock timeout")), "{retries:?}");
    let (_, _, blocker) = &retries[1];
    let reader = format!("pid {} (a long reader, ", reader.backend());
    let names_reader = |text: &String| text.starts_with(&reader) && text.contains("SELECT FROM t");
    assert!(blocker.as_ref().is_some_and(names_reader), "{blocker:?}");
    assert!(recorder.has(|event| matches!(event, Event::Blocked { blocker } if names_reader(blocker))));
}

#[test]
fn a_retry_succeeds_when_the_lock_is_released() {
    let (database, two, recorder) = (Database::create(), table_and_column(), Recorder::default());
    database.run(&two, Target::Upgrade("a1")).expect("an upgrade");
    let mut reader = database.connect();
    reader.send("BEGIN; SELECT FROM t;").expect("a reader");
    let session = database.session(options(), recorder.listener());
    std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            let mut locked = Migrator::new(&two, session).lock()?;
            locked.plan(Target::Upgrade("heads"))?.run(&provenance())
        });
        recorder.wait_for("a retry", |event| matches!(event, Event::Retrying { .. }));
        // Between two attempts, the run holds no lock.
        let mut writer = database.connect();
        writer.send("SET lock_timeout = '3s'; INSERT INTO t VALUES (1);").expect("the table is not locked");
        reader.send("COMMIT").expect("the reader commits");
        run.join().expect("no panic").expect("an upgrade");
    });
    assert_eq!(database.rows("SELECT * FROM t"), ["1|null"]);
    assert_eq!((database.version_rows(), database.log().len()), (vec!["b1".to_owned()], 2));
}

/// A revision that fails this many times with this SQLSTATE. It counts with a sequence, which a rollback does not undo.
fn failing(times: u32, code: &str) -> Revisions {
    let sql = format!(
        "CREATE TABLE t ();\nDO $$ BEGIN IF nextval('attempts') <= {times} THEN RAISE EXCEPTION 'again' USING ERRCODE = '{code}'; END IF; END $$;"
    );
    revisions([revision("a1", "", &sql, "")])
}

#[test]
fn only_contention_is_retried() {
    // The number of failures, the SQLSTATE, the number of attempts, and whether the run succeeds. After the last
    // attempt, the revision runs once more to find the statement that failed.
    for (times, code, attempts, succeeds) in [
        (2, "40P01", 3, true),
        (2, "40001", 3, true),
        (2, "55P03", 3, true),
        (4, "40P01", 3, false),
        (2, "57014", 1, false),
    ] {
        let (database, recorder) = (Database::create(), Recorder::default());
        database.send("CREATE SEQUENCE attempts");
        let one = failing(times, code);
        let session = database.session(impatient(), recorder.listener());
        let mut locked = Migrator::new(&one, session).lock().expect("the lock");
        let result = locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance());
        let what = format!("{times} times {code}: {result:?}");
        assert_eq!((result.is_ok(), database.has_table("t")), (succeeds, succeeds), "{what}");
        assert_eq!(retries(&recorder).len(), attempts - 1, "{what}");
    }
}

#[test]
fn each_attempt_waits_longer_for_locks() {
    let (database, recorder) = (Database::create(), Recorder::default());
    database.send("CREATE SEQUENCE attempts");
    // A failed attempt leaves nothing but its error message.
    let sql = "CREATE TABLE t AS SELECT current_setting('lock_timeout') AS wait;
        DO $$ BEGIN IF nextval('attempts') < 3 THEN
            RAISE EXCEPTION '%', current_setting('lock_timeout') USING ERRCODE = '55P03';
        END IF; END $$;";
    let one = revisions([revision("a1", "", sql, "")]);
    let session = database.session(impatient(), recorder.listener());
    let mut locked = Migrator::new(&one, session).lock().expect("the lock");
    locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("an upgrade");
    let waits: Vec<String> = retries(&recorder).into_iter().map(|(_, reason, _)| reason).collect();
    assert_eq!(
        (waits, database.rows("SELECT wait FROM t")),
        (vec!["200ms".to_owned(), "400ms".to_owned()], vec!["800ms".to_owned()])
    );
}

#[test]
fn the_statement_timeout_applies() {
    let database = Database::create();
    let two =
        revisions([revision("a1", "", "CREATE TABLE a ();", ""), revision("b1", "a1", "SELECT pg_sleep(600);", "")]);
    let mut options = options();
    options.statement_timeout = Duration::from_secs(3);
    let mut locked = Migrator::new(&two, database.session(options, Arc::new(|_| ()))).lock().expect("the lock");
    let error =
        locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect_err("it takes too long");
    assert_eq!((statement_error(&error).code.as_str(), outcome(&error)), ("57014", Some(&rolled_back("b1", &["a1"]))));
}
