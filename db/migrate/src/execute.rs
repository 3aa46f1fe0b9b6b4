//! Runs a plan revision by revision, each with its version rows and its log row.

use std::time::Instant;

use connection::Encoding;
use revision::{Direction, Node, Plan, Revisions};

use crate::bookkeeping::AS_ENGINE_LOCALLY;
use crate::encoding::lacking as lacking_characters;
use crate::error::Error;
use crate::event::Event;
use crate::managed_objects::ManagedObjects;
use crate::object_needs::Needs;
use crate::observer::{Observer, lend};
use crate::outcome::Outcome;
use crate::provenance::Provenance;
use crate::revision_run::{DEPENDENTS, RevisionRun, apply};
use crate::run_error::RunError;
use crate::session::Session;
use crate::state::State;
use crate::{atomic, journal};

/// With this many revisions, preparing the statements that record each of them saves more time than it takes.
const WORTH_PREPARING: usize = 10;

/// The revisions of a plan, and what their run needs.
pub(crate) struct Run<'a> {
    pub(crate) revisions: &'a Revisions,
    pub(crate) plan: &'a Plan,
    pub(crate) direction: Direction,
    pub(crate) state: &'a State,
    pub(crate) provenance: &'a Provenance,
    pub(crate) objects: ManagedObjects<'a>,
}

/// Runs the revisions of a plan.
///
/// # Errors
/// A revision fails. The revisions before it stay applied; the error describes the state of the database.
pub(crate) fn execute(
    session: &mut Session,
    run: &Run<'_>,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let &Run { revisions, plan, direction, state, provenance, objects } = run;
    let steps = plan.steps.len();
    if steps >= WORTH_PREPARING {
        session.prepare()?;
    }
    let mut heads: Vec<Node> = plan.from.clone();
    for (index, step) in plan.steps.iter().enumerate() {
        let Some(node) = step.revision else { continue };
        let (number, is_last) = (index + 1, index + 1 == steps);
        let (changes, lacking) = (&step.changes[..], Vec::new());
        let heads_before = &heads[..];
        let mut run = RevisionRun {
            revisions,
            node,
            direction,
            changes,
            heads: heads_before,
            provenance,
            is_last,
            lacking,
            objects,
        };
        if session.connection.encoding() == Encoding::Other {
            run.lacking = lacking_characters(session, &run.bookkeeping(&session.tables, "now()")?)?;
        }
        session.report(run.started(number));
        let start = Instant::now();
        match run.script().is_transactional() {
            true => atomic::run(session, &run, lend(&mut observer))?,
            false => without_transaction(session, &run, state, lend(&mut observer))?,
        }
        session.report(Event::RevisionFinished { number, revision: run.id().to_owned(), elapsed: start.elapsed() });
        apply(&mut heads, &step.changes);
    }
    Ok(())
}

/// Runs a `Transaction: off` revision. If the server refuses a statement because objects of `objects` depend on what it changes,
/// they are dropped, and the revision is resumed at the statement.
fn without_transaction(
    session: &mut Session,
    run: &RevisionRun<'_>,
    state: &State,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let mut ran = journal::run(session, run, state, lend(&mut observer));
    while let Some(outcome) = ran.as_ref().err().and_then(about_dependents) {
        let mut needs = Needs::default();
        if !needs.grow(session, run, &outcome)? {
            break;
        }
        let (drops, timeout) = (needs.sql(session, run), session.options.lock_timeout.as_millis());
        let sql = format!("BEGIN READ WRITE;\nSET LOCAL lock_timeout = {timeout};\n{AS_ENGINE_LOCALLY}{drops}COMMIT;");
        session.connection.send(&sql).map_err(|source| {
            session.connection.roll_back();
            RunError::During { source, outcome }
        })?;
        let state = session.state()?;
        ran = journal::run(session, run, &state, lend(&mut observer));
    }
    ran
}

/// The state of the database, if the server refused the statement because of dependent objects.
fn about_dependents(error: &Error) -> Option<Outcome> {
    let Error::Run(error) = error else { return None };
    match &**error {
        RunError::Statement(error) if DEPENDENTS.contains(&error.code.as_str()) => Some(error.outcome.clone()),
        _ => None,
    }
}
