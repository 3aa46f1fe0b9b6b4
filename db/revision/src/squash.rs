//! Makes one revision of several: which revisions can become one, and its header. `squash_text.rs` writes the sections.

use crate::graph::{Follow, RevisionGraph};
use crate::header::{Header, LintAllowance, Replaced, TransactionMode};
use crate::node::Node;
use crate::revisions::Revisions;
use crate::script::Script;
use crate::squash_error::SquashError;
use crate::squash_text::squash_text;

/// A revision that replaces several.
#[derive(Debug)]
#[non_exhaustive]
pub struct Squash {
    /// The revisions that it replaces, in the order in which they run. It has the id of the last one, so that later revisions, and
    /// databases that have the last one, stay as they are.
    pub replaced: Vec<Node>,
    /// The header.
    pub header: Header,
    /// The contents of the file.
    pub text: String,
    /// The revisions without a downgrade section. If there are any, the squash has none either.
    pub irreversible: Vec<Node>,
}

impl Squash {
    /// Makes one revision of these.
    ///
    /// # Errors
    /// They are no part of the history with one beginning and one end, some of them run in a transaction and some do not, or a
    /// file can't be read.
    pub fn new(revisions: &Revisions, range: &[Node], message: &str) -> Result<Self, SquashError> {
        let graph = revisions.graph();
        let (first, last) = ends(graph, range)?;
        let mut inside = graph.empty_set();
        inside.extend(range.iter().copied());
        let plan = graph.plan_upgrade(&[], graph.id(last))?;
        let replaced: Vec<Node> =
            plan.steps.iter().filter_map(|step| step.revision).filter(|&node| inside.contains(node)).collect();
        let transaction = transaction(revisions, &replaced)?;
        let header = header(revisions, &replaced, (first, last), message, transaction);
        let irreversible: Vec<Node> =
            replaced.iter().copied().filter(|&node| revisions.script(node).downgrade().is_none()).collect();
        let scripts: Vec<&Script> = replaced.iter().map(|&node| revisions.script(node)).collect();
        let text = squash_text(&header, &scripts)?;
        Ok(Self { replaced, header, text, irreversible })
    }
}

/// The only revision of a range that revises others, and the only one that others revise or depend on.
fn ends(graph: &RevisionGraph, range: &[Node]) -> Result<(Node, Node), SquashError> {
    let mut inside = graph.empty_set();
    inside.extend(range.iter().copied());
    let ids = |nodes: &[Node]| {
        let mut ids = graph.ids(nodes.iter().copied());
        ids.sort_unstable();
        ids
    };
    if range.len() < 2 {
        return Err(SquashError::TooFew { revisions: ids(range) });
    }
    let is_inside = |nodes: &[Node]| nodes.iter().any(|&node| inside.contains(node));
    let firsts: Vec<Node> = range.iter().copied().filter(|&node| !is_inside(graph.down(node))).collect();
    let lasts: Vec<Node> = range.iter().copied().filter(|&node| !is_inside(graph.next(node))).collect();
    let (&[first], &[last]) = (&firsts[..], &lasts[..]) else {
        return Err(match firsts.len() {
            1 => SquashError::SeveralLast { revisions: ids(&lasts) },
            _ => SquashError::SeveralFirst { revisions: ids(&firsts) },
        });
    };
    let id = |node: Node| graph.id(node).to_owned();
    let outside = |nodes: &[Node]| nodes.iter().copied().find(|&node| !inside.contains(node));
    for &node in range {
        if node != first
            && let Some(parent) = outside(graph.down(node))
        {
            return Err(SquashError::MergesIn { revision: id(node), parent: id(parent) });
        }
        if node == last {
            continue;
        }
        if let Some(next) = outside(graph.next(node)) {
            return Err(SquashError::BranchesOff { revision: id(node), next: id(next) });
        }
        if let Some(dependent) = outside(graph.all_next(node)) {
            return Err(SquashError::Needed { revision: id(node), dependent: id(dependent) });
        }
    }
    Ok((first, last))
}

/// The revision that a name in `Depends On` means.
fn named(graph: &RevisionGraph, name: &str) -> Option<Node> {
    graph.find(name).or_else(|| graph.find_label(name))
}

/// The mode that all revisions with statements have.
fn transaction(revisions: &Revisions, replaced: &[Node]) -> Result<TransactionMode, SquashError> {
    let graph = revisions.graph();
    let mode = |node: Node| revisions.script(node).header().transaction;
    let is_empty = |node: &&Node| {
        let script = revisions.script(**node);
        let mut sections = [Some(script.upgrade()), script.downgrade()].into_iter().flatten();
        sections.all(|section| script.effective(section).next().is_none())
    };
    let written: Vec<Node> = replaced.iter().filter(|node| !is_empty(node)).copied().collect();
    let Some(&one) = written.first() else { return Ok(TransactionMode::On) };
    let Some(&other) = written.iter().find(|&&node| mode(node) != mode(one)) else { return Ok(mode(one)) };
    let runs = written.chunk_by(|&one, &other| mode(one) == mode(other) && graph.down(other) == [one]);
    let ends = |run: &[Node]| match run {
        [first, .., last] => Some((graph.id(*first).to_owned(), graph.id(*last).to_owned())),
        _ => None,
    };
    Err(SquashError::mixed(mode(one), graph.id(one), graph.id(other), runs.filter_map(ends).collect()))
}

fn header(
    revisions: &Revisions,
    replaced: &[Node],
    (first, last): (Node, Node),
    message: &str,
    transaction: TransactionMode,
) -> Header {
    let graph = revisions.graph();
    let (beginning, end) = (graph.revision(first).header(), graph.revision(last).header());
    let mut header = Header {
        message: message.to_owned(),
        revision: end.revision.clone(),
        revises: beginning.revises.clone(),
        create_date: end.create_date.clone(),
        transaction,
        ..Header::default()
    };
    let below = graph.ancestors(graph.down(first).iter().copied(), Follow::Dependencies);
    for &node in replaced {
        let own = graph.revision(node).header();
        for name in &own.depends_on {
            // A dependency on another of these, or on what is applied before them in any case, says nothing.
            let is_outside = named(graph, name).is_some_and(|node| !replaced.contains(&node) && !below.contains(node));
            if is_outside && !header.depends_on.contains(name) {
                header.depends_on.push(name.clone());
            }
        }
        header.branch_labels.extend(own.branch_labels.iter().cloned());
        own.lint.iter().for_each(|allowance| allow(&mut header.lint, allowance));
        let checksum = revisions.script(node).checksum();
        let own = own.replaces.iter().cloned().chain([Replaced { revision: own.revision.clone(), checksum }]);
        header.replaces.extend(own);
    }
    header
}

/// Adds an allowance. A second one of the same rule would suppress nothing, so its reason is added to the first.
fn allow(allowances: &mut Vec<LintAllowance>, more: &LintAllowance) {
    match allowances.iter_mut().find(|allowance| allowance.rule == more.rule) {
        Some(allowance) if allowance.reason.split("; ").any(|reason| reason == more.reason) => {}
        Some(allowance) => allowance.reason = format!("{}; {}", allowance.reason, more.reason),
        None => allowances.push(more.clone()),
    }
}
