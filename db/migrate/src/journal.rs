//! Revisions with `Transaction: off`: statement by statement, each noted before and after.
//!
//! A row of the journal without an end is the statement that was under way when a run stopped; the next run goes on
//! there. The note after a statement is part of its transaction, where it can have one. When all are done, version row and log row are written and the journal of the revision goes, in one commit.

use crate::bookkeeping::quote_literal;
use crate::database::{Session, first};
use crate::error::{Aftermath, DatabaseError, Error};
use crate::event::Event;
use crate::execute::{Work, during};
use crate::script::{Statement, to_hex};
use crate::state::{JournalRow, State};
use crate::transaction::{ConcurrentIndex, changes_session, concurrent_index};

impl Session {
    pub(crate) fn run_journaled(&mut self, work: &Work<'_>, state: &State) -> Result<(), Error> {
        let (revision, direction) = (work.revision(), work.direction);
        let statements = work.statements();
        let journal: Vec<&JournalRow> =
            state.journal.iter().filter(|row| row.revision == revision && row.direction == direction.name()).collect();
        check_unchanged(work, &statements, &journal)?;
        let reset = self.reset.clone();
        self.send(&reset)?;
        for (index, statement) in statements.iter().enumerate() {
            let number = index + 1;
            let half_done = || Aftermath::HalfDone {
                revision: revision.to_owned(),
                direction,
                done: index,
                of: statements.len(),
                heads: work.heads_before(),
            };
            let row = journal.iter().find(|row| row.statement == number);
            let done_before = row.is_some_and(|row| row.finished);
            (self.listener)(Event::Statement {
                number,
                of: statements.len(),
                text: statement.text.lines().next().unwrap_or_default().to_owned(),
                done_before,
            });
            if done_before {
                if changes_session(statement) {
                    self.send(&statement.text)?;
                }
                continue;
            }
            self.check_interrupted().map_err(|_| DatabaseError::Interrupted { state: Some(half_done()) })?;
            let finish = self.tables.journal_finish(revision, direction, number);
            if let Some(row) = row
                && self.clear_the_way(statement, row)? == Way::AlreadyDone
            {
                self.note(&finish).map_err(|error| during(error, half_done()))?;
                continue;
            }
            let start = self.tables.journal_start(revision, direction, number, statement);
            self.note(&start).map_err(|error| during(error, half_done()))?;
            if let Err(error) = self.send_noted(work, statement, &finish, half_done()) {
                // If this can't be noted either, the row looks like that of a run that died, which is true enough.
                let _ = self.note(&self.tables.journal_error(revision, direction, number, &error.to_string()));
                return Err(error);
            }
        }
        let started = self.tables.journal_started(revision);
        let bookkeeping = work.bookkeeping(&self.tables, &started);
        let clear = self.tables.journal_clear(revision);
        let heads = work.heads_before();
        let of = statements.len();
        let state = Aftermath::HalfDone { revision: revision.to_owned(), direction, done: of, of, heads };
        self.send(&format!("BEGIN;\n{bookkeeping}{clear}COMMIT;")).map_err(|error| {
            self.roll_back();
            DatabaseError::During { error: Box::new(error.into()), state }.into()
        })
    }

    /// What was done without its note being written is done: an index that is there and valid, or gone. An index that CREATE INDEX
    /// CONCURRENTLY could not finish is there, invalid, in the way of the next try.
    fn clear_the_way(&mut self, statement: &Statement, row: &JournalRow) -> Result<Way, Error> {
        let Some(index) = concurrent_index(&statement.text) else { return Ok(Way::Free) };
        let (ConcurrentIndex::Create(name) | ConcurrentIndex::Drop(name)) = &index;
        let query = format!(
            "SELECT i.indexrelid::regclass, i.indisvalid FROM pg_index i WHERE i.indexrelid = to_regclass({})",
            quote_literal(name)
        );
        let found = self.rows(&query)?;
        match (&index, first(&found, 0), first(&found, 1)) {
            // The server has refused it: then it says so again.
            (_, _, Some("t")) | (ConcurrentIndex::Drop(_), None, _) if row.error.is_some() => Ok(Way::Free),
            (ConcurrentIndex::Create(_), Some(_), Some("t")) | (ConcurrentIndex::Drop(_), None, _) => {
                Ok(Way::AlreadyDone)
            }
            (ConcurrentIndex::Create(_), Some(index), Some("f")) => {
                self.send(&format!("DROP INDEX CONCURRENTLY {index}"))?;
                (self.listener)(Event::DroppedInvalidIndex { index: index.to_owned() });
                Ok(Way::Free)
            }
            _ => Ok(Way::Free),
        }
    }
}

/// Whether a statement that an earlier run began can be run again.
#[derive(PartialEq, Eq)]
enum Way {
    Free,
    /// It has been run already.
    AlreadyDone,
}

/// What has been run can't be edited any more.
fn check_unchanged(work: &Work<'_>, statements: &[&Statement], journal: &[&JournalRow]) -> Result<(), Error> {
    for row in journal.iter().filter(|row| row.finished) {
        let same = statements.get(row.statement - 1).is_some_and(|statement| to_hex(&statement.digest) == row.checksum);
        if !same {
            return Err(DatabaseError::EditedHalfWay {
                revision: work.revision().to_owned(),
                path: work.script.path.clone(),
                statement: row.statement,
                line: row.line,
            }
            .into());
        }
    }
    Ok(())
}
