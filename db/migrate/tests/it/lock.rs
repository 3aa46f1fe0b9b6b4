//! Only one session at a time holds the migration lock.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use migrate::{Error, Event, Hint, LockError, Migrator, Options, RunError, Target};
use revision::Revisions;

use crate::support::{Database, Recorder, options, provenance, revision, revisions, without_transaction};

fn none() -> Revisions {
    Revisions::new(Vec::new()).expect("an empty graph")
}

fn impatient() -> Options {
    let mut options = options();
    options.lock_wait = Duration::from_millis(700);
    options
}

#[test]
fn a_second_session_waits_until_the_deadline_and_names_the_holder() {
    let (database, none, recorder) = (Database::create(), none(), Recorder::default());
    let mut locked = database.lock(&none);
    locked.session().connection().send("SET application_name = 'release 42'").expect("a name");
    let pid = locked.session().connection().backend();

    let start = Instant::now();
    let second = Migrator::new(&none, database.session(impatient(), recorder.listener())).lock();
    let elapsed = start.elapsed();
    let Err(Error::Lock(error)) = second else { panic!("two sessions hold the lock") };
    let LockError::NotObtained { waited, holder } = &error else { panic!("{error:?}") };
    let holder = holder.as_deref().unwrap_or_default();
    assert!(holder.starts_with(&format!("pid {pid}, release 42, ")), "{holder}");
    assert_eq!(*waited, Duration::from_millis(700));
    assert!(elapsed >= Duration::from_millis(700), "{elapsed:?}");
    assert_eq!(Error::from(error.clone()).hint(), Some(Hint::WaitLonger));
    let waiting = |event: &Event| matches!(event, Event::WaitingForLock { holder: Some(name), .. } if name == holder);
    assert!(recorder.has(waiting), "{:?}", recorder.events());
}

#[test]
fn it_is_released_when_the_session_ends() {
    let (database, none) = (Database::create(), none());
    drop(database.lock(&none));
    drop(database.lock(&none));

    // The same if the session is killed.
    let mut locked = database.lock(&none);
    let pid = locked.session().connection().backend();
    database.send(&format!("SELECT pg_terminate_backend({pid})"));
    drop(database.lock(&none));
    assert!(locked.plan(Target::Upgrade("heads")).is_err(), "the session was terminated");
}

#[test]
fn it_is_held_through_plan_and_run() {
    let database = Database::create();
    let until_done = "DO $$ BEGIN\nWHILE NOT EXISTS (SELECT FROM pg_class WHERE relname = 'done') LOOP PERFORM pg_sleep(0.1); END LOOP;\nEND $$;";
    let one = revisions([revision("a1", "", until_done, "")]);
    let none = none();
    thread::scope(|scope| {
        let run = scope.spawn(|| database.upgrade(&one));
        database.wait_for_session("wait_event = 'PgSleep'");
        let second = Migrator::new(&none, database.session(impatient(), Arc::new(|_| ()))).lock();
        assert!(matches!(second, Err(Error::Lock(LockError::NotObtained { .. }))));
        database.send("CREATE TABLE done ()");
        run.join().expect("no panic").expect("an upgrade");
    });
}

/// A session that blocks in `pg_advisory_lock` has a snapshot. CREATE INDEX CONCURRENTLY in the session that holds the
/// lock would wait for that snapshot: a deadlock.
#[test]
fn a_waiting_session_does_not_block_create_index_concurrently() {
    let database = Database::create();
    let sql = "CREATE TABLE t (i int);\nCREATE INDEX CONCURRENTLY t_i ON t (i);";
    let one = revisions([without_transaction("a1", "", sql, "")]);
    let mut locked = database.lock(&one);
    let mut session = database.session(options(), Arc::new(|_| ()));
    let pid = session.connection().backend();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| Migrator::new(&one, session).lock().map(drop));
        database.wait_for_session(&format!("pid = {pid} AND query LIKE '%advisory%'"));
        locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("there is no deadlock");
        // Between two attempts, the session is idle and has no snapshot.
        database.wait_for_session(&format!("pid = {pid} AND state = 'idle' AND backend_xmin IS NULL"));
        drop(locked);
        waiter.join().expect("no panic").expect("the lock");
    });
    assert_eq!(database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_i'::regclass"), ["t"]);
}

#[test]
fn each_version_table_has_its_own_lock() {
    let (database, none) = (Database::create(), none());
    database.send("CREATE SCHEMA tenant");
    let lock = |change: fn(&mut Options)| {
        let mut options = impatient();
        change(&mut options);
        Migrator::new(&none, database.session(options, Arc::new(|_| ()))).lock()
    };
    let _first = lock(|_| ()).expect("the lock of alembic_version");
    let _other = lock(|options| options.version_table = "other_version".to_owned()).expect("another lock");
    let _tenant = lock(|options| options.version_table_schema = Some("tenant".to_owned())).expect("another lock");
    let public = lock(|options| options.version_table_schema = Some("public".to_owned()));
    assert!(matches!(public, Err(Error::Lock(LockError::NotObtained { .. }))), "the same table, with its schema");
}

#[test]
fn waiting_for_it_can_be_cancelled() {
    let (database, none) = (Database::create(), none());
    let _held = database.lock(&none);
    let mut session = database.session(options(), Arc::new(|_| ()));
    let pid = session.connection().backend();
    let waiting = Migrator::new(&none, session);
    let canceller = waiting.canceller();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| waiting.lock().map(drop));
        database.wait_for_session(&format!("pid = {pid} AND query LIKE '%advisory%'"));
        canceller.cancel();
        let error = waiter.join().expect("no panic").expect_err("it was cancelled");
        assert!(
            matches!(&error, Error::Run(run) if matches!(**run, RunError::Interrupted { outcome: None })),
            "{error:?}"
        );
    });
}
