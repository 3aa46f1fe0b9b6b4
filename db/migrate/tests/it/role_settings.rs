//! Settings of a role or a database do not disturb the engine.

use std::thread::{sleep, spawn};
use std::time::Duration;

use migrate::{Error, StateError};

use crate::support::{Database, revision, revisions, without_transaction};

fn set(database: &Database, settings: &[&str]) {
    // One session: the settings apply to new ones, which may be too slow for them.
    let mut session = database.connect();
    for setting in settings {
        // Some exist only in newer versions.
        let _ = session.send(&format!("ALTER DATABASE {} SET {setting}", database.name));
    }
}

const TIMEOUTS: [&str; 5] = [
    "statement_timeout = 200",
    "lock_timeout = 200",
    "idle_session_timeout = 200",
    "idle_in_transaction_session_timeout = 200",
    "transaction_timeout = 200",
];

#[test]
fn timeouts_are_those_of_the_options() {
    let database = Database::create();
    set(&database, &TIMEOUTS);
    let seen = "CREATE TABLE {} AS SELECT name, setting FROM pg_settings \
         WHERE name ~ '(statement|lock|idle_session|idle_in_transaction_session|transaction)_timeout$' \
         AND name <> 'deadlock_timeout' AND setting NOT IN ('0', '9');\nSELECT pg_sleep(0.4);";
    let files = [
        revision("a1", "", &seen.replace("{}", "one"), ""),
        without_transaction("b1", "a1", &seen.replace("{}", "two"), ""),
        revision("c1", "b1", &seen.replace("{}", "three"), ""),
    ];
    database.upgrade(&revisions(files)).expect("an upgrade");
    let found = database.rows("SELECT * FROM one UNION ALL SELECT * FROM two UNION ALL SELECT * FROM three");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn pauses_outlast_an_idle_session_timeout() {
    let database = Database::create();
    database.send("CREATE TABLE t ()");
    // Before the settings, so that it has none of them.
    let mut holder = database.connect();
    set(&database, &TIMEOUTS);
    holder.send("BEGIN; LOCK TABLE t").expect("a lock");
    let release = spawn(move || {
        sleep(Duration::from_millis(1500));
        holder.send("COMMIT").expect("the holder lives");
    });
    database.upgrade(&revisions([revision("a1", "", "ALTER TABLE t ADD COLUMN a int;", "")])).expect("an upgrade");
    release.join().expect("the lock is released");

    // The same while another run holds the migration lock.
    let two =
        revisions([revision("a1", "", "ALTER TABLE t ADD COLUMN a int;", ""), revision("b1", "a1", "SELECT;", "")]);
    let locked = database.lock(&two);
    let release = spawn(|| sleep(Duration::from_millis(1500)));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| database.upgrade(&two).map(drop));
        release.join().expect("it sleeps");
        drop(locked);
        waiting.join().expect("no panic").expect("an upgrade");
    });
}

#[test]
fn a_read_only_database_is_refused_first() {
    let database = Database::create();
    set(&database, &["default_transaction_read_only = on"]);
    let error = database.upgrade(&revisions([revision("a1", "", "SELECT;", "")])).expect_err("read-only");
    assert!(
        matches!(&error, Error::State(error) if matches!(**error, StateError::ReadOnly { is_standby: false })),
        "{error:?}"
    );
    assert!(!database.has_table("alembic_version"));
}
