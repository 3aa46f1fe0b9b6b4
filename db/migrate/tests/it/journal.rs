//! `Transaction: off`: each statement is journaled before and after it runs, and a run that stops can be resumed.

use std::thread;

use connection::Connection;
use migrate::{Decision, Error, Observer, ObserverError, Outcome, Scope, StateError, Target};
use revision::{Direction, Place, Revisions};

use crate::support::{Database, outcome, provenance, revision, revisions, statement_error, without_transaction};

/// Reads the journal in another session before and after each statement.
struct Reader<'a> {
    database: &'a Database,
    seen: Vec<String>,
}

impl Reader<'_> {
    fn record(&mut self, when: &str, what: &str) {
        let journal = self.database.journal().into_iter();
        let rows: Vec<String> = journal.map(|row| row.replace("a1 upgrade ", "")).collect();
        self.seen.push(format!("{when} {}: {}", what.split(' ').next().unwrap_or_default(), rows.join(", ")));
    }
}

impl Observer for Reader<'_> {
    fn begin(&mut self, _: &mut Connection, _: Scope) -> Result<(), ObserverError> {
        Ok(())
    }

    fn before(&mut self, _: &mut Connection, _: Place, text: &str) -> Result<(), ObserverError> {
        self.record("before", text);
        Ok(())
    }

    fn after(&mut self, _: &mut Connection, _: Place, text: &str) -> Result<(), ObserverError> {
        self.record("after", text);
        Ok(())
    }
}

#[test]
fn each_statement_is_journaled_before_and_after() {
    let database = Database::create();
    let sql = "CREATE TABLE t (i int);\nVACUUM t;\nINSERT INTO t VALUES (1);";
    let one = revisions([without_transaction("a1", "", sql, "")]);
    let mut reader = Reader { database: &database, seen: Vec::new() };
    let mut locked = database.lock(&one);
    let plan = locked.plan(Target::Upgrade("heads")).expect("a plan");
    plan.observed_by(&mut reader).run(&provenance()).expect("an upgrade");
    assert_eq!(
        reader.seen,
        [
            "before CREATE: 1 started",
            "after CREATE: 1 finished",
            "before VACUUM: 1 finished, 2 started",
            // VACUUM can't run in a transaction, so its journal entry is written afterwards.
            "after VACUUM: 1 finished, 2 started",
            "before INSERT: 1 finished, 2 finished, 3 started",
            "after INSERT: 1 finished, 2 finished, 3 finished",
        ]
    );
    // A finished revision leaves its version row and its log row.
    assert_eq!(database.journal(), [""; 0]);
    assert_eq!((database.version_rows(), database.log()), (vec!["a1".to_owned()], vec!["upgrade a1".to_owned()]));
}

#[test]
fn a_statement_and_its_journal_entry_commit_in_one_transaction() {
    let database = Database::create();
    let sql = "CREATE TABLE t (i int);\nCOPY t FROM STDIN;\n1\n\\.\nSELECT nowhere;";
    database.upgrade(&revisions([without_transaction("a1", "", sql, "")])).expect_err("an unknown column");
    let same = "SELECT statement, CASE statement WHEN 1 THEN j.xmin = c.xmin ELSE j.xmin = t.xmin END
        FROM migration_journal j, pg_class c, t WHERE j.finished_at IS NOT NULL AND c.oid = 't'::regclass ORDER BY 1";
    assert_eq!(database.rows(same), ["1|t", "2|t"]);
}

/// A revision whose third statement can fail.
fn partially_applied(third: &str) -> Revisions {
    let upgrade = format!("CREATE TABLE t (i int);\nINSERT INTO t VALUES (1);\n{third}\nCREATE TABLE last ();");
    revisions([
        revision("a1", "", "", ""),
        without_transaction("b1", "a1", &upgrade, "DROP TABLE t;"),
        revision("c1", "b1", "CREATE TABLE c ();", ""),
    ])
}

