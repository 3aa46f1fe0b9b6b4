//! The two schemas, each in a scratch database of one server.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use connection::{Connection, quote_identifier};
use revision::{Directory, Objects, RevisionFile, RevisionGraph, Revisions, Script};
use schema::Fingerprint;

use super::exchange::{Purpose, Request, Side};
use super::proof::Judge;
use super::state::at_once;
use super::{load, managed};
use crate::catalog::{Catalog, roles};
use crate::objects;
use crate::scratch::ScratchDatabase;
use crate::server::Server;

/// Makes the databases.
pub(super) struct Sides<'r> {
    server: &'r Server,
    revisions: &'r Revisions,
    objects: Objects,
    catalog: Catalog,
    /// What all databases share, once the revisions have run.
    shared: Option<Fingerprint>,
    /// The roles that were created because the schema of a database names them.
    roles: BTreeSet<String>,
}

impl<'r> Sides<'r> {
    pub(super) fn new(server: &'r Server, revisions: &'r Revisions, directory: &Path) -> Result<Self> {
        let mut empty = ScratchDatabase::create(server, revisions)?;
        let catalog = Catalog::new(server, revisions, &mut empty)?;
        let objects = objects::read(directory)?;
        Ok(Self { server, revisions, objects, catalog, shared: None, roles: BTreeSet::new() })
    }

    pub(super) fn judge(&self) -> Judge<'_> {
        Judge { server: self.server, catalog: &self.catalog }
    }

    /// Makes both. Roles that the revisions create are there for the other one.
    pub(super) fn make(&mut self, request: &Request) -> Result<(ScratchDatabase<'r>, ScratchDatabase<'r>)> {
        let (from, to) = (&request.from, &request.to);
        let with_objects = !self.leaves_out_objects(request);
        let (mut old, mut new);
        if let [Side::Database { .. }, Side::Database { .. }] = [from, to] {
            self.create_roles(from)?;
            self.create_roles(to)?;
            (old, new) = at_once(|| self.database(from, with_objects), || self.database(to, with_objects))?;
        } else if matches!(to, Side::Revisions(_)) && !matches!(from, Side::Revisions(_)) {
            new = self.side(to, with_objects)?;
            old = self.side(from, with_objects)?;
        } else {
            old = self.side(from, with_objects)?;
            self.shared = Some(self.catalog.read_shared(old.probe()?)?);
            new = self.side(to, with_objects)?;
        }
        if with_objects {
            return Ok((old, new));
        }
        match (from, to) {
            (Side::Revisions(targets), _) if !matches!(to, Side::Revisions(_)) && at_heads(targets) => {
                managed::leave_out(&self.objects, &mut old, &mut new)?;
            }
            (_, Side::Revisions(targets)) if !matches!(from, Side::Revisions(_)) && at_heads(targets) => {
                managed::leave_out(&self.objects, &mut new, &mut old)?;
            }
            _ => {}
        }
        Ok((old, new))
    }

    /// Whether the files of `objects` stay what they are, whatever the difference becomes. Those of a database are shown.
    fn leaves_out_objects(&self, request: &Request) -> bool {
        let has_database = [&request.from, &request.to].into_iter().any(|side| matches!(side, Side::Database { .. }));
        !self.objects.is_empty() && (!has_database || matches!(request.purpose, Purpose::Write { .. }))
    }

    /// Makes one schema.
    pub(super) fn side(&mut self, side: &Side, with_objects: bool) -> Result<ScratchDatabase<'r>> {
        self.create_roles(side)?;
        self.database(side, with_objects)
    }

    /// Makes one schema, whose roles are there.
    fn database(&self, side: &Side, with_objects: bool) -> Result<ScratchDatabase<'r>> {
        let (server, revisions) = (self.server, self.revisions);
        match side {
            Side::Base => ScratchDatabase::create(server, revisions),
            Side::Revisions(targets) => {
                let mut scratch = ScratchDatabase::create(server, revisions)?;
                for target in targets {
                    scratch.upgrade(target)?;
                }
                if with_objects && !self.objects.is_empty() && at_heads(targets) {
                    scratch.apply_objects(&self.objects)??;
                }
                Ok(scratch)
            }
            Side::Before(targets) => {
                let mut scratch = ScratchDatabase::create(server, revisions)?;
                for target in before(revisions.graph(), targets)? {
                    scratch.upgrade(&target)?;
                }
                Ok(scratch)
            }
            Side::Files(paths) => self.loaded(&load::read(paths)?),
            Side::Database { name, sql, .. } => {
                let file = RevisionFile::in_memory(PathBuf::from(name), sql);
                self.loaded(&[Script::read_plain(&file)?])
            }
        }
    }

    /// A database that SQL files make.
    fn loaded(&self, scripts: &[Script]) -> Result<ScratchDatabase<'r>> {
        let mut scratch = ScratchDatabase::without_tables(self.server, self.revisions)?;
        load::in_any_order(scripts, &mut scratch.engine_session()?)?;
        load::fill_views(scratch.probe()?)?;
        scratch.ensure_tables()?;
        Ok(scratch)
    }

    /// Creates the roles that the schema of a database names.
    fn create_roles(&mut self, side: &Side) -> Result<()> {
        let Side::Database { roles: names, .. } = side else { return Ok(()) };
        let mut session = self.server.session()?;
        let existing = roles(&mut session)?;
        for name in names.iter().filter(|name| !existing.contains(*name)) {
            session.send(&format!("CREATE ROLE {}", quote_identifier(name))).context("cannot create a role")?;
            self.roles.insert(name.clone());
        }
        Ok(())
    }

    /// Fails if the desired schema has roles and the like, which no schema contains, that the revisions do not create.
    pub(super) fn refuse_shared_changes(&mut self) -> Result<()> {
        let Some(before) = self.shared.take() else { return Ok(()) };
        let mut session: Connection = self.server.session()?;
        let after = self.catalog.read_shared(&mut session)?;
        let changed = self.catalog.shared_differences(&before, &after);
        if changed.is_empty() {
            return Ok(());
        }
        bail!(
            "the desired schema changes what all databases of a server share: write a revision for that by hand\n{}",
            changed.join("\n")
        )
    }

    /// What remains in the server once the databases are dropped.
    pub(super) fn leftovers(self) -> Leftovers {
        Leftovers { catalog: self.catalog, roles: self.roles }
    }
}

