//! `rehearse`: runs a plan on the database itself in a transaction that is rolled back, and reports what it locks.
//!
//! It takes the migration lock, so that no release runs beside it, and does not wait for it: a release goes first. The time
//! that it holds locks is limited, and so is the time that a release may have to wait for it.

mod measure;
mod outside;
mod text;
mod waiting;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use connection::Connection;
use migrate::{Error, Limits, Locked, LockedPlan, Rehearsed, RunError};
use revision::{Direction, Node, Operation, Revisions};
use schema::{Fingerprint, Fingerprinter};
use serde_json::json;

use super::approved::{Circumstances, target_of};
use super::choose::Database;
use super::run::work_text;
use super::task::Db;
use crate::cli::RunArguments;
use crate::report::{duration, heads_text};
use measure::Measure;
use outside::Outside;

/// How long a rehearsal waits for a lock: other sessions queue behind it.
const LOCK_TIMEOUT: Duration = Duration::from_millis(500);

/// The SQLSTATE for a new value of an enum in the transaction that adds it.
const UNSAFE_NEW_ENUM_VALUE: &str = "55P04";

/// What to rehearse, and how.
pub(super) struct Request {
    pub(super) operation: Operation,
    pub(super) target: String,
    /// How long locks may be held.
    pub(super) max_hold: Duration,
    pub(super) lock_wait: u64,
    /// Where to write the plan.
    pub(super) out: Option<PathBuf>,
}

/// Why a rehearsal has not run all of the plan: what it has not run, and why.
struct Stopped {
    node: Node,
    reason: String,
}

impl Db<'_> {
    pub(super) fn rehearse(&mut self, request: Request) -> Result<()> {
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let database = Database::choose(self)?;
        let arguments = RunArguments { lock_wait: Some(request.lock_wait), ..RunArguments::default() };
        let mut locked = self.lock(&revisions, &database, &arguments)?.with_objects(&objects);
        let circumstances = Circumstances::read(&mut locked)?;
        let tables = locked.session().tables().clone();
        let connection = locked.session().connection();
        let outside = Outside::read(connection).context("cannot read which functions there are")?;
        let mut measure = Measure::start(connection, tables.names())?;
        let catalog = Catalog::read(connection);
        let plan = locked.plan(target_of(request.operation, &request.target)?)?;
        let planned = self.planned(circumstances, &revisions, &objects, &request.target, &plan)?;
        let hash = planned.hash()?;
        let nodes: Vec<Node> = plan.steps().steps.iter().filter_map(|step| step.revision).collect();
        if work_text(nodes.len(), plan.objects().len()).is_none() {
            let heads = heads_text(&planned.from);
            self.context.report.message(format!("nothing to rehearse: the database is at {heads}"));
            return Ok(());
        }
        let (steps, stopped) = rehearsable(&plan, &revisions, outside)?;
        let rehearsed = self.run_rehearsal(plan, steps, &request, &mut measure);
        for step in measure.steps.iter().filter(|step| step.revision.is_some() || !step.statements.is_empty()) {
            match self.context.report.is_json() {
                true => text::json(step, &revisions).iter().for_each(|value| self.context.report.json(value)),
                false => self.context.report.data_lines(text::text(step, &revisions)),
            }
        }
        let stopped = match (&rehearsed, stopped) {
            (Err(error), _) => match new_enum_value(error, &measure) {
                Some(stopped) => Some(stopped),
                None => {
                    // The error matters more than that the connection may be lost.
                    let _ = self.report_leftovers(&measure, catalog, &mut locked);
                    return rehearsed.map(drop);
                }
            },
            (Ok(_), stopped) => stopped,
        };
        let count = stopped
            .as_ref()
            .map_or(nodes.len(), |stopped| nodes.iter().position(|node| *node == stopped.node).unwrap_or_default());
        let summary =
            Summary { revisions: &revisions, nodes: &nodes, count, stopped, rehearsed: rehearsed.ok().flatten() };
        self.report_rehearsal(&summary, &database, &hash);
        self.report_leftovers(&measure, catalog, &mut locked)?;
        if let Some(path) = &request.out {
            planned.write(path)?;
            self.context.report.message(format!("wrote {}, hash {hash}", path.display()));
        }
        Ok(())
    }

    /// Runs the first steps. `None` if there is nothing that could run.
    fn run_rehearsal(
        &self,
        plan: LockedPlan<'_, '_>,
        steps: usize,
        request: &Request,
        measure: &mut Measure,
    ) -> Result<Option<Rehearsed>> {
        if steps == 0 && !plan.steps().steps.is_empty() {
            return Ok(None);
        }
        let lock_timeout = LOCK_TIMEOUT.min(self.options.lock_timeout);
        let limits = Limits { lock_timeout, most_held: request.max_hold };
        Ok(Some(plan.rehearse(steps, limits, measure, &self.context.provenance())?))
    }

    fn report_rehearsal(&self, summary: &Summary<'_>, database: &Database, hash: &str) {
        let (report, name) = (&self.context.report, database.settings.describe());
        let Summary { revisions, nodes, count, stopped, rehearsed } = summary;
        let graph = revisions.graph();
        let left: Vec<&str> = nodes[*count..].iter().map(|&node| graph.id(node)).collect();
        if report.is_json() {
            report.json(&json!({
                "event": "rehearsed", "database": name, "revisions": graph.ids(nodes[..*count].iter().copied()),
                "objects": rehearsed.as_ref().map(|done| done.objects), "not_rehearsed": left,
                "reason": stopped.as_ref().map(|stopped| &stopped.reason),
                "held_ms": rehearsed.as_ref().map(|done| done.held.as_secs_f64() * 1000.0),
                "transaction": rehearsed.as_ref().map(|done| &done.transaction), "hash": hash,
            }));
        }
        let held = rehearsed.as_ref().map(|done| format!("locks were held for {}, then ", duration(done.held)));
        if let Some(what) = work_text(*count, rehearsed.as_ref().map_or(0, |done| done.objects)) {
            report.message(format!("rehearsed {what} on {name}: {}all was rolled back", held.unwrap_or_default()));
        }
        if let Some(stopped) = stopped {
            let (id, reason) = (graph.id(stopped.node), &stopped.reason);
            report.warn(format!("`{id}` was not rehearsed: {reason}"));
            if left.len() > 1 {
                report.message(format!("not rehearsed, as they may depend on it: {}", left[1..].join(", ")));
            }
            report.message("`cargo xtask db rehearse --copy DUMP` runs everything, on a copy");
        }
        report.message(format!("plan hash {hash}"));
    }

    /// What is not as it was before.
    fn report_leftovers(&self, measure: &Measure, catalog: Catalog, locked: &mut Locked<'_>) -> Result<()> {
        let (report, connection) = (&self.context.report, locked.session().connection());
        for moved in measure.moved_sequences(connection)? {
            if report.is_json() {
                report.json(
                    &json!({"event": "sequence", "sequence": moved.name, "before": moved.before, "after": moved.after}),
                );
            }
            report.message(format!("not rolled back: {}", text::moved_text(&moved)));
        }
        match catalog.compare(connection) {
            Ok(differences) if differences.is_empty() => report.message("the catalog is as before"),
            Ok(differences) => report
                .warn(format!("other sessions have changed the catalog in the meantime: {}", differences.join(", "))),
            Err(reason) => report.message(format!("the catalog was not compared: {reason}")),
        }
        Ok(())
    }
}

