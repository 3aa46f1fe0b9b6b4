//! Compares the file of every applied revision with the checksum in the log.

use std::path::PathBuf;

use revision::{Direction, Follow, Node, Revisions};

use crate::error::Error;
use crate::history_error::HistoryError;
use crate::logged::AppliedChecksums;
use crate::session::Session;
use crate::state::State;

/// The applied revisions whose file has been edited, in file order.
pub(crate) fn edited(revisions: &Revisions, state: &State, applied: &AppliedChecksums) -> Vec<Node> {
    let graph = revisions.graph();
    let heads = state.rows.iter().filter_map(|row| graph.find(row));
    let differs = |&node: &Node| {
        applied.get(graph.id(node)).is_some_and(|&checksum| checksum != Some(revisions.script(node).checksum()))
    };
    graph.ancestors(heads, Follow::Dependencies).iter().filter(differs).collect()
}

/// Refuses edited revisions.
///
/// # Errors
/// [`HistoryError::Edited`], with the diff of the first such file if `compares`.
pub(crate) fn check(session: &mut Session, revisions: &Revisions, state: &State, compares: bool) -> Result<(), Error> {
    let applied = session.applied_checksums(state)?;
    let edited = edited(revisions, state, &applied);
    let Some(&first) = edited.first() else { return Ok(()) };
    let graph = revisions.graph();
    let diff = if compares {
        let script = revisions.script(first);
        diff(&session.logged_upgrade(graph.id(first))?, &script.sql(script.upgrade())?)
    } else {
        String::new()
    };
    let name =
        |&node: &Node| -> (String, PathBuf) { (graph.id(node).to_owned(), graph.revision(node).path().to_owned()) };
    Err(HistoryError::Edited { revisions: edited.iter().map(name).collect(), diff }.into())
}

/// Refuses a plan that reverts an irreversible revision.
///
/// # Errors
/// [`HistoryError::Irreversible`], for the first such revision.
pub(crate) fn check_reversible(revisions: &Revisions, plan: &revision::Plan) -> Result<(), HistoryError> {
    if plan.operation.direction() != Some(Direction::Downgrade) {
        return Ok(());
    }
    let irreversible = |node: &Node| revisions.script(*node).downgrade().is_none();
    match plan.steps.iter().filter_map(|step| step.revision).find(irreversible) {
        None => Ok(()),
        Some(node) => Err(HistoryError::Irreversible {
            revision: revisions.graph().id(node).to_owned(),
            path: revisions.script(node).path().to_owned(),
        }),
    }
}

/// The lines from the first difference to the last: `-` as applied, `+` as in the file.
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
        assert_eq!(diff("a\na\n", "a\n"), "- a");
        assert_eq!(diff("", ""), "");
    }
}
