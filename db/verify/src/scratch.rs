//! A temporary database to run revisions on, and copies of it. It is dropped afterwards, because the server may be in use.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use connection::{Connection, Row, Settings, connect, first, quote_literal};
use migrate::{Locked, Migrator, Observer, Options, Provenance, Session, Target};
use revision::{Node, Objects, Revisions};
use schema::{Schema, Snapshot, VisibleTables, database_settings};

use crate::server::Server;

/// A temporary database with a session of the engine.
pub(crate) struct ScratchDatabase<'a> {
    revisions: &'a Revisions,
    /// The session of the engine, while there is one.
    locked: Option<Locked<'a>>,
    /// A session for other queries, while there is one.
    probe: Option<Connection>,
    /// Of the sessions of the engine.
    options: Options,
    database: TemporaryDatabase,
}

impl<'a> ScratchDatabase<'a> {
    /// Creates an empty database with the engine's tables.
    pub(crate) fn create(server: &Server, revisions: &'a Revisions) -> Result<Self> {
        let mut scratch = Self::without_tables(server, revisions)?;
        scratch.ensure_tables()?;
        Ok(scratch)
    }

    /// Creates an empty database.
    pub(crate) fn without_tables(server: &Server, revisions: &'a Revisions) -> Result<Self> {
        Ok(Self::of(TemporaryDatabase::create(server)?, revisions, Options::default()))
    }

    /// A database that has been filled by something else.
    pub(crate) fn of(database: TemporaryDatabase, revisions: &'a Revisions, options: Options) -> Self {
        Self { revisions, locked: None, probe: None, options, database }
    }

    /// Creates the engine's tables that do not exist.
    pub(crate) fn ensure_tables(&mut self) -> Result<()> {
        Ok(self.locked()?.ensure_tables()?)
    }

    /// Copies the database. Its sessions are closed first, and reopened when needed.
    pub(crate) fn copy(&mut self) -> Result<Self> {
        self.copy_for(self.revisions)
    }

    /// Copies the database, to apply more revisions to the copy.
    pub(crate) fn copy_for<'b>(&mut self, revisions: &'b Revisions) -> Result<ScratchDatabase<'b>> {
        (self.locked, self.probe) = (None, None);
        let database = self.database.copy()?;
        Ok(ScratchDatabase::of(database, revisions, self.options.clone()))
    }

    /// A session of the engine, without the lock.
    pub(crate) fn engine_session(&self) -> Result<Session> {
        Ok(Session::connect(&self.database.settings, self.options.clone(), Arc::new(|_| {}))?)
    }

    /// Drops the database early.
    pub(crate) fn discard(&mut self) {
        (self.locked, self.probe) = (None, None);
        self.database.drop_now();
    }

    fn locked(&mut self) -> Result<&mut Locked<'a>> {
        let usable = self.locked.take().and_then(|mut locked| {
            let is_closed = locked.session().connection().is_closed();
            (!is_closed).then_some(locked)
        });
        let locked = match usable {
            Some(locked) => locked,
            None => Migrator::new(self.revisions, self.engine_session()?).lock()?,
        };
        Ok(self.locked.insert(locked))
    }

    /// The revisions that an upgrade to a target would apply, in order.
    pub(crate) fn pending_revisions(&mut self, target: &str) -> Result<Vec<Node>> {
        let locked = self.locked()?;
        let plan = locked.plan(Target::Upgrade(target))?;
        Ok(plan.steps().steps.iter().filter_map(|step| step.revision).collect())
    }

    /// Plans from the current state, and runs the plan. The inner error is from the plan or a revision.
    pub(crate) fn attempt(&mut self, target: Target<'_>) -> Result<Result<(), migrate::Error>> {
        let locked = self.locked()?;
        Ok(locked.plan(target).and_then(|plan| plan.run(&provenance())).map(|_| ()))
    }

    /// Like [`Self::attempt`], if both errors mean the same.
    pub(crate) fn run(&mut self, target: Target<'_>) -> Result<()> {
        Ok(self.attempt(target)??)
    }

    /// Like [`Self::run`], with an observer.
    pub(crate) fn run_observed(&mut self, target: Target<'_>, observer: &mut dyn Observer) -> Result<()> {
        self.locked()?.plan(target)?.observed_by(observer).run(&provenance())?;
        Ok(())
    }

    /// `db upgrade`.
    pub(crate) fn upgrade(&mut self, target: &str) -> Result<()> {
        self.run(Target::Upgrade(target))
    }

    /// Applies the files of `objects` at the heads. The inner error is from a file.
    pub(crate) fn apply_objects(&mut self, objects: &Objects) -> Result<Result<(), migrate::Error>> {
        self.apply_objects_at(objects, "heads")
    }

    /// The same at another target, where those that do not load are left out.
    pub(crate) fn apply_objects_at(&mut self, objects: &Objects, target: &str) -> Result<Result<(), migrate::Error>> {
        let mut locked = self.locked_with(objects)?;
        Ok(locked.plan(Target::Upgrade(target)).and_then(|plan| plan.run(&provenance())).map(|_| ()))
    }

    /// What each file of `objects` has created, as `KIND IDENTITY`.
    pub(crate) fn created_objects(&mut self) -> Result<BTreeMap<String, Vec<String>>> {
        let [.., table] = self.locked()?.session().tables().clone().names().map(str::to_owned);
        let query = format!("SELECT name, array_to_string(created, E'\\n') FROM {table} ORDER BY id");
        let rows = self.probe()?.rows(&query)?;
        let file = |row: &Row| {
            let objects = row[1].as_deref().unwrap_or_default();
            // Without the OID, which is that of this database.
            let object = |object: &str| object.split_once(' ').map(|(_, object)| object.to_owned());
            Some((row[0].clone()?, objects.lines().filter_map(object).collect()))
        };
        Ok(rows.iter().filter_map(file).collect())
    }

    /// Applies a file of `objects` again, as if its text had changed, with an observer.
    pub(crate) fn apply_again(&mut self, objects: &Objects, name: &str, observer: &mut dyn Observer) -> Result<()> {
        let table = self.locked()?.session().tables().objects().to_owned();
        let name = quote_literal(name);
        self.probe()?.query(&format!("UPDATE {table} SET checksum = '' WHERE name = {name}"))?;
        let mut locked = self.locked_with(objects)?;
        locked.plan(Target::Upgrade("heads"))?.observed_by(observer).run(&provenance())?;
        Ok(())
    }

    fn locked_with<'o>(&mut self, objects: &'o Objects) -> Result<Locked<'o>>
    where
        'a: 'o,
    {
        self.locked = None;
        Ok(Migrator::new(self.revisions, self.engine_session()?).with_objects(objects).lock()?)
    }

    /// The schema as a diff needs it.
    pub(crate) fn snapshot(&mut self) -> Result<Snapshot> {
        let tables = self.tables()?;
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        Ok(Snapshot::read(self.probe()?, &tables)?)
    }

    /// The schema.
    pub(crate) fn dump(&mut self) -> Result<Schema> {
        self.dump_without(&[])
    }

    /// The schema without these tables, whose names are quoted and qualified.
    pub(crate) fn dump_without(&mut self, tables: &[String]) -> Result<Schema> {
        let session = self.locked()?.session();
        let own = session.tables().clone();
        let except: Vec<&str> = own.names().into_iter().chain(tables.iter().map(String::as_str)).collect();
        Ok(Schema::read(session.connection(), &except)?)
    }

    /// The tables that a role can see, without the engine's.
    pub(crate) fn visible_tables(&mut self, role: &str) -> Result<VisibleTables> {
        let session = self.locked()?.session();
        let tables = session.tables().clone();
        Ok(VisibleTables::read(session.connection(), role, &tables.names())?)
    }

    /// The names of the engine's tables, quoted and qualified.
    pub(crate) fn tables(&mut self) -> Result<Vec<String>> {
        let tables = self.locked()?.session().tables().clone();
        Ok(tables.names().map(str::to_owned).to_vec())
    }

    /// The OIDs of the engine's tables. A table of a revision may have the same name in another schema.
    pub(crate) fn own_tables(&mut self) -> Result<Vec<u32>> {
        let session = self.locked()?.session();
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

    /// A session outside the engine, which is kept open.
    pub(crate) fn probe(&mut self) -> Result<&mut Connection> {
        let probe = match self.probe.take().filter(|probe| !probe.is_closed()) {
            Some(probe) => probe,
            None => open(&self.database.settings)?,
        };
        Ok(self.probe.insert(probe))
    }
}

