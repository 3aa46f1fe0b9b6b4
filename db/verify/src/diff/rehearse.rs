//! Runs the revisions on generated rows: the warnings of `db trace`, and what fails on rows, become comments.

use anyhow::Result;
use revision::{Node, Revisions, Script, Section};

use super::exchange::{Part, Step};
use super::written::nodes;
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
            let part = at_line(script, script.upgrade(), &mut step.upgrade, statement.line)?;
            let Some(part) = part else { continue };
            part.warnings.extend(statement.warnings);
            part.questions.extend(statement.failures);
        }
    }
    if let Some((node, refusal)) = rehearsal.downgrade
        && let Some(step) = step_of(&nodes, node, &mut steps)
    {
        let (script, line) = (revisions.script(node), refusal.excerpt.map_or(0, |excerpt| excerpt.place.line));
        if let Some(section) = script.downgrade()
            && let Some(part) = at_line(script, section, &mut step.downgrade, line)?
        {
            part.questions.push(format!("fails on generated rows: {}", refusal.reason));
        }
    }
    Ok(steps)
}

fn step_of<'s>(nodes: &[Node], node: Node, steps: &'s mut [Step]) -> Option<&'s mut Step> {
    steps.get_mut(nodes.iter().position(|&other| other == node)?)
}

/// The statement that a line of its file is in; the last one for a failure at the commit.
fn at_line<'p>(script: &Script, section: &Section, parts: &'p mut [Part], line: u32) -> Result<Option<&'p mut Part>> {
    let mut starts = Vec::new();
    for statement in script.effective(section) {
        starts.push(statement?.place.line);
    }
    let index = if line == 0 { starts.len() } else { starts.partition_point(|&start| start <= line) };
    Ok(index.checked_sub(1).and_then(|index| parts.get_mut(index)))
}
