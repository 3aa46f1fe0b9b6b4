//! The sessions that block a revision are reported while it waits, whatever kind of revision it is.

use std::thread;

use connection::{Connection, first};
use migrate::{Event, Migrator, Options, Target};
use revision::Revisions;

use crate::support::{Database, Recorder, options, provenance, revision, revisions, wait_until, without_transaction};

fn blockers(recorder: &Recorder) -> Vec<String> {
    let blocker = |event| match event {
        Event::Blocked { blocker } => Some(blocker),
        _ => None,
    };
    recorder.events().into_iter().filter_map(blocker).collect()
}

/// A session that has written to `t` in a transaction which it has not ended. CREATE INDEX CONCURRENTLY waits for it too.
fn writer(database: &Database, name: &str) -> Connection {
    let mut writer = database.connect();
    writer
        .send(&format!("SET application_name = '{name}'; BEGIN; DELETE FROM t WHERE 'geheim' = '';"))
        .expect("a writer");
    writer
}

/// Upgrades while `writer` is in its transaction, and ends that once it has been reported.
fn upgrade_past(database: &Database, revisions: &Revisions, options: Options, writer: Connection) -> Vec<String> {
    let recorder = Recorder::default();
    let session = database.session(options, recorder.listener());
    thread::scope(|scope| {
        // If the test fails, its transaction ends.
        let mut writer = writer;
        let run = scope.spawn(|| {
            let mut locked = Migrator::new(revisions, session).lock()?;
            locked.plan(Target::Upgrade("heads"))?.run(&provenance())
        });
        recorder.wait_for("the writer", |event| matches!(event, Event::Blocked { .. }));
        writer.send("COMMIT").expect("the writer commits");
        run.join().expect("no panic").expect("an upgrade");
    });
    blockers(&recorder)
}

fn database_with_table() -> Database {
    let database = Database::create();
    database.send("CREATE TABLE t (a int)");
    database
}

#[test]
fn what_blocks_a_statement_without_a_transaction_is_reported() {
    for sql in ["CREATE INDEX CONCURRENTLY t_a ON t (a);", "ALTER TABLE t ADD COLUMN b int;", "VACUUM FULL t;"] {
        let database = database_with_table();
        let one = revisions([without_transaction("a1", "", sql, "")]);
        let writer = writer(&database, "a report");
        let pid = writer.backend();
        let blockers = upgrade_past(&database, &one, options(), writer);
        assert_eq!(blockers.len(), 1, "{sql}: {blockers:?}");
        assert!(blockers[0].starts_with(&format!("pid {pid} (a report, ")), "{sql}: {blockers:?}");
        assert_eq!(database.version_rows(), ["a1"], "{sql}");
    }
}

/// What a session runs may contain a password.
#[test]
fn queries_are_shown_only_on_request() {
    for shows_queries in [false, true] {
        for without in [false, true] {
            let database = database_with_table();
            let file = if without { without_transaction } else { revision };
            let one = revisions([file("a1", "", "ALTER TABLE t ADD COLUMN b int;", "")]);
            let mut options = options();
            options.shows_queries = shows_queries;
            let blockers = upgrade_past(&database, &one, options, writer(&database, "a report"));
            let shown = blockers.iter().filter(|blocker| blocker.contains("geheim")).count();
            assert_eq!(shown > 0, shows_queries, "{without}: {blockers:?}");
        }
    }
}

/// CREATE INDEX CONCURRENTLY waits for every session that runs a query, the watcher's among them.
#[test]
fn the_watcher_does_not_report_itself() {
    let database = database_with_table();
    let (mut watcher, mut waiting) = (writer(&database, "watcher"), database.connect());
    let backend = waiting.backend().to_string();
    let query = include_str!("../../src/sql/blockers.sql").replace("{backend}", &backend);
    let query = query.replace("{query_format}", "").replace("{query}", "");
    thread::scope(|scope| {
        let index = scope.spawn(|| waiting.send("CREATE INDEX CONCURRENTLY t_a ON t (a)"));
        let blocked = format!("SELECT {} = ANY (pg_blocking_pids({backend}))", watcher.backend());
        wait_until("the index waits", || {
            watcher.query_in_transaction(&blocked).is_ok_and(|rows| first(&rows, 0) == Some("t"))
        });
        let blockers = watcher.query_in_transaction(&query).expect("the blockers");
        watcher.send("COMMIT").expect("the watcher commits");
        index.join().expect("no panic").expect("an index");
        assert_eq!(first(&blockers, 0), None);
    });
}

