//! Revisions with `Transaction: off`: run statement by statement, with a journal.
//!
//! A journal row is inserted before each statement and marked as finished after it, in the transaction of the statement
//! unless the server refuses to run it in one. If a run stops, the row that is not finished is where the next run resumes.
//! After the last statement, one transaction writes the version rows and the log row and deletes the journal of the revision.

use std::borrow::Cow;

use connection::{QueryError, repeat_if_canceled};
use revision::{Effect, Statement, effect};

use crate::bookkeeping::{BEFORE_ENTRY, Note, TOGETHER};
use crate::error::Error;
use crate::event::Event;
use crate::inspect::{self, Continuation};
use crate::observer::{Observer, Scope, lend};
use crate::outcome::Outcome;
use crate::revision_run::{Cause, Failure, RevisionRun};
use crate::run_error::RunError;
use crate::send::send;
use crate::session::Session;
use crate::session_state::{Restored, Restoring, custom_settings, restore, sequence_value};
use crate::state::{Decision, JournalRow, State};
use crate::state_error::StateError;

/// Runs the revision, or the rest of it.
pub(crate) fn run(
    session: &mut Session,
    run: &RevisionRun<'_>,
    state: &State,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    // Without a transaction, all statements are kept.
    let statements = run.statements().collect::<Result<Vec<_>, _>>()?;
    let statements: Vec<&Statement> = statements.iter().map(AsRef::as_ref).collect();
    let of = statements.len();
    let is_own = |row: &&JournalRow| row.revision == run.id() && row.direction == run.direction;
    let journal: Vec<&JournalRow> = state.journal.iter().filter(is_own).collect();
    check_unchanged(run, &statements, &journal)?;
    session.start_clean()?;
    let resends_settings = resume_session(session, run, &statements, &journal)?;
    if let Some(observer) = lend(&mut observer) {
        let observed = observer.begin(&mut session.connection, Scope::Statement);
        observed.map_err(|source| RunError::Observer { source })?;
    }
    let session_state = session.tables.session_state(&custom(run, &statements)?);
    for (index, &statement) in statements.iter().enumerate() {
        let note = Note { revision: run.id(), direction: run.direction, number: index + 1 };
        let row = journal.iter().copied().find(|row| row.statement == note.number);
        let session_state = &session_state;
        JournaledStatement { run, statement, note, row, of, resends_settings, session_state }
            .run(session, lend(&mut observer))?;
    }
    let outcome = || run.partially_applied(of, of);
    let started = session.tables.journal_started(run.id());
    let bookkeeping = run.bookkeeping_checked(&session.tables, &started);
    let bookkeeping = bookkeeping.map_err(|source| RunError::Reading { source, outcome: outcome() })?;
    let clear = session.tables.journal_clear(run.id());
    session.connection.send(&format!("BEGIN READ WRITE;\n{bookkeeping}{clear}COMMIT;")).map_err(|source| {
        session.connection.roll_back();
        not_recorded(session, run, None, source, outcome())
    })
}

