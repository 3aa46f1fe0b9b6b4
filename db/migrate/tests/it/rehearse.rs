//! A rehearsal runs everything and leaves nothing.

use std::time::{Duration, Instant};

use connection::Connection;
use migrate::{Error, Limits, Observer, ObserverError, Outcome, RehearsalObserver, Rehearsed, RunError, Scope, Target};
use revision::{Node, Objects, Place, Revisions};

use crate::objects::{objects, upgrade};
use crate::support::{Database, outcome, provenance, revision, revisions, statement_error};

/// Counts the statements, and sends one of its own after each.
#[derive(Default)]
struct Spy {
    statements: usize,
    steps: usize,
    sends: &'static str,
}

impl Observer for Spy {
    fn begin(&mut self, _: &mut Connection, _: Scope) -> Result<(), ObserverError> {
        Ok(())
    }

    fn before(&mut self, _: &mut Connection, _: Place, _: &str) -> Result<(), ObserverError> {
        Ok(())
    }

    fn after(&mut self, connection: &mut Connection, _: Place, _: &str) -> Result<(), ObserverError> {
        self.statements += 1;
        Ok(connection.send(self.sends)?)
    }
}

impl RehearsalObserver for Spy {
    fn step(&mut self, _: Option<Node>) {
        self.steps += 1;
    }
}

/// What a rehearsal must not change: the catalog but for OIDs, and the rows.
fn state(database: &Database) -> Vec<String> {
    let mut state = database.rows(
        "SELECT 'class', oid, relname, relkind, relfilenode, relacl FROM pg_class WHERE relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace, 'information_schema'::regnamespace) ORDER BY oid",
    );
    state.extend(database.rows("SELECT 'column', attrelid, attname, atttypid FROM pg_attribute WHERE attrelid >= 16384 ORDER BY attrelid, attnum"));
    state.extend(database.rows("SELECT 'routine', oid, proname FROM pg_proc WHERE oid >= 16384 ORDER BY oid"));
    if database.has_table("alembic_version") {
        state.extend(database.version_rows());
        state.extend(database.log());
    }
    state
}

fn limits(milliseconds: u64) -> Limits {
    Limits { lock_timeout: Duration::from_millis(200), most_held: Duration::from_millis(milliseconds) }
}

fn rehearse(database: &Database, revisions: &Revisions, spy: &mut Spy, limits: Limits) -> Result<Rehearsed, Error> {
    let none = Objects::new(Vec::new()).expect("no files");
    rehearse_with(database, revisions, &none, spy, limits)
}

/// Rehearses every step. Afterwards, the database must be as it was.
fn rehearse_with(
    database: &Database,
    revisions: &Revisions,
    objects: &Objects,
    spy: &mut Spy,
    limits: Limits,
) -> Result<Rehearsed, Error> {
    let before = state(database);
    let mut locked = database.migrator(revisions).with_objects(objects).lock().expect("the lock");
    let plan = locked.plan(Target::Upgrade("heads")).expect("a plan");
    let steps = plan.steps().steps.len();
    let rehearsed = plan.rehearse(steps, limits, spy, &provenance());
    assert_eq!(state(database), before, "{rehearsed:?}");
    rehearsed
}

#[test]
fn everything_is_applied_and_rolled_back() {
    let database = Database::create();
    let three = revisions([
        revision("a1", "", "CREATE TABLE a (i int);\nINSERT INTO a SELECT generate_series(1, 9);", ""),
        // What one revision leaves in the session is gone before the next, and the transaction goes on.
        revision(
            "b1",
            "a1",
            "SET search_path = pg_catalog;\nPREPARE p AS SELECT 1;\nCREATE TEMP TABLE t ();\nDECLARE c CURSOR WITH HOLD FOR SELECT 1;\nSELECT pg_advisory_unlock_all();\nCLOSE ALL;",
            "",
        ),
        revision("c1", "b1", "ALTER TABLE a ALTER i TYPE bigint;\nCREATE TEMP TABLE t ();", ""),
    ]);
    let mut spy = Spy::default();
    let rehearsed = rehearse(&database, &three, &mut spy, limits(20_000)).expect("it runs");
    assert_eq!((spy.statements, spy.steps), (10, 4));
    assert!(!database.has_table("alembic_version"), "not even the engine's tables are left");
    assert_eq!(database.rows(&format!("SELECT txid_status({})", rehearsed.transaction)), ["aborted"]);
    // The same session can run the plan.
    let mut locked = database.lock(&three);
    let plan = locked.plan(Target::Upgrade("heads")).expect("a plan");
    plan.rehearse(3, limits(20_000), &mut Spy::default(), &provenance()).expect("it runs");
    locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("it runs");
    assert_eq!(database.version_rows(), ["c1"]);
}

