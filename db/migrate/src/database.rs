//! A session: connecting, the lock, and reading the state.
//!
//! With `tls.rs`, `execute.rs` and `journal.rs` the only file that knows the `postgres` crate. A plan made without the lock does not
//! compile: only [`Locked`] tells the heads to plan from and executes.

use std::error::Error as _;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use postgres::config::{ChannelBinding, SslMode as DriverSslMode, SslNegotiation, TargetSessionAttrs};
use postgres::error::SqlState;
use postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage, SimpleQueryRow};
use postgres_native_tls::MakeTlsConnector;
use sha2::{Digest, Sha256};

use crate::bookkeeping::{RESET_SESSION, Tables, quote_identifier, quote_literal};
use crate::error::{DatabaseError, Error};
use crate::event::{Event, Listener};
use crate::settings::{Settings, SslMode};
use crate::tls;

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
    /// `lock_timeout` of the transactions.
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

impl Options {
    /// The key of the advisory lock. Advisory locks belong to a database, so only the version table has to be in it.
    pub fn lock_key(&self) -> i64 {
        let digest = Sha256::digest(format!("migrate\0{}", self.version_table));
        i64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
    }
}

/// A statement of a `Transaction: off` revision that an earlier run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// The revision.
    pub revision: String,
    /// `upgrade` or `downgrade`.
    pub direction: String,
    /// The statement's number, from 1.
    pub statement: usize,
    /// Its checksum in hexadecimal.
    pub checksum: String,
    /// The line it stood in.
    pub line: u32,
    /// Whether it ended well.
    pub finished: bool,
}

/// What the log says last of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The revision.
    pub revision: String,
    /// `upgrade`, `downgrade`, `stamp` or `unstamp`.
    pub operation: String,
    /// The checksum of its upgrade section.
    pub checksum: String,
    /// Its message.
    pub message: String,
    /// When it was finished, as the server shows it.
    pub finished_at: String,
    /// By which role.
    pub applied_by: String,
    /// From which commit.
    pub commit: Option<String>,
}

/// What the tables say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The rows of the version table, sorted.
    pub rows: Vec<String>,
    /// Per revision the log's last row, sorted by revision; empty when the log is not there.
    pub log: Vec<LogRow>,
    /// The journal.
    pub journal: Vec<JournalRow>,
    /// Whether all three tables are there.
    pub has_tables: bool,
}

