//! Traces revisions one after the other on generated rows.
//!
//! A revision may fail on rows that the schema allows. So the rows are in a copy of the database. If the revision
//! fails, a new copy is filled with rows that fit it; the last attempt has no rows. The database itself has only the
//! rows of the revisions and the fixtures.

use std::mem::take;

use anyhow::Result;
use migrate::{Error, RunError, Target};
use revision::{Node, ObjectFile, Objects, Revisions};

use super::failure::{Failure, Rows};
use super::fitting::Constraints;
use super::gate::Gate;
use super::sample_data::{Filler, Fit};
use super::snapshot::list;
use super::statement::Statement;
use super::tracer::Tracer;
use crate::fixture::Fixture;
use crate::refusal::Refusal;
use crate::scratch::ScratchDatabase;

/// The state between two revisions.
pub(super) struct Rehearsal<'a> {
    revisions: &'a Revisions,
    database: ScratchDatabase<'a>,
    /// The copy with generated rows.
    filled: Option<ScratchDatabase<'a>>,
    /// Whether the database itself has generated rows, because a revision ran only once.
    has_rows: bool,
    filler: Filler,
}

impl<'a> Rehearsal<'a> {
    pub(super) fn new(database: ScratchDatabase<'a>, revisions: &'a Revisions) -> Self {
        Self { revisions, database, filled: None, has_rows: false, filler: Filler::default() }
    }

    /// Loads a fixture.
    pub(super) fn load(&mut self, fixture: &Fixture) -> Result<()> {
        fixture.load(&mut self.database.session()?)?;
        // Its rows may collide with generated ones; the copy is then recreated.
        let is_loaded =
            |filled: &ScratchDatabase<'a>| filled.session().is_ok_and(|mut session| fixture.load(&mut session).is_ok());
        self.filled = self.filled.take().filter(is_loaded);
        Ok(())
    }

    /// Applies the files of `objects`.
    pub(super) fn apply_objects(&mut self, objects: &Objects) -> Result<()> {
        Ok(self.database.apply_objects(objects)??)
    }

    /// Applies those that a run to this target applies.
    pub(super) fn apply_objects_at(&mut self, objects: &Objects, target: &str) -> Result<()> {
        Ok(self.database.apply_objects_at(objects, target)??)
    }

    /// Traces a file of `objects`, which is applied again. No statement of it reads rows, so none are generated.
    pub(super) fn trace_object(&mut self, objects: &Objects, file: &ObjectFile) -> Result<Vec<Statement>> {
        let mut tracer = tracer(&mut self.database)?;
        self.database.apply_again(objects, file.name(), &mut tracer)?;
        Ok(tracer.finish())
    }

    /// Traces a revision without generated rows.
    pub(super) fn trace(&mut self, node: Node) -> Result<Vec<Statement>> {
        self.filled = None;
        if take(&mut self.has_rows) {
            let database = &mut self.database;
            let (own_tables, mut session) = (database.own_tables()?, database.session()?);
            let rows = session.query(&format!(include_str!("truncate.sql"), own_tables = list(&own_tables)))?;
            if let Some(truncate) = connection::first(&rows, 0) {
                session.query(truncate)?;
            }
        }
        let revisions = self.revisions;
        observe(&mut self.database, revisions, node)?
            .map_err(|failure| Error::from(RunError::Statement(Box::new(failure.error))).into())
    }

    /// Traces a revision on tables with a number of generated rows.
    pub(super) fn trace_with_rows(&mut self, node: Node, rows: u64) -> Result<Vec<Statement>> {
        let mut failures = Vec::new();
        let mut filled = self.filled.take().map_or_else(|| self.copy(), Ok)?;
        self.filler.fill(&mut filled.session()?, &filled.own_tables()?, rows, &Fit::default())?;
        if let Some(statements) = self.attempt(filled, node, &mut failures)? {
            return Ok(statements);
        }
        if failures.iter().all(Failure::depends_on_rows)
            && let Some((mut fit, constraints)) = self.next_schema(node)?
        {
            for has_plain_texts in [false, true] {
                fit.has_plain_texts = has_plain_texts;
                let mut filled = self.copy()?;
                self.fill_fitting(&mut filled, rows, &fit, &constraints)?;
                if let Some(statements) = self.attempt(filled, node, &mut failures)? {
                    return Ok(Failure::add_all(failures, statements, Rows::Fitting));
                }
            }
        }
        Ok(Failure::add_all(failures, self.trace(node)?, Rows::None))
    }

