//! Runs the revisions on generated rows: the warnings of `db trace`, and what fails on rows, become comments.

use anyhow::Result;
use revision::{Node, Revisions};

use super::exchange::Step;
use super::written::{nodes, part_at};
use crate::scratch::ScratchDatabase;
use crate::trace::rehearse;

/// The generated rows of each table: enough for a cast to fail, few enough to take no time.
const ROWS: u64 = 100;

/// The steps with the comments.
pub(super) fn annotated(
    mut steps: Vec<Step>,
    revisions: &Revisions,
    old: &mut ScratchDatabase<'_>,
) -> Result<Vec<Step>> {
    let nodes = nodes(revisions, steps.len())?;
    let rehearsal = rehearse(old.copy_for(revisions)?, revisions, &nodes, ROWS)?;
    for ((&node, step), observed) in nodes.iter().zip(&mut steps).zip(rehearsal.upgrades) {
        let script = revisions.script(node);
        for statement in observed {
            let index = part_at(script, script.upgrade(), statement.line)?;
            let Some(part) = index.and_then(|index| step.upgrade.get_mut(index)) else { continue };
            part.warnings.extend(statement.warnings);
            part.questions.extend(statement.failures);
        }
    }
    if let Some((node, refusal)) = rehearsal.downgrade
        && let Some(step) = step_of(&nodes, node, &mut steps)
    {
        let (script, line) = (revisions.script(node), refusal.excerpt.map_or(0, |excerpt| excerpt.place.line));
        if let Some(section) = script.downgrade()
            && let Some(index) = part_at(script, section, line)?
            && let Some(part) = step.downgrade.get_mut(index)
        {
            part.questions.push(format!("fails on generated rows: {}", refusal.reason));
        }
    }
    Ok(steps)
}

fn step_of<'s>(nodes: &[Node], node: Node, steps: &'s mut [Step]) -> Option<&'s mut Step> {
    steps.get_mut(nodes.iter().position(|&other| other == node)?)
}
