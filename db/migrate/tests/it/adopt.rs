//! An adoption records what another tool has applied, in one transaction.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use migrate::{Adoption, Error, Event, HistoryError, Migrator, StateError, Target};
use revision::{RevisionFile, Revisions};

use crate::support::{
    Database, Recorder, options, provenance, revision, revisions, statement_error, wait_until, without_transaction,
};

fn file_c(sql: &str) -> RevisionFile {
    revision("c1", "b1", sql, "DROP TABLE c;")
}

/// A line of three with a pending revision, and a branch that depends on its second.
fn history() -> Revisions {
    revisions([
        // Their order is not that of the graph.
        file_c("CREATE TABLE c ();"),
        revision("b1", "a1", "CREATE TABLE b ();", "DROP TABLE b;"),
        revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;"),
        revision("pending", "c1", "CREATE TABLE pending ();", "DROP TABLE pending;"),
        revision("x1", "\n-- Depends On: b1", "CREATE TABLE x ();", "DROP TABLE x;"),
    ])
}

fn adoption(revisions: &Revisions, heads: &[&str]) -> Adoption {
    let heads = heads.iter().map(|head| revisions.graph().find(head).expect("a revision")).collect();
    Adoption { heads, reason: "adopted from a test".to_owned(), ..Adoption::default() }
}

fn adopt(database: &Database, revisions: &Revisions, adoption: Adoption) -> Result<(), Error> {
    database.lock(revisions).plan_adoption(adoption)?.run(&provenance())
}

/// The error of the state.
fn state_error(result: Result<(), Error>) -> StateError {
    match result.expect_err("a refusal") {
        Error::State(error) => *error,
        other => panic!("{other:?}"),
    }
}

fn has_nothing(database: &Database) -> bool {
    !database.has_table("migration_log") || database.log().is_empty() && database.version_rows().is_empty()
}

/// What the old tool has created.
const SCHEMA: &str = "CREATE TABLE a (); CREATE TABLE b (); CREATE TABLE c ()";

#[test]
fn every_ancestor_is_logged_in_one_transaction() {
    let (database, revisions) = (Database::create(), history());
    let graph = revisions.graph();
    let mut adoption = adoption(&revisions, &["c1", "x1"]);
    let node = graph.find("b1").expect("a revision");
    adoption.applied_at = HashMap::from([(node, "2024-02-29T12:00:00Z".to_owned())]);
    adopt(&database, &revisions, adoption).expect("an adoption");
    assert_eq!(database.version_rows(), ["c1", "x1"]);
    assert_eq!(database.log().len(), 4);
    for pair in [["a1", "b1"], ["b1", "c1"], ["b1", "x1"]] {
        let place = |revision: &str| database.log().iter().position(|row| *row == format!("stamp {revision}"));
        assert!(place(pair[0]) < place(pair[1]), "{pair:?}: {:?}", database.log());
    }
    let started = "SELECT revision FROM migration_log WHERE started_at = '2024-02-29 12:00Z' AND finished_at > now() - interval '1 minute'";
    assert_eq!(database.rows(started), ["b1"]);
    assert_eq!(database.rows("SELECT DISTINCT reason FROM migration_log"), ["adopted from a test"]);
    assert_eq!(database.rows("SELECT count(DISTINCT xmin::text) FROM (SELECT xmin FROM alembic_version UNION ALL SELECT xmin FROM migration_log) rows"), ["1"]);
    assert!(!database.has_table("a"), "nothing runs");
}

#[test]
fn the_next_upgrade_runs_only_what_is_pending() {
    let (database, revisions) = (Database::create(), history());
    database.send(SCHEMA);
    adopt(&database, &revisions, adoption(&revisions, &["c1"])).expect("an adoption");
    database.upgrade(&revisions).expect("an upgrade");
    assert_eq!(database.version_rows(), ["pending", "x1"]);
    database.run(&revisions, Target::Downgrade("base")).expect("a downgrade");
    assert_eq!(["a", "b", "c", "x", "pending"].map(|table| database.has_table(table)), [false; 5]);
}

