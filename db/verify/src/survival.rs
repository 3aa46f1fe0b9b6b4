//! The loaded fixtures, and whether a step preserves the data that they declare.

use anyhow::Result;
use connection::Connection;
use revision::{Node, RevisionGraph};

use crate::difference::changed_lines;
use crate::fixture::{Answer, Fixture};
use crate::scratch::ScratchDatabase;

/// Shown in place of rows.
const GONE: &str = "+ the query fails: an object in it no longer exists";

/// The loaded fixtures.
#[derive(Debug, Default)]
pub(crate) struct Survival {
    /// With queries.
    loaded: Vec<Fixture>,
}

impl Survival {
    /// Loads the fixtures of a revision, which has just been applied.
    pub(crate) fn load(&mut self, fixtures: &[Fixture], node: Node, scratch: &mut ScratchDatabase<'_>) -> Result<()> {
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            if fixture.load(scratch.probe()?)?.is_some() {
                self.loaded.push(fixture.clone());
            }
        }
        Ok(())
    }

    /// The fixtures whose results a revision must preserve.
    pub(crate) fn covering(&self, graph: &RevisionGraph, node: Node) -> Vec<&Fixture> {
        self.loaded.iter().filter(|fixture| fixture.covers(graph, node)).collect()
    }

    /// The current results of the fixtures that cover a revision.
    pub(crate) fn answers(&self, graph: &RevisionGraph, node: Node, session: &mut Connection) -> Result<Vec<Answer>> {
        self.covering(graph, node).into_iter().map(|fixture| fixture.query(session)).collect()
    }

    /// The results that a step has changed: the path of the fixture, and the lines of a diff. If `may_be_gone`, objects
    /// in the queries may no longer exist.
    pub(crate) fn changed(
        &self,
        (graph, node): (&RevisionGraph, Node),
        (before, after): (&[Answer], &[Answer]),
        may_be_gone: bool,
    ) -> Vec<(String, Vec<String>)> {
        let mut changed = Vec::new();
        for (fixture, (before, after)) in self.covering(graph, node).into_iter().zip(before.iter().zip(after)) {
            // A query that failed before has no result to preserve.
            let Some(before) = before else { continue };
            let lines = match after {
                Some(after) => changed_lines(before, after),
                None if may_be_gone => Vec::new(),
                None => before.iter().map(|line| format!("- {line}")).chain([GONE.to_owned()]).collect(),
            };
            if !lines.is_empty() {
                changed.push((fixture.path.display().to_string(), lines));
            }
        }
        changed
    }
}