/// A connection to the database, without the lock.
pub struct Session {
    pub(crate) client: Client,
    pub(crate) options: Options,
    pub(crate) tables: Tables,
    pub(crate) listener: Listener,
    pub(crate) interrupted: Arc<AtomicBool>,
    /// What the server remarks on the engine's own clean-up is not for users.
    muted: Arc<AtomicBool>,
    /// What brings the session back to how it was opened.
    pub(crate) reset: String,
    connector: Option<MakeTlsConnector>,
    backend: i32,
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
    /// Connects. What a server that is starting (or an Aurora that is paused) answers is waited out until
    /// `connect_timeout`; a wrong password, an unknown host or a missing database is not.
    ///
    /// # Errors
    /// The settings can't be used, or there is no session within the time.
    pub fn connect(settings: &Settings, options: Options, listener: Listener) -> Result<Self, Error> {
        let connector = tls::connector(settings)?;
        let muted = Arc::new(AtomicBool::new(false));
        let config = driver_config(settings, &listener, &muted)?;
        let deadline = Instant::now() + options.connect_timeout;
        let mut pause = Duration::from_millis(100);
        let mut client = loop {
            let attempt = match &connector {
                Some(connector) => config.connect(connector.clone()),
                None => config.connect(NoTls),
            };
            match attempt {
                Ok(client) => break client,
                Err(error) => {
                    let remaining = deadline.saturating_duration_since(Instant::now());
                    if !is_temporary(&error) || remaining.is_zero() {
                        return Err(connect_error(settings, &error));
                    }
                    listener(Event::WaitingForServer { reason: describe(&error), remaining });
                    sleep(pause.min(remaining));
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
            }
        };
        let (backend, server_version) = backend(&mut client)?;
        let mut reset = RESET_SESSION.to_owned();
        if server_version >= 140_000 {
            // A statement whose client has died is cancelled within seconds, and its locks are freed.
            reset.push_str("SET client_connection_check_interval = '2s';\n");
        }
        let tables = find_tables(&mut client, &options)?;
        let interrupted = Arc::new(AtomicBool::new(false));
        Ok(Self { client, options, tables, listener, interrupted, muted, reset, connector, backend })
    }

    /// A handle that stops this session from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller {
            token: self.client.cancel_token(),
            connector: self.connector.clone(),
            interrupted: Arc::clone(&self.interrupted),
        }
    }

    /// The names of the tables here.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Reads version rows, log and journal without the lock: for showing, not for planning.
    ///
    /// # Errors
    /// The server refuses.
    pub fn state(&mut self) -> Result<State, Error> {
        let tables = &self.tables;
        let exists = |table: &str| format!("to_regclass({}) IS NOT NULL", quote_literal(table));
        let query = format!("SELECT {}, {}, {}", exists(&tables.version), exists(&tables.log), exists(&tables.journal));
        let found = rows(&mut self.client, &query)?;
        let has = |column| found.first().is_some_and(|row| row.get(column) == Some("t"));
        let mut state = State { has_tables: has(0) && has(1) && has(2), ..State::default() };
        if has(0) {
            let query = format!("SELECT version_num FROM {} ORDER BY version_num COLLATE \"C\"", self.tables.version);
            state.rows = rows(&mut self.client, &query)?.iter().map(|row| text(row, 0)).collect();
        }
        if has(1) {
            let query = format!(
                "SELECT DISTINCT ON (revision COLLATE \"C\") revision, operation, checksum, message, finished_at, applied_by, commit_id FROM {} ORDER BY revision COLLATE \"C\", id DESC",
                self.tables.log
            );
            state.log = rows(&mut self.client, &query)?.iter().map(log_row).collect();
        }
        if has(2) {
            let query = format!(
                "SELECT revision, direction, statement, checksum, line, finished_at IS NOT NULL FROM {} ORDER BY revision COLLATE \"C\", direction, statement",
                self.tables.journal
            );
            state.journal = rows(&mut self.client, &query)?.iter().map(journal_row).collect();
        }
        Ok(state)
    }

    /// The SQL that a revision was applied with, from the log.
    ///
    /// # Errors
    /// The server refuses.
    pub fn logged_upgrade(&mut self, revision: &str) -> Result<Option<String>, Error> {
        let query = format!(
            "SELECT upgrade_sql FROM {} WHERE revision = {} ORDER BY id DESC LIMIT 1",
            self.tables.log,
            quote_literal(revision)
        );
        Ok(rows(&mut self.client, &query)?.first().map(|row| text(row, 0)))
    }

    /// Waits for the lock that only one migration of a database has.
    ///
    /// Polled, in autocommit: a session that blocks in `pg_advisory_lock` holds a snapshot, which CREATE INDEX
    /// CONCURRENTLY in the session that has the lock would wait for.
    ///
    /// # Errors
    /// `lock_wait` has passed, or the connection goes through a pooler that hands out other backends.
    pub fn lock(mut self) -> Result<Locked, Error> {
        let key = self.options.lock_key();
        let deadline = Instant::now() + self.options.lock_wait;
        let mut pause = Duration::from_millis(50);
        let mut told = None;
        let attempt = format!("SELECT pg_try_advisory_lock({key})");
        while rows(&mut self.client, &attempt)?.first().is_none_or(|row| row.get(0) != Some("t")) {
            self.check_interrupted()?;
            let remaining = deadline.saturating_duration_since(Instant::now());
            let holder = self.lock_holder(key)?;
            if remaining.is_zero() {
                return Err(DatabaseError::LockNotObtained { waited: self.options.lock_wait, holder }.into());
            }
            if told != Some(holder.clone()) {
                (self.listener)(Event::WaitingForLock { holder: holder.clone(), remaining });
                told = Some(holder);
            }
            sleep(pause.min(remaining));
            pause = (pause * 3 / 2).min(Duration::from_secs(1));
        }
        // A transaction pooler may run the next query on another backend: there the lock is not ours.
        let (high, low) = ((key as u64 >> 32) as u32, key as u32);
        let query = format!(
            "SELECT pg_backend_pid() FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() AND classid = {high} AND objid = {low} AND objsubid = 1"
        );
        let holds = rows(&mut self.client, &query)?;
        if holds.first().and_then(|row| row.get(0)?.parse().ok()) != Some(self.backend) {
            return Err(DatabaseError::Pooler.into());
        }
        Ok(Locked { session: self })
    }

    fn lock_holder(&mut self, key: i64) -> Result<Option<String>, Error> {
        let (high, low) = ((key as u64 >> 32) as u32, key as u32);
        let query = format!(
            "SELECT 'pid ' || a.pid || ', ' || coalesce(nullif(a.application_name, ''), 'no application_name') || ', ' || coalesce(a.usename, '?') || coalesce('@' || host(a.client_addr), '') || ', since ' || a.backend_start::timestamptz(0) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND l.classid = {high} AND l.objid = {low} AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        );
        Ok(rows(&mut self.client, &query)?.first().map(|row| text(row, 0)))
    }

    pub(crate) fn check_interrupted(&self) -> Result<(), Error> {
        if self.interrupted.load(Ordering::SeqCst) {
            Err(DatabaseError::Interrupted { state: None }.into())
        } else {
            Ok(())
        }
    }

    /// Ends a failed block, if there is one; `false` if the connection is gone.
    pub(crate) fn roll_back(&mut self) -> bool {
        self.muted.store(true, Ordering::Relaxed);
        let alive = !self.client.is_closed() && self.client.batch_execute("ROLLBACK").is_ok();
        self.muted.store(false, Ordering::Relaxed);
        alive
    }

    /// Runs statements of the engine's own.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(|error| Error::from(DatabaseError::from_driver(&error)))
    }
}

