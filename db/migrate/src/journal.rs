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
    let statements = run.statements();
    let of = statements.len();
    let is_own = |row: &&JournalRow| row.revision == run.id() && row.direction == run.direction;
    let journal: Vec<&JournalRow> = state.journal.iter().filter(is_own).collect();
    check_unchanged(run, &statements, &journal)?;
    session.connection.send(&session.reset)?;
    if let Some(observer) = lend(&mut observer) {
        let observed = observer.begin(&mut session.connection, run.script());
        observed.map_err(|source| RunError::Observer { source })?;
    }
    for (index, &statement) in statements.iter().enumerate() {
        let note = Note { revision: run.id(), direction: run.direction, number: index + 1 };
        let row = journal.iter().copied().find(|row| row.statement == note.number);
        JournaledStatement { run, statement, note, row, of }.run(session, lend(&mut observer))?;
    }
    let outcome = || run.half_done(of, of);
    let started = session.tables.journal_started(run.id());
    let bookkeeping = run.bookkeeping(&session.tables, &started);
    let bookkeeping = bookkeeping.map_err(|source| RunError::Reading { source, outcome: outcome() })?;
    let clear = session.tables.journal_clear(run.id());
    session.connection.send(&format!("BEGIN;\n{bookkeeping}{clear}COMMIT;")).map_err(|source| {
        session.connection.roll_back();
        failed(session, source, outcome())
    })
}

/// A statement of a run, and what the journal has of it.
struct JournaledStatement<'a> {
    run: &'a RevisionRun<'a>,
    statement: &'a Statement,
    note: Note<'a>,
    row: Option<&'a JournalRow>,
    /// How many statements there are.
    of: usize,
}

impl JournaledStatement<'_> {
    /// What a failure leaves behind: the statements before this one have run.
    fn outcome(&self) -> Outcome {
        self.run.half_done(self.note.number - 1, self.of)
    }

    /// Runs the statement, unless an earlier run has finished it.
    fn run(&self, session: &mut Session, observer: Option<&mut dyn Observer>) -> Result<(), Error> {
        let Self { run, statement, ref note, row, of } = *self;
        let text = run.script().text(statement);
        let text = text.map_err(|source| RunError::Reading { source, outcome: self.outcome() })?;
        let done_before = row.is_some_and(|row| row.is_finished);
        let first_line = text.lines().next().unwrap_or_default().to_owned();
        session.report(Event::Statement { number: note.number, of, text: first_line, done_before });
        if done_before {
            // The rest of the revision needs its settings.
            let sent = if statement.nature.changes_session { session.connection.send(&text) } else { Ok(()) };
            return sent.map_err(|source| failed(session, source, self.outcome()));
        }
        session.check_interrupted().map_err(|_| RunError::Interrupted { outcome: Some(self.outcome()) })?;
        let finish = session.tables.journal_finish(note);
        if let Some(row) = row {
            let way = clear_the_way(session, &text, row);
            if way.map_err(|source| failed(session, source, self.outcome()))? == Way::AlreadyDone {
                return write(session, &finish).map_err(|source| failed(session, source, self.outcome()));
            }
        }
        let start = session.tables.journal_start(note, statement);
        write(session, &start).map_err(|source| failed(session, source, self.outcome()))?;
        send_noted(session, run, statement, &finish, self.outcome(), observer).inspect_err(|error| {
            // If this can't be noted either, the row looks like that of a run that died, which it is.
            let _ = write(session, &session.tables.journal_error(note, &error.to_string()));
        })
    }
}

/// The error of a query that failed while a revision ran.
fn failed(session: &Session, source: QueryError, outcome: Outcome) -> Error {
    match session.is_interrupted() {
        true => RunError::Interrupted { outcome: Some(outcome) }.into(),
        false => RunError::During { source, outcome }.into(),
    }
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
        false => write(session, note).map_err(|source| failed(session, source, outcome)),
    }
}

/// Writes into the journal, as the role that logged in, whatever the revision has set.
fn write(session: &mut Session, note: &str) -> Result<(), QueryError> {
    let sent = session.connection.send(&format!("BEGIN;\n{AS_SESSION_USER}{note}COMMIT;"));
    sent.inspect_err(|_| _ = session.connection.roll_back())
}

/// What was done without its note being written is done: an index that is there and valid, or gone. An index that CREATE INDEX
/// CONCURRENTLY could not finish is there, invalid, in the way of the next attempt.
fn clear_the_way(session: &mut Session, text: &str, row: &JournalRow) -> Result<Way, QueryError> {
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