    /// Reverts revisions, the last one first, on tables with generated rows. Returns the first that fails.
    pub(super) fn revert_with_rows(&mut self, nodes: &[Node], rows: u64) -> Result<Option<(Node, Refusal)>> {
        let mut filled = self.filled.take().map_or_else(|| self.copy(), Ok)?;
        self.filler.fill(&mut filled.session()?, &filled.own_tables()?, rows, &Fit::default())?;
        for &node in nodes.iter().rev() {
            if let Err(error) = filled.attempt(Target::Revert(node))? {
                return Ok(Some((node, Refusal::of(&error))));
            }
        }
        Ok(None)
    }

    /// Generates rows that fit the next schema.
    fn fill_fitting(
        &mut self,
        filled: &mut ScratchDatabase<'_>,
        rows: u64,
        fit: &Fit,
        constraints: &Constraints,
    ) -> Result<()> {
        let mut session = filled.session()?;
        let before = Constraints::read(&mut session)?;
        let added = constraints.add_to(&before, &mut session)?;
        self.filler.fill(&mut session, &filled.own_tables()?, rows, fit)?;
        added.remove(&mut session)
    }

    /// Traces a revision on a copy with generated rows, and then runs it on the database itself.
    fn attempt(
        &mut self,
        mut filled: ScratchDatabase<'a>,
        node: Node,
        failures: &mut Vec<Failure>,
    ) -> Result<Option<Vec<Statement>>> {
        match observe(&mut filled, self.revisions, node)? {
            Ok(statements) => {
                let target = Target::Upgrade(self.revisions.graph().id(node));
                match self.database.run(target) {
                    Ok(()) => self.filled = Some(filled),
                    // It can run only once on a server (CREATE ROLE), or needs rows.
                    Err(_) => (self.database, self.has_rows) = (filled, true),
                }
                Ok(Some(statements))
            }
            Err(failure) => {
                failures.push(failure);
                Ok(None)
            }
        }
    }

    /// The schema after a revision, if it can run without generated rows.
    fn next_schema(&mut self, node: Node) -> Result<Option<(Fit, Constraints)>> {
        let mut next = self.copy()?;
        if next.run(Target::Upgrade(self.revisions.graph().id(node))).is_err() {
            return Ok(None);
        }
        let mut session = next.session()?;
        Ok(Some((Fit::next(&mut session, &next.own_tables()?)?, Constraints::read(&mut session)?)))
    }

    fn copy(&mut self) -> Result<ScratchDatabase<'a>> {
        self.database.copy()
    }
}

fn tracer(database: &mut ScratchDatabase<'_>) -> Result<Tracer> {
    Ok(Tracer::new(Gate::new(database.session()?, database.session()?), database.own_tables()?))
}

/// Runs a revision with the engine and observes it. Returns the failure if the server refuses a statement.
fn observe(
    database: &mut ScratchDatabase<'_>,
    revisions: &Revisions,
    node: Node,
) -> Result<Result<Vec<Statement>, Failure>> {
    let mut tracer = tracer(database)?;
    let run = database.run_observed(Target::Upgrade(revisions.graph().id(node)), &mut tracer);
    let Err(error) = run else { return Ok(Ok(tracer.finish())) };
    match error.downcast() {
        Ok(Error::Run(error)) => match *error {
            RunError::Statement(error) => Ok(Err(tracer.fail(*error))),
            other => Err(Error::Run(Box::new(other)).into()),
        },
        Ok(other) => Err(other.into()),
        Err(other) => Err(other),
    }
}