/// A session that holds the lock. Dropping it ends the session and frees the lock.
pub struct Locked {
    pub(crate) session: Session,
}

impl Locked {
    /// Version rows, log and journal, which nobody changes while the lock is held.
    ///
    /// # Errors
    /// The server refuses.
    pub fn state(&mut self) -> Result<State, Error> {
        self.session.state()
    }

    /// Creates the version table, the log and the journal where they are missing.
    ///
    /// # Errors
    /// The role may not.
    pub fn ensure_tables(&mut self) -> Result<(), Error> {
        let create = self.session.tables.create(&self.session.options.version_table);
        self.session.run(&format!("BEGIN; SET LOCAL client_min_messages = warning;\n{create}COMMIT;")).map_err(
            |error| {
                let Error::Database(error) = error else { return error };
                let schema = self.session.tables.version.split('.').next().unwrap_or_default().to_owned();
                DatabaseError::CreateTables { schema, error }.into()
            },
        )
    }
}

fn driver_config(settings: &Settings, listener: &Listener, muted: &Arc<AtomicBool>) -> Result<Config, Error> {
    let mut config = Config::new();
    for host in settings.hosts() {
        match host.parse::<IpAddr>() {
            Ok(_) => config.host(host),
            Err(_) if host.starts_with('/') => config.host_path(host),
            Err(_) => config.host(host),
        };
    }
    if let (Some(addresses), Some(_)) = (settings.get("hostaddr"), settings.get("host")) {
        for address in addresses.split(',') {
            let invalid = |_| DatabaseError::InvalidAddress { address: address.to_owned() };
            config.hostaddr(address.parse().map_err(invalid)?);
        }
    }
    for port in settings.ports() {
        config.port(port);
    }
    config.user(settings.user()).dbname(settings.database()).connect_timeout(settings.attempt_timeout());
    config.keepalives_idle(Duration::from_secs(60));
    if let Some(password) = settings.password() {
        config.password(password.reveal());
    }
    if let Some(options) = settings.get("options") {
        config.options(options);
    }
    if let Some(name) = settings.get("application_name") {
        config.application_name(name);
    }
    let is_local = settings.hosts().iter().all(|host| host.starts_with('/'));
    config.ssl_mode(match settings.ssl_mode() {
        _ if is_local => DriverSslMode::Disable,
        SslMode::Disable => DriverSslMode::Disable,
        SslMode::Prefer => DriverSslMode::Prefer,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => DriverSslMode::Require,
    });
    if settings.get("sslnegotiation") == Some("direct") {
        config.ssl_negotiation(SslNegotiation::Direct);
    }
    config.channel_binding(match settings.get("channel_binding") {
        Some("disable") => ChannelBinding::Disable,
        Some("require") => ChannelBinding::Require,
        _ => ChannelBinding::Prefer,
    });
    match settings.get("target_session_attrs") {
        Some("read-write" | "primary") => config.target_session_attrs(TargetSessionAttrs::ReadWrite),
        Some("read-only" | "standby") => config.target_session_attrs(TargetSessionAttrs::ReadOnly),
        _ => config.target_session_attrs(TargetSessionAttrs::Any),
    };
    let (listener, muted) = (Arc::clone(listener), Arc::clone(muted));
    config.notice_callback(move |notice| {
        if muted.load(Ordering::Relaxed) {
            return;
        }
        listener(Event::Notice {
            severity: notice.severity().to_owned(),
            message: notice.message().to_owned(),
            detail: notice.detail().map(str::to_owned),
            hint: notice.hint().map(str::to_owned),
        });
    });
    Ok(config)
}

