//! What `db lint` finds in the revisions that is about replacements, and so is no risk for clients: the revisions allow it.

use anyhow::Result;
use revision::Revisions;

use super::exchange::Step;
use super::written::{Places, nodes, part_at};
use crate::lint::squawk;
use crate::linted_text::is_about_definition;

/// Allows each rule that has findings, all of them in parts that only replace something.
pub(super) fn allow(steps: &mut [Step], revisions: &Revisions, places: &[Places], major: u32) -> Result<()> {
    for ((node, places), step) in nodes(revisions, steps.len())?.into_iter().zip(places).zip(steps) {
        let script = revisions.script(node);
        let (mut allowed, mut open) = (Vec::new(), Vec::new());
        for finding in squawk(script, major)? {
            let part = part_at(&places.upgrade, finding.line).and_then(|index| step.upgrade.get(index));
            let is_step = part.is_some_and(|part| part.replaces) && !is_about_definition(&finding.rule);
            let rules = if is_step { &mut allowed } else { &mut open };
            rules.push(finding.rule);
        }
        allowed.sort_unstable();
        allowed.dedup();
        allowed.retain(|rule| !open.contains(rule));
        step.allowed = allowed;
    }
    Ok(())
}
