//! `reset`: replaces the database with an empty one, and migrates and seeds it.
//!
//! The replacement is created first, under a different name. So if CREATE DATABASE fails, the database is unchanged.

use std::sync::Arc;

use anyhow::Result;
use connection::{ConnectError, Connection, QueryError, connect, first, quote_identifier, quote_literal};
use revision::Operation;
use schema::{DatabaseDefinition, database_sessions};
use serde_json::json;

use super::choose::Database;
use super::task::Db;
use crate::cli::RunArguments;
use crate::interrupt;
use crate::report::{EXIT_USAGE, Failure};
use crate::shell_word::quote;

/// The databases to connect to while another one is dropped.
const MAINTENANCE: [&str; 2] = ["postgres", "template1"];

/// The server refuses to drop a database that is in use.
const IN_USE: &str = "55006";

/// The longest name of PostgreSQL, in bytes.
const LONGEST_NAME: usize = 63;

impl Db<'_> {
    /// Drops the database, creates it again, and migrates and seeds it.
    pub(super) fn reset(&mut self, confirmed: Option<&str>) -> Result<()> {
        // Errors in files are reported while the database still exists.
        self.read()?;
        let seeds = self.read_seeds()?;
        let database = Database::choose(self)?;
        confirm(&database, confirmed)?;
        let name = database.settings.database().to_owned();
        let mut replacement = Replacement { server: self.maintenance(&database)?, name: &name };
        let canceller = replacement.server.canceller();
        interrupt::on_signal(move || canceller.cancel());
        replacement.replace().map_err(|failed| failed.explain(&mut replacement, confirmed))?;
        drop(replacement);
        let report = &self.context.report;
        if report.is_json() {
            report.json(&json!({"event": "created", "database": database.settings.describe()}));
        }
        report.message(format!("created `{name}` again; roles belong to the whole server and were not dropped"));

        let next = "fix the cause, then run `cargo xtask db upgrade` and `cargo xtask db seed`";
        let upgraded = self.migrate(Operation::Upgrade, &["heads".to_owned()], &RunArguments::default());
        upgraded
            .map_err(|error| unfinished(&name, error, "was created again, but not all revisions are applied", next))?;
        let Some(seeds) = seeds else {
            self.context.report.message(format!("there is no `{}`, so no rows were added", self.seeds().display()));
            return Ok(());
        };
        let next = "fix the cause, then run `cargo xtask db seed`";
        let seeded = if interrupt::has_arrived() { Err(interrupted()) } else { self.run_seeds(&seeds) };
        seeded.map_err(|error| unfinished(&name, error, "was created again and has all revisions, but no seeds", next))
    }

    /// A session in another database of the server.
    fn maintenance(&self, database: &Database) -> Result<Connection> {
        let listener = self.context.report.listener();
        let listener: connection::Listener = Arc::new(move |event| listener(migrate::Event::Connection(event)));
        let mut refused = None;
        for name in MAINTENANCE.into_iter().filter(|name| *name != database.settings.database()) {
            let settings = database.settings.clone().with_database(name);
            match connect(&settings, self.options.connect_timeout, &listener) {
                Ok(connection) => return Ok(connection),
                // The server responds, so this role may be able to connect to the other one.
                Err(error @ ConnectError::NoSession { code: Some(_), .. }) => _ = refused.get_or_insert(error),
                Err(error) => return Err(migrate::Error::from(error).into()),
            }
        }
        let hint = "`db reset` has to connect to another database of the server";
        Err(Failure::new("can't connect to `postgres` or `template1`").hint(hint).caused_by(refused).into())
    }
}

/// Refuses to drop an explicitly chosen database, unless its name is given.
fn confirm(database: &Database, confirmed: Option<&str>) -> Result<()> {
    let name = database.settings.database();
    let (message, hint) = match confirmed {
        Some(confirmed) if confirmed == name => return Ok(()),
        None if database.is_embedded() => return Ok(()),
        Some(confirmed) => {
            (format!("`--yes {confirmed}` does not confirm: the database is called `{name}`"), String::new())
        }
        None => (
            format!("`db reset` deletes everything in {} (from {})", database.settings.describe(), database.named_by),
            format!("to confirm, give the name of the database: `--yes {}`", quote(name)),
        ),
    };
    let failure = Failure::new(message).code(EXIT_USAGE);
    Err(if hint.is_empty() { failure } else { failure.hint(hint) }.into())
}

/// A database that is being replaced.
struct Replacement<'a> {
    /// A session in another database.
    server: Connection,
    name: &'a str,
}

/// Why a database could not be replaced.
enum Failed {
    /// Nothing was dropped.
    Query(QueryError),
    InUse(Vec<String>),
    Interrupted,
}

impl From<QueryError> for Failed {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl Replacement<'_> {
    /// The name of the replacement until the database is dropped.
    fn temporary(&self) -> String {
        let mut temporary = format!("xtask_reset_{}", self.name);
        temporary.truncate(temporary.floor_char_boundary(LONGEST_NAME));
        temporary
    }

