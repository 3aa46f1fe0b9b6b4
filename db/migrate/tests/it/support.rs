//! A server for all tests, a database for each test, revisions in memory, and recorded events.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use cluster::{Durability, Home, Temporary};
use connection::{Connection, Settings};
use migrate::{
    Done, Error, Event, Listener, Locked, Migrator, Options, Outcome, Provenance, RunError, Session, StatementError,
    Target,
};
use revision::{Files, RevisionFile, Revisions};

/// The server that `XTASK_TEST_POSTGRES` names (`cargo xtask test` sets it), or else a private one, which ends with the
/// process.
fn server() -> &'static Settings {
    static SERVER: OnceLock<(Settings, Option<Temporary>)> = OnceLock::new();
    let start = || {
        let (url, temporary) = match std::env::var("XTASK_TEST_POSTGRES") {
            Ok(url) => (url, None),
            Err(_) => {
                let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("below the target directory");
                let embedded =
                    Home::new(target, 17).and_then(|home| home.open(&|_: &str| ())).expect("there are binaries");
                let server = Temporary::start(embedded.binaries(), Durability::Unflushed).expect("the server starts");
                (format!("host='{}' user=postgres dbname=postgres", server.socket().display()), Some(server))
            }
        };
        (Settings::resolve(&url, &|_| None).expect("the server's settings are valid"), temporary)
    };
    &SERVER.get_or_init(start).0
}

fn connect(settings: &Settings) -> Connection {
    let ignore: connection::Listener = Arc::new(|_| ());
    connection::connect(settings, Duration::from_secs(10), &ignore).expect("the server accepts connections")
}

/// The database of one test, dropped when the test ends.
pub(crate) struct Database {
    pub(crate) name: String,
    settings: Settings,
}

impl Database {
    pub(crate) fn create() -> Self {
        Self::create_with("")
    }

