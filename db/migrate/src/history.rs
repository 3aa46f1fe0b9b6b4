//! Compares the file of every applied revision with the checksum in the log.

use std::path::PathBuf;

use revision::{Direction, Follow, Node, Revisions, Script};

use crate::error::Error;
use crate::history_error::HistoryError;
use crate::log_text::{is_beginning, log_text};
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
    let diff = if compares { difference(session, graph.id(first), revisions.script(first))? } else { String::new() };
    let name =
        |&node: &Node| -> (String, PathBuf) { (graph.id(node).to_owned(), graph.revision(node).path().to_owned()) };
    Err(HistoryError::Edited { revisions: edited.iter().map(name).collect(), diff }.into())
}

/// The diff between the upgrade section as applied and as in the file. Empty if the logged section is too long, or if
/// only one of the two is complete.
fn difference(session: &mut Session, revision: &str, script: &Script) -> Result<String, Error> {
    /// In bytes.
    const LIMIT: usize = 4 * 1024 * 1024;
    let Some(applied) = session.logged_upgrade(revision, LIMIT)? else { return Ok(String::new()) };
    let file = log_text(script, script.upgrade())?;
    let are_comparable = is_beginning(&applied) == is_beginning(&file);
    Ok(if are_comparable { diff(&applied, &file) } else { String::new() })
}

/// Refuses a plan that reverts an irreversible revision, or one whose downgrade section is only in the log and is
/// incomplete there.
///
/// # Errors
/// [`HistoryError::Irreversible`] or [`HistoryError::NotKept`], for the first such revision.
pub(crate) fn check_reversible(revisions: &Revisions, plan: &revision::Plan) -> Result<(), HistoryError> {
    if plan.operation.direction() != Some(Direction::Downgrade) {
        return Ok(());
    }
    for node in plan.steps.iter().filter_map(|step| step.revision) {
        let (script, revision) = (revisions.script(node), revisions.graph().id(node).to_owned());
        if script.downgrade().is_none() {
            return Err(HistoryError::Irreversible { revision, path: script.path().to_owned() });
        }
        if script.is_partial() {
            return Err(HistoryError::NotKept { revision });
        }
    }
    Ok(())
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
