//! A revision can't release the migration lock for more than a moment, or make a run use other tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use migrate::{Error, Outcome, RunError, Session, StateError, Target};
use revision::{RevisionFile, Revisions};

use crate::support::{Database, options, outcome, revision, revisions, rolled_back, without_transaction};

type Kind = fn(&str, &str, &str, &str) -> RevisionFile;

/// Statements that release the lock, also in a function or a trigger.
const WAYS: [&str; 5] = [
    "SELECT pg_advisory_unlock_all();",
    "DO $$BEGIN EXECUTE 'SELECT pg_advisory_' || 'unlock_all()'; END$$;",
    "SELECT pg_advisory_unlock((classid::bigint << 32) + objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();",
    "CREATE TABLE t (a int DEFAULT (pg_advisory_unlock_all() IS NULL)::int);\nINSERT INTO t DEFAULT VALUES;",
    "CREATE FUNCTION release() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_unlock_all(); RETURN NEW; END';\n\
     CREATE TABLE t (a int);\nCREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION release();\n\
     INSERT INTO t VALUES (1);",
];

#[test]
fn the_lock_is_held_after_a_revision_that_released_it() {
    for way in WAYS {
        for next in [revision as Kind, without_transaction] {
            let database = Database::create();
            let held = "CREATE TABLE held AS SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid();";
            let two = revisions([revision("a1", "", way, ""), next("b1", "a1", held, "")]);
            database.upgrade(&two).unwrap_or_else(|error| panic!("{way}: {error}"));
            assert_eq!(database.rows("SELECT * FROM held"), ["1"], "{way}");
        }
    }
}