/// The custom settings that the statements may set.
fn custom(run: &RevisionRun<'_>, statements: &[&Statement]) -> Result<Vec<String>, Error> {
    /// Settings are not in the data of a large INSERT.
    const LONG: usize = 64 * 1024;
    let mut names = Vec::new();
    for statement in statements {
        let text = run.script().text(statement)?;
        if text.len() < LONG {
            names.extend(custom_settings(&text));
        }
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// Restores the session state that the finished statements had set up. Returns `true` if the journal lacks it, because
/// an earlier version wrote the journal.
fn resume_session(
    session: &mut Session,
    run: &RevisionRun<'_>,
    statements: &[&Statement],
    journal: &[&JournalRow],
) -> Result<bool, Error> {
    let finished = journal.iter().filter(|row| row.is_finished).count();
    if finished == 0 || finished == statements.len() {
        return Ok(false);
    }
    let outcome = || run.partially_applied(finished, statements.len());
    let gone = |what: String| StateError::SessionGone {
        revision: run.id().to_owned(),
        statement: finished,
        what,
        rows_after: run.heads_after(),
    };
    for statement in &statements[finished..] {
        let text = run.script().text(statement)?;
        if let Some(function) = sequence_value(&text) {
            return Err(gone(format!("the sequence value that {function}() returns")).into());
        }
    }
    // At the start of a statement, nothing is left of the transaction of the one before it.
    let stopped = journal.iter().find(|row| !row.is_finished).and_then(|row| row.session.as_deref());
    let last = || journal.iter().rev().find(|row| row.is_finished).and_then(|row| row.session.as_deref());
    let Some(state) = stopped.or_else(last) else { return Ok(true) };
    match restore(session, state, run.script(), &statements[..finished]) {
        Ok(Restored::Entirely) => Ok(false),
        Ok(Restored::Without(what)) => Err(gone(what).into()),
        Err(Restoring::Query(source)) => Err(failed(session, source, outcome())),
        Err(Restoring::File(source)) => Err(RunError::Reading { source, outcome: outcome() }.into()),
    }
}

/// A statement of the revision, with its journal row.
struct JournaledStatement<'a> {
    run: &'a RevisionRun<'a>,
    statement: &'a Statement,
    note: Note<'a>,
    row: Option<&'a JournalRow>,
    /// The number of statements.
    of: usize,
    /// Whether to send the settings of finished statements again.
    resends_settings: bool,
    /// The state of the session, as an SQL expression.
    session_state: &'a str,
}

impl JournaledStatement<'_> {
    /// The state that a failure leaves: the statements before this one have run.
    fn outcome(&self) -> Outcome {
        self.run.partially_applied(self.note.number - 1, self.of)
    }

    fn failed(&self, session: &Session, source: QueryError) -> Error {
        failed(session, source, self.outcome())
    }

    fn not_recorded(&self, session: &Session, source: QueryError) -> Error {
        not_recorded(session, self.run, Some(self.statement), source, self.outcome())
    }

    fn text(&self) -> Result<Cow<'_, str>, Error> {
        let text = self.run.script().text(self.statement);
        text.map_err(|source| RunError::Reading { source, outcome: self.outcome() }.into())
    }

    /// Runs the statement, unless an earlier run has finished it.
    fn run(&self, session: &mut Session, mut observer: Option<&mut dyn Observer>) -> Result<(), Error> {
        let Self { statement, ref note, row, of, .. } = *self;
        let text = self.text()?;
        let done_before = row.is_some_and(|row| row.is_finished);
        let first_line = text.lines().next().unwrap_or_default().to_owned();
        session.report(Event::Statement { number: note.number, of, text: first_line, done_before });
        if done_before {
            // The remaining statements need its settings.
            let resends = self.resends_settings && statement.nature.changes_session;
            let sent = if resends { session.connection.send(&text) } else { Ok(()) };
            return sent.map_err(|source| self.failed(session, source));
        }
        session.check_interrupted().map_err(|_| RunError::Interrupted { outcome: Some(self.outcome()) })?;
        if let Some(row) = row {
            match self.continuation(session, row, &effect(&text))? {
                Continuation::Run => {}
                Continuation::Skip => return self.finish(session),
                Continuation::Finish(rest) => {
                    session.report(Event::Finishing { statement: rest.clone() });
                    session.connection.send(&rest).map_err(|source| self.failed(session, source))?;
                    return self.finish(session);
                }
                Continuation::Unknown => return Err(self.may_have_run().into()),
            }
        }
        if !statement.nature.needs_no_transaction {
            self.start(session, TOGETHER)?;
            let entry = format!("{BEFORE_ENTRY}{}", self.entry(session));
            match self.send(session, Some(&entry), lend(&mut observer)) {
                Err(failure) if self.can_run_alone(session, &failure) => {}
                sent => return sent.map_err(|failure| self.error(session, failure)),
            }
        }
        self.run_alone(session, &effect(&text), observer)
    }

    /// Whether the server has refused to run the statement in a transaction. It has rolled back everything.
    fn can_run_alone(&self, session: &Session, failure: &Failure) -> bool {
        self.statement.copy.is_none() && !session.connection.is_closed() && failure.is_about_transaction()
    }

    /// Runs the statement, then writes its journal entry.
    fn run_alone(
        &self,
        session: &mut Session,
        effect: &Effect,
        observer: Option<&mut dyn Observer>,
    ) -> Result<(), Error> {
        let index = inspect::invalid_namesake(session, effect).map_err(|source| self.failed(session, source))?;
        if let Some(index) = index {
            let (path, line) = (self.run.script().path().to_owned(), self.statement.place.line);
            return Err(RunError::InvalidIndex { path, line, index, outcome: self.outcome() }.into());
        }
        let before = inspect::before(session, effect).map_err(|source| self.failed(session, source))?;
        // The attempt in a transaction may have released the lock, which no rollback restores.
        self.start(session, &before)?;
        self.send(session, None, observer).map_err(|failure| self.error(session, failure))?;
        match write(session, &self.entry(session)) {
            Err(source) if Failure::between(source.clone()).is_lock_released() => Err(self.note_release(session)),
            written => written.map_err(|source| self.not_recorded(session, source)),
        }
    }

    /// Marks the statement, which has released the lock and can't be rolled back, as finished, unless another session has
    /// taken the lock: its run may have changed the journal.
    fn note_release(&self, session: &mut Session) -> Error {
        let finish = session.tables.journal_finish(&self.note, self.session_state);
        let written = write(session, &(session.tables.retake_lock() + &finish));
        self.released(self.note.number - usize::from(written.is_err()))
    }

    /// The error of a statement that has released the lock, given the number of statements that have run.
    fn released(&self, done: usize) -> Error {
        let (path, line) = (self.run.script().path().to_owned(), self.statement.place.line);
        RunError::LockReleased { path, line, outcome: self.run.partially_applied(done, self.of) }.into()
    }

    fn start(&self, session: &mut Session, before: &str) -> Result<(), Error> {
        let tables = &session.tables;
        let start = tables.check_lock() + &tables.journal_start(&self.note, self.statement, before, self.session_state);
        write(session, &start).map_err(|source| self.error(session, Failure::between(source)))
    }

    /// Marks the statement as finished, unless it has released the lock or changed one of the engine's tables.
    fn entry(&self, session: &Session) -> String {
        let tables = &session.tables;
        tables.check_lock() + &tables.check() + &tables.journal_finish(&self.note, self.session_state)
    }

    fn finish(&self, session: &mut Session) -> Result<(), Error> {
        write(session, &self.entry(session)).map_err(|source| self.not_recorded(session, source))
    }

    fn send(
        &self,
        session: &mut Session,
        entry: Option<&str>,
        observer: Option<&mut dyn Observer>,
    ) -> Result<(), Failure> {
        session.watch.begin();
        let sent = send(&mut session.connection, self.run.script(), self.statement, entry, observer);
        session.watch.end();
        sent
    }

    /// The error of the statement. An error of the server is noted, because it means that the statement has not
    /// succeeded. After any other, that is unknown.
    fn error(&self, session: &mut Session, failure: Failure) -> Error {
        let is_released = failure.is_lock_released();
        if let Cause::Query(QueryError::Server(error)) = &failure.cause {
            // If another session has taken the lock, its run may have changed the row. If this fails, the row looks as if the
            // run had died.
            let note = session.tables.journal_error(&self.note, &error.to_string());
            let note = session.tables.retake_lock() + &note;
            let _ = repeat_if_canceled(|| write(session, &note));
        }
        match session.is_interrupted() {
            true => RunError::Interrupted { outcome: Some(self.outcome()) }.into(),
            false if is_released => self.released(self.note.number - 1),
            false => self.run.error(failure, self.outcome()),
        }
    }

    /// How to continue with the statement, which an earlier run started.
    fn continuation(&self, session: &mut Session, row: &JournalRow, effect: &Effect) -> Result<Continuation, Error> {
        match row.decision {
            Some(Decision::Done) => return Ok(Continuation::Skip),
            Some(Decision::Again) => return Ok(Continuation::Run),
            None => {}
        }
        let has_failed = row.error.is_some();
        let is_edited = row.checksum.is_some_and(|checksum| checksum != self.statement.digest);
        let continuation = match &row.before {
            Some(before) => inspect::after(session, before, effect, has_failed, is_edited),
            // Earlier versions ran statements that are known to be transactional in one transaction with their entry.
            None if self.statement.nature.journals_atomically => Ok(Continuation::Run),
            None => inspect::before_of_earlier_version(session, effect)
                .and_then(|before| inspect::after(session, &before, effect, has_failed, is_edited)),
        };
        continuation.map_err(|source| self.failed(session, source))
    }

    fn may_have_run(&self) -> StateError {
        StateError::MayHaveRun {
            revision: self.run.id().to_owned(),
            path: self.run.script().path().to_owned(),
            statement: self.note.number,
            line: self.statement.place.line,
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

/// The error of a journal entry, or of the bookkeeping, after a statement.
fn not_recorded(
    session: &Session,
    run: &RevisionRun<'_>,
    statement: Option<&Statement>,
    source: QueryError,
    outcome: Outcome,
) -> Error {
    // The position of the error, if any, is in the engine's own SQL.
    let at = statement.map(|statement| Box::new(statement.place.excerpt("", 0)));
    let failure = Failure { cause: source.clone().into(), at };
    match failure.is_of_engine() {
        true => run.error(failure, outcome),
        false => failed(session, source, outcome),
    }
}

/// Writes to the journal as the role that logged in, regardless of what the revision has set.
fn write(session: &mut Session, entry: &str) -> Result<(), QueryError> {
    let sent = session.connection.send(&format!("BEGIN READ WRITE;\n{BEFORE_ENTRY}{entry}COMMIT;"));
    sent.inspect_err(|_| _ = session.connection.roll_back())
}

/// Refuses edits of statements that have run, or may have run.
fn check_unchanged(
    run: &RevisionRun<'_>,
    statements: &[&Statement],
    journal: &[&JournalRow],
) -> Result<(), StateError> {
    let (revision, path) = (|| run.id().to_owned(), || run.script().path().to_owned());
    for row in journal {
        let statement = row.statement.checked_sub(1).and_then(|index| statements.get(index));
        let is_same = statement.is_some_and(|statement| Some(statement.digest) == row.checksum);
        if row.is_finished {
            if !is_same {
                return Err(StateError::EditedHalfWay {
                    revision: revision(),
                    path: path(),
                    statement: row.statement,
                    line: row.line,
                });
            }
            continue;
        }
        // If the server has reported an error, or a missing entry means that it has not run, it may be edited.
        let may_have_run = row.error.is_none() && row.before.as_deref() != Some(TOGETHER) && row.decision.is_none();
        if may_have_run && !is_same && row.checksum.is_some() {
            return Err(StateError::EditedWhileUnknown {
                revision: revision(),
                path: path(),
                statement: row.statement,
                line: row.line,
            });
        }
    }
    Ok(())
}
