//! The previews of a database, accessed through a session in that database.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use connection::{Connection, QueryError, connect, quote_identifier, quote_literal};
use schema::DatabaseDefinition;

use super::mark::Mark;
use super::name;
use crate::db::choose::Database;
use crate::db::task::Db;
use crate::interrupt;
use crate::report::Failure;

/// The previews of the database `origin`.
pub(in crate::db) struct Previews {
    pub(in crate::db) origin: String,
    connection: Connection,
    /// Keeps the embedded database running.
    _database: Database,
}

/// A database of the server.
pub(super) struct Found {
    name: String,
    /// `None` if it is not marked, because its creation was interrupted, or because it is no preview.
    pub(super) mark: Option<Mark>,
    size: Option<u64>,
}

/// A preview.
pub(in crate::db) struct Preview {
    /// The name of the database.
    pub(in crate::db) name: String,
    pub(in crate::db) mark: Mark,
    /// In bytes; `None` if the role may not connect to it.
    pub(in crate::db) size: Option<u64>,
}

impl Previews {
    /// Connects to the database that is selected.
    ///
    /// # Errors
    /// It is a preview itself.
    pub(in crate::db) fn open(db: &Db<'_>) -> Result<Self> {
        let database = Database::choose(db)?;
        let listener = db.context.report.listener();
        let listener: connection::Listener = Arc::new(move |event| listener(migrate::Event::Connection(event)));
        let connection =
            connect(&database.settings, db.options.connect_timeout, &listener).map_err(migrate::Error::from)?;
        let canceller = connection.canceller();
        interrupt::on_signal(move || canceller.cancel());
        let origin = database.settings.database().to_owned();
        let mut previews = Self { origin: origin.clone(), connection, _database: database };
        match previews.find(&origin)?.and_then(|found| found.mark) {
            None => Ok(previews),
            Some(mark) => {
                let message = format!("`{origin}` is itself a preview, of the branch `{}`", mark.branch);
                let hint = format!("select the database that it was created next to: `{}`", mark.origin);
                Err(Failure::new(message).hint(hint).into())
            }
        }
    }

    /// The databases of the server, with their marks and sizes.
    fn databases(&mut self) -> Result<Vec<Found>> {
        let rows = checked(self.connection.query(include_str!("databases.sql")))?;
        let read = |row: connection::Row| {
            let [name, comment, size] = <[Option<String>; 3]>::try_from(row).ok()?;
            let (mark, size) = (comment.as_deref().and_then(Mark::read), size.and_then(|size| size.parse().ok()));
            Some(Found { name: name?, mark, size })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// All previews of the database.
    pub(in crate::db) fn all(&mut self) -> Result<Vec<Preview>> {
        let databases = self.databases()?;
        let marked = |Found { name, mark, size }: Found| Some(Preview { name, mark: mark?, size });
        let previews = databases.into_iter().filter_map(marked);
        let is_own = |Preview { name, mark, .. }: &Preview| {
            mark.origin == self.origin && *name == name::of(&mark.origin, &mark.branch)
        };
        Ok(previews.filter(is_own).collect())
    }

    /// The database with a name.
    pub(super) fn find(&mut self, name: &str) -> Result<Option<Found>> {
        Ok(self.databases()?.into_iter().find(|found| found.name == name))
    }

    /// Creates a database like the origin, but empty. It is marked last, so a marked one is complete.
    pub(super) fn create(&mut self, name: &str, mark: &Mark) -> Result<()> {
        let definition = checked(DatabaseDefinition::read(&mut self.connection, &self.origin, name))?;
        let definition = definition.with_context(|| format!("`{}` was deleted", self.origin))?;
        let created = checked(definition.create(&mut self.connection)).and_then(|()| self.mark(name, mark));
        created.map_err(|error| {
            let failure = Failure::new(format!("could not create the database `{name}`")).caused_by(Some(error));
            match self.find(name) {
                Ok(None) => failure.state("nothing was created"),
                _ => failure.state(format!("`{name}` may be incomplete")).hint("fix the cause, and use `--recreate`"),
            }
            .into()
        })
    }

    /// Records what is known about a preview.
    pub(super) fn mark(&mut self, name: &str, mark: &Mark) -> Result<()> {
        let (name, comment) = (quote_identifier(name), quote_literal(&mark.comment()?));
        checked(self.connection.send(&format!("COMMENT ON DATABASE {name} IS {comment}")))
    }

    /// Drops a database, and ends its sessions.
    pub(in crate::db) fn drop(&mut self, name: &str) -> Result<()> {
        let dropped = checked(self.connection.send(&format!("DROP DATABASE {} WITH (FORCE)", quote_identifier(name))));
        dropped.map_err(|error| {
            let failure = Failure::new(format!("could not delete the database `{name}`")).caused_by(Some(error));
            failure.state(format!("`{name}` is unchanged, but its sessions may have ended")).into()
        })
    }
}

/// An error of the server, or the interruption that caused it.
fn checked<T>(result: Result<T, QueryError>) -> Result<T> {
    match result {
        Err(_) if interrupt::has_arrived() => Err(Failure::new("interrupted").code(interrupt::EXIT_CODE).into()),
        result => Ok(result.map_err(migrate::Error::from)?),
    }
}
