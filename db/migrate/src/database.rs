//! A session: connecting, sending, cancelling.
//!
//! With `connect.rs` and `tls.rs` the only file that knows the `postgres` crate. What is sent, and what the answers mean, is the business of
//! `lock.rs`, `state.rs`, `execute.rs` and `journal.rs`.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use postgres::error::ErrorPosition;
use postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage, SimpleQueryRow};
use postgres_native_tls::MakeTlsConnector;

use crate::bookkeeping::{RESET_SESSION, Tables, quote_identifier, quote_literal};
use crate::connect::{self, Backend, Connected, describe, open, open_within};
use crate::error::{DatabaseError, Error};
use crate::event::Listener;
use crate::settings::Settings;
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
    client: Client,
    pub(crate) options: Options,
    pub(crate) tables: Tables,
    pub(crate) listener: Listener,
    pub(crate) interrupted: Arc<AtomicBool>,
    /// What the server remarks on the engine's own clean-up is not for users.
    muted: Arc<AtomicBool>,
    /// Whether it holds what `Tables::prepare` prepares.
    pub(crate) is_prepared: bool,
    /// What brings the session back to how it was opened.
    pub(crate) reset: String,
    /// Tells who holds the locks that are waited for.
    pub(crate) watch: Watch,
    connector: Option<MakeTlsConnector>,
    pub(crate) backend: i32,
    /// Whether something between us and the server has its own idea of a session.
    is_pooled: bool,
    config: Config,
    attempt: Duration,
}

/// Stops what a session is doing, from another thread.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    connector: Option<MakeTlsConnector>,
    interrupted: Arc<AtomicBool>,
}

impl Canceller {
    /// Cancels the running statement and keeps the next from beginning.
    pub fn cancel(&self) {
        self.interrupted.store(true, Ordering::SeqCst);
        // If the server can't be told, the next check of the flag ends the run.
        let _ = match &self.connector {
            Some(connector) => self.token.cancel_query(connector.clone()),
            None => self.token.cancel_query(NoTls),
        };
    }
}

impl Session {
    /// Connects. A server that is starting (or an Aurora that is paused) is waited for until `connect_timeout`; a wrong password,
    /// an unknown host or a missing database is not.
    ///
    /// # Errors
    /// The settings can't be used, or there is no session within the time.
    pub fn connect(settings: &Settings, options: Options, listener: Listener) -> Result<Self, Error> {
        let muted = Arc::new(AtomicBool::new(false));
        let Connected { mut client, config, connector, backend, is_pooled } =
            connect::connect(settings, options.connect_timeout, &listener, &muted)?;
        let Backend { pid: backend, server_version, .. } = backend;
        let mut reset = RESET_SESSION.to_owned();
        if server_version >= 140_000 {
            // A statement whose client has died is cancelled within seconds, and its locks are freed.
            reset.push_str("SET client_connection_check_interval = '2s';\n");
        }
        let tables = find_tables(&mut client, &options)?;
        let interrupted = Arc::new(AtomicBool::new(false));
        let probe = Probe { config: config.clone(), connector: connector.clone(), client: None };
        let watch = Watch::start(probe, backend, Arc::clone(&listener));
        let attempt = settings.attempt_timeout();
        Ok(Self {
            client,
            options,
            tables,
            listener,
            interrupted,
            muted,
            is_prepared: false,
            reset,
            watch,
            connector,
            backend,
            is_pooled,
            config,
            attempt,
        })
    }

