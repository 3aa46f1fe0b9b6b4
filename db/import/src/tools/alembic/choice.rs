//! Chooses between the two recordings of a direction: as rendered, or as executed.

use revision::significant;

use super::recording::{Both, Failure, Revision, Run, Statement};
use crate::note::{Note, Remark};
use crate::problem::Problem;

/// The statements of one direction.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    pub(super) statements: Vec<&'a Statement>,
    pub(super) notes: Vec<Note>,
    /// The comment for the reader of the section, if the statements were recorded.
    pub(super) warning: Option<String>,
}

/// The statements of the upgrade.
pub(super) fn upgrade(revision: &Revision) -> Result<Chosen<'_>, Problem> {
    chosen(revision, &revision.upgrade)
}

/// The statements of the downgrade, or `None` if there is none.
pub(super) fn downgrade(revision: &Revision) -> Result<Option<Chosen<'_>>, Problem> {
    match &revision.downgrade.offline.error {
        Some(failure) if is_irreversible(failure) => Ok(None),
        _ => chosen(revision, &revision.downgrade).map(Some),
    }
}

/// Whether a downgrade declares that there is none.
pub(super) fn is_irreversible(failure: &Failure) -> bool {
    matches!(failure.kind.as_str(), "NotImplementedError" | "Missing")
}

fn chosen<'a>(revision: &'a Revision, both: &'a Both) -> Result<Chosen<'a>, Problem> {
    let note = |line, remark| Note { path: revision.path.clone(), line, remark };
    let problem =
        |failure: &Failure, what| Err(Problem::Unsupported { path: revision.path.clone(), line: failure.line, what });
    let ran = both.online.as_ref().filter(|run| run.error.is_none());
    let ran_failure = both.online.as_ref().and_then(|run| run.error.as_ref());
    match (&both.offline.error, ran) {
        (Some(failure), _) if is_irreversible(failure) => problem(failure, format!("has no upgrade: {failure}")),
        (Some(failure), Some(run)) => Ok(Chosen {
            statements: without_catalog(run),
            notes: vec![note(failure.line, Remark::Recorded { reason: failure.to_string() })],
            warning: Some(recorded(failure)),
        }),
        (Some(failure), None) => match ran_failure {
            Some(online) if online.is_found() => problem(online, format!("can't be recorded: {online}")),
            Some(online) => problem(online, format!("needs a database, and fails on an empty one: {online}")),
            None => problem(failure, format!("needs a database, and did not run on a scratch database: {failure}")),
        },
        (None, Some(run)) if kinds(run) != kinds(&both.offline) => Ok(Chosen {
            statements: without_catalog(run),
            notes: vec![note(None, Remark::DiffersOffline)],
            warning: Some("-- Recorded on a scratch database: it behaves differently offline.\n".to_owned()),
        }),
        (None, _) => {
            let first = both.offline.statements.first().and_then(|statement| statement.line);
            let varies = both.offline.varies.then(|| note(first, Remark::Varies));
            let statements = both.offline.statements.iter().collect();
            Ok(Chosen { statements, notes: varies.into_iter().collect(), warning: None })
        }
    }
}

fn recorded(failure: &Failure) -> String {
    let line = failure.line.map_or(String::new(), |line| format!(" (line {line})"));
    format!("-- Recorded on a scratch database: {failure}{line}.\n-- Check: rows in production may differ.\n")
}

/// The statements, without SQLAlchemy's queries of the catalog.
fn without_catalog(run: &Run) -> Vec<&Statement> {
    let is_taken = |statement: &&Statement| !(statement.read && statement.sql.contains("pg_catalog."));
    run.statements.iter().filter(is_taken).collect()
}

/// The first words of the statements that do not only read. Consecutive inserts count as one, because drivers insert
/// rows one by one or together.
fn kinds(run: &Run) -> Vec<String> {
    let kind = |statement: &Statement| {
        let words: Vec<&str> = significant(&statement.sql).into_iter().take(2).collect();
        words.join(" ").to_lowercase()
    };
    let is_change = |statement: &&Statement| !statement.read && !is_select(&statement.sql);
    let mut kinds: Vec<String> = run.statements.iter().filter(is_change).map(kind).collect();
    kinds.dedup_by(|one, other| one == other && one == "insert into");
    kinds
}

fn is_select(sql: &str) -> bool {
    significant(sql).first().is_some_and(|word| word.eq_ignore_ascii_case("select"))
}
