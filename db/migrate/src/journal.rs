//! Revisions with `Transaction: off`: statement by statement, each noted before and after.
//!
//! A row of the journal without an end is the statement that was under way when a run stopped; the next run goes on
//! there. When all are done, version row and log row are written and the journal of the revision goes, in one commit.

use crate::bookkeeping::quote_literal;
use crate::database::{Session, first};
use crate::error::{Aftermath, DatabaseError, Error};
use crate::event::Event;
use crate::execute::Work;
use crate::script::{Statement, to_hex};
use crate::state::{JournalRow, State};
use crate::transaction::concurrent_index;

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
                continue;
            }
            self.check_interrupted().map_err(|_| DatabaseError::Interrupted { state: Some(half_done()) })?;
            if row.is_some() {
                self.drop_invalid_index(statement)?;
            }
            // What the revision itself has set stays in force: only the bookkeeping steps out of it.
            let start = self.tables.journal_start(revision, direction, number, statement);
            self.send(&start)?;
            self.send_statement(work, statement, half_done())?;
            let finish = self.tables.journal_finish(revision, direction, number);
            self.send(&finish)?;
        }
        let started = self.tables.journal_started(revision);
        let bookkeeping = work.bookkeeping(self, &started);
        let clear = self.tables.journal_clear(revision);
        Ok(self.send(&format!("BEGIN;\n{bookkeeping}{clear}COMMIT;"))?)
    }

    /// An index that CREATE INDEX CONCURRENTLY could not finish is there, invalid, in the way of the next try.
    fn drop_invalid_index(&mut self, statement: &Statement) -> Result<(), Error> {
        let Some(name) = concurrent_index(&statement.text) else { return Ok(()) };
        let query = format!(
            "SELECT i.indexrelid::regclass FROM pg_index i WHERE i.indexrelid = to_regclass({}) AND NOT i.indisvalid",
            quote_literal(&name)
        );
        let found = self.rows(&query)?;
        if let Some(index) = first(&found, 0) {
            self.send(&format!("DROP INDEX CONCURRENTLY {index}"))?;
            (self.listener)(Event::DroppedInvalidIndex { index: index.to_owned() });
        }
        Ok(())
    }
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
