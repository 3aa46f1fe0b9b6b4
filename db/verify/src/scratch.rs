//! A temporary database to run revisions on. It is dropped afterwards, because the server may be in use.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use connection::{Connection, Settings, connect, quote_literal};
use migrate::{Locked, Migrator, Observer, Options, Provenance, Session, Target};
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
        let server = Settings::resolve(&server.url, &|_| None).context("invalid server URL")?;
        // Not template1, which may contain other objects.
        Self::open(TemporaryDatabase::create(&server, "template0")?, revisions)
    }

    fn open(database: TemporaryDatabase, revisions: &'a Revisions) -> Result<Self> {
        let session = Session::connect(&database.settings, Options::default(), Arc::new(|_| {}))?;
        let mut locked = Migrator::new(revisions, session).lock()?;
        locked.ensure_tables()?;
        Ok(Self { locked, database })
    }

    /// Returns the database, and a copy of it.
    pub(crate) fn copy(self, revisions: &'a Revisions) -> Result<(Self, Self)> {
        let Self { locked, database } = self;
        // The server copies only databases that are not in use.
        drop(locked);
        let copy = TemporaryDatabase::create(&database.server, &database.name)?;
        copy.set_like(&database)?;
        Ok((Self::open(database, revisions)?, Self::open(copy, revisions)?))
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

    /// The OIDs of the engine's tables. A table of a revision may have the same name in another schema.
    pub(crate) fn own_tables(&mut self) -> Result<Vec<u32>> {
        let session = self.locked.session();
        let names = session.tables().names().map(quote_literal).join(", ");
        let query = format!(
            "SELECT oid FROM pg_class WHERE oid IN (SELECT to_regclass(name) FROM unnest(ARRAY[{names}]) AS name)"
        );
        let rows = session.connection().query(&query)?;
        rows.iter().map(|row| Ok(row[0].as_deref().context("an OID")?.parse()?)).collect()
    }

    /// Opens another session, outside the engine.
    pub(crate) fn session(&self) -> Result<Connection> {
        open(&self.database.settings)
    }
}

fn provenance() -> Provenance {
    Provenance::new(env!("CARGO_PKG_VERSION"))
}

struct TemporaryDatabase {
    name: String,
    settings: Settings,
    server: Settings,
}

impl TemporaryDatabase {
    fn create(server: &Settings, template: &str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let name = format!("xtask_verify_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        open(server)?.send(&create).context("cannot create a database")?;
        Ok(Self { settings: server.clone().with_database(&name), name, server: server.clone() })
    }

    /// Applies the settings of another database, which the server does not copy.
    fn set_like(&self, other: &Self) -> Result<()> {
        let mut session = open(&self.server)?;
        let settings = include_str!("settings.sql").replace("{from}", &other.name).replace("{to}", &self.name);
        for row in session.query(&settings).context("cannot read the settings")? {
            session.query(&row.into_iter().flatten().collect::<String>()).context("cannot copy the settings")?;
        }
        Ok(())
    }
}

impl Drop for TemporaryDatabase {
    fn drop(&mut self) {
        // Errors are ignored: a temporary server may have stopped already.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = open(&self.server).map(|mut session| session.send(&drop));
    }
}

fn open(settings: &Settings) -> Result<Connection> {
    Ok(connect(settings, Duration::from_secs(10), &(Arc::new(|_| {}) as _))?)
}
