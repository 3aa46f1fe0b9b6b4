//! Runs a plan revision by revision, each with its version rows and its log row.

use std::time::Instant;

use connection::Encoding;
use revision::{Direction, Node, Plan, Revisions};

use crate::encoding::lacking as lacking_characters;
use crate::error::Error;
use crate::event::Event;
use crate::observer::{Observer, lend};
use crate::provenance::Provenance;
use crate::revision_run::{RevisionRun, apply};
use crate::session::Session;
use crate::state::State;
use crate::{atomic, journal};

/// With this many revisions, preparing the statements that record each of them saves more time than it takes.
const WORTH_PREPARING: usize = 10;

/// Runs the revisions of a plan.
///
/// # Errors
/// A revision fails. The revisions before it stay applied; the error describes the state of the database.
pub(crate) fn execute(
    session: &mut Session,
    revisions: &Revisions,
    plan: &Plan,
    direction: Direction,
    state: &State,
    provenance: &Provenance,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let steps = plan.steps.len();
    if steps >= WORTH_PREPARING {
        session.prepare()?;
    }
    let mut heads: Vec<Node> = plan.from.clone();
    for (index, step) in plan.steps.iter().enumerate() {
        let Some(node) = step.revision else { continue };
        let (number, is_last) = (index + 1, index + 1 == steps);
        let (changes, lacking) = (&step.changes[..], Vec::new());
        let mut run = RevisionRun { revisions, node, direction, changes, heads: &heads, provenance, is_last, lacking };
        if session.connection.encoding() == Encoding::Other {
            run.lacking = lacking_characters(session, &run.bookkeeping(&session.tables, "now()")?)?;
        }
        session.report(run.started(number));
        let start = Instant::now();
        match run.script().is_transactional() {
            true => atomic::run(session, &run, lend(&mut observer))?,
            false => journal::run(session, &run, state, lend(&mut observer))?,
        }
        session.report(Event::RevisionFinished { number, revision: run.id().to_owned(), elapsed: start.elapsed() });
        apply(&mut heads, &step.changes);
    }
    Ok(())
}
