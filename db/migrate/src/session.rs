//! A session of the engine: a connection, the names of its tables there, and its options.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use connection::{Connection, Patience, QueryError, Row, Settings, repeat_if_canceled};

use crate::bookkeeping::{RESET, UNCLEAN};
use crate::error::Error;
use crate::event::{Event, Listener};
use crate::options::Options;
use crate::rehearsing::{NEVER_COMMITS, Rehearsing};
use crate::run_error::RunError;
use crate::state_error::StateError;
use crate::tables::{Tables, first_queries};
use crate::watch::Watch;

/// A session of the engine. Without the lock, which [`Migrator`](crate::Migrator) takes, it only reads.
pub struct Session {
    pub(crate) connection: Connection,
    pub(crate) options: Options,
    pub(crate) tables: Tables,
    pub(crate) listener: Listener,
    interrupted: Arc<AtomicBool>,
    /// Whether the statements of [`Tables::prepare`] exist.
    pub(crate) is_prepared: bool,
    /// Begins a transaction that returns the session to its initial state.
    reset: String,
    /// Why nothing can be written, if the database is read-only.
    read_only: Option<StateError>,
    /// Whether a revision was sent. Even one that only defines objects may call functions (defaults, casts, event triggers),
    /// which can leave more than settings behind.
    pub(crate) is_suspect: bool,
    /// Reports which sessions hold the locks that this one waits for.
    pub(crate) watch: Watch,
    /// Set while a transaction that is going to be rolled back holds everything.
    pub(crate) rehearsal: Option<Rehearsing>,
}

/// Cancels what a session is doing, from another thread.
#[derive(Clone)]
pub struct Canceller {
    canceller: connection::Canceller,
    interrupted: Arc<AtomicBool>,
}

impl Canceller {
    /// Cancels the running statement, and prevents the next one.
    pub fn cancel(&self) {
        self.interrupted.store(true, Ordering::SeqCst);
        // If the request does not reach the server, the next check of the flag stops the run.
        self.canceller.cancel();
    }
}

impl Session {
    /// Connects. Waits up to [`Options::connect_timeout`] for a server that is starting, such as a paused Aurora, but
    /// not for a wrong password, an unknown host or a missing database.
    ///
    /// # Errors
    /// The settings are invalid, connecting fails, or there is no schema for the version table.
    pub fn connect(settings: &Settings, options: Options, listener: Listener) -> Result<Self, Error> {
        let events = Arc::clone(&listener);
        let report: connection::Listener = Arc::new(move |event| events(Event::Connection(event)));
        let is_path_given = settings.get("options").is_some_and(|options| options.contains("search_path"));
        let query = first_queries(&options, is_path_given);
        let patience = if options.connects_once { Patience::Once } else { Patience::Retry };
        let patience = patience(options.connect_timeout);
        let (connection, found) = connection::connect_and_query(settings, patience, &report, &query)?;
        let mut reset = RESET.to_owned();
        // RESET ALL returns to the settings of the role and the database.
        for timeout in found.get(1).and_then(|row| row.first()?.as_deref()).unwrap_or_default().split_whitespace() {
            reset.push_str(&format!("SET {timeout} = 0;\n"));
        }
        if connection.server_version() >= 140_000 {
            // If this process dies, the server cancels its statement within seconds and releases its locks.
            reset.push_str("SET client_connection_check_interval = '2s';\n");
        }
        let setting = |column: usize| found.get(1).and_then(|row| row.get(column)?.as_deref());
        let read_only =
            (setting(1) == Some("on")).then(|| StateError::ReadOnly { is_standby: setting(2) == Some("t") });
        let schemas: Vec<&str> = found.iter().skip(2).filter_map(|row| row.first()?.as_deref()).collect();
        let schema = match schemas[..] {
            [] => return Err(StateError::NoSchema.into()),
            [schema] => schema,
            _ => {
                let schemas = schemas.into_iter().map(str::to_owned).collect();
                return Err(StateError::SeveralVersionTables { schemas }.into());
            }
        };
        let tables = Tables::new(schema, &options.version_table);
        let (opener, backend) = (connection.opener(), connection.backend());
        let watch = Watch::start(opener, backend, options.shows_queries, Arc::clone(&listener));
        let interrupted = Arc::new(AtomicBool::new(false));
        Ok(Self {
            connection,
            options,
            tables,
            listener,
            interrupted,
            is_prepared: false,
            is_suspect: false,
            reset,
            read_only,
            watch,
            rehearsal: None,
        })
    }

