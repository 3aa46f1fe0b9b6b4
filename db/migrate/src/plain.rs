//! Runs a plain SQL file, such as one with the rows of a development database, in one transaction.

use revision::Script;

use crate::error::Error;
use crate::outcome::Outcome;
use crate::revision_run::{Cause, Failure};
use crate::run_error::RunError;
use crate::send::send;
use crate::session::Session;

impl Session {
    /// Runs a file that [`Script::read_plain`] has read, in one transaction. Returns the number of its statements.
    /// Nothing is recorded: what happens when it runs again is up to the file.
    ///
    /// # Errors
    /// A statement fails, or the connection is lost. The error has the place in the file, and the state of the database.
    pub fn run_plain(&mut self, script: &Script) -> Result<usize, Error> {
        self.check_writable()?;
        self.watch.begin();
        let ran = self.run_statements(script);
        self.watch.end();
        self.is_suspect = true;
        ran.map_err(|failure| {
            let is_rolled_back = self.connection.roll_back() || failure.has_aborted();
            let outcome = if is_rolled_back { Outcome::NothingRan } else { Outcome::AllOrNothing };
            match self.is_interrupted() {
                true => RunError::Interrupted { outcome: Some(outcome) }.into(),
                false => failure.into_error(script, outcome),
            }
        })
    }

    fn run_statements(&mut self, script: &Script) -> Result<usize, Failure> {
        let mut count = 0;
        let begin = self.begin(self.options.lock_timeout);
        self.connection.send(&begin).map_err(Failure::between)?;
        for statement in script.effective(script.upgrade()) {
            if self.is_interrupted() {
                return Err(Failure::between(Cause::Interrupted));
            }
            send(&mut self.connection, script, &*statement.map_err(Failure::between)?, None, None)?;
            count += 1;
        }
        self.connection.send("COMMIT").map_err(Failure::between)?;
        Ok(count)
    }
}