    /// A handle that stops this session from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller {
            token: self.client.cancel_token(),
            connector: self.connector.clone(),
            interrupted: Arc::clone(&self.interrupted),
        }
    }

    /// Whether the backend that has just served us serves others too: a pooler hands out the one that was used last, so a session
    /// of our own is given it. In session mode it stays ours as long as we are connected.
    pub(crate) fn is_shared(&mut self) -> Result<bool, Error> {
        if !self.is_pooled {
            return Ok(false);
        }
        let other = open_within(&self.config, self.connector.as_ref(), self.attempt);
        let mut other = other.map_err(|error| DatabaseError::Lost { reason: error.describe() })?;
        Ok(connect::backend(&mut other)?.pid == self.backend)
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
        Ok(self.client.batch_execute(sql)?)
    }

    /// Sends the data of a COPY, piece by piece.
    pub(crate) fn copy_in(&mut self, statement: &str, mut data: impl Read) -> Result<(), SendError> {
        let mut writer = self.client.copy_in(statement)?;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            let length = data.read(&mut chunk).map_err(|error| SendError::Data(Arc::new(error)))?;
            if length == 0 {
                writer.finish()?;
                return Ok(());
            }
            if let Err(error) = writer.write_all(&chunk[..length]) {
                // The server's own complaint is the driver's error inside this one.
                let inner = error.into_inner().and_then(|error| error.downcast::<postgres::Error>().ok());
                return Err(
                    inner.map_or(SendError::Lost("sending COPY data failed".to_owned()), |error| (*error).into())
                );
            }
        }
    }

    /// The rows of a query.
    pub(crate) fn rows(&mut self, query: &str) -> Result<Vec<Row>, SendError> {
        rows(&mut self.client, query)
    }

    /// Ends a failed block, if there is one; `false` if the connection is gone.
    pub(crate) fn roll_back(&mut self) -> bool {
        self.muted.store(true, Ordering::Relaxed);
        let alive = !self.client.is_closed() && self.send("ROLLBACK").is_ok();
        self.muted.store(false, Ordering::Relaxed);
        alive
    }
}

/// A second connection, opened when it is first needed, that only looks.
pub(crate) struct Probe {
    config: Config,
    connector: Option<MakeTlsConnector>,
    client: Option<Client>,
}

impl Probe {
    /// The rows of a query; none if the server can't be asked.
    pub(crate) fn rows(&mut self, query: &str) -> Vec<Row> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.client = open(&self.config, self.connector.as_ref()).ok();
        }
        self.client.as_mut().and_then(|client| rows(client, query).ok()).unwrap_or_default()
    }
}

/// The version table where `search_path` finds it, as Alembic does, else in its first schema.
fn find_tables(client: &mut Client, options: &Options) -> Result<Tables, Error> {
    let name = &options.version_table;
    if let Some(schema) = &options.version_table_schema {
        return Ok(Tables::new(Some(schema), name));
    }
    let query = format!(
        "SELECT coalesce((SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass({})), current_schema())",
        quote_literal(&quote_identifier(name))
    );
    match first(&rows(client, &query)?, 0) {
        Some(schema) => Ok(Tables::new(Some(schema), name)),
        None => Err(DatabaseError::NoSchema.into()),
    }
}

/// A row of a query's answer, as text.
pub(crate) type Row = Vec<Option<String>>;

pub(crate) fn rows(client: &mut Client, query: &str) -> Result<Vec<Row>, SendError> {
    let text = |row: &SimpleQueryRow| (0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect();
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => Some(text(&row)),
        _ => None,
    };
    Ok(client.simple_query(query)?.into_iter().filter_map(row).collect())
}

/// The column of the first row, if there is one.
pub(crate) fn first(rows: &[Row], column: usize) -> Option<&str> {
    rows.first()?.get(column)?.as_deref()
}

/// Why the server did not do what was sent.
#[derive(Debug, Clone)]
pub(crate) enum SendError {
    /// It refused.
    Server(Box<ServerError>),
    /// The connection broke.
    Lost(String),
    /// The data to be sent could not be read.
    Data(Arc<io::Error>),
}

/// What the server said.
#[derive(Debug, Clone)]
pub(crate) struct ServerError {
    /// SQLSTATE.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) context: Option<String>,
    /// The character of what was sent that it points at, from 1.
    pub(crate) position: Option<usize>,
}

impl From<postgres::Error> for SendError {
    fn from(error: postgres::Error) -> Self {
        let Some(server) = error.as_db_error() else { return Self::Lost(describe(&error)) };
        Self::Server(Box::new(ServerError {
            code: server.code().code().to_owned(),
            message: server.message().to_owned(),
            detail: server.detail().map(str::to_owned),
            hint: server.hint().map(str::to_owned),
            context: server.where_().map(str::to_owned),
            position: match server.position() {
                Some(ErrorPosition::Original(position)) => Some(*position as usize),
                _ => None,
            },
        }))
    }
}

impl From<SendError> for DatabaseError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Server(server) => Self::Refused { message: server.message, code: server.code },
            SendError::Lost(reason) => Self::Lost { reason },
            SendError::Data(error) => Self::Lost { reason: error.to_string() },
        }
    }
}

impl From<SendError> for Error {
    fn from(error: SendError) -> Self {
        DatabaseError::from(error).into()
    }
}