    /// A database with these options of CREATE DATABASE.
    pub(crate) fn create_with(options: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        // Several processes may share a server.
        let name = format!("migrate_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut session = connect(server());
        // Copying the files takes less CPU time than logging each page. Before version 15, it is the only way.
        let strategy = if session.server_version() >= 150_000 { "STRATEGY file_copy" } else { "" };
        session
            .send(&format!("CREATE DATABASE {name} TEMPLATE template0 {strategy} {options}"))
            .expect("a database is created");
        Self { settings: server().clone().with_database(&name), name }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A session without the engine.
    pub(crate) fn connect(&self) -> Connection {
        connect(&self.settings)
    }

    pub(crate) fn send(&self, sql: &str) {
        self.connect().send(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The rows of a query, with columns joined by `|`.
    pub(crate) fn rows(&self, query: &str) -> Vec<String> {
        let rows = self.connect().rows(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let text = |column: Option<String>| column.unwrap_or_else(|| "null".to_owned());
        rows.into_iter().map(|row| row.into_iter().map(text).collect::<Vec<_>>().join("|")).collect()
    }

    pub(crate) fn version_rows(&self) -> Vec<String> {
        self.rows("SELECT version_num FROM alembic_version ORDER BY 1")
    }

    /// The operation and the revision of each log row, in order.
    pub(crate) fn log(&self) -> Vec<String> {
        self.rows("SELECT operation || ' ' || revision FROM migration_log ORDER BY id")
    }

    /// The revision, direction, statement and state of each journal row.
    pub(crate) fn journal(&self) -> Vec<String> {
        self.rows(
            "SELECT concat_ws(' ', revision, direction, statement, CASE \
             WHEN finished_at IS NOT NULL THEN 'finished' \
             WHEN error IS NULL THEN 'started' ELSE 'failed' END) FROM migration_journal ORDER BY 1",
        )
    }

    pub(crate) fn has_table(&self, name: &str) -> bool {
        self.rows(&format!("SELECT to_regclass('{name}') IS NOT NULL")) == ["t"]
    }

    pub(crate) fn session(&self, options: Options, listener: Listener) -> Session {
        Session::connect(&self.settings, options, listener).expect("a session")
    }

    pub(crate) fn migrator<'r>(&self, revisions: &'r Revisions) -> Migrator<'r> {
        Migrator::new(revisions, self.session(options(), Arc::new(|_| ())))
    }

    pub(crate) fn lock<'r>(&self, revisions: &'r Revisions) -> Locked<'r> {
        self.migrator(revisions).lock().expect("nobody else holds the lock")
    }

    /// Locks, plans and runs in a new session.
    pub(crate) fn run(&self, revisions: &Revisions, target: Target<'_>) -> Result<Done, Error> {
        self.lock(revisions).plan(target)?.run(&provenance())
    }

    pub(crate) fn upgrade(&self, revisions: &Revisions) -> Result<Done, Error> {
        self.run(revisions, Target::Upgrade("heads"))
    }

    /// Waits until a session of this database meets a condition, and returns its process id.
    pub(crate) fn wait_for_session(&self, condition: &str) -> i32 {
        let query = format!(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ({condition})"
        );
        let mut found = Vec::new();
        wait_until(condition, || {
            found = self.rows(&query);
            !found.is_empty()
        });
        found[0].parse().expect("a process id")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let role = self.role();
        // If the server has ended, there is nothing to drop.
        let _ = connect(server()).send(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let _ = connect(server()).send(&format!("DROP ROLE IF EXISTS {role}"));
    }
}

impl Database {
    /// The name of a role for this test only. Roles are shared by all databases of a server.
    pub(crate) fn role(&self) -> String {
        format!("{}_role", self.name)
    }
}

/// The default options, with a shorter wait for the lock.
pub(crate) fn options() -> Options {
    let mut options = Options::default();
    options.lock_wait = Duration::from_secs(20);
    options
}

pub(crate) fn provenance() -> Provenance {
    let mut provenance = Provenance::new("1.2.3");
    provenance.commit = Some("c0ffee".to_owned());
    provenance.build_id = Some("build:7".to_owned());
    provenance
}

/// A revision file. The upgrade section starts in line 7.
pub(crate) fn revision(id: &str, revises: &str, upgrade: &str, downgrade: &str) -> RevisionFile {
    file(id, &format!("-- Revises: {revises}\n"), upgrade, downgrade)
}

/// A revision file with `Transaction: off`. The upgrade section starts in line 8.
pub(crate) fn without_transaction(id: &str, revises: &str, upgrade: &str, downgrade: &str) -> RevisionFile {
    file(id, &format!("-- Revises: {revises}\n-- Transaction: off\n"), upgrade, downgrade)
}

fn file(id: &str, fields: &str, upgrade: &str, downgrade: &str) -> RevisionFile {
    let header = format!("-- revision {id}\n--\n-- Revision ID: {id}\n{fields}");
    let downgrade = if downgrade.is_empty() { String::new() } else { format!("\n-- migrate:downgrade\n{downgrade}\n") };
    RevisionFile::in_memory(format!("{id}.sql"), format!("{header}\n-- migrate:upgrade\n{upgrade}\n{downgrade}"))
}

pub(crate) fn revisions<const N: usize>(files: [RevisionFile; N]) -> Revisions {
    let files: Files = files.into_iter().collect();
    Revisions::read(&files).expect("the revisions are valid")
}

/// The error of the statement that failed.
pub(crate) fn statement_error(error: &Error) -> &StatementError {
    match error {
        Error::Run(run) => match &**run {
            RunError::Statement(statement) => statement,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// The state of the database that the error describes.
pub(crate) fn outcome(error: &Error) -> Option<&Outcome> {
    match error {
        Error::Run(run) => run.outcome(),
        other => panic!("{other:?}"),
    }
}

/// The state after a revision was rolled back.
pub(crate) fn rolled_back(revision: &str, heads: &[&str]) -> Outcome {
    Outcome::RolledBack { revision: revision.to_owned(), heads: heads.iter().map(|&head| head.to_owned()).collect() }
}

/// Records the events of a session.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Event>>>);

impl Recorder {
    pub(crate) fn listener(&self) -> Listener {
        let Self(events) = self.clone();
        Arc::new(move |event| events.lock().expect("no listener panics").push(event))
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.0.lock().expect("no listener panics").clone()
    }

    pub(crate) fn has(&self, is_wanted: impl Fn(&Event) -> bool) -> bool {
        self.events().iter().any(is_wanted)
    }

    pub(crate) fn wait_for(&self, what: &str, is_wanted: impl Fn(&Event) -> bool) {
        wait_until(what, || self.has(&is_wanted));
    }
}

/// Waits until a condition is met.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < deadline, "timed out waiting for: {what}");
        sleep(Duration::from_millis(10));
    }
}