#[test]
fn later_edits_are_detected() {
    let (database, revisions_before) = (Database::create(), history());
    adopt(&database, &revisions_before, adoption(&revisions_before, &["c1"])).expect("an adoption");
    let edited = revisions([
        revision("a1", "", "CREATE TABLE a (edited int);", ""),
        revision("b1", "a1", "CREATE TABLE b ();", ""),
        file_c("CREATE TABLE c ();"),
    ]);
    match database.upgrade(&edited).expect_err("an edit") {
        Error::History(HistoryError::Edited { revisions, diff }) => {
            assert_eq!((revisions[0].0.as_str(), revisions.len()), ("a1", 1));
            assert_eq!(diff, "- CREATE TABLE a ();\n+ CREATE TABLE a (edited int);");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_downgrade_needs_no_file() {
    let (database, all) = (Database::create(), history());
    database.send(SCHEMA);
    adopt(&database, &all, adoption(&all, &["c1"])).expect("an adoption");
    let first = revisions([revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;")]);
    let mut locked = database.lock(&first);
    let extended = locked.with_logged().expect("the log has what is missing");
    locked
        .with_revisions(&extended)
        .plan(Target::Downgrade("a1"))
        .expect("a plan")
        .run(&provenance())
        .expect("a downgrade");
    assert_eq!(database.version_rows(), ["a1"]);
    assert_eq!(["a", "b", "c"].map(|table| database.has_table(table)), [true, false, false]);
}

#[test]
fn version_rows_are_not_replaced() {
    let (database, revisions) = (Database::create(), history());
    database.run(&revisions, Target::Upgrade("a1")).expect("an upgrade");
    let before = (database.version_rows(), database.log());
    match state_error(adopt(&database, &revisions, adoption(&revisions, &["c1"]))) {
        StateError::HasVersionRows { rows, .. } => assert_eq!(rows, ["a1"]),
        other => panic!("{other:?}"),
    }
    assert_eq!((database.version_rows(), database.log()), before);
}

#[test]
fn a_partially_applied_revision_is_finished_first() {
    let database = Database::create();
    let revisions = revisions([without_transaction("a1", "", "SELECT 1;\nSELECT nowhere;", "")]);
    statement_error(&database.upgrade(&revisions).expect_err("an unknown column"));
    let error = state_error(adopt(&database, &revisions, adoption(&revisions, &["a1"])));
    assert!(matches!(error, StateError::PartiallyApplied { done: 1, .. }), "{error:?}");
    assert_eq!((database.version_rows(), database.log()), (Vec::new(), Vec::new()));
}

#[test]
fn rows_of_alembic_stay_and_only_missing_revisions_are_logged() {
    let (database, revisions) = (Database::create(), history());
    database.send("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)); INSERT INTO alembic_version VALUES ('b1')");
    database.send("CREATE TABLE a (); CREATE TABLE b ()");
    database.run(&revisions, Target::Upgrade("c1")).expect("an upgrade of what Alembic has made");
    let row = database.rows("SELECT xmin FROM alembic_version");
    let of_alembic = |heads: &[&str]| Adoption { has_rows: true, ..adoption(&revisions, heads) };
    let error = state_error(adopt(&database, &revisions, of_alembic(&["b1"])));
    assert!(matches!(error, StateError::HasVersionRows { .. }), "another row than the table has: {error:?}");
    adopt(&database, &revisions, of_alembic(&["c1"])).expect("an adoption");
    assert_eq!(database.rows("SELECT xmin FROM alembic_version"), row, "the row is that of before");
    assert_eq!(database.log(), ["upgrade c1", "stamp a1", "stamp b1"]);
    assert_eq!(database.rows("SELECT revision FROM migration_log WHERE reason IS NOT NULL ORDER BY id"), ["a1", "b1"]);
    let error = state_error(adopt(&database, &revisions, of_alembic(&["c1"])));
    assert!(matches!(error, StateError::NothingToAdopt { .. }), "{error:?}");
}

#[test]
fn a_table_that_changes_meanwhile_is_detected() {
    let (database, revisions) = (Database::create(), history());
    database.send("CREATE TABLE schema_migrations (version text); INSERT INTO schema_migrations VALUES ('a1')");
    let query = "SELECT string_agg(version, ' ' ORDER BY version) FROM public.schema_migrations";
    let unchanged = |value: Option<&str>| Adoption {
        unchanged: Some((query.to_owned(), value.map(str::to_owned))),
        ..adoption(&revisions, &["a1"])
    };
    for stale in [None, Some(""), Some("a1 b1"), Some("'")] {
        let error = state_error(adopt(&database, &revisions, unchanged(stale)));
        assert!(matches!(error, StateError::OtherToolRuns), "{stale:?}: {error:?}");
        assert!(has_nothing(&database), "{stale:?}");
    }
    adopt(&database, &revisions, unchanged(Some("a1"))).expect("an adoption");
    assert_eq!(database.version_rows(), ["a1"]);
}

#[test]
fn a_refused_row_undoes_all() {
    let (database, revisions) = (Database::create(), history());
    database.lock(&revisions).ensure_tables().expect("the tables");
    database.send("ALTER TABLE migration_log ADD CHECK (revision <> 'c1')");
    let error = adopt(&database, &revisions, adoption(&revisions, &["c1"])).expect_err("a constraint");
    assert!(matches!(error, Error::Query(_)), "{error:?}");
    assert!(has_nothing(&database));
}

#[test]
fn one_of_several_adoptions_is_recorded() {
    let (database, revisions) = (Database::create(), history());
    let outcomes: Vec<Result<(), Error>> = thread::scope(|scope| {
        let start = || scope.spawn(|| adopt(&database, &revisions, adoption(&revisions, &["c1"])));
        let threads: Vec<_> = (0..4).map(|_| start()).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for outcome in outcomes.into_iter().filter(Result::is_err) {
        let error = state_error(outcome);
        assert!(matches!(error, StateError::HasVersionRows { .. }), "{error:?}");
    }
    assert_eq!(database.log(), ["stamp a1", "stamp b1", "stamp c1"]);
}

#[test]
fn an_upgrade_waits_for_an_adoption() {
    let (database, revisions) = (Database::create(), history());
    database.send(SCHEMA);
    let recorder = Recorder::default();
    thread::scope(|scope| {
        let mut locked = database.lock(&revisions);
        let planned = locked.plan_adoption(adoption(&revisions, &["c1"])).expect("it is possible");
        let migrator = Migrator::new(&revisions, database.session(options(), recorder.listener()));
        let upgrade = scope.spawn(|| migrator.lock()?.plan(Target::Upgrade("heads"))?.run(&provenance()));
        recorder.wait_for("the lock", |event| matches!(event, Event::WaitingForLock { .. }));
        planned.run(&provenance()).expect("an adoption");
        drop(locked);
        upgrade.join().expect("no panic").expect("the upgrade continues from what was adopted");
    });
    assert_eq!(database.version_rows(), ["pending", "x1"]);
}

#[test]
fn a_killed_adoption_leaves_nothing() {
    let (database, revisions) = (Database::create(), history());
    database.lock(&revisions).ensure_tables().expect("the tables");
    // Blocks the adoption at its first row.
    let mut blocker = database.connect();
    blocker.send("BEGIN; LOCK TABLE migration_log").expect("a lock");
    thread::scope(|scope| {
        let running = scope.spawn(|| {
            let session = database.session(options(), Arc::new(|_| ()));
            let mut locked = Migrator::new(&revisions, session).lock()?;
            locked.plan_adoption(adoption(&revisions, &["c1"]))?.run(&provenance())
        });
        let pid = database.wait_for_session("wait_event_type = 'Lock'");
        database.send(&format!("SELECT pg_terminate_backend({pid})"));
        running.join().expect("no panic").expect_err("the session has ended");
    });
    drop(blocker);
    wait_until("nothing is recorded", || has_nothing(&database));
    adopt(&database, &revisions, adoption(&revisions, &["c1"])).expect("an adoption");
    assert_eq!(database.version_rows(), ["c1"]);
}

#[test]
fn a_large_history_is_sent_in_parts() {
    let long = |table: &str| format!("CREATE TABLE {table} (); -- {}\nSELECT '{}';", "x", "x".repeat(700 * 1024));
    let revisions = revisions([
        revision("a1", "", &long("a"), "DROP TABLE a;"),
        revision("b1", "a1", &long("b"), "DROP TABLE b;"),
        revision("c1", "b1", &long("c"), "DROP TABLE c;"),
    ]);
    let database = Database::create();
    adopt(&database, &revisions, adoption(&revisions, &["c1"])).expect("an adoption");
    assert_eq!(database.log(), ["stamp a1", "stamp b1", "stamp c1"]);
    assert_eq!(database.rows("SELECT count(*) FROM migration_log WHERE reason IS NULL"), ["0"]);
    database.migrator(&revisions).check().expect("no file has been edited");
}
