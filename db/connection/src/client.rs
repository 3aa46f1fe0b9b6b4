//! A session: queries, COPY, cancelling, and opening another session like it.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage, SimpleQueryRow};

use crate::driver::{NoSession, open_within};
use crate::error::{QUERY_CANCELED, QueryError};
use crate::tls::Connector;

/// For the rest of the transaction, resolves names that are not qualified in `pg_catalog` only. Otherwise, a role that
/// can create functions or operators in a schema of the user's `search_path` could have them called instead of the
/// system's. `pg_temp` is searched last only if it is named.
pub const OWN_PATH: &str = "SET LOCAL search_path = pg_catalog, pg_temp;\n";

/// A setting that only this crate reads. If a session has the value that was sent at startup, it is the server's own,
/// not one from a pooler.
pub(crate) const MARK: &str = "connection.session";

/// A session. Dropping it closes the connection.
pub struct Connection {
    client: Client,
    opener: Opener,
    backend: Backend,
    /// Whether the session came from a pooler.
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
    encoding: Encoding,
}

/// How the database's encoding affects text that is sent in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8: any character can be stored.
    Utf8,
    /// SQL_ASCII: the server counts bytes, and stores them as they are.
    Bytes,
    /// Any other: the server converts, and refuses characters that the encoding lacks.
    Other,
}

impl Encoding {
    fn named(name: &str) -> Self {
        match name {
            "UTF8" => Self::Utf8,
            "SQL_ASCII" => Self::Bytes,
            _ => Self::Other,
        }
    }

    /// The error of a sent text, with its position in characters.
    fn locate(self, text: &str, error: QueryError) -> QueryError {
        match (self, error) {
            (Self::Bytes, QueryError::Server(mut server)) => {
                let before = |position: usize| text.as_bytes().get(..position.saturating_sub(1));
                let characters = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
                server.position = server.position.and_then(before).map(|bytes| characters(bytes) + 1);
                QueryError::Server(server)
            }
            (_, error) => error,
        }
    }
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
    /// Opens a session. There is only one attempt.
    ///
    /// # Errors
    /// [`QueryError::Lost`] with the reason why the attempt failed.
    pub fn open(&self) -> Result<Connection, QueryError> {
        let opened = self.attempt(self.limit, "");
        opened.map(|(connection, _)| connection).map_err(|error| QueryError::Lost(error.describe()))
    }

    /// Opens a session and runs a first query, in one message with the query that every session starts with.
    pub(crate) fn attempt(&self, limit: Duration, query: &str) -> Result<(Connection, Vec<Row>), NoSession> {
        let mut client = open_within(&self.config, self.connector.as_ref(), limit)?;
        // Until a query sets `search_path`, every name must be qualified.
        let about = format!(include_str!("sql/session.sql"), mark = MARK);
        let mut found = rows(client.simple_query(&format!("{about}; {query}")).map_err(NoSession::Refused)?);
        let results = found.split_off(found.len().min(1));
        let text = |column| first(&found, column).unwrap_or_default();
        let backend = Backend {
            pid: text(0).parse().unwrap_or_default(),
            server_version: text(1).parse().unwrap_or_default(),
            encoding: Encoding::named(text(3)),
        };
        let is_pooled = text(2) != self.mark;
        let connection =
            Connection { client, opener: self.clone(), backend, is_pooled, muted: Arc::clone(&self.muted) };
        Ok((connection, results))
    }
}

/// Cancels the running statement of a session, from another thread.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    connector: Option<Connector>,
}

impl Canceller {
    /// Asks the server to cancel the running statement. Failures are not reported.
    pub fn cancel(&self) {
        let _ = match &self.connector {
            Some(connector) => self.token.cancel_query(connector.clone()),
            None => self.token.cancel_query(NoTls),
        };
    }
}

/// Repeats what has to be done after a statement was cancelled, such as rolling back, if it is cancelled itself. For one
/// request to cancel, the server signals a session twice (`signal_child` in PostgreSQL's `postmaster.c`), and the second
/// signal may arrive in the next statement.
///
/// # Errors
/// Those of `run`.
pub fn repeat_if_canceled<T>(mut run: impl FnMut() -> Result<T, QueryError>) -> Result<T, QueryError> {
    /// Each request takes one; signals that keep coming are not waited out.
    const ATTEMPTS: usize = 10;
    let mut result = run();
    for _ in 1..ATTEMPTS {
        match &result {
            Err(QueryError::Server(error)) if error.code == QUERY_CANCELED => result = run(),
            _ => break,
        }
    }
    result
}

