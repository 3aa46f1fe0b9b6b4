//! Observes the engine while it runs a revision: a snapshot of catalog and locks around each statement.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::Context;
use connection::Connection;
use migrate::{Observer, ObserverError, Scope, StatementError};
use revision::Place;

use super::failure::Failure;
use super::gate::{Gate, Watch};
use super::hazard::{self, Observation};
use super::lock::{Lock, strongest};
use super::snapshot::{Oid, Snapshot};
use super::statement::Statement;

/// Observes one revision.
#[derive(Default)]
pub(super) struct Tracer {
    is_transactional: bool,
    /// The engine's tables. Locks on them are not the revision's.
    own_tables: Vec<Oid>,
    /// Before the revision.
    origin: Snapshot,
    before: Snapshot,
    /// The locks that earlier statements of the transaction hold.
    held: Vec<Lock>,
    statements: Vec<Statement>,
    started: Option<Instant>,
    gate: Option<Gate>,
    watch: Option<Watch>,
    /// The first word of the statement that is running.
    running: Option<String>,
}

impl Tracer {
    /// Creates a tracer. The gate is for statements outside a transaction.
    pub(super) fn new(gate: Gate, own_tables: Vec<Oid>) -> Self {
        Self { gate: Some(gate), own_tables, ..Self::default() }
    }

    /// The observed statements.
    pub(super) fn finish(mut self) -> Vec<Statement> {
        if self.is_transactional {
            hazard::add_statements_under_lock(&mut self.statements);
        }
        self.statements
    }

    /// The statement that failed.
    pub(super) fn fail(mut self, error: StatementError) -> Failure {
        // Its session is about to end, so its observations do not matter.
        drop(self.watch.take().map(Watch::end));
        let is_definition = self.running.as_deref().is_some_and(|word| ["alter", "create"].contains(&word));
        Failure { index: self.running.map(|_| self.statements.len()), is_definition, error }
    }

    fn is_own(&self, oid: Oid) -> bool {
        let table = self.before.relations.get(&oid).map_or(0, |relation| relation.table);
        self.own_tables.contains(&oid) || self.own_tables.contains(&table)
    }

    fn add(&mut self, place: Place, text: &str, elapsed: Duration, after: Snapshot, taken: Vec<Lock>) {
        let origin = if self.is_transactional { &self.origin } else { &self.before };
        let observation = Observation { origin, before: &self.before, after: &after, taken: &taken, held: &self.held };
        let name = |oid: Oid| observation.name(oid).to_owned();
        let existed = |oid: Oid| observation.existed(oid);
        let rewritten = after.rewritten_since(&self.before).into_iter().filter(|&oid| existed(oid));
        let scanned = after.scanned_since(&self.before).into_iter().filter(|&(oid, _)| existed(oid));
        self.statements.push(Statement {
            line: place.line,
            text: title(text),
            elapsed,
            locks: taken.clone(),
            rewritten: rewritten.map(name).collect(),
            // The server counts scans per transaction; outside of one, there are no counts.
            scanned: scanned.filter(|_| self.is_transactional).map(|(oid, rows)| (name(oid), rows)).collect(),
            hazards: hazard::of_statement(&observation),
            notes: Vec::new(),
        });
        if self.is_transactional {
            self.held.extend(taken);
        }
        self.before = after;
    }
}

impl Observer for Tracer {
    fn begin(&mut self, connection: &mut Connection, scope: Scope) -> Result<(), ObserverError> {
        self.is_transactional = scope == Scope::Transaction;
        self.origin = Snapshot::take(connection, self.is_transactional)?;
        self.before = self.origin.clone();
        self.held.clear();
        self.running = None;
        self.statements.clear();
        Ok(())
    }

    fn before(&mut self, connection: &mut Connection, _place: Place, text: &str) -> Result<(), ObserverError> {
        self.running = text.split_whitespace().next().map(str::to_ascii_lowercase);
        if !self.is_transactional {
            // A statement that failed has left it with its watch.
            if let Some(watch) = self.watch.take() {
                self.gate = Some(watch.end()?.0);
            }
            let gate = self.gate.take().context("the gate is in use")?;
            self.watch = Some(gate.watch(connection.backend())?);
        }
        self.started = Some(Instant::now());
        Ok(())
    }

    fn after(&mut self, connection: &mut Connection, place: Place, text: &str) -> Result<(), ObserverError> {
        let end = Instant::now();
        self.running = None;
        let mut start = self.started.take().unwrap_or(end);
        let mut found = BTreeSet::new();
        if let Some(watch) = self.watch.take() {
            let (gate, watched) = watch.end()?;
            self.gate = Some(gate);
            (found, start) = (watched.locks, watched.start);
            found.retain(|(oid, _)| !self.is_own(*oid));
        }
        let after = Snapshot::take(connection, self.is_transactional)?;
        let taken = match self.is_transactional {
            true => strongest(&self.origin, after.locks.difference(&self.before.locks)),
            false => strongest(&self.before, &found),
        };
        self.add(place, text, end.saturating_duration_since(start), after, taken);
        Ok(())
    }
}

/// The first line of a statement, shortened.
fn title(text: &str) -> String {
    let line: String =
        text.lines().next().unwrap_or_default().trim_end().trim_end_matches(';').chars().take(72).collect();
    if line.len() < text.trim_end().trim_end_matches(';').len() { format!("{line} …") } else { line }
}