    fn replace(&mut self) -> Result<(), Failed> {
        let replacement = self.temporary();
        let (name, temporary) = (quote_identifier(self.name), quote_identifier(&replacement));
        if !self.exists(self.name)? {
            // An earlier run may have been stopped before it renamed the replacement.
            return match self.exists(&replacement)? {
                true => self.send(&format!("ALTER DATABASE {temporary} RENAME TO {name}")),
                false => self.send(&format!("CREATE DATABASE {name}")),
            };
        }
        let sessions = database_sessions(&mut self.server, self.name)?;
        if !sessions.is_empty() {
            return Err(Failed::InUse(sessions));
        }
        if self.exists(&replacement)? {
            self.send(&format!("DROP DATABASE {temporary}"))?;
        }
        let definition = DatabaseDefinition::read(&mut self.server, self.name, &replacement)?;
        let created = definition.map_or(Ok(()), |definition| definition.create(&mut self.server));
        if let Err(error) = created.map_err(Failed::from).and_then(|()| self.send(&format!("DROP DATABASE {name}"))) {
            if let (Ok(true), Ok(true)) = (self.exists(self.name), self.exists(&replacement)) {
                // The original error is the one to report.
                let _ = self.server.send(&format!("DROP DATABASE {temporary}"));
            }
            return Err(self.in_use(error));
        }
        self.send(&format!("ALTER DATABASE {temporary} RENAME TO {name}"))
    }

    /// Runs a statement, unless the user has interrupted the command.
    fn send(&mut self, statement: &str) -> Result<(), Failed> {
        if interrupt::has_arrived() {
            return Err(Failed::Interrupted);
        }
        Ok(self.server.send(statement)?)
    }

    /// Names the sessions that prevented the database from being dropped.
    fn in_use(&mut self, error: Failed) -> Failed {
        match &error {
            Failed::Query(QueryError::Server(server)) if server.code == IN_USE => {
                match database_sessions(&mut self.server, self.name) {
                    Ok(sessions) if !sessions.is_empty() => Failed::InUse(sessions),
                    _ => error,
                }
            }
            _ => error,
        }
    }

    fn exists(&mut self, name: &str) -> Result<bool, QueryError> {
        let query = format!("SELECT count(*) FROM pg_database WHERE datname = {}", quote_literal(name));
        Ok(first(&self.server.query(&query)?, 0) == Some("1"))
    }

    /// The state after a failure.
    fn state(&mut self) -> String {
        let (name, temporary) = (self.name, self.temporary());
        match (self.exists(name), self.exists(&temporary)) {
            (Ok(true), _) => format!("`{name}` is unchanged"),
            (Ok(false), Ok(true)) => {
                format!("`{name}` was dropped; the empty database that replaces it is still called `{temporary}`")
            }
            (Ok(false), _) => format!("there is no database `{name}`"),
            (Err(_), _) => format!(
                "not known, because the connection was lost: `{name}` is unchanged, or it was dropped and an empty database is called `{temporary}` or `{name}`"
            ),
        }
    }
}

impl Failed {
    fn explain(self, replacement: &mut Replacement<'_>, confirmed: Option<&str>) -> anyhow::Error {
        let name = replacement.name;
        let cause = match self {
            Self::InUse(sessions) => {
                let count = sessions.len();
                let uses =
                    if count == 1 { "another session uses".to_owned() } else { format!("{count} other sessions use") };
                let hint = "close them (`cargo xtask dev`, psql, the application), or end them with `SELECT pg_terminate_backend(PID)`";
                return Failure::new(format!("{uses} `{name}`:\n  {}", sessions.join("\n  "))).hint(hint).into();
            }
            Self::Query(error) if !interrupt::has_arrived() => migrate::Error::from(error).into(),
            Self::Query(_) | Self::Interrupted => interrupted(),
        };
        let failure =
            Failure::new(format!("could not reset `{name}`")).state(replacement.state()).caused_by(Some(cause));
        match replacement.exists(name) {
            Ok(true) => failure,
            _ => failure.hint(again(confirmed)),
        }
        .into()
    }
}

/// The command to run again.
fn again(confirmed: Option<&str>) -> String {
    match confirmed {
        Some(name) => format!("run `cargo xtask db reset --yes {}` again", quote(name)),
        None => "run `cargo xtask db reset` again".to_owned(),
    }
}

fn interrupted() -> anyhow::Error {
    Failure::new("interrupted").code(interrupt::EXIT_CODE).into()
}

/// An error of a later step, with the results of the earlier ones.
fn unfinished(name: &str, error: anyhow::Error, state: &str, next: &str) -> anyhow::Error {
    let failure = Failure::new(format!("could not finish the reset of `{name}`"));
    failure.state(format!("`{name}` {state}")).hint(next).caused_by(Some(error)).into()
}
