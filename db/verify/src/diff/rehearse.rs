//! Runs the revisions on generated rows: the warnings of `db trace`, and what fails on rows, become comments.

use anyhow::Result;
use revision::Revisions;

use super::exchange::Step;
use super::written::{Places, nodes, part_at};
use crate::scratch::ScratchDatabase;
use crate::trace::rehearse;

/// The generated rows of each table: enough for a cast to fail, few enough to take no time.
const ROWS: u64 = 100;

/// The steps with the comments.
pub(super) fn annotated(
    mut steps: Vec<Step>,
    revisions: &Revisions,
    places: &[Places],
    old: &mut ScratchDatabase<'_>,
) -> Result<Vec<Step>> {
    let nodes = nodes(revisions, steps.len())?;
    let rehearsal = rehearse(old.copy_for(revisions)?, revisions, &nodes, ROWS)?;
    for ((places, step), observed) in places.iter().zip(&mut steps).zip(rehearsal.upgrades) {
        for statement in observed {
            let index = part_at(&places.upgrade, statement.line);
            let Some(part) = index.and_then(|index| step.upgrade.get_mut(index)) else { continue };
            part.warnings.extend(statement.warnings);
            part.questions.extend(statement.failures);
        }
    }
    if let Some((node, refusal)) = rehearsal.downgrade
        && let Some(index) = nodes.iter().position(|&other| other == node)
    {
        let line = refusal.excerpt.map_or(0, |excerpt| excerpt.place.line);
        let part = part_at(&places[index].downgrade, line);
        if let Some(part) = part.and_then(|part| steps[index].downgrade.get_mut(part)) {
            part.questions.push(format!("fails on generated rows: {}", refusal.reason));
        }
    }
    Ok(steps)
}