/// The error of a run, which released the lock: the line, and the number of statements that have run.
fn released(error: &Error) -> (u32, usize) {
    match error {
        Error::Run(run) => match &**run {
            RunError::LockReleased { line, outcome: Outcome::PartiallyApplied { done, .. }, .. } => (*line, *done),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_transaction_a_statement_that_releases_the_lock_is_rolled_back() {
    for way in WAYS {
        let database = Database::create();
        let count = way.matches(";\n").count();
        let off = |way: &str| {
            let sql = format!("CREATE TABLE first ();\n{way}\nCREATE TABLE last ();");
            revisions([without_transaction("a1", "", &sql, "")])
        };
        let error = database.upgrade(&off(way)).expect_err("it releases the lock");
        assert_eq!(released(&error), (9 + count as u32, 1 + count), "{way}");
        assert!(database.has_table("first") && !database.has_table("last"), "{way}");
        // The statement may be edited, and the revision resumed.
        let mut lines: Vec<&str> = way.split_inclusive('\n').collect();
        lines[count] = "SELECT 1;";
        database.upgrade(&off(&lines.concat())).unwrap_or_else(|error| panic!("{way}: {error}"));
        assert!(database.has_table("last") && database.journal().is_empty(), "{way}");
    }
}

#[test]
fn a_procedure_that_releases_the_lock_and_commits_is_recorded() {
    let database = Database::create();
    let sql = "CREATE TABLE t (a int);\nDO $$BEGIN INSERT INTO t VALUES (1); COMMIT; PERFORM pg_advisory_unlock_all(); END$$;\nCREATE TABLE last ();";
    let one = revisions([without_transaction("a1", "", sql, "")]);
    let error = database.upgrade(&one).expect_err("it releases the lock");
    assert_eq!(released(&error), (9, 2));
    assert_eq!(database.journal(), ["a1 upgrade 1 finished", "a1 upgrade 2 finished"]);
    database.upgrade(&one).expect("the rest runs");
    assert_eq!(database.rows("SELECT count(*) FROM t"), ["1"]);
    assert!(database.has_table("last"));
}

#[test]
fn a_procedure_that_releases_the_lock_before_it_commits_is_rolled_back() {
    let database = Database::create();
    let off = |statement: &str| {
        let sql = format!("CREATE TABLE t (a int);\n{statement}\nCREATE TABLE last ();");
        revisions([without_transaction("a1", "", &sql, "")])
    };
    let procedure = "DO $$BEGIN INSERT INTO t VALUES (1); PERFORM pg_advisory_unlock_all(); COMMIT; END$$;";
    let error = database.upgrade(&off(procedure)).expect_err("it releases the lock");
    assert_eq!(released(&error), (9, 1));
    assert_eq!(database.rows("SELECT count(*) FROM t"), ["0"]);
    database.upgrade(&off("SELECT 1;")).expect("the statement may be edited");
}

#[test]
fn a_statement_that_releases_the_lock_and_fails_may_be_edited() {
    let database = Database::create();
    let off = |statement: &str| {
        let sql = format!("CREATE TABLE t (a int);\n{statement}\nCREATE TABLE last ();");
        revisions([without_transaction("a1", "", &sql, "")])
    };
    let procedure = "DO $$BEGIN COMMIT; PERFORM pg_advisory_unlock_all(); PERFORM 1 / 0; END$$;";
    database.upgrade(&off(procedure)).expect_err("a division by zero");
    assert_eq!(database.journal(), ["a1 upgrade 1 finished", "a1 upgrade 2 failed"]);
    database.upgrade(&off("SELECT 1;")).expect("it may be edited");
}

#[test]
fn a_lock_of_the_same_revision_may_be_released() {
    let database = Database::create();
    let sql = "SELECT pg_advisory_lock(42);\nSELECT pg_advisory_unlock(42);\nSELECT pg_advisory_unlock(43);\nDISCARD TEMP;\nDISCARD PLANS;\nDISCARD SEQUENCES;";
    database.upgrade(&revisions([without_transaction("a1", "", sql, "")])).expect("the lock is kept");
}

#[test]
fn a_revision_that_loses_the_lock_is_rolled_back() {
    let database = Database::create();
    let sql = "CREATE TABLE t ();\nSELECT pg_advisory_unlock_all();\nSELECT until_stolen();";
    let one = revisions([revision("a1", "", sql, "")]);
    let error = run_against_a_thief(&database, &one);
    assert!(matches!(&error, Error::Run(run) if matches!(**run, RunError::LockLost { .. })), "{error:?}");
    assert_eq!(outcome(&error), Some(&rolled_back("a1", &[])));
    assert!(!database.has_table("t"));
}

#[test]
fn without_a_transaction_a_stolen_lock_is_detected_before_the_next_statement() {
    let statements = [
        "SELECT pg_advisory_unlock_all(), until_stolen();",
        "DO $$BEGIN COMMIT; PERFORM pg_advisory_unlock_all(), until_stolen(); END$$;",
    ];
    for statement in statements {
        let database = Database::create();
        let sql = format!("CREATE TABLE t ();\n{statement}\nCREATE TABLE last ();");
        let error = run_against_a_thief(&database, &revisions([without_transaction("a1", "", &sql, "")]));
        assert_eq!(released(&error), (9, 1), "{statement}");
        assert!(database.has_table("t") && !database.has_table("last"));
        // Nothing is written that another run, which has the lock, may have changed.
        assert_eq!(database.journal(), ["a1 upgrade 1 finished", "a1 upgrade 2 started"], "{statement}");
    }
}

/// Waits until another session has an advisory lock in this database.
const UNTIL_STOLEN: &str = "CREATE FUNCTION until_stolen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    WHILE NOT EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
    ) LOOP
        PERFORM pg_sleep(0.01);
    END LOOP;
    END $$";

/// Runs an upgrade while another session takes the lock once it is free. Returns the error.
fn run_against_a_thief(database: &Database, revisions: &Revisions) -> Error {
    database.send(UNTIL_STOLEN);
    let locked = database.lock(revisions);
    let key = database.rows(
        "SELECT (classid::bigint << 32) + objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'advisory'",
    );
    let mut other = database.connect();
    let is_done = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&is_done);
    let thief = spawn(move || {
        let attempt = format!("SELECT pg_try_advisory_lock({})", key[0]);
        while !done.load(Ordering::SeqCst) {
            if other.rows(&attempt).expect("a query")[0][0].as_deref() == Some("t") {
                while !done.load(Ordering::SeqCst) {
                    sleep(Duration::from_millis(10));
                }
            }
            sleep(Duration::from_millis(10));
        }
    });
    let mut locked = locked;
    let error = locked.plan(Target::Upgrade("heads")).expect("a plan").run(&Default::default());
    is_done.store(true, Ordering::SeqCst);
    thief.join().expect("the thief ends");
    error.expect_err("another session has the lock")
}

#[test]
fn the_version_table_is_found_where_it_was() {
    for scope in ["DATABASE {name}", "ROLE CURRENT_USER IN DATABASE {name}"] {
        let database = Database::create();
        let scope = scope.replace("{name}", &database.name);
        let move_path =
            format!("CREATE SCHEMA app; CREATE TABLE app.seen (a int); ALTER {scope} SET search_path = app;");
        let files = [
            revision("a1", "", &move_path, "DROP SCHEMA app CASCADE;"),
            revision("b1", "a1", "INSERT INTO app.seen VALUES (2);", "SELECT;"),
        ];
        let [first, _] = files.clone();
        database.upgrade(&revisions([first])).expect("an upgrade");
        let two = revisions(files);
        database.upgrade(&two).expect("another");
        assert_eq!(database.rows("SELECT * FROM public.migration_log").len(), 2, "{scope}");
        assert_eq!(
            database.rows("SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'alembic_version'"),
            ["public"]
        );
        database.run(&two, Target::Downgrade("base")).expect("a downgrade");
        assert!(!database.has_table("app.seen"));
    }
}

#[test]
fn two_version_tables_are_refused() {
    let database = Database::create();
    database.upgrade(&revisions([revision("a1", "", "SELECT;", "")])).expect("an upgrade");
    database.send("CREATE SCHEMA app; CREATE TABLE app.alembic_version (version_num varchar(32)); CREATE SCHEMA other; CREATE TABLE other.alembic_version (unrelated int);");
    let connect = |options| Session::connect(database.settings(), options, Arc::new(|_| ()));
    match connect(options()).map(drop) {
        Err(Error::State(error)) => match *error {
            StateError::SeveralVersionTables { schemas } => assert_eq!(schemas, ["app", "public"]),
            error => panic!("{error}"),
        },
        other => panic!("{other:?}"),
    }
    let mut chosen = options();
    chosen.version_table_schema = Some("public".to_owned());
    connect(chosen).expect("the schema is configured");
    // A path in the connection settings is a choice, too.
    let path = database.settings().clone().with_default("options", "-c search_path=app");
    Session::connect(&path, options(), Arc::new(|_| ())).expect("the path is given");
}