#[test]
fn objects_are_dropped_and_created_again() {
    let (database, one) = (Database::create(), revisions([revision("a1", "", "CREATE TABLE a (i int, j int);", "")]));
    let view = [("v", "CREATE OR REPLACE VIEW v AS SELECT i FROM a;")];
    upgrade(&database, &one, &objects(view)).expect("it runs");
    let two = revisions([
        revision("a1", "", "CREATE TABLE a (i int, j int);", ""),
        revision("b1", "a1", "ALTER TABLE a ALTER i TYPE bigint;", ""),
    ]);
    let files = objects([view[0], ("w", "CREATE OR REPLACE VIEW w AS SELECT * FROM a;")]);
    let rehearsed = rehearse_with(&database, &two, &files, &mut Spy::default(), limits(20_000)).expect("it runs");
    assert_eq!(rehearsed.objects, 2);
    // A view with other columns can't be replaced, so it is dropped first.
    let other = objects([("v", "CREATE OR REPLACE VIEW v AS SELECT j FROM a;")]);
    let rehearsed = rehearse_with(&database, &one, &other, &mut Spy::default(), limits(20_000)).expect("it runs");
    assert_eq!(rehearsed.objects, 1);
    let wrong = objects([("v", "CREATE OR REPLACE VIEW v AS SELECT k FROM a;")]);
    let error = rehearse_with(&database, &one, &wrong, &mut Spy::default(), limits(20_000)).expect_err("no column k");
    assert_eq!(outcome(&error), Some(&Outcome::Rehearsed { heads: vec!["a1".to_owned()] }));
}

#[test]
fn nothing_can_commit_it() {
    let database = Database::create();
    let two = revisions([
        revision("a1", "", "CREATE TABLE a ();", ""),
        revision("b1", "a1", "CREATE TABLE b ();\nCREATE TABLE c ();", ""),
    ]);
    for sends in ["COMMIT", "END", "COMMIT AND CHAIN"] {
        let mut spy = Spy { sends, ..Spy::default() };
        let error = rehearse(&database, &two, &mut spy, limits(20_000)).expect_err("it can't commit");
        assert!(error.to_string().contains("a rehearsal is not committed"), "{error}");
        assert!(!database.has_table("a"));
    }
}

#[test]
fn a_failure_leaves_the_heads_of_before() {
    let (database, one) = (Database::create(), revisions([revision("a1", "", "CREATE TABLE a ();", "")]));
    database.upgrade(&one).expect("it runs");
    let three = revisions([
        revision("a1", "", "CREATE TABLE a ();", ""),
        revision("b1", "a1", "CREATE TABLE b ();", ""),
        revision("c1", "b1", "CREATE TABLE c ();\nSELECT 1 / 0;", ""),
    ]);
    let error = rehearse(&database, &three, &mut Spy::default(), limits(20_000)).expect_err("division by zero");
    let statement = statement_error(&error);
    assert_eq!((statement.code.as_str(), statement.excerpt.as_ref().map(|at| at.place.line)), ("22012", Some(8)));
    assert_eq!(outcome(&error), Some(&Outcome::Rehearsed { heads: vec!["a1".to_owned()] }));
    // A deferred constraint, which the commit would check.
    let deferred = "CREATE TABLE b (i int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (1), (1);";
    let two = revisions([revision("a1", "", "CREATE TABLE a ();", ""), revision("b1", "a1", deferred, "")]);
    let error = rehearse(&database, &two, &mut Spy::default(), limits(20_000)).expect_err("not unique");
    assert_eq!(statement_error(&error).code, "23505");
}

#[test]
fn locks_are_neither_waited_for_nor_held_for_long() {
    let (database, one) = (Database::create(), revisions([revision("a1", "", "CREATE TABLE a ();", "")]));
    database.upgrade(&one).expect("it runs");
    let with = |statements: &str| {
        revisions([revision("a1", "", "CREATE TABLE a ();", ""), revision("b1", "a1", statements, "")])
    };
    // Settings of the revision do not lift the limits.
    for statements in [
        "ALTER TABLE a ADD i int;\nSELECT pg_sleep(600);",
        "SET statement_timeout = 0;\nALTER TABLE a ADD i int;\nSELECT pg_sleep(600);",
        "SET LOCAL statement_timeout = 0;\nDO $$ BEGIN PERFORM pg_sleep(600); END $$;",
    ] {
        let start = Instant::now();
        let error = rehearse(&database, &with(statements), &mut Spy::default(), limits(2_000)).expect_err("too long");
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
        match &error {
            Error::Run(run) => assert!(matches!(&**run, RunError::HeldTooLong { at: Some(_), .. }), "{run:?}"),
            other => panic!("{other:?}"),
        }
    }
    let mut reader = database.connect();
    reader.send("BEGIN; LOCK TABLE a IN ACCESS SHARE MODE").expect("the table is locked");
    let waits = with("SET lock_timeout = 0;\nALTER TABLE a ADD i int;");
    let error = rehearse(&database, &waits, &mut Spy::default(), limits(20_000)).expect_err("locked");
    assert_eq!(statement_error(&error).code, "55P03");
}
