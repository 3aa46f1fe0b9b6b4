//! Rehearses a plan on the database itself: all revisions in one transaction, which is rolled back.
//!
//! The revisions run as they would, each with its version rows and its log row, and so do the files of `objects`. What is
//! different:
//!
//! - There is one transaction, so locks are held from one revision to the next, `now()` stands still, and a new value of an
//!   enum can't be used by a later revision.
//! - It waits only a moment for a lock, does not retry, and is cancelled if it holds its locks for too long.
//! - A revision with `Transaction: off` can't be rehearsed.

use std::path::PathBuf;
use std::time::Duration;

use connection::{Connection, QUERY_CANCELED, first};
use revision::{Node, Place};

use crate::atomic;
use crate::error::Error;
use crate::execute::{Run, revision_run};
use crate::managed_objects::ManagedObjects;
use crate::migrator::{Locked, LockedPlan};
use crate::object_run::ObjectRun;
use crate::observer::{Observer, ObserverError, Scope};
use crate::outcome::Outcome;
use crate::provenance::Provenance;
pub use crate::rehearsing::Limits;
use crate::rehearsing::{NEVER_COMMITS, Rehearsing};
use crate::revision_run::apply;
use crate::run_error::RunError;
use crate::session::Session;

/// An observer that is also told what the next statements belong to.
pub trait RehearsalObserver: Observer {
    /// A revision is about to run; `None`: the files of `objects`.
    fn step(&mut self, revision: Option<Node>);
}

/// A rehearsal that has been rolled back.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Rehearsed {
    /// How many files of `objects` were applied.
    pub objects: usize,
    /// From the first statement to the rollback.
    pub held: Duration,
    /// The transaction, which the server reports as aborted.
    pub transaction: String,
}

impl LockedPlan<'_, '_> {
    /// Runs the first `steps` steps of the plan, and, if these are all, applies the files of `objects`; then rolls back. None of
    /// these steps may be a revision with `Transaction: off`.
    ///
    /// # Errors
    /// A statement fails, a lock can't be obtained, or the locks would be held for too long. Everything has been rolled back.
    pub fn rehearse(
        self,
        steps: usize,
        limits: Limits,
        observer: &mut dyn RehearsalObserver,
        provenance: &Provenance,
    ) -> Result<Rehearsed, Error> {
        let (heads, extent) = (self.state.rows.clone(), self.extent());
        let Self { locked, state, plan, applied, .. } = self;
        let Locked { revisions, objects, session } = locked;
        session.check_writable()?;
        let (attempts, rehearsing) = (session.options.attempts, Rehearsing::begin(limits));
        let begun = begin(session, rehearsing);
        let ran = begun.and_then(|transaction| {
            if !state.has_tables {
                session.ensure_tables()?;
            }
            let managed = ManagedObjects { objects: *objects, applied: &applied };
            if let Some(direction) = plan.operation.direction() {
                let run = Run { revisions, plan: &plan, direction, state: &state, provenance, objects: managed };
                run_revisions(session, &run, steps, observer, rehearsing)?;
            }
            let count = match (objects, extent.filter(|_| steps == plan.steps.len())) {
                (Some(objects), Some(extent)) => {
                    let heads = revisions.graph().ids(plan.heads.iter().copied());
                    let objects = ObjectRun { objects, applied: applied.clone(), extent, heads, provenance };
                    observer.step(None);
                    let mut guard = Guard { inner: observer, rehearsing };
                    objects.after(session, state.has_objects, steps > 0, Some(&mut guard))?
                }
                _ => 0,
            };
            Ok((transaction, count))
        });
        session.connection.roll_back();
        session.rehearsal = None;
        session.options.attempts = attempts;
        session.is_suspect = true;
        let held = rehearsing.begun.elapsed();
        match ran {
            Ok((transaction, objects)) => {
                check_rolled_back(session, &transaction)?;
                Ok(Rehearsed { objects, held, transaction })
            }
            Err(error) => Err(failed(error, session, rehearsing, heads)),
        }
    }
}

