//! A database and what has been read of it. While nothing runs in it, nothing is read twice.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use anyhow::Result;
use schema::{Fingerprint, Schema, Snapshot};

use crate::catalog::Catalog;
use crate::scratch::ScratchDatabase;
use crate::server::Server;

/// A scratch database.
pub(super) struct State<'a> {
    database: ScratchDatabase<'a>,
    snapshot: Option<Arc<Snapshot>>,
    /// The schema, if only that has been read.
    schema: Option<Schema>,
    fingerprint: Option<Arc<Fingerprint>>,
}

impl<'a> State<'a> {
    pub(super) fn new(database: ScratchDatabase<'a>) -> Self {
        Self { database, snapshot: None, schema: None, fingerprint: None }
    }

    /// A copy, with what is known about its schema.
    pub(super) fn copy(&mut self) -> Result<Self> {
        Ok(Self { snapshot: self.snapshot.clone(), ..Self::new(self.database.copy()?) })
    }

    /// The database, to read from it or to copy it.
    pub(super) fn unchanged(&mut self) -> &mut ScratchDatabase<'a> {
        &mut self.database
    }

    /// The database, to change it: what has been read is forgotten.
    pub(super) fn changed(&mut self) -> &mut ScratchDatabase<'a> {
        (self.snapshot, self.schema, self.fingerprint) = (None, None, None);
        &mut self.database
    }

    pub(super) fn snapshot(&mut self) -> Result<Arc<Snapshot>> {
        let snapshot = match self.snapshot.take() {
            Some(snapshot) => snapshot,
            None => Arc::new(self.database.snapshot()?),
        };
        Ok(Arc::clone(self.snapshot.insert(snapshot)))
    }

    pub(super) fn schema(&mut self) -> Result<&Schema> {
        if let Some(snapshot) = &self.snapshot {
            return Ok(snapshot.schema());
        }
        let schema = match self.schema.take() {
            Some(schema) => schema,
            None => self.database.dump()?,
        };
        Ok(self.schema.insert(schema))
    }

    /// Every row of the catalog.
    pub(super) fn fingerprint(&mut self, server: &Server, catalog: &Catalog) -> Result<Arc<Fingerprint>> {
        let fingerprint = match self.fingerprint.take() {
            Some(fingerprint) => fingerprint,
            None => Arc::new(catalog.read(server, self.database.probe()?)?),
        };
        Ok(Arc::clone(self.fingerprint.insert(fingerprint)))
    }
}

/// Asks two databases at the same time: the server answers each session in a process of its own.
pub(super) fn at_once<A: Send, B: Send>(
    one: impl FnOnce() -> Result<A> + Send,
    other: impl FnOnce() -> Result<B> + Send,
) -> Result<(A, B)> {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        let one = one.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok((one?, other?))
    })
}
