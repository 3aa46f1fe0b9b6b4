//! Revisions with `Transaction: off`: run statement by statement, with a journal.
//!
//! A journal row is inserted before each statement and marked as finished after it, in the transaction of the statement
//! if it can have one. If a run stops, the row that is not finished is where the next run resumes. After the last
//! statement, one transaction writes the version rows and the log row and deletes the journal of the revision.

use connection::{QueryError, first, quote_literal};
use revision::{ConcurrentIndex, Statement, concurrent_index};

use crate::bookkeeping::{self, AS_ENGINE_LOCALLY, Note};
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

/// Runs the revision, or the rest of it.
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
    session.start_clean()?;
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
    session.connection.send(&format!("BEGIN READ WRITE;\n{bookkeeping}{clear}COMMIT;")).map_err(|source| {
        session.connection.roll_back();
        failed(session, source, outcome())
    })
}

/// A statement of the revision, with its journal row.
struct JournaledStatement<'a> {
    run: &'a RevisionRun<'a>,
    statement: &'a Statement,
    note: Note<'a>,
    row: Option<&'a JournalRow>,
    /// The number of statements.
    of: usize,
}

impl JournaledStatement<'_> {
    /// The state that a failure leaves: the statements before this one have run.
    fn outcome(&self) -> Outcome {
        self.run.half_done(self.note.number - 1, self.of)
    }

    /// Runs the statement, unless an earlier run has finished it.
    fn run(&self, session: &mut Session, observer: Option<&mut dyn Observer>) -> Result<(), Error> {
        let Self { statement, ref note, row, of, .. } = *self;
        let text = self.run.script().text(statement);
        let text = text.map_err(|source| RunError::Reading { source, outcome: self.outcome() })?;
        let done_before = row.is_some_and(|row| row.is_finished);
        let first_line = text.lines().next().unwrap_or_default().to_owned();
        session.report(Event::Statement { number: note.number, of, text: first_line, done_before });
        if done_before {
            // The remaining statements need its settings.
            let sent = if statement.nature.changes_session { session.connection.send(&text) } else { Ok(()) };
            return sent.map_err(|source| failed(session, source, self.outcome()));
        }
        session.check_interrupted().map_err(|_| RunError::Interrupted { outcome: Some(self.outcome()) })?;
        let finish = format!("{}{}", session.tables.journal_finish(note), session.tables.retake_lock());
        if let Some(row) = row {
            let rerun = prepare_rerun(session, &text, row);
            if rerun.map_err(|source| failed(session, source, self.outcome()))? == Rerun::Skip {
                return write(session, &finish).map_err(|source| failed(session, source, self.outcome()));
            }
        }
        let start = session.tables.journal_start(note, statement);
        write(session, &start).map_err(|source| failed(session, source, self.outcome()))?;
        self.send(session, &finish, observer)
    }

    /// Sends the statement and `finish`, its journal entry: in one transaction if the statement can have one, else one
    /// after the other.
    fn send(&self, session: &mut Session, finish: &str, observer: Option<&mut dyn Observer>) -> Result<(), Error> {
        let is_atomic = self.statement.nature.journals_atomically;
        let entry = is_atomic.then(|| format!("{AS_ENGINE_LOCALLY}{finish}"));
        let script = self.run.script();
        if let Err(failure) = send(&mut session.connection, script, self.statement, entry.as_deref(), observer) {
            let error = match session.is_interrupted() {
                true => RunError::Interrupted { outcome: Some(self.outcome()) }.into(),
                false => self.run.error(failure, self.outcome()),
            };
            // If this fails too, the row looks as if the run had died, which resumes the same way.
            let _ = write(session, &session.tables.journal_error(&self.note, &error.to_string()));
            return Err(error);
        }
        match is_atomic {
            true => Ok(()),
            // The statement has succeeded, so this is not an error of the statement.
            false => write(session, finish).map_err(|source| failed(session, source, self.outcome())),
        }
    }
}

/// The error of a query of the engine that failed during a revision.
fn failed(session: &Session, source: QueryError, outcome: Outcome) -> Error {
    match session.is_interrupted() {
        true => RunError::Interrupted { outcome: Some(outcome) }.into(),
        false => RunError::During { source, outcome }.into(),
    }
}

/// Writes to the journal as the role that logged in, whatever the revision has set.
fn write(session: &mut Session, entry: &str) -> Result<(), QueryError> {
    let sent = session.connection.send(&bookkeeping::entry(entry));
    sent.inspect_err(|_| _ = session.connection.roll_back())
}

/// Prepares to run a statement again that an earlier run started. If that run died before it could mark the statement
/// as finished, the index exists and is valid, or is gone. If CREATE INDEX CONCURRENTLY failed, it left an invalid
/// index, which is dropped.
fn prepare_rerun(session: &mut Session, text: &str, row: &JournalRow) -> Result<Rerun, QueryError> {
    let Some(index) = concurrent_index(text) else { return Ok(Rerun::Run) };
    let (ConcurrentIndex::Create(name) | ConcurrentIndex::Drop(name)) = &index;
    let query = format!(include_str!("sql/index_state.sql"), index = quote_literal(name));
    let found = session.connection.rows(&query)?;
    match (&index, first(&found, 0), first(&found, 1)) {
        // The server refused the statement, so this index is not its work. Let the server refuse it again.
        (_, _, Some("t")) | (ConcurrentIndex::Drop(_), None, _) if row.error.is_some() => Ok(Rerun::Run),
        (ConcurrentIndex::Create(_), Some(_), Some("t")) | (ConcurrentIndex::Drop(_), None, _) => Ok(Rerun::Skip),
        (ConcurrentIndex::Create(_), Some(index), Some("f")) => {
            session.connection.send(&format!("DROP INDEX CONCURRENTLY {index}"))?;
            session.report(Event::DroppedInvalidIndex { index: index.to_owned() });
            Ok(Rerun::Run)
        }
        _ => Ok(Rerun::Run),
    }
}

/// Whether a statement that an earlier run started has to run again.
#[derive(PartialEq, Eq)]
enum Rerun {
    Run,
    /// It has succeeded.
    Skip,
}

/// Refuses edits of statements that have run.
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