/// Runs the first steps of a plan.
fn run_revisions(
    session: &mut Session,
    run: &Run<'_>,
    steps: usize,
    observer: &mut dyn RehearsalObserver,
    rehearsing: Rehearsing,
) -> Result<(), Error> {
    let mut heads: Vec<Node> = run.plan.from.clone();
    for step in run.plan.steps.iter().take(steps) {
        let Some(node) = step.revision else { continue };
        let run = revision_run(session, run, step, node, &heads, true)?;
        observer.step(Some(node));
        atomic::run(session, &run, Some(&mut Guard { inner: observer, rehearsing }))?;
        apply(&mut heads, &step.changes);
    }
    Ok(())
}

/// Keeps the limits before each statement.
struct Guard<'a> {
    inner: &'a mut dyn RehearsalObserver,
    rehearsing: Rehearsing,
}

impl Observer for Guard<'_> {
    fn begin(&mut self, connection: &mut Connection, scope: Scope) -> Result<(), ObserverError> {
        self.inner.begin(connection, scope)
    }

    fn before(&mut self, connection: &mut Connection, place: Place, text: &str) -> Result<(), ObserverError> {
        if self.rehearsing.is_over() {
            // Reported as `RunError::HeldTooLong`.
            return Err("the rehearsal has held its locks for too long".into());
        }
        self.inner.before(connection, place, text)?;
        Ok(connection.send(&self.rehearsing.limits())?)
    }

    fn after(&mut self, connection: &mut Connection, place: Place, text: &str) -> Result<(), ObserverError> {
        self.inner.after(connection, place, text)
    }
}

/// Begins the transaction, and returns its number.
fn begin(session: &mut Session, rehearsing: Rehearsing) -> Result<String, Error> {
    session.start_clean()?;
    // There is no second attempt: the first would keep the locks that it has got.
    session.options.attempts = 1;
    session.rehearsal = Some(rehearsing);
    let sql = format!("BEGIN;\n{NEVER_COMMITS}{}SELECT pg_catalog.txid_current()", rehearsing.limits());
    let found = session.connection.rows(&sql)?;
    Ok(first(&found, 0).unwrap_or_default().to_owned())
}

/// Asks the server whether it has rolled back.
fn check_rolled_back(session: &mut Session, transaction: &str) -> Result<(), Error> {
    let found = session.connection.query(&format!("SELECT txid_status({transaction})"))?;
    match first(&found, 0).unwrap_or_default() {
        "aborted" => Ok(()),
        status => {
            let (transaction, status) = (transaction.to_owned(), status.to_owned());
            Err(RunError::NotRolledBack { transaction, status }.into())
        }
    }
}

/// The error of a rehearsal. `heads` are the version rows, which have not changed.
fn failed(error: Error, session: &Session, rehearsing: Rehearsing, heads: Vec<String>) -> Error {
    let outcome = Outcome::Rehearsed { heads };
    match error {
        Error::Query(_) if session.is_interrupted() => RunError::Interrupted { outcome: Some(outcome) }.into(),
        Error::Run(mut error) => {
            if rehearsing.is_over()
                && !session.is_interrupted()
                && let Some(at) = cancelled(&error)
            {
                return RunError::HeldTooLong { limit: rehearsing.limits.most_held, at, outcome }.into();
            }
            if let Some(state) = error.outcome_mut() {
                *state = outcome;
            }
            Error::Run(error)
        }
        other => other,
    }
}

/// The place of the statement, if there is one, that the limit has ended or that it has kept from running.
fn cancelled(error: &RunError) -> Option<Option<(PathBuf, u32)>> {
    match error {
        RunError::Observer { .. } => Some(None),
        RunError::Statement(error) if error.code == QUERY_CANCELED => {
            Some(error.excerpt.as_ref().map(|excerpt| (error.path.clone(), excerpt.place.line)))
        }
        _ => None,
    }
}