fn provenance() -> Provenance {
    Provenance::new(env!("CARGO_PKG_VERSION"))
}

/// A database that is dropped at the end.
pub(crate) struct TemporaryDatabase {
    name: String,
    settings: Settings,
    server: Settings,
    /// The options of CREATE DATABASE.
    options: &'static str,
}

impl TemporaryDatabase {
    /// Creates an empty database.
    pub(crate) fn create(server: &Server) -> Result<Self> {
        // Not template1, which may contain other objects.
        Self::from_template(server.settings()?, "template0", server.database_options())
    }

    fn from_template(server: Settings, template: &str, options: &'static str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let name = format!("xtask_verify_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        open(&server)?
            .send(&format!("CREATE DATABASE {name} TEMPLATE {template}{options}"))
            .context("cannot create a database")?;
        Ok(Self { settings: server.clone().with_database(&name), name, server, options })
    }

    /// Applies the settings of another database, which the server does not copy.
    fn set_like(&self, other: &Self) -> Result<()> {
        let mut session = open(&self.server)?;
        let settings = database_settings(&mut session, &other.name, &self.name).context("cannot read the settings")?;
        for statement in settings {
            session.query(&statement).context("cannot copy the settings")?;
        }
        Ok(())
    }

    /// Copies the database, once its sessions have ended.
    fn copy(&self) -> Result<Self> {
        let mut session = open(&self.server)?;
        let name = quote_literal(&self.name);
        let query =
            format!("SELECT count(*) FROM pg_stat_activity WHERE datname = {name} AND backend_type = 'client backend'");
        let deadline = Instant::now() + Duration::from_secs(10);
        while first(&session.query(&query)?, 0) != Some("0") {
            if Instant::now() > deadline {
                bail!("a revision has left sessions in `{}` open, so it can't be copied", self.name);
            }
            sleep(Duration::from_millis(2));
        }
        let copy = Self::from_template(self.server.clone(), &self.name, self.options)?;
        copy.set_like(self)?;
        Ok(copy)
    }

    /// Opens a session.
    pub(crate) fn session(&self) -> Result<Connection> {
        open(&self.settings)
    }

    /// The settings of a session.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    fn drop_now(&self) {
        // Errors are ignored: a temporary server may have stopped already.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = open(&self.server).map(|mut session| session.send(&drop));
    }
}

impl Drop for TemporaryDatabase {
    fn drop(&mut self) {
        self.drop_now();
    }
}

fn open(settings: &Settings) -> Result<Connection> {
    Ok(connect(settings, Duration::from_secs(10), &(Arc::new(|_| {}) as _))?)
}
