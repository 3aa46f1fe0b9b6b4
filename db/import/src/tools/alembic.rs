//! Alembic: Python programs. Their statements have been recorded, offline and on a scratch database; this converts the
//! recording.
//!
//! Uses the offline rendering of a revision, unless it reads the database or behaves differently on one.

mod choice;
mod recording;

use std::path::Path;

use revision::{is_branch_label, is_revision_id};

use crate::history::{History, Migration};
use crate::message;
use crate::note::{Note, Remark};
use crate::problem::Problem;
use crate::sections::{Direction, sections};
use crate::source_file;
use crate::sql::Sql;
use choice::{Chosen, downgrade, upgrade};
use recording::{Recording, Revision, Statement};

/// Reads a recording, which is a file.
pub(crate) fn read(recording: &Path) -> Result<History, Vec<Problem>> {
    let unreadable = |error: serde_json::Error| {
        let what = format!("is not a recording of an Alembic project: {error}");
        vec![Problem::Unsupported { path: recording.to_owned(), line: None, what }]
    };
    let text = source_file::read(recording).map_err(|problem| vec![problem])?;
    let recording: Recording = serde_json::from_str(&text).map_err(unreadable)?;
    if let Some(failure) = &recording.environment {
        let (path, line) = (recording.environment_path.clone(), failure.line);
        return Err(vec![Problem::Unsupported { path, line, what: format!("fails offline: {failure}") }]);
    }
    let mut history = History { notes: whole_project(&recording), ..History::default() };
    let mut problems = Vec::new();
    for revision in &recording.revisions {
        problems.extend(invalid_names(revision));
        match migration(revision, &recording, &mut history.notes) {
            Ok(migration) => history.migrations.push(migration),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(history) } else { Err(problems) }
}

/// Notes on the whole project.
fn whole_project(recording: &Recording) -> Vec<Note> {
    let note = |remark| Note { path: recording.environment_path.clone(), line: None, remark };
    let table =
        Remark::VersionTable { name: recording.version_table.clone(), schema: recording.version_table_schema.clone() };
    let is_usual = recording.version_table == "alembic_version" && recording.version_table_schema.is_none();
    let failure = recording.online.as_ref().and_then(|online| online.error.as_ref());
    let stopped = failure.map(|failure| Remark::StoppedOnline { failure: failure.to_string() });
    (!is_usual).then_some(table).into_iter().chain(stopped).map(note).collect()
}

fn migration(revision: &Revision, recording: &Recording, notes: &mut Vec<Note>) -> Result<Migration, Vec<Problem>> {
    let description: Vec<String> =
        [format!("Imported from {}", one_line(&revision.path))].into_iter().chain(revision.authors.clone()).collect();
    let mut migration = Migration {
        parents: revision.parents.clone(),
        depends_on: revision.depends_on.clone(),
        branch_labels: revision.branch_labels.clone(),
        message: message::of_text(&revision.message, &revision.revision),
        description: description.join("\n"),
        create_date: revision.create_date.as_deref().map(date).unwrap_or_default(),
        source: revision.path.clone(),
        ..Migration::of_version(&revision.revision)
    };
    let (up, down) = (upgrade(revision), downgrade(revision));
    let (up, down) = match (up, down) {
        (Ok(up), Ok(down)) => (up, down),
        (up, down) => return Err(up.err().into_iter().chain(down.err()).collect()),
    };
    if let (None, Some(failure)) = (&down, &revision.downgrade.offline.error) {
        let remark = Remark::Irreversible { failure: failure.to_string() };
        notes.push(Note { path: revision.path.clone(), line: failure.line, remark });
    }
    for chosen in [Some(&up), down.as_ref()].into_iter().flatten() {
        notes.extend(chosen.notes.iter().cloned());
    }
    let is_empty = |chosen: &Chosen<'_>| chosen.statements.is_empty();
    if is_empty(&up) && down.as_ref().is_none_or(is_empty) {
        // A merge, or a revision that was never filled in.
        migration.downgrade = down.map(|_| String::new());
        return Ok(migration);
    }
    let (mut up, down) = (direction(&up, revision), down.map(|down| direction(&down, revision)));
    up.without_transaction |= recording.transactional_ddl == Some(false);
    sections(&recording.version_table, &mut migration, &up, down.as_ref(), notes)?;
    Ok(migration)
}

/// The statements as parts, so that a note names the line of the program.
fn direction(chosen: &Chosen<'_>, revision: &Revision) -> Direction {
    let part = |statement: &Statement| Sql {
        path: revision.path.clone(),
        first_line: statement.line.unwrap_or(1),
        text: if statement.read { comment(&statement.sql) } else { terminated(&statement.sql) },
    };
    let warning = chosen.warning.clone().map(|text| Sql { path: revision.path.clone(), first_line: 1, text });
    let kept = chosen.statements.iter().copied().filter(|statement| !is_commit(&statement.sql));
    let last = chosen.statements.len().saturating_sub(1);
    let leaves = |(place, statement): (usize, &&Statement)| place < last && is_commit(&statement.sql);
    Direction {
        parts: warning.into_iter().chain(kept.map(part)).collect(),
        without_transaction: chosen.statements.iter().any(|statement| statement.autocommit)
            || chosen.statements.iter().enumerate().any(leaves),
    }
}

/// `op.execute("COMMIT")`, which leaves the transaction as an `autocommit_block` does.
fn is_commit(sql: &str) -> bool {
    ["commit", "end"].contains(&sql.trim().trim_end_matches(';').trim_end().to_lowercase().as_str())
}

/// The queries of the program, as a comment.
fn comment(sql: &str) -> String {
    sql.trim().lines().map(|line| format!("-- read: {}\n", line.trim_end())).collect()
}

/// A statement with its semicolon, which must not be in a comment at its end.
fn terminated(sql: &str) -> String {
    let sql = sql.trim_end().trim_start_matches(['\n', '\r']);
    let last = sql.rsplit('\n').next().unwrap_or_default();
    match sql.ends_with(';') {
        _ if last.contains("--") => format!("{sql}\n;\n"),
        true => format!("{sql}\n"),
        false => format!("{sql};\n"),
    }
}

/// Ids and labels that a revision file can't have.
fn invalid_names(revision: &Revision) -> Vec<Problem> {
    let problem = |what| Problem::Unsupported { path: revision.path.clone(), line: None, what };
    let id = (!is_revision_id(&revision.revision)).then(|| {
        let id = &revision.revision;
        problem(format!("has the id `{id}`: expected at most 32 letters, digits and `_`, and no word such as `head`"))
    });
    let labels = revision.branch_labels.iter().filter(|label| !is_branch_label(label));
    let label = |label: &String| {
        problem(format!("has the branch label `{label}`: expected no white space and none of the characters `@+:,`"))
    };
    id.into_iter().chain(labels.map(label)).collect()
}

/// `2024-01-02 09:10:00.123456+00:00` as `2024-01-02T09:10:00Z`. A date without a time zone is kept without one.
fn date(text: &str) -> String {
    let text = text.trim().replacen(' ', "T", 1);
    let zone = text.find('.').map_or("", |dot| text[dot + 1..].trim_start_matches(|c: char| c.is_ascii_digit()));
    let seconds = text.split('.').next().unwrap_or_default();
    format!("{seconds}{zone}").replace("+00:00", "Z")
}

fn one_line(path: &Path) -> String {
    path.display().to_string().replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::{comment, date, is_commit, terminated};

    #[test]
    fn dates_lose_only_fractions_of_seconds() {
        assert_eq!(date("2024-01-02 09:10:00.123456"), "2024-01-02T09:10:00");
        assert_eq!(date("2024-01-02 09:10:00.123456+00:00"), "2024-01-02T09:10:00Z");
        assert_eq!(date("2024-01-02 09:10:00+02:00"), "2024-01-02T09:10:00+02:00");
        assert_eq!(date("2024-01-02"), "2024-01-02");
    }

    #[test]
    fn statements_end_with_one_semicolon() {
        assert_eq!(terminated("\nselect 1;\n\n"), "select 1;\n");
        assert_eq!(terminated("  select\n    1"), "  select\n    1;\n");
        assert_eq!(terminated("select 1 -- one"), "select 1 -- one\n;\n");
        assert_eq!(comment("\nselect a\nfrom t\n"), "-- read: select a\n-- read: from t\n");
        assert!(is_commit(" COMMIT ;") && is_commit("end") && !is_commit("commit prepared 'a'"));
    }
}
