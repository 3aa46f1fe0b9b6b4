//! A temporary database to run revisions on. It is dropped afterwards, because the server may be in use.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use connection::Settings;
use migrate::{Locked, Migrator, Observer, Options, Provenance, Session, Target};
use postgres::{Client, Config, NoTls};
use revision::Revisions;
use schema::Schema;

use crate::server::Server;

/// A temporary database with a session of the engine.
pub(crate) struct ScratchDatabase<'a> {
    locked: Locked<'a>,
    database: TemporaryDatabase,
}

impl<'a> ScratchDatabase<'a> {
    /// Creates an empty database with the engine's tables.
    pub(crate) fn create(server: &Server, revisions: &'a Revisions) -> Result<Self> {
        let database = TemporaryDatabase::create(&server.url)?;
        let settings = Settings::resolve(&server.url, &|_| None)?;
        let session = Session::connect(&settings.with_database(&database.name), Options::default(), Arc::new(|_| {}))?;
        let mut locked = Migrator::new(revisions, session).lock()?;
        locked.ensure_tables()?;
        Ok(Self { locked, database })
    }

    /// Plans from the current state, and runs the plan.
    pub(crate) fn run(&mut self, target: Target<'_>) -> Result<()> {
        self.locked.plan(target)?.run(&provenance())?;
        Ok(())
    }

    /// Like [`Self::run`], with an observer.
    pub(crate) fn run_observed(&mut self, target: Target<'_>, observer: &mut dyn Observer) -> Result<()> {
        self.locked.plan(target)?.observed_by(observer).run(&provenance())?;
        Ok(())
    }

    /// `db upgrade`.
    pub(crate) fn upgrade(&mut self, target: &str) -> Result<()> {
        self.run(Target::Upgrade(target))
    }

    /// The schema.
    pub(crate) fn dump(&mut self) -> Result<Schema> {
        let session = self.locked.session();
        let tables = session.tables().clone();
        Ok(Schema::read(session.connection(), &tables.names())?)
    }

    /// Opens another session.
    pub(crate) fn client(&self) -> Result<Client> {
        connect(&self.database.config)
    }
}

fn provenance() -> Provenance {
    Provenance { tool_version: env!("CARGO_PKG_VERSION").to_owned(), ..Provenance::default() }
}

struct TemporaryDatabase {
    name: String,
    config: Config,
    server: Config,
}

impl TemporaryDatabase {
    fn create(url: &str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let server: Config = url.parse().context("invalid server URL")?;
        let name = format!("xtask_verify_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        // Not template1, which may contain other objects.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        connect(&server)?.batch_execute(&create).context("cannot create a database")?;
        let mut config = server.clone();
        config.dbname(&name);
        Ok(Self { name, config, server })
    }
}

impl Drop for TemporaryDatabase {
    fn drop(&mut self) {
        // Errors are ignored: a temporary server may have stopped already.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = connect(&self.server).map(|mut client| client.batch_execute(&drop));
    }
}

/// The server's error message.
pub(crate) fn error_message(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} (SQLSTATE {})", error.message(), error.code().code()),
        None => error.to_string(),
    }
}

fn connect(config: &Config) -> Result<Client> {
    config.connect(NoTls).context("cannot connect to the PostgreSQL server")
}
