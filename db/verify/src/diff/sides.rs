//! The two schemas, each in a scratch database of one server.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use connection::{Connection, quote_identifier};
use revision::{Objects, RevisionFile, RevisionGraph, Revisions, Script};
use schema::Fingerprint;

use super::exchange::Side;
use super::load;
use super::proof::Judge;
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

    pub(super) fn judge(&mut self) -> Judge<'_> {
        Judge { server: self.server, catalog: &mut self.catalog }
    }

    /// Makes both. Roles that the revisions create are there for the other one.
    pub(super) fn make(&mut self, from: &Side, to: &Side) -> Result<(ScratchDatabase<'r>, ScratchDatabase<'r>)> {
        if matches!(to, Side::Revisions(_)) && !matches!(from, Side::Revisions(_)) {
            let new = self.side(to)?;
            return Ok((self.side(from)?, new));
        }
        let mut old = self.side(from)?;
        self.shared = Some(self.catalog.read_shared(old.probe()?)?);
        Ok((old, self.side(to)?))
    }

    /// Makes one schema.
    pub(super) fn side(&mut self, side: &Side) -> Result<ScratchDatabase<'r>> {
        let (server, revisions) = (self.server, self.revisions);
        match side {
            Side::Base => ScratchDatabase::create(server, revisions),
            Side::Revisions(targets) => {
                let mut scratch = ScratchDatabase::create(server, revisions)?;
                for target in targets {
                    scratch.upgrade(target)?;
                }
                if !self.objects.is_empty() && targets.iter().any(|target| target == "heads") {
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
            Side::Database { name, sql, roles } => {
                self.create_roles(roles)?;
                let file = RevisionFile::in_memory(PathBuf::from(name), sql);
                self.loaded(&[Script::read_plain(&file)?])
            }
        }
    }

    /// A database that SQL files make.
    fn loaded(&self, scripts: &[Script]) -> Result<ScratchDatabase<'r>> {
        let mut scratch = ScratchDatabase::without_tables(self.server, self.revisions)?;
        load::in_any_order(scripts, &mut scratch.engine_session()?)?;
        scratch.ensure_tables()?;
        Ok(scratch)
    }

    fn create_roles(&mut self, names: &[String]) -> Result<()> {
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