#[test]
fn a_failed_run_resumes_at_the_statement_that_failed() {
    let database = Database::create();
    let error = database.upgrade(&partially_applied("SELECT nowhere;")).expect_err("an unknown column");
    let statement = statement_error(&error);
    assert_eq!((statement.code.as_str(), statement.excerpt.as_ref().map(|at| at.place.line)), ("42703", Some(10)));
    let (revision, heads) = ("b1".to_owned(), vec!["a1".to_owned()]);
    let stopped = Outcome::PartiallyApplied { revision, direction: Direction::Upgrade, done: 2, of: 4, heads };
    assert_eq!(outcome(&error), Some(&stopped));
    assert_eq!(database.journal(), ["b1 upgrade 1 finished", "b1 upgrade 2 finished", "b1 upgrade 3 failed"]);
    let message = database
        .rows("SELECT error LIKE '%column \"nowhere\" does not exist%' FROM migration_journal WHERE error <> ''");
    assert_eq!(message, ["t"]);
    assert_eq!((database.version_rows(), database.log()), (rows_of("a1"), vec!["upgrade a1".to_owned()]));
    assert_eq!((database.rows("SELECT count(*) FROM t"), database.has_table("last")), (vec!["1".to_owned()], false));

    let started = database.rows("SELECT min(started_at) FROM migration_journal");
    database.upgrade(&partially_applied("SELECT 3;")).expect("the rest runs");
    assert_eq!(database.rows("SELECT count(*) FROM t"), ["1"], "finished statements do not run again");
    assert_eq!((database.has_table("last"), database.has_table("c")), (true, true));
    assert_eq!((database.version_rows(), database.journal()), (rows_of("c1"), Vec::new()));
    assert_eq!(database.log(), ["upgrade a1", "upgrade b1", "upgrade c1"]);
    assert_eq!(database.rows("SELECT started_at FROM migration_log WHERE revision = 'b1'"), started);
}

fn rows_of(row: &str) -> Vec<String> {
    vec![row.to_owned()]
}

#[test]
fn resume_finishes_one_revision_in_either_direction() {
    let database = Database::create();
    database.upgrade(&partially_applied("SELECT nowhere;")).expect_err("an unknown column");
    let repaired = partially_applied("SELECT 3;");
    let done = database.run(&repaired, Target::Resume).expect("the rest runs");
    assert_eq!((done.plan.steps.len(), database.version_rows(), database.has_table("c")), (1, rows_of("b1"), false));

    let down = |second: &str| {
        let downgrade = format!("DROP TABLE last;\n{second}");
        revisions([
            revision("a1", "", "", ""),
            without_transaction(
                "b1",
                "a1",
                "CREATE TABLE t (i int);\nINSERT INTO t VALUES (1);\nSELECT 3;\nCREATE TABLE last ();",
                &downgrade,
            ),
        ])
    };
    database.run(&down("DROP TABLE missing;"), Target::Downgrade("a1")).expect_err("no such table");
    assert_eq!(database.journal(), ["b1 downgrade 1 finished", "b1 downgrade 2 failed"]);
    database.run(&down("DROP TABLE t;"), Target::Resume).expect("the rest runs");
    assert_eq!((database.version_rows(), database.journal()), (rows_of("a1"), Vec::new()));
    assert_eq!(database.log(), ["upgrade a1", "upgrade b1", "downgrade b1"]);
}

