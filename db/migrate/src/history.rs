//! Whether the files still say what was applied.
//!
//! Pure but for reading the files: the checksums in the log against those of the files, for every applied revision.

use std::path::PathBuf;
use std::thread;

use crate::error::{DatabaseError, Error};
use crate::graph::{Follow, Node, RevisionGraph};
use crate::lock::Locked;
use crate::script::Script;
use crate::state::State;

/// Per revision the checksum of its upgrade section, in file order.
pub type Checksums = Vec<String>;

impl RevisionGraph {
    /// Reads and checks every file wholly: what is wrong anywhere is found before the server is touched.
    ///
    /// # Errors
    /// The first file, by name, in which something is wrong.
    pub fn check_files(&self) -> Result<Checksums, Error> {
        let check = |nodes: std::ops::Range<Node>| -> Result<Checksums, Error> {
            nodes
                .map(|node| {
                    let script = Script::read(&self.revision(node).path)?;
                    script.check_transactions()?;
                    Ok(script.upgrade.checksum())
                })
                .collect()
        };
        let threads = thread::available_parallelism().map_or(1, usize::from).min(self.len() / 128 + 1);
        let share = self.len().div_ceil(threads).max(1) as Node;
        let parts: Vec<Result<Checksums, Error>> = thread::scope(|scope| {
            let starts = (0..self.len() as Node).step_by(share as usize);
            let parts: Vec<_> = starts
                .map(|start| scope.spawn(move || check(start..(start + share).min(self.len() as Node))))
                .collect();
            parts.into_iter().map(|part| part.join().expect("checking files does not panic")).collect()
        });
        let mut checksums = Vec::with_capacity(self.len());
        for part in parts {
            checksums.extend(part?);
        }
        Ok(checksums)
    }

    /// The applied revisions whose file has changed since, in file order.
    pub fn edited(&self, state: &State, checksums: &Checksums) -> Vec<Node> {
        let heads = state.rows.iter().filter_map(|row| self.find(row));
        let applied = self.ancestors(heads, Follow::Dependencies);
        let logged = |node: Node| {
            let found = state.log.binary_search_by(|row| row.revision.as_str().cmp(self.id(node)));
            found
                .ok()
                .map(|index| &state.log[index])
                .filter(|row| matches!(row.operation.as_str(), "upgrade" | "stamp"))
        };
        let differs = |&node: &Node| logged(node).is_some_and(|row| row.checksum != checksums[node as usize]);
        applied.iter().filter(differs).collect()
    }
}

impl Locked {
    /// Refuses to go on when an applied revision's file says something else than what was applied.
    ///
    /// # Errors
    /// [`DatabaseError::Edited`], with what was applied and what the first such file says now.
    pub fn check_history(&mut self, graph: &RevisionGraph, state: &State, checksums: &Checksums) -> Result<(), Error> {
        let edited = graph.edited(state, checksums);
        let Some(&first) = edited.first() else { return Ok(()) };
        let file = Script::read(&graph.revision(first).path)?.upgrade.to_sql();
        let applied = self.session.logged_upgrade(graph.id(first))?.unwrap_or_default();
        let name =
            |&node: &Node| -> (String, PathBuf) { (graph.id(node).to_owned(), graph.revision(node).path.clone()) };
        Err(DatabaseError::Edited { revisions: edited.iter().map(name).collect(), diff: diff(&applied, &file) }.into())
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
