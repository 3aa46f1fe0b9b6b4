//! Whether the files still say what was applied.
//!
//! The checksums in the log against those of the files, for every applied revision.

use std::path::PathBuf;

use crate::bookkeeping::Provenance;
use crate::directory::Checksums;
use crate::error::{DatabaseError, Error};
use crate::graph::{Follow, Node, RevisionGraph};
use crate::lock::Locked;
use crate::plan::Plan;
use crate::script::Script;
use crate::state::{Log, State};

impl RevisionGraph {
    /// Refuses a whole downgrade of which one revision can't go back.
    ///
    /// # Errors
    /// The first such revision, or a file that can't be read.
    pub fn refuse_irreversible(&self, plan: &Plan) -> Result<(), Error> {
        for node in plan.steps.iter().filter_map(|step| step.revision) {
            let path = &self.revision(node).path;
            if Script::read(path)?.downgrade.is_none() {
                let revision = self.id(node).to_owned();
                return Err(DatabaseError::Irreversible { revision, path: path.clone() }.into());
            }
        }
        Ok(())
    }

    /// The applied revisions whose file has changed since, in file order.
    pub fn edited(&self, state: &State, log: &Log, checksums: &Checksums) -> Vec<Node> {
        let heads = state.rows.iter().filter_map(|row| self.find(row));
        let applied = self.ancestors(heads, Follow::Dependencies);
        let differs = |&node: &Node| {
            log.get(self.id(node)).is_some_and(|row| row.is_applied && row.checksum != Some(checksums[node as usize]))
        };
        applied.iter().filter(differs).collect()
    }
}

impl Locked {
    /// Refuses to go on when an applied revision's file says something else than what was applied.
    ///
    /// # Errors
    /// [`DatabaseError::Edited`], with what was applied and what the first such file says now.
    pub fn check_history(&mut self, graph: &RevisionGraph, state: &State, checksums: &Checksums) -> Result<(), Error> {
        let edited = graph.edited(state, &self.log(state)?, checksums);
        let Some(&first) = edited.first() else { return Ok(()) };
        let file = Script::read(&graph.revision(first).path)?.upgrade.to_sql();
        let applied = self.session.logged_upgrade(graph.id(first))?.unwrap_or_default();
        let name =
            |&node: &Node| -> (String, PathBuf) { (graph.id(node).to_owned(), graph.revision(node).path.clone()) };
        Err(DatabaseError::Edited { revisions: edited.iter().map(name).collect(), diff: diff(&applied, &file) }.into())
    }

    /// Notes that an applied revision's file says something else on purpose, and why. From then on it is that what was applied.
    ///
    /// # Errors
    /// The file can't be read, or the server refuses; nothing is noted then.
    pub fn accept(
        &mut self,
        graph: &RevisionGraph,
        node: Node,
        reason: &str,
        provenance: &Provenance,
    ) -> Result<(), Error> {
        let script = Script::read(&graph.revision(node).path)?;
        let row = self.session.tables.accept(graph, node, &script, reason, provenance);
        let accepted = self.session.send(&format!("BEGIN;\nSET LOCAL client_min_messages = warning;\n{row}COMMIT;"));
        Ok(accepted.inspect_err(|_| _ = self.session.roll_back())?)
    }
}

/// The lines between the first and the last that differ: `-` as applied, `+` as the file has them now.
fn diff(applied: &str, file: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (applied.lines().collect(), file.lines().collect());
    let before = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let after = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(|(a, b)| a == b).count();
    let lines = |sign: char, lines: &[&str]| {
        lines[before..lines.len() - after].iter().map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    (lines('-', &old) + &lines('+', &new)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn shows_what_differs() {
        assert_eq!(diff("a\nb\nc\n", "a\nx\nc\n"), "- b\n+ x");
        assert_eq!(diff("a\n", "a\nb\n"), "+ b");
        assert_eq!(diff("", ""), "");
    }
}
