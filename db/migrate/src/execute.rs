//! Runs a plan revision by revision, each with its version rows and its log row.

use std::time::Instant;

use connection::Encoding;
use revision::{Direction, Node, Plan, Revisions, Step};

use crate::bookkeeping::AS_ENGINE_LOCALLY;
use crate::encoding::lacking as lacking_characters;
use crate::error::Error;
use crate::event::Event;
use crate::managed_objects::ManagedObjects;
use crate::need::Need;
use crate::object_needs::Needs;
use crate::observer::{Observer, lend};
use crate::outcome::Outcome;
use crate::provenance::Provenance;
use crate::revision_run::{RevisionRun, apply};
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
    let &Run { plan, state, objects, .. } = run;
    let steps = plan.steps.len();
    if steps >= WORTH_PREPARING {
        session.prepare()?;
    }
    let mut heads: Vec<Node> = plan.from.clone();
    for (index, step) in plan.steps.iter().enumerate() {
        let Some(node) = step.revision else { continue };
        let number = index + 1;
        let run = revision_run(session, run, step, node, &heads, number == steps)?;
        session.report(run.started(number));
        let start = Instant::now();
        let ran = match run.script().is_transactional() {
            true => atomic::run(session, &run, lend(&mut observer)),
            false => without_transaction(session, &run, state, lend(&mut observer)),
        };
        // What files that no longer exist have left may be the cause.
        ran.inspect_err(|_| objects.report_removed(session))?;
        session.report(Event::RevisionFinished { number, revision: run.id().to_owned(), elapsed: start.elapsed() });
        apply(&mut heads, &step.changes);
    }
    Ok(())
}

/// The run of a step's revision in a database at these heads.
pub(crate) fn revision_run<'r>(
    session: &mut Session,
    run: &Run<'r>,
    step: &'r Step,
    node: Node,
    heads: &'r [Node],
    is_last: bool,
) -> Result<RevisionRun<'r>, Error> {
    let &Run { revisions, direction, provenance, objects, .. } = run;
    let (changes, lacking) = (&step.changes[..], Vec::new());
    let mut run = RevisionRun { revisions, node, direction, changes, heads, provenance, is_last, lacking, objects };
    if session.connection.encoding() == Encoding::Other {
        run.lacking = lacking_characters(session, &run.bookkeeping(&session.tables, "now()")?)?;
    }
    Ok(run)
}

/// Runs a `Transaction: off` revision. If the server refuses a statement because of objects of `objects`, they are dropped, and
/// the revision is resumed at the statement.
fn without_transaction(
    session: &mut Session,
    run: &RevisionRun<'_>,
    state: &State,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let mut ran = journal::run(session, run, state, lend(&mut observer));
    while let Some((need, outcome)) = ran.as_ref().err().and_then(need) {
        let mut needs = Needs::default();
        if !needs.grow(session, run, need, &outcome)? {
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

/// What has to be dropped before the statement can run, and the state of the database.
fn need(error: &Error) -> Option<(Need, Outcome)> {
    let Error::Run(error) = error else { return None };
    match &**error {
        RunError::Statement(error) => Some((Need::of(&error.code)?, error.outcome.clone())),
        _ => None,
    }
}