#[test]
fn another_blocker_is_reported_and_the_same_one_only_once() {
    let (database, recorder) = (database_with_table(), Recorder::default());
    let one = revisions([without_transaction("a1", "", "ALTER TABLE t ADD COLUMN b int;", "")]);
    let (first, second) = (writer(&database, "first"), writer(&database, "second"));
    let session = database.session(options(), recorder.listener());
    thread::scope(|scope| {
        let (mut first, mut second) = (first, second);
        let run = scope.spawn(|| {
            let mut locked = Migrator::new(&one, session).lock()?;
            locked.plan(Target::Upgrade("heads"))?.run(&provenance())
        });
        let names = |event: &Event, name: &str| matches!(event, Event::Blocked { blocker } if blocker.contains(name));
        recorder.wait_for("both writers", |event| names(event, "first") && names(event, "second"));
        first.send("COMMIT").expect("the first writer commits");
        recorder.wait_for("the second writer", |event| names(event, "second") && !names(event, "first"));
        second.send("COMMIT").expect("the second writer commits");
        run.join().expect("no panic").expect("an upgrade");
    });
    assert_eq!(blockers(&recorder).len(), 2, "{:?}", blockers(&recorder));
}

#[test]
fn a_run_that_waits_for_nothing_opens_one_session_and_reports_nothing() {
    let (database, recorder) = (database_with_table(), Recorder::default());
    // Longer than the watcher's patience, but without a lock.
    let sql = "SELECT pg_sleep(0.3);\nCREATE TABLE sessions AS SELECT pid FROM pg_stat_activity WHERE datname = current_database();";
    let quick = "CREATE TABLE at_once AS SELECT pid FROM pg_stat_activity WHERE datname = current_database();";
    let two = revisions([revision("a1", "", quick, ""), revision("b1", "a1", sql, "")]);
    let session = database.session(options(), recorder.listener());
    let mut locked = Migrator::new(&two, session).lock().expect("the lock");
    locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("an upgrade");
    assert_eq!(blockers(&recorder), [""; 0]);
    assert_eq!(database.rows("SELECT count(*) FROM at_once"), ["1"]);
    // The second session asked the server, found nothing, and ends with the first.
    assert_eq!(database.rows("SELECT count(*) FROM sessions"), ["2"]);
    drop(locked);
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    wait_until("both sessions have ended", || database.rows(others) == ["0"]);
}

/// A role may be limited to one connection, or the server may have none left.
#[test]
fn a_run_succeeds_if_no_second_session_can_be_opened() {
    let (database, recorder) = (database_with_table(), Recorder::default());
    let role = database.role();
    database.send(&format!(
        "CREATE ROLE {role} LOGIN CONNECTION LIMIT 1; ALTER TABLE t OWNER TO {role}; GRANT CREATE ON SCHEMA public TO {role};"
    ));
    let settings = database.settings().overlaid(&format!("user={role}"), &|_| None).expect("settings");
    let one = revisions([revision("a1", "", "ALTER TABLE t ADD COLUMN b int;", "")]);
    let mut writer = writer(&database, "a report");
    let session = migrate::Session::connect(&settings, options(), recorder.listener()).expect("a session");
    thread::scope(|scope| {
        let run = scope.spawn(|| {
            let mut locked = Migrator::new(&one, session).lock()?;
            locked.plan(Target::Upgrade("heads"))?.run(&provenance())
        });
        recorder.wait_for("a retry", |event| matches!(event, Event::Retrying { blocker: None, .. }));
        writer.send("COMMIT").expect("the writer commits");
        run.join().expect("no panic").expect("an upgrade");
    });
    assert_eq!((blockers(&recorder), database.version_rows()), (Vec::new(), vec!["a1".to_owned()]));
}