#[test]
fn a_finished_statement_must_not_be_edited() {
    let database = Database::create();
    let file = |first: &str| revisions([without_transaction("a1", "", &format!("{first}\nSELECT nowhere;"), "")]);
    database.upgrade(&file("CREATE TABLE t (i int);")).expect_err("an unknown column");
    let error = database.upgrade(&file("CREATE TABLE t (i bigint);")).expect_err("the statement has run");
    match error {
        Error::State(state) => match *state {
            StateError::EditedHalfWay { revision, statement, line, .. } => {
                assert_eq!((revision.as_str(), statement, line), ("a1", 1, 8));
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
    // Changes to comments and white space are not edits.
    let error = database.upgrade(&file("CREATE  TABLE t /* of numbers */ (i int);")).expect_err("an unknown column");
    assert_eq!(statement_error(&error).code, "42703");
}

/// A revision that creates a table in another schema by `search_path` before its third statement.
fn in_other_schema(third: &str) -> Revisions {
    let upgrade = format!("SET search_path = other;\nCREATE TABLE first ();\n{third}");
    revisions([without_transaction("a1", "", &upgrade, "")])
}

fn stop_in_other_schema(database: &Database) {
    database.send("CREATE SCHEMA other");
    database.upgrade(&in_other_schema("SELECT nowhere;")).expect_err("an unknown column");
}

fn resume_in_other_schema(database: &Database) {
    database.run(&in_other_schema("CREATE TABLE second ();"), Target::Resume).expect("the rest runs");
    assert_eq!(["other.first", "other.second"].map(|table| database.has_table(table)), [true, true]);
    assert_eq!(database.version_rows(), ["a1"]);
}

#[test]
fn settings_of_finished_statements_apply_to_the_rest() {
    let database = Database::create();
    stop_in_other_schema(&database);
    resume_in_other_schema(&database);
}

#[test]
fn the_journal_is_written_as_the_role_that_logged_in() {
    let database = Database::create();
    let role = database.role();
    database.send(&format!("CREATE ROLE {role}; GRANT CREATE ON SCHEMA public TO {role};"));
    let upgrade = format!(
        "SET ROLE {role};\nCREATE TABLE t ();\nSET SESSION AUTHORIZATION {role};\nCREATE TABLE u ();\nSELECT nowhere;"
    );
    let one = revisions([without_transaction("a1", "", &upgrade, "")]);
    let error = database.upgrade(&one).expect_err("an unknown column");
    assert_eq!(statement_error(&error).code, "42703");
    assert_eq!(database.journal().last().map(String::as_str), Some("a1 upgrade 5 failed"));
    // Writing the journal between the statements does not undo their settings.
    let owners = "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relname IN ('t', 'u')";
    assert_eq!(database.rows(owners), [role]);
}

#[test]
fn a_statement_whose_session_dies_runs_again() {
    let database = Database::create();
    let upgrade = "CREATE TABLE t (i int);\nINSERT INTO t SELECT 1 FROM pg_sleep(20);";
    let slow = revisions([without_transaction("a1", "", upgrade, "")]);
    thread::scope(|scope| {
        let run = scope.spawn(|| database.upgrade(&slow));
        let backend = database.wait_for_session("wait_event = 'PgSleep'");
        database.send(&format!("SELECT pg_terminate_backend({backend})"));
        let error = run.join().expect("no panic").expect_err("the session was terminated");
        assert!(matches!(outcome(&error), Some(Outcome::PartiallyApplied { done: 1, of: 2, .. })), "{error:?}");
    });
    assert_eq!(database.journal(), ["a1 upgrade 1 finished", "a1 upgrade 2 started"]);
    let quick =
        revisions([without_transaction("a1", "", &upgrade.replace("pg_sleep(20)", "generate_series(1, 1)"), "")]);
    database.run(&quick, Target::Resume).expect("the rest runs");
    assert_eq!(
        (database.rows("SELECT count(*) FROM t"), database.version_rows()),
        (vec!["1".to_owned()], rows_of("a1"))
    );
}

/// Makes the tables those of the version before the columns for dependencies, effects and session state.
fn as_earlier_version(database: &Database) {
    database.send(
        "ALTER TABLE migration_log DROP COLUMN depends_on, DROP COLUMN downgrade_checksum;
        ALTER TABLE migration_journal DROP COLUMN before, DROP COLUMN session;",
    );
}

#[test]
fn tables_of_an_earlier_version_are_extended() {
    let database = Database::create();
    stop_in_other_schema(&database);
    as_earlier_version(&database);
    assert_eq!(
        database.migrator(&in_other_schema("")).check().err().map(|error| outcome_name(&error)),
        Some("partially applied")
    );
    resume_in_other_schema(&database);
    let columns = "SELECT count(*) FROM pg_attribute WHERE attname IN ('depends_on', 'downgrade_checksum', 'before', \
         'session') AND NOT attisdropped AND attrelid IN ('migration_log'::regclass, \
         'migration_journal'::regclass)";
    assert_eq!(database.rows(columns), ["4"]);
}

fn outcome_name(error: &Error) -> &'static str {
    match error {
        Error::State(state) if matches!(**state, StateError::PartiallyApplied { .. }) => "partially applied",
        _ => "another",
    }
}

#[test]
fn a_run_that_an_earlier_version_left_in_an_unknown_state_is_decided_by_the_caller() {
    for (decision, expected) in [(Decision::Done, "1"), (Decision::Again, "2")] {
        let database = Database::create();
        database.send("CREATE TABLE n (v int); INSERT INTO n VALUES (0)");
        let one =
            revisions([without_transaction("a1", "", "DO $$ BEGIN UPDATE n SET v = v + 1; END $$;\nSELECT 1;", "")]);
        database.lock(&one).ensure_tables().expect("the tables");
        as_earlier_version(&database);
        let script = one.script(one.graph().find("a1").expect("a node"));
        let first = script.statements(script.upgrade()).next().expect("a statement").expect("it is in memory");
        let checksum = first.digest;
        database.send(&format!(
            "INSERT INTO migration_journal (revision, direction, statement, checksum, line) VALUES ('a1', 'upgrade', 1, '{checksum}', 8);
            UPDATE n SET v = 1"
        ));
        let error = database.run(&one, Target::Resume).expect_err("it may have run");
        let Error::State(state) = error else { panic!("{error:?}") };
        assert!(matches!(*state, StateError::MayHaveRun { statement: 1, .. }), "{state:?}");
        database.run(&one, Target::ResumeKnowing(decision)).expect("the rest runs");
        assert_eq!(
            (database.rows("SELECT v FROM n"), database.version_rows()),
            (vec![expected.to_owned()], rows_of("a1"))
        );
    }
}

#[test]
fn removing_the_mode_of_a_partially_applied_revision_is_refused() {
    let database = Database::create();
    database.send("CREATE TABLE n (v int)");
    let upgrade = "INSERT INTO n VALUES (1);\nSELECT 1/0;";
    database.upgrade(&revisions([without_transaction("a1", "", upgrade, "")])).expect_err("a division by zero");
    let error = database.upgrade(&revisions([revision("a1", "", upgrade, "")])).expect_err("another mode");
    let Error::State(state) = error else { panic!("{error:?}") };
    assert!(matches!(*state, StateError::ModeChanged { done: 1, .. }), "{state:?}");
    assert_eq!(database.rows("SELECT count(*) FROM n"), ["1"]);
}

#[test]
fn an_edited_statement_that_may_have_run_is_refused() {
    let database = Database::create();
    database.send("CREATE TABLE t (a int, b int)");
    let file = |columns: &str| {
        let upgrade = format!("CREATE INDEX CONCURRENTLY i ON t ({columns});\nSELECT nowhere;");
        revisions([without_transaction("a1", "", &upgrade, "")])
    };
    database.upgrade(&file("a")).expect_err("an unknown column");
    database.send("DELETE FROM migration_journal WHERE statement = 2; UPDATE migration_journal SET finished_at = NULL");
    let error = database.upgrade(&file("a, b")).expect_err("the index may exist");
    let Error::State(state) = error else { panic!("{error:?}") };
    assert!(matches!(*state, StateError::EditedWhileUnknown { statement: 1, .. }), "{state:?}");
}
