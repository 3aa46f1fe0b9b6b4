//! A revision can't release the migration lock for more than a moment, or make a run look elsewhere for the tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use migrate::{Error, RunError, Session, StateError, Target};
use revision::RevisionFile;

use crate::support::{Database, options, outcome, revision, revisions, rolled_back, without_transaction};

type Kind = fn(&str, &str, &str, &str) -> RevisionFile;

#[test]
fn the_lock_is_held_after_a_revision_that_released_it() {
    let ways = [
        "SELECT pg_advisory_unlock_all();",
        "DO $$BEGIN EXECUTE 'SELECT pg_advisory_' || 'unlock_all()'; END$$;",
        "SELECT pg_advisory_unlock((classid::bigint << 32) + objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();",
    ];
    for way in ways {
        for kind in [revision as Kind, without_transaction] {
            for next in [revision as Kind, without_transaction] {
                let database = Database::create();
                let held = "CREATE TABLE held AS SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid();";
                let two = revisions([kind("a1", "", way, ""), next("b1", "a1", held, "")]);
                database.upgrade(&two).unwrap_or_else(|error| panic!("{way}: {error}"));
                assert_eq!(database.rows("SELECT * FROM held"), ["1"], "{way}");
            }
        }
    }
}

#[test]
fn a_revision_that_loses_the_lock_is_rolled_back() {
    let database = Database::create();
    let sql = "CREATE TABLE t ();\nSELECT pg_advisory_unlock_all();\nSELECT pg_sleep(1);";
    let one = revisions([revision("a1", "", sql, "")]);
    let locked = database.lock(&one);
    let key = database.rows("SELECT (classid::bigint << 32) + objid::bigint FROM pg_locks WHERE locktype = 'advisory'");
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
    let error = error.expect_err("another session has the lock");
    assert!(matches!(&error, Error::Run(run) if matches!(**run, RunError::LockLost { .. })), "{error:?}");
    assert_eq!(outcome(&error), Some(&rolled_back("a1", &[])));
    assert!(!database.has_table("t"));
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
