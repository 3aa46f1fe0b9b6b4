//! A session: queries, COPY, cancelling, and opening another one like it.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage, SimpleQueryRow};

use crate::driver::{NoSession, open_within};
use crate::error::QueryError;
use crate::tls::Connector;

/// A setting of the session that only this crate reads: if it has the value that was sent, the session is the server's own and
/// not one that a pooler hands out.
pub(crate) const MARK: &str = "connection.session";

/// A session. Dropping it closes the connection.
pub struct Connection {
    client: Client,
    opener: Opener,
    backend: Backend,
    /// Whether something between us and the server has its own idea of a session.
    is_pooled: bool,
    /// While set, notices are not reported.
    muted: Arc<AtomicBool>,
}

/// The server process behind a session.
#[derive(Debug, Clone, Copy)]
struct Backend {
    pid: i32,
    /// As a number: 170010 is 17.10.
    server_version: u32,
}

/// Opens more sessions with the settings of one.
#[derive(Clone)]
pub struct Opener {
    pub(crate) config: Config,
    pub(crate) connector: Option<Connector>,
    /// How long one attempt may take.
    pub(crate) limit: Duration,
    pub(crate) mark: String,
    pub(crate) muted: Arc<AtomicBool>,
}

impl Opener {
    /// Opens a session. Tried once.
    ///
    /// # Errors
    /// There is none: [`QueryError::Lost`] with the reason.
    pub fn open(&self) -> Result<Connection, QueryError> {
        let opened = self.attempt(self.limit, "");
        opened.map(|(connection, _)| connection).map_err(|error| QueryError::Lost(error.describe()))
    }

    /// Opens a session and runs a first query, in one message with what is asked of every session.
    pub(crate) fn attempt(&self, limit: Duration, query: &str) -> Result<(Connection, Vec<Row>), NoSession> {
        let mut client = open_within(&self.config, self.connector.as_ref(), limit)?;
        let about =
            format!("SELECT pg_backend_pid(), current_setting('server_version_num'), current_setting('{MARK}', true)");
        let mut found = rows(client.simple_query(&format!("{about}; {query}")).map_err(NoSession::Refused)?);
        let results = found.split_off(found.len().min(1));
        let text = |column| first(&found, column).unwrap_or_default();
        let backend =
            Backend { pid: text(0).parse().unwrap_or_default(), server_version: text(1).parse().unwrap_or_default() };
        let is_pooled = text(2) != self.mark;
        let connection =
            Connection { client, opener: self.clone(), backend, is_pooled, muted: Arc::clone(&self.muted) };
        Ok((connection, results))
    }
}

/// Cancels what a session is doing, from another thread.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    connector: Option<Connector>,
}

impl Canceller {
    /// Asks the server to cancel the running statement. Whether it could be asked is not known.
    pub fn cancel(&self) {
        let _ = match &self.connector {
            Some(connector) => self.token.cancel_query(connector.clone()),
            None => self.token.cancel_query(NoTls),
        };
    }
}

impl Connection {
    /// Sends statements and waits until they have run; their rows are dropped.
    ///
    /// # Errors
    /// The server refuses, or the connection breaks.
    pub fn send(&mut self, sql: &str) -> Result<(), QueryError> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// The server refuses, or the connection breaks.
    pub fn rows(&mut self, query: &str) -> Result<Vec<Row>, QueryError> {
        Ok(rows(self.client.simple_query(query)?))
    }

    /// Sends the data of a `COPY … FROM STDIN`, chunk by chunk.
    ///
    /// # Errors
    /// The server refuses, the connection breaks, or the data can't be read.
    pub fn copy_in(&mut self, statement: &str, mut data: impl Read) -> Result<(), QueryError> {
        let mut writer = self.client.copy_in(statement)?;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            let length = data.read(&mut chunk).map_err(|error| QueryError::Data(Arc::new(error)))?;
            if length == 0 {
                writer.finish()?;
                return Ok(());
            }
            if let Err(error) = writer.write_all(&chunk[..length]) {
                // The server's own complaint is the driver's error inside this one.
                let inner = error.into_inner().and_then(|error| error.downcast::<postgres::Error>().ok());
                let lost = || QueryError::Lost("sending COPY data failed".to_owned());
                return Err(inner.map_or_else(lost, |error| (*error).into()));
            }
        }
    }

    /// Ends a failed transaction, if there is one, without reporting the server's notices; `false` if the connection is gone.
    pub fn roll_back(&mut self) -> bool {
        self.muted.store(true, Ordering::Relaxed);
        let is_alive = !self.is_closed() && self.send("ROLLBACK").is_ok();
        self.muted.store(false, Ordering::Relaxed);
        is_alive
    }

    /// Whether the connection is closed.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// The process id of the server's backend.
    pub fn backend(&self) -> i32 {
        self.backend.pid
    }

    /// The server's version as a number: 170010 is 17.10.
    pub fn server_version(&self) -> u32 {
        self.backend.server_version
    }

    /// A handle that cancels what this session is doing, from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller { token: self.client.cancel_token(), connector: self.opener.connector.clone() }
    }

    /// What opens more sessions with the same settings.
    pub fn opener(&self) -> Opener {
        self.opener.clone()
    }

    /// Whether the backend that has just served this session serves others too: a pooler hands out the one that was used last, so
    /// a second session is given it. In session mode it stays ours as long as we are connected.
    ///
    /// # Errors
    /// No second session can be opened.
    pub fn is_shared(&self) -> Result<bool, QueryError> {
        Ok(self.is_pooled && self.opener.open()?.backend() == self.backend())
    }
}

/// A row of a query's result, as text.
pub type Row = Vec<Option<String>>;

fn rows(messages: Vec<SimpleQueryMessage>) -> Vec<Row> {
    let text = |row: &SimpleQueryRow| (0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect();
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => Some(text(&row)),
        _ => None,
    };
    messages.into_iter().filter_map(row).collect()
}

/// The column of the first row, if there is one.
pub fn first(rows: &[Row], column: usize) -> Option<&str> {
    rows.first()?.get(column)?.as_deref()
}
