//! A session of the engine: a connection, the engine's tables there, and how a run behaves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use connection::{Connection, Settings, first};

use crate::bookkeeping::RESET_SESSION;
use crate::error::Error;
use crate::event::{Event, Listener};
use crate::options::Options;
use crate::run_error::RunError;
use crate::state_error::StateError;
use crate::tables::{Tables, find_version_table};
use crate::watch::Watch;

/// A session without the lock: it reads. [`Migrator`](crate::Migrator) takes the lock.
pub struct Session {
    pub(crate) connection: Connection,
    pub(crate) options: Options,
    pub(crate) tables: Tables,
    pub(crate) listener: Listener,
    interrupted: Arc<AtomicBool>,
    /// Whether it has the statements of [`Tables::prepare`].
    pub(crate) is_prepared: bool,
    /// What brings the session back to how it was opened.
    pub(crate) reset: String,
    /// Reports who holds the locks that are waited for.
    pub(crate) watch: Watch,
}

/// Stops what a session is doing, from another thread.
#[derive(Clone)]
pub struct Canceller {
    canceller: connection::Canceller,
    interrupted: Arc<AtomicBool>,
}

impl Canceller {
    /// Cancels the running statement and keeps the next from beginning.
    pub fn cancel(&self) {
        self.interrupted.store(true, Ordering::SeqCst);
        // If the server can't be asked, the next check of the flag ends the run.
        self.canceller.cancel();
    }
}

impl Session {
    /// Connects. A server that is starting (or an Aurora that is paused) is waited for until `connect_timeout`; a wrong password,
    /// an unknown host or a missing database is not.
    ///
    /// # Errors
    /// The settings can't be used, or there is no session within the time.
    pub fn connect(settings: &Settings, options: Options, listener: Listener) -> Result<Self, Error> {
        let events = Arc::clone(&listener);
        let report: connection::Listener = Arc::new(move |event| events(Event::Connection(event)));
        let (timeout, query) = (options.connect_timeout, find_version_table(&options));
        let (connection, found) = connection::connect_and_query(settings, timeout, &report, &query)?;
        let mut reset = RESET_SESSION.to_owned();
        if connection.server_version() >= 140_000 {
            // A statement whose client has died is cancelled within seconds, and its locks are freed.
            reset.push_str("SET client_connection_check_interval = '2s';\n");
        }
        let schema = first(&found, 0).ok_or(StateError::NoSchema)?;
        let tables = Tables::new(Some(schema), &options.version_table);
        let watch = Watch::start(connection.opener(), connection.backend(), Arc::clone(&listener));
        let interrupted = Arc::new(AtomicBool::new(false));
        Ok(Self { connection, options, tables, listener, interrupted, is_prepared: false, reset, watch })
    }

    /// A handle that stops this session from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller { canceller: self.connection.canceller(), interrupted: Arc::clone(&self.interrupted) }
    }

    /// The engine's tables in this database.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The connection itself, for queries that are not the engine's.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    pub(crate) fn check_interrupted(&self) -> Result<(), Error> {
        if self.is_interrupted() { Err(RunError::Interrupted { outcome: None }.into()) } else { Ok(()) }
    }

    /// What the server refused because it was asked to cancel is an interruption.
    pub(crate) fn unless_interrupted<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        match result {
            Err(error) if self.is_interrupted() && error.is_query() => {
                Err(RunError::Interrupted { outcome: None }.into())
            }
            result => result,
        }
    }

    pub(crate) fn report(&self, event: Event) {
        (self.listener)(event);
    }

    /// Sleeps, unless interrupted.
    pub(crate) fn wait(&self, pause: Duration) {
        let end = Instant::now() + pause;
        while Instant::now() < end && !self.is_interrupted() {
            sleep(Duration::from_millis(20).min(pause));
        }
    }

    /// Creates the version table, the log and the journal where they are missing.
    pub(crate) fn ensure_tables(&mut self) -> Result<(), Error> {
        let sql = format!("BEGIN; SET LOCAL client_min_messages = warning;\n{}COMMIT;", self.tables.create());
        let schema = || self.tables.schema.clone().unwrap_or_default();
        let created = self.connection.send(&sql).inspect_err(|_| _ = self.connection.roll_back());
        created.map_err(|source| StateError::CreateTables { schema: schema(), source }.into())
    }

    /// Prepares the statements that end each revision.
    pub(crate) fn prepare(&mut self) -> Result<(), Error> {
        if !self.is_prepared {
            self.connection.send(&self.tables.prepare())?;
            self.is_prepared = true;
        }
        Ok(())
    }
}