    /// A handle that cancels this session from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller { canceller: self.connection.canceller(), interrupted: Arc::clone(&self.interrupted) }
    }

    /// The engine's tables in this database.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The connection, for other queries.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    pub(crate) fn check_interrupted(&self) -> Result<(), Error> {
        if self.is_interrupted() { Err(RunError::Interrupted { outcome: None }.into()) } else { Ok(()) }
    }

    /// Reports a query that failed because it was cancelled as an interruption.
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

    /// Sleeps until the pause is over or the session is cancelled.
    pub(crate) fn wait(&self, pause: Duration) {
        let end = Instant::now() + pause;
        while Instant::now() < end && !self.is_interrupted() {
            sleep(Duration::from_millis(20).min(pause));
        }
    }

    /// Refuses to write to a read-only database.
    pub(crate) fn check_writable(&self) -> Result<(), StateError> {
        self.read_only.clone().map_or(Ok(()), Err)
    }

    /// Returns the session to its initial state, before the transaction of a revision. Fails if a revision has left
    /// prepared statements behind; see [`Self::deallocate`].
    pub(crate) fn clean(&self) -> String {
        let clean = if self.is_suspect { self.tables.clean() } else { String::new() };
        let Some(rehearsal) = &self.rehearsal else { return format!("{}{clean}COMMIT;\n", self.reset) };
        // The path of the engine's own queries would last, and the cursor has been closed.
        let again = if self.is_suspect { format!("RESET search_path;\n{NEVER_COMMITS}") } else { String::new() };
        format!("{}{clean}{again}{}", self.reset.trim_start_matches("BEGIN;\n"), rehearsal.limits())
    }

    /// What begins a transaction, and what commits it: in a rehearsal, a part of the one that is rolled back.
    pub(crate) fn begin_and_commit(&self) -> (&'static str, &'static str) {
        match self.rehearsal {
            None => ("BEGIN;\n", "COMMIT;"),
            Some(_) => (
                "SAVEPOINT migrate_rehearsal;\n",
                "SET CONSTRAINTS ALL IMMEDIATE;\nRELEASE SAVEPOINT migrate_rehearsal;\n",
            ),
        }
    }

    /// Rolls back what [`Self::begin_and_commit`] begins. Returns `false` if the connection is lost.
    pub(crate) fn roll_back(&mut self) -> bool {
        if self.rehearsal.is_none() {
            return self.connection.roll_back();
        }
        let undo = "ROLLBACK TO SAVEPOINT migrate_rehearsal;\nRELEASE SAVEPOINT migrate_rehearsal";
        repeat_if_canceled(|| self.connection.send(undo)).is_ok()
    }

    /// Like [`Connection::query`], which would commit a rehearsal.
    pub(crate) fn query(&mut self, query: &str) -> Result<Vec<Row>, QueryError> {
        if self.rehearsal.is_none() {
            return self.connection.query(query);
        }
        self.connection.query_in_transaction(query).inspect_err(|_| {
            let _ = self.connection.send("ROLLBACK TO SAVEPOINT own_query;RELEASE SAVEPOINT own_query");
        })
    }

    /// Begins a transaction in the initial state, with its timeouts.
    pub(crate) fn begin(&self, lock_timeout: Duration) -> String {
        if let Some(rehearsal) = &self.rehearsal {
            return format!("{}{}{}", self.begin_and_commit().0, self.clean(), rehearsal.limits());
        }
        let mut sql = format!("{}BEGIN;\nSET LOCAL lock_timeout = {};\n", self.clean(), lock_timeout.as_millis());
        if !self.options.statement_timeout.is_zero() {
            sql.push_str(&format!("SET LOCAL statement_timeout = {};\n", self.options.statement_timeout.as_millis()));
        }
        sql
    }

    /// Sends [`Self::clean`] by itself.
    pub(crate) fn start_clean(&mut self) -> Result<(), Error> {
        let clean = match self.rehearsal {
            None => self.clean(),
            Some(_) => {
                let (begin, commit) = self.begin_and_commit();
                format!("{begin}{}{commit}", self.clean())
            }
        };
        let sent = self.connection.send(&clean).inspect_err(|_| _ = self.roll_back());
        self.is_suspect = true;
        match sent {
            Err(QueryError::Server(error)) if error.message.contains(UNCLEAN) => {
                self.deallocate()?;
                Ok(self.connection.send(&clean)?)
            }
            sent => Ok(sent?),
        }
    }

    /// Removes all prepared statements, and prepares the engine's again.
    pub(crate) fn deallocate(&mut self) -> Result<(), Error> {
        self.connection.send("DEALLOCATE ALL")?;
        if std::mem::take(&mut self.is_prepared) { self.prepare() } else { Ok(()) }
    }

    /// Prepares the statements that record a revision.
    pub(crate) fn prepare(&mut self) -> Result<(), Error> {
        if !self.is_prepared {
            self.connection.query(&self.tables.prepare())?;
            self.is_prepared = true;
        }
        Ok(())
    }
}
