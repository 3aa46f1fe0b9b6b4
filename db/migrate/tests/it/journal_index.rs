//! `CREATE INDEX CONCURRENTLY` that fails leaves an invalid index, and one that is interrupted may be finished: a run that
//! resumes finds out which.

use migrate::{Event, Migrator, Outcome, Target};
use revision::Revisions;

use crate::support::{
    Database, Recorder, options, outcome, provenance, revision, revisions, statement_error, without_transaction,
};

const UNIQUE: &str = "CREATE UNIQUE INDEX CONCURRENTLY t_i ON t (i);";

fn indexed() -> Revisions {
    let table = "CREATE TABLE t (i int); INSERT INTO t VALUES (1), (1);";
    revisions([revision("a1", "", table, ""), without_transaction("b1", "a1", UNIQUE, "DROP INDEX CONCURRENTLY t_i;")])
}

const INDEX: &str = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('t_i')";

#[test]
fn an_invalid_index_is_dropped_before_the_statement_runs_again() {
    let database = Database::create();
    database.upgrade(&indexed()).expect_err("the rows are not unique");
    assert_eq!(database.rows(INDEX), ["f"]);

    database.send("DELETE FROM t");
    let (revisions, recorder) = (indexed(), Recorder::default());
    let session = database.session(options(), recorder.listener());
    let mut locked = Migrator::new(&revisions, session).lock().expect("the lock");
    locked.plan(Target::Resume).expect("a plan").run(&provenance()).expect("the rest runs");
    assert_eq!((database.rows(INDEX), database.version_rows()), (vec!["t".to_owned()], vec!["b1".to_owned()]));
    assert!(recorder.has(|event| matches!(event, Event::DroppedInvalidIndex { index } if index == "t_i")));
}

#[test]
fn a_finished_index_without_a_journal_entry_is_kept() {
    let database = Database::create();
    let file = |last: &str| {
        let upgrade = format!("CREATE TABLE t (i int);\n{UNIQUE}\n{last}");
        revisions([without_transaction("a1", "", &upgrade, "")])
    };
    database.upgrade(&file("SELECT nowhere;")).expect_err("an unknown column");
    let index = database.rows("SELECT 't_i'::regclass::oid");
    // As if the run had died between building the index and writing the journal.
    database.send("UPDATE migration_journal SET finished_at = NULL WHERE statement = 2");
    database.run(&file("SELECT 1;"), Target::Resume).expect("the rest runs");
    assert_eq!(database.rows("SELECT 't_i'::regclass::oid"), index, "the index is the same");
    assert_eq!(database.version_rows(), ["a1"]);
}

#[test]
fn a_finished_index_whose_journal_entry_failed_is_kept() {
    let database = Database::create();
    let one = revisions([without_transaction("a1", "", UNIQUE, "")]);
    database.lock(&one).ensure_tables().expect("the tables");
    database.send(
        "CREATE TABLE t (i int);
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no entry''; END';
        CREATE TRIGGER refuse BEFORE UPDATE ON migration_journal FOR EACH ROW
            WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION refuse();",
    );
    let error = database.upgrade(&one).expect_err("the journal entry is refused");
    assert!(matches!(outcome(&error), Some(Outcome::PartiallyApplied { .. })), "{error:?}");
    assert_eq!(
        (database.rows(INDEX), database.journal()),
        (vec!["t".to_owned()], vec!["a1 upgrade 1 started".to_owned()])
    );
    database.send("DROP TRIGGER refuse ON migration_journal");
    database.run(&one, Target::Resume).expect("the rest runs");
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["a1".to_owned()], 0));
}

#[test]
fn an_existing_index_of_the_same_name_is_an_error() {
    let database = Database::create();
    database.send("CREATE TABLE t (i int); CREATE INDEX t_i ON t (i);");
    let one = revisions([without_transaction("a1", "", UNIQUE, "")]);
    for attempt in ["the first", "the next"] {
        // The server refused the statement, so this index is not its work.
        let error = database.upgrade(&one).expect_err(attempt);
        assert_eq!((statement_error(&error).code.as_str(), database.version_rows().len()), ("42P07", 0), "{attempt}");
    }
}

#[test]
fn an_invalid_index_that_is_attached_is_rebuilt() {
    let database = Database::create();
    database.send(
        "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
        INSERT INTO p VALUES (1), (1); CREATE UNIQUE INDEX p_a ON ONLY p (a);",
    );
    let one = revisions([without_transaction("a1", "", "CREATE UNIQUE INDEX CONCURRENTLY p1_a ON p1 (a);", "")]);
    database.upgrade(&one).expect_err("the rows are not unique");
    database.send("ALTER INDEX p_a ATTACH PARTITION p1_a; DELETE FROM p WHERE ctid = '(0,1)'");
    database.run(&one, Target::Resume).expect("it is rebuilt, because it can't be dropped");
    let valid = "SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 'p1'::regclass";
    assert_eq!((database.rows(valid), database.version_rows()), (vec!["p1_a|t".to_owned()], vec!["a1".to_owned()]));
}

#[test]
fn an_invalid_index_is_not_taken_for_an_existing_one() {
    let database = Database::create();
    database.send("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)");
    database.connect().send("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)").expect_err("the rows are not unique");
    let sql = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);";
    let one = revisions([without_transaction("a1", "", sql, "")]);
    let error = database.upgrade(&one).expect_err("the server would skip it");
    assert!(matches!(outcome(&error), Some(Outcome::PartiallyApplied { done: 0, of: 1, .. })), "{error:?}");
    assert!(error.to_string().ends_with("a1.sql:8: the index public.t_a exists and is invalid"), "{error}");
    assert_eq!(database.version_rows().len(), 0);
}
