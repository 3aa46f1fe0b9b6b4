//! A session of the engine: a connection, its tables, and whether it was interrupted.
//!
//! What is sent, and what the answers mean, is the business of `lock.rs`, `state.rs`, `execute.rs` and `journal.rs`.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use connection::{ConnectError, ConnectEvent, Connection, Opener, Settings};
pub(crate) use connection::{QueryError as SendError, Row, first};

use crate::bookkeeping::{RESET_SESSION, Tables, quote_identifier, quote_literal};
use crate::error::{DatabaseError, Error};
use crate::event::{Event, Listener};
use crate::watch::Watch;

/// How a run behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of the version table.
    pub version_table: String,
    /// Its schema; else the one it is found in, else the first of `search_path`.
    pub version_table_schema: Option<String>,
    /// How long connecting is tried.
    pub connect_timeout: Duration,
    /// How long the lock is waited for.
    pub lock_wait: Duration,
    /// `lock_timeout` of the last attempt of a transaction; each before it waits half as long as the next.
    pub lock_timeout: Duration,
    /// `statement_timeout` of the transactions; none if zero.
    pub statement_timeout: Duration,
    /// How often a transaction is tried that could not get its locks.
    pub attempts: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version_table: "alembic_version".to_owned(),
            version_table_schema: None,
            connect_timeout: Duration::from_secs(60),
            lock_wait: Duration::from_secs(300),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::ZERO,
            attempts: 10,
        }
    }
}

/// A connection to the database, without the lock.
pub struct Session {
    connection: Connection,
    pub(crate) options: Options,
    pub(crate) tables: Tables,
    pub(crate) listener: Listener,
    pub(crate) interrupted: Arc<AtomicBool>,
    /// Whether it holds what `Tables::prepare` prepares.
    pub(crate) is_prepared: bool,
    /// What brings the session back to how it was opened.
    pub(crate) reset: String,
    /// Tells who holds the locks that are waited for.
    pub(crate) watch: Watch,
    pub(crate) backend: i32,
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
        // If the server can't be told, the next check of the flag ends the run.
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
        let (timeout, query) = (options.connect_timeout, tables_query(&options));
        let (connection, found) = connection::connect_and_query(settings, timeout, &reporting_to(&listener), &query)?;
        let mut reset = RESET_SESSION.to_owned();
        if connection.server_version() >= 140_000 {
            // A statement whose client has died is cancelled within seconds, and its locks are freed.
            reset.push_str("SET client_connection_check_interval = '2s';\n");
        }
        let schema = first(&found, 0).ok_or(DatabaseError::NoSchema)?;
        let tables = Tables::new(Some(schema), &options.version_table);
        let backend = connection.backend();
        let probe = Probe { opener: connection.opener(), connection: None };
        let watch = Watch::start(probe, backend, Arc::clone(&listener));
        let interrupted = Arc::new(AtomicBool::new(false));
        Ok(Self { connection, options, tables, listener, interrupted, is_prepared: false, reset, watch, backend })
    }

    /// A handle that stops this session from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller { canceller: self.connection.canceller(), interrupted: Arc::clone(&self.interrupted) }
    }

    /// Whether the backend that has just served us serves others too.
    pub(crate) fn is_shared(&self) -> Result<bool, Error> {
        Ok(self.connection.is_shared()?)
    }

    /// The names of the tables here.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    pub(crate) fn check_interrupted(&self) -> Result<(), Error> {
        if self.interrupted.load(Ordering::SeqCst) {
            Err(DatabaseError::Interrupted { state: None }.into())
        } else {
            Ok(())
        }
    }

    /// Runs a script that is no revision, in one transaction.
    ///
    /// # Errors
    /// The server refuses a statement; nothing of the script has happened then.
    pub fn run(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.send(sql)?)
    }

    /// Sends statements and waits until they have run; rows they answer are dropped.
    pub(crate) fn send(&mut self, sql: &str) -> Result<(), SendError> {
        self.connection.send(sql)
    }

    /// Sends the data of a COPY, piece by piece.
    pub(crate) fn copy_in(&mut self, statement: &str, data: impl Read) -> Result<(), SendError> {
        self.connection.copy_in(statement, data)
    }

    /// The rows of a query.
    pub(crate) fn rows(&mut self, query: &str) -> Result<Vec<Row>, SendError> {
        self.connection.rows(query)
    }

    /// Ends a failed block, if there is one; `false` if the connection is gone.
    pub(crate) fn roll_back(&mut self) -> bool {
        self.connection.roll_back()
    }
}

/// What the connection reports, as events of the engine.
fn reporting_to(listener: &Listener) -> connection::Listener {
    let listener = Arc::clone(listener);
    Arc::new(move |event| match event {
        ConnectEvent::Waiting { reason, remaining } => listener(Event::WaitingForServer { reason, remaining }),
        ConnectEvent::Notice(notice) => listener(Event::Notice {
            severity: notice.severity,
            message: notice.message,
            detail: notice.detail,
            hint: notice.hint,
        }),
        _ => {}
    })
}

/// A second connection, opened when it is first needed, that only looks.
pub(crate) struct Probe {
    opener: Opener,
    connection: Option<Connection>,
}

impl Probe {
    /// The rows of a query; none if the server can't be asked.
    pub(crate) fn rows(&mut self, query: &str) -> Vec<Row> {
        if self.connection.as_ref().is_none_or(Connection::is_closed) {
            self.connection = self.opener.open().ok();
        }
        self.connection.as_mut().and_then(|connection| connection.rows(query).ok()).unwrap_or_default()
    }
}

/// Asks for the schema of the version table: the one that is set, else where `search_path` finds the table, as Alembic does, else
/// the first of `search_path`. (A function reads the catalog here: in a new session, planning a query of it takes the server longer.)
fn tables_query(options: &Options) -> String {
    match &options.version_table_schema {
        Some(schema) => format!("SELECT {}", quote_literal(schema)),
        None => format!(
            "SELECT coalesce((pg_identify_object('pg_catalog.pg_class'::regclass, to_regclass({}), 0)).schema, current_schema())",
            quote_literal(&quote_identifier(&options.version_table))
        ),
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Settings(error) => Self::Settings(error),
            error => DatabaseError::Connect(error).into(),
        }
    }
}

impl From<SendError> for DatabaseError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Server(server) => Self::Refused { message: server.message, code: server.code },
            SendError::Lost(reason) => Self::Lost { reason },
            SendError::Data(error) => Self::Lost { reason: error.to_string() },
            error => Self::Lost { reason: error.to_string() },
        }
    }
}

impl From<SendError> for Error {
    fn from(error: SendError) -> Self {
        DatabaseError::from(error).into()
    }
}