/// Refused, reset, timed out, or "the database system is starting up".
fn is_temporary(error: &postgres::Error) -> bool {
    if let Some(code) = error.code() {
        return *code == SqlState::CANNOT_CONNECT_NOW || *code == SqlState::TOO_MANY_CONNECTIONS;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            return matches!(
                cause.kind(),
                io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::TimedOut
                    | io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::NotFound
            );
        }
        source = cause.source();
    }
    error.is_closed()
}

/// The driver's message with its causes.
pub(crate) fn describe(error: &postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} (SQLSTATE {})", error.message(), error.code().code());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn connect_error(settings: &Settings, error: &postgres::Error) -> Error {
    DatabaseError::Connect {
        database: settings.describe(),
        reason: describe(error),
        code: error.code().map(|code| code.code().to_owned()),
        has_password: settings.password().is_some(),
        password_source: settings.password_source(),
    }
    .into()
}

/// The number of the process that serves us, and the server's version as a number (170010 is 17.10).
fn backend(client: &mut Client) -> Result<(i32, u32), Error> {
    let found = rows(client, "SELECT pg_backend_pid(), current_setting('server_version_num')")?;
    let number = |column| found.first().and_then(|row| row.get(column)).unwrap_or_default();
    Ok((number(0).parse().unwrap_or_default(), number(1).parse().unwrap_or_default()))
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
    match rows(client, &query)?.first().and_then(|row| row.get(0)) {
        Some(schema) => Ok(Tables::new(Some(schema), name)),
        None => Err(DatabaseError::NoSchema.into()),
    }
}

/// The rows of a query, as text.
pub(crate) fn rows(client: &mut Client, query: &str) -> Result<Vec<SimpleQueryRow>, Error> {
    let messages = client.simple_query(query).map_err(|error| Error::from(DatabaseError::from_driver(&error)))?;
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    };
    Ok(messages.into_iter().filter_map(row).collect())
}

fn text(row: &SimpleQueryRow, column: usize) -> String {
    row.get(column).unwrap_or_default().to_owned()
}

fn log_row(row: &SimpleQueryRow) -> LogRow {
    LogRow {
        revision: text(row, 0),
        operation: text(row, 1),
        checksum: text(row, 2),
        message: text(row, 3),
        finished_at: text(row, 4),
        applied_by: text(row, 5),
        commit: row.get(6).map(str::to_owned),
    }
}

fn journal_row(row: &SimpleQueryRow) -> JournalRow {
    JournalRow {
        revision: text(row, 0),
        direction: text(row, 1),
        statement: text(row, 2).parse().unwrap_or_default(),
        checksum: text(row, 3),
        line: text(row, 4).parse().unwrap_or_default(),
        finished: row.get(5) == Some("t"),
    }
}