impl Connection {
    /// Sends statements and waits until they have run. Their rows are discarded.
    ///
    /// # Errors
    /// The server reports an error, or the connection breaks.
    pub fn send(&mut self, sql: &str) -> Result<(), QueryError> {
        self.client.batch_execute(sql).map_err(|error| self.backend.encoding.locate(sql, error.into()))
    }

    /// Runs a query and returns its rows.
    ///
    /// # Errors
    /// The server reports an error, or the connection breaks.
    pub fn rows(&mut self, query: &str) -> Result<Vec<Row>, QueryError> {
        let found = self.client.simple_query(query);
        Ok(rows(found.map_err(|error| self.backend.encoding.locate(query, error.into()))?))
    }

    /// Runs a query of the program itself, as opposed to a user's, in a new transaction that sets [`OWN_PATH`]. Must
    /// not be called in a transaction.
    ///
    /// # Errors
    /// The server reports an error, or the connection breaks.
    pub fn query(&mut self, query: &str) -> Result<Vec<Row>, QueryError> {
        let rows = self.rows(&format!("BEGIN;\n{OWN_PATH}{query}\n;COMMIT"));
        rows.inspect_err(|_| _ = self.roll_back())
    }

    /// Like [`Self::query`], inside a transaction. The query may only read: it is run in a savepoint that is rolled
    /// back.
    ///
    /// # Errors
    /// The server reports an error, or the connection breaks.
    pub fn query_in_transaction(&mut self, query: &str) -> Result<Vec<Row>, QueryError> {
        self.rows(&format!(
            "SAVEPOINT own_query;\n{OWN_PATH}{query}\n;ROLLBACK TO SAVEPOINT own_query;RELEASE SAVEPOINT own_query"
        ))
    }

    /// Sends the data of a `COPY … FROM STDIN`, chunk by chunk.
    ///
    /// # Errors
    /// The server reports an error, the connection breaks, or the data can't be read.
    pub fn copy_in(&mut self, statement: &str, mut data: impl Read) -> Result<(), QueryError> {
        let encoding = self.backend.encoding;
        let writer = self.client.copy_in(statement);
        let mut writer = writer.map_err(|error| encoding.locate(statement, error.into()))?;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            let length = data.read(&mut chunk).map_err(|error| QueryError::Data(Arc::new(error)))?;
            if length == 0 {
                writer.finish()?;
                return Ok(());
            }
            if let Err(error) = writer.write_all(&chunk[..length]) {
                // The server's error is inside this one.
                let inner = error.into_inner().and_then(|error| error.downcast::<postgres::Error>().ok());
                let lost = || QueryError::Lost("sending COPY data failed".to_owned());
                return Err(inner.map_or_else(lost, |error| (*error).into()));
            }
        }
    }

    /// Rolls back, without reporting notices, even if another request to cancel arrives. Returns `false` if the
    /// connection is lost.
    pub fn roll_back(&mut self) -> bool {
        self.muted.store(true, Ordering::Relaxed);
        let is_alive = !self.is_closed() && repeat_if_canceled(|| self.send("ROLLBACK")).is_ok();
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

    /// The encoding of the database.
    pub fn encoding(&self) -> Encoding {
        self.backend.encoding
    }

    /// A handle that cancels the running statement from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller { token: self.client.cancel_token(), connector: self.opener.connector.clone() }
    }

    /// A handle that opens more sessions with the same settings.
    pub fn opener(&self) -> Opener {
        self.opener.clone()
    }

    /// Whether a pooler shares this session's backend with other clients. In transaction mode, a pooler assigns the
    /// backend that was used last to a second session; in session mode, the backend is reserved for this one.
    ///
    /// # Errors
    /// The second session can't be opened.
    pub fn is_shared(&self) -> Result<bool, QueryError> {
        Ok(self.is_pooled && self.opener.open()?.backend() == self.backend())
    }
}

/// A row of a query's result, as text. `None` is NULL.
pub type Row = Vec<Option<String>>;

fn rows(messages: Vec<SimpleQueryMessage>) -> Vec<Row> {
    let text = |row: &SimpleQueryRow| (0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect();
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => Some(text(&row)),
        _ => None,
    };
    messages.into_iter().filter_map(row).collect()
}

/// A column of the first row, if there is a row.
pub fn first(rows: &[Row], column: usize) -> Option<&str> {
    rows.first()?.get(column)?.as_deref()
}
