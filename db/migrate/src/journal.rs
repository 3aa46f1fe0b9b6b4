//! Revisions with `Transaction: off`: statement by statement, each noted before and after.
//!
//! A row of the journal without an end is the statement that was running when a run stopped; the next run resumes there. The note
//! after a statement is part of its transaction if it can have one. When all are done, version rows and log row are written and
//! the journal of the revision is removed, in one commit.

use connection::{QueryError, first, quote_literal};
use revision::{ConcurrentIndex, Statement, concurrent_index};

use crate::bookkeeping::{AS_SESSION_USER, Note};
use crate::error::Error;
use crate::event::Event;
use crate::observer::{Observer, lend};
use crate::outcome::Outcome;
use crate::revision_run::RevisionRun;
use crate::run_error::RunError;
use crate::send::send;
use crate::session::Session;
use crate::state::{JournalRow, State};
use crate::state_error::StateError;

/// Runs the revision, or what an earlier run has left of it.
pub(crate) fn run(
    session: &mut Session,
    run: &RevisionRun<'_>,
    state: &State,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let (revision, direction) = (run.id(), run.direction);
    let statements = run.statements();
    let of = statements.len();
    let is_own = |row: &&JournalRow| row.revision == revision && row.direction == direction;
    let journal: Vec<&JournalRow> = state.journal.iter().filter(is_own).collect();
    check_unchanged(run, &statements, &journal)?;
    session.connection.send(&session.reset)?;
    if let Some(observer) = lend(&mut observer) {
        let observed = observer.begin(&mut session.connection, run.script());
        observed.map_err(|source| RunError::Observer { source })?;
    }
    for (index, &statement) in statements.iter().enumerate() {
        let note = Note { revision, direction, number: index + 1 };
        let half_done = || run.half_done(index, of);
        let row = journal.iter().find(|row| row.statement == note.number);
        let done_before = row.is_some_and(|row| row.is_finished);
        let text = run.script().text(statement)?;
        session.report(Event::Statement {
            number: note.number,
            of,
            text: text.lines().next().unwrap_or_default().to_owned(),
            done_before,
        });
        if done_before {
            if statement.nature.changes_session {
                session.connection.send(&text)?;
            }
            continue;
        }
        session.check_interrupted().map_err(|_| RunError::Interrupted { outcome: Some(half_done()) })?;
        let during = |source| RunError::During { source, outcome: half_done() };
        let finish = session.tables.journal_finish(&note);
        if let Some(row) = row
            && clear_the_way(session, &text, row)? == Way::AlreadyDone
        {
            write(session, &finish).map_err(during)?;
            continue;
        }
        let start = session.tables.journal_start(&note, statement);
        write(session, &start).map_err(during)?;
        if let Err(error) = send_noted(session, run, statement, &finish, half_done(), lend(&mut observer)) {
            // If this can't be noted either, the row looks like that of a run that died, which it is.
            let _ = write(session, &session.tables.journal_error(&note, &error.to_string()));
            return Err(error);
        }
    }
    let started = session.tables.journal_started(revision);
    let bookkeeping = run.bookkeeping(&session.tables, &started)?;
    let clear = session.tables.journal_clear(revision);
    session.connection.send(&format!("BEGIN;\n{bookkeeping}{clear}COMMIT;")).map_err(|source| {
        session.connection.roll_back();
        RunError::During { source, outcome: run.half_done(of, of) }.into()
    })
}

/// One statement and the note that it is done: in one transaction if it can have one, else after it.
fn send_noted(
    session: &mut Session,
    run: &RevisionRun<'_>,
    statement: &Statement,
    note: &str,
    outcome: Outcome,
    observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let is_atomic = statement.nature.journals_atomically;
    let with_note = is_atomic.then(|| format!("{AS_SESSION_USER}{note}"));
    let sent = send(&mut session.connection, run.script(), statement, with_note.as_deref(), observer);
    if let Err(failure) = sent {
        return Err(match session.is_interrupted() {
            true => RunError::Interrupted { outcome: Some(outcome) }.into(),
            false => run.error(failure, outcome),
        });
    }
    match is_atomic {
        true => Ok(()),
        false => write(session, note).map_err(|source| RunError::During { source, outcome }.into()),
    }
}

/// Writes into the journal, as the role that logged in, whatever the revision has set.
fn write(session: &mut Session, note: &str) -> Result<(), QueryError> {
    let sent = session.connection.send(&format!("BEGIN;\n{AS_SESSION_USER}{note}COMMIT;"));
    sent.inspect_err(|_| _ = session.connection.roll_back())
}

/// What was done without its note being written is done: an index that is there and valid, or gone. An index that CREATE INDEX
/// CONCURRENTLY could not finish is there, invalid, in the way of the next attempt.
fn clear_the_way(session: &mut Session, text: &str, row: &JournalRow) -> Result<Way, Error> {
    let Some(index) = concurrent_index(text) else { return Ok(Way::Free) };
    let (ConcurrentIndex::Create(name) | ConcurrentIndex::Drop(name)) = &index;
    let query = format!(include_str!("sql/index_state.sql"), index = quote_literal(name));
    let found = session.connection.rows(&query)?;
    match (&index, first(&found, 0), first(&found, 1)) {
        // The server has refused it: then it does so again.
        (_, _, Some("t")) | (ConcurrentIndex::Drop(_), None, _) if row.error.is_some() => Ok(Way::Free),
        (ConcurrentIndex::Create(_), Some(_), Some("t")) | (ConcurrentIndex::Drop(_), None, _) => Ok(Way::AlreadyDone),
        (ConcurrentIndex::Create(_), Some(index), Some("f")) => {
            session.connection.send(&format!("DROP INDEX CONCURRENTLY {index}"))?;
            session.report(Event::DroppedInvalidIndex { index: index.to_owned() });
            Ok(Way::Free)
        }
        _ => Ok(Way::Free),
    }
}

/// Whether a statement that an earlier run began can be run again.
#[derive(PartialEq, Eq)]
enum Way {
    Free,
    /// It has already run.
    AlreadyDone,
}

/// What has run can't be edited any more.
fn check_unchanged(
    run: &RevisionRun<'_>,
    statements: &[&Statement],
    journal: &[&JournalRow],
) -> Result<(), StateError> {
    for row in journal.iter().filter(|row| row.is_finished) {
        let statement = row.statement.checked_sub(1).and_then(|index| statements.get(index));
        if statement.is_none_or(|statement| Some(statement.digest) != row.checksum) {
            return Err(StateError::EditedHalfWay {
                revision: run.id().to_owned(),
                path: run.script().path().to_owned(),
                statement: row.statement,
                line: row.line,
            });
        }
    }
    Ok(())
}