/// The revisions that these need directly.
fn before(graph: &RevisionGraph, targets: &[String]) -> Result<BTreeSet<String>> {
    let mut needed = BTreeSet::new();
    for target in targets {
        for node in graph.resolve(target)? {
            needed.extend(graph.normalized_down(node).iter().map(|&node| graph.id(node).to_owned()));
        }
    }
    Ok(needed)
}

/// The revisions, if a schema is made of them.
pub(super) fn revisions_for(sides: &[&Side], directory: &Path) -> Result<Revisions> {
    match sides.iter().any(|side| matches!(side, Side::Revisions(_) | Side::Before(_))) {
        true => Ok(Revisions::read(&Directory::new(directory))?),
        false => Ok(Revisions::new(Vec::new())?),
    }
}

/// Whether these targets are all revisions.
fn at_heads(targets: &[String]) -> bool {
    targets.iter().any(|target| target == "heads")
}

/// What was created in a server beside databases.
pub(super) struct Leftovers {
    catalog: Catalog,
    roles: BTreeSet<String>,
}

impl Leftovers {
    /// Drops it, if others use the server.
    pub(super) fn clean(self, server: &mut Server) -> Result<()> {
        if server.is_own() {
            return Ok(());
        }
        let mut session = server.session()?;
        for role in &self.roles {
            session.send(&format!("DROP ROLE {}", quote_identifier(role))).context("cannot drop a role")?;
        }
        self.catalog.restore(server)
    }
}
