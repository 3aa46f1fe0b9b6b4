//! Finds what a revision needs dropped if the server has refused it because of objects of `objects`.
//!
//! - Objects depend on what it changes: first those that depend on something that it names, then, if that is not enough,
//!   all of them.
//! - It creates an object that a file has created: that object.

use crate::error::Error;
use crate::event::Event;
use crate::need::Need;
use crate::object_drops::{Drops, Reach, Refusal};
use crate::outcome::Outcome;
use crate::revision_run::RevisionRun;
use crate::run_error::RunError;
use crate::session::Session;

/// What a revision needs dropped.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    /// How many of the two sets of dependents have been tried.
    tried: usize,
    drops: Drops,
}

impl Needs {
    /// Finds more to drop, and reports it. Returns `false` if there is nothing. `outcome` is the state of the database.
    ///
    /// # Errors
    /// Objects that no file creates depend on what would be dropped.
    pub(crate) fn grow(
        &mut self,
        session: &mut Session,
        run: &RevisionRun<'_>,
        need: Need,
        outcome: &Outcome,
    ) -> Result<bool, Error> {
        if run.objects.applied.created().next().is_none() {
            return Ok(false);
        }
        let text = text(run)?;
        let reaches = match need {
            Need::Name => vec![Reach::Named(&text)],
            Need::Dependents => [Reach::Dependents(&text), Reach::All].into_iter().skip(self.tried).collect(),
        };
        for reach in reaches {
            self.tried += usize::from(need == Need::Dependents);
            let (known, in_transaction) = (|name: &str| run.objects.is_known(name), session.rehearsal.is_some());
            let (connection, applied) = (&mut session.connection, run.objects.applied);
            let drops = Drops::for_revision(connection, in_transaction, applied, known, reach, &self.drops);
            let drops = drops.map_err(|refusal| refused(refusal, run, outcome))?;
            if drops.len() > self.drops.len() {
                let (revision, objects) = (run.id().to_owned(), drops.described());
                session.report(Event::DroppingObjects { revision, objects });
                self.drops = drops;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Drops them, and records it.
    pub(crate) fn sql(&self, session: &Session, run: &RevisionRun<'_>) -> String {
        self.drops.sql(run.objects.applied, &session.tables, run.provenance)
    }
}

fn refused(refusal: Refusal, run: &RevisionRun<'_>, outcome: &Outcome) -> Error {
    match refusal {
        Refusal::Query(error) => error.into(),
        Refusal::Foreign { objects, dependents } => {
            let (path, outcome) = (run.script().path().to_owned(), outcome.clone());
            RunError::ForeignDependents { path, objects, dependents, outcome }.into()
        }
    }
}

/// The statements of the revision, without the long ones, which are rows.
fn text(run: &RevisionRun<'_>) -> Result<String, Error> {
    /// In bytes.
    const LONG: u64 = 64 * 1024;
    let mut text = String::new();
    for statement in run.statements() {
        let statement = statement?;
        if statement.length() < LONG {
            text.push_str(&run.script().text(&statement)?);
            text.push('\n');
        }
    }
    Ok(text)
}
