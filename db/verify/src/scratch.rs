//! A database to try revisions on: created on the server, dropped afterwards, because the server may be one that somebody
//! uses.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use migrate::bookkeeping::Provenance;
use migrate::database::{Options, Session};
use migrate::dump::Dump;
use migrate::error::TargetError;
use migrate::execute::Run;
use migrate::lock::Locked;
use migrate::plan::Plan;
use migrate::settings::Settings;
use migrate::{Node, RevisionGraph};
use postgres::{Client, Config, NoTls};

use crate::server::Server;

/// A database with the engine's session on it.
pub(crate) struct ScratchDatabase<'a> {
    graph: &'a RevisionGraph,
    locked: Locked,
    database: TemporaryDatabase,
}

impl<'a> ScratchDatabase<'a> {
    /// A new, empty database. The engine's tables are there.
    pub(crate) fn create(server: &Server, graph: &'a RevisionGraph) -> Result<Self> {
        let database = TemporaryDatabase::create(&server.url)?;
        let settings = Settings::resolve(&server.url, &|_| None).map_err(migrate::Error::from)?;
        let session = Session::connect(&settings.with_database(&database.name), Options::default(), Arc::new(|_| {}))?;
        let mut locked = session.lock()?;
        locked.ensure_tables()?;
        Ok(Self { graph, locked, database })
    }

    /// Plans from where the database is, and runs the plan.
    pub(crate) fn execute(
        &mut self,
        plan: impl FnOnce(&RevisionGraph, &[Node]) -> Result<Plan, TargetError>,
    ) -> Result<()> {
        let state = self.locked.state()?;
        let heads = state.heads(self.graph)?;
        let plan = plan(self.graph, &heads)?;
        let provenance = Provenance { tool_version: env!("CARGO_PKG_VERSION").to_owned(), ..Provenance::default() };
        let run = Run { graph: self.graph, plan: &plan, checksums: None, provenance: &provenance };
        Ok(self.locked.execute(&run, &state)?)
    }

    /// `db upgrade`.
    pub(crate) fn upgrade(&mut self, target: &str) -> Result<()> {
        self.execute(|graph, heads| graph.plan_upgrade(heads, target))
    }

    /// The schema.
    pub(crate) fn dump(&mut self) -> Result<Dump> {
        Ok(self.locked.dump()?)
    }

    /// Another session, for what is not the engine's.
    pub(crate) fn client(&self) -> Result<Client> {
        connect(&self.database.config)
    }
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
