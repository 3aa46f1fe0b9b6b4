//! A database to try revisions on: created on the server, dropped afterwards, because the server may be one that somebody
//! uses.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use connection::Settings;
use migrate::{Locked, Migrator, Observer, Options, Provenance, Session, Target};
use postgres::{Client, Config, NoTls};
use revision::Revisions;
use schema::Schema;

use crate::server::Server;

/// A database with the engine's session on it.
pub(crate) struct ScratchDatabase<'a> {
    locked: Locked<'a>,
    database: TemporaryDatabase,
}

impl<'a> ScratchDatabase<'a> {
    /// A new, empty database. The engine's tables are there.
    pub(crate) fn create(server: &Server, revisions: &'a Revisions) -> Result<Self> {
        let database = TemporaryDatabase::create(&server.url)?;
        let settings = Settings::resolve(&server.url, &|_| None)?;
        let session = Session::connect(&settings.with_database(&database.name), Options::default(), Arc::new(|_| {}))?;
        let mut locked = Migrator::new(revisions, session).lock()?;
        locked.ensure_tables()?;
        Ok(Self { locked, database })
    }

    /// Plans from where the database is, and runs the plan.
    pub(crate) fn run(&mut self, target: Target<'_>) -> Result<()> {
        self.locked.plan(target)?.run(&provenance())?;
        Ok(())
    }

    /// The same, watched.
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

    /// Another session, for what is not the engine's.
    pub(crate) fn client(&self) -> Result<Client> {
        connect(&self.database.config)
    }
}

fn provenance() -> Provenance {
    Provenance::new(env!("CARGO_PKG_VERSION"))
}

struct TemporaryDatabase {
    name: String,
    config: Config,
    server: Config,
}

impl TemporaryDatabase {
    fn create(url: &str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let server: Config = url.parse().context("the URL of the server")?;
        let name = format!("xtask_verify_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        // What somebody put into template1 is not what the revisions make.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        connect(&server)?.batch_execute(&create).context("a database can't be created")?;
        let mut config = server.clone();
        config.dbname(&name);
        Ok(Self { name, config, server })
    }
}

impl Drop for TemporaryDatabase {
    fn drop(&mut self) {
        // A server that goes away takes it along.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = connect(&self.server).map(|mut client| client.batch_execute(&drop));
    }
}

/// What the server said.
pub(crate) fn message(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} (SQLSTATE {})", error.message(), error.code().code()),
        None => error.to_string(),
    }
}

fn connect(config: &Config) -> Result<Client> {
    config.connect(NoTls).context("the PostgreSQL to try things on does not answer")
}