/// The outcome, for the report.
struct Summary<'a> {
    revisions: &'a Revisions,
    nodes: &'a [Node],
    /// How many of them were rehearsed.
    count: usize,
    stopped: Option<Stopped>,
    rehearsed: Option<Rehearsed>,
}

/// The number of steps, from the first, that a transaction can undo, and why the next is not one.
fn rehearsable(
    plan: &LockedPlan<'_, '_>,
    revisions: &Revisions,
    mut outside: Outside,
) -> Result<(usize, Option<Stopped>)> {
    let direction = plan.steps().operation.direction().unwrap_or(Direction::Upgrade);
    for (index, step) in plan.steps().steps.iter().enumerate() {
        let Some(node) = step.revision else { continue };
        if let Some(reason) = outside.reason(revisions.script(node), direction)? {
            return Ok((index, Some(Stopped { node, reason })));
        }
    }
    Ok((plan.steps().steps.len(), None))
}

/// Whether a rehearsal has only failed because it is a single transaction.
fn new_enum_value(error: &anyhow::Error, measure: &Measure) -> Option<Stopped> {
    let Some(Error::Run(error)) = error.downcast_ref() else { return None };
    let RunError::Statement(error) = &**error else { return None };
    let node = measure.steps.last()?.revision.filter(|_| error.code == UNSAFE_NEW_ENUM_VALUE)?;
    let reason =
        "it uses a value that an earlier revision adds to an enum, which the real run commits first".to_owned();
    Some(Stopped { node, reason })
}

/// The catalog before the rehearsal; or why it can't be read.
struct Catalog(Result<(Fingerprinter, Fingerprint), String>);

impl Catalog {
    fn read(connection: &mut Connection) -> Self {
        let mut read = || {
            let fingerprinter = Fingerprinter::new(connection, &[])?;
            let fingerprint = fingerprinter.read(connection)?;
            Ok::<_, connection::QueryError>((fingerprinter, fingerprint))
        };
        match read() {
            Ok((fingerprinter, _)) if !fingerprinter.is_supported() => Self(Err("that needs PostgreSQL 14".to_owned())),
            read => Self(read.map_err(|error| error.to_string())),
        }
    }

    /// The objects that are not as they were.
    fn compare(self, connection: &mut Connection) -> Result<Vec<String>, String> {
        let (fingerprinter, before) = self.0?;
        let after = fingerprinter.read(connection).map_err(|error| error.to_string())?;
        let differences = before.differences(&after, &fingerprinter);
        let mut objects: Vec<String> = differences.into_iter().map(|difference| difference.object).collect();
        objects.dedup();
        Ok(objects)
    }
}
