//! Applies the files of `objects` after the revisions of a run, in one transaction with a row for each.
//!
//! - A file whose text has changed is run as it is: `CREATE OR REPLACE` keeps what depends on the object, and its privileges.
//!   If the server can't replace an object (a view with other columns, a function with another result), everything is rolled
//!   back and starts again: first, what the file has created and what depends on it is dropped, then the files of both are
//!   applied. What the new text no longer creates is dropped at the end of its file.
//! - A policy, and a trigger that is not replaced, is dropped right before its statement.
//! - A file with `SELECT *`, `ON ALL TABLES IN SCHEMA` and the like is applied again after revisions have run: otherwise, the
//!   result would depend on when it was applied first.
//! - A revision that the server refuses because objects depend on what it changes is tried again with them dropped in its own
//!   transaction (`execute.rs`). The table records this, and this step creates them again; if the run stops in between,
//!   the next run does.
//! - After an upgrade to all heads, every file has to load. After any other run, those that load are applied, and the others
//!   are reported and remain to be applied.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use connection::QueryError;
use revision::{ObjectFile, Objects};

use crate::encoding::{lacking, without};
use crate::error::Error;
use crate::event::Event;
use crate::object_attempt::{Applied, Attempt};
use crate::object_state::{AppliedObjects, CatalogObject, ObjectChange};
use crate::object_stop::{Stop, StopCause};
use crate::observer::{Observer, lend};
use crate::outcome::Outcome;
use crate::provenance::Provenance;
use crate::retry::{lock_timeout, pause_before};
use crate::revision_run::Cause;
use crate::run_error::{RunError, StatementError};
use crate::session::Session;

/// Which files a run applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All that are pending. After an upgrade to all heads.
    All,
    /// Those that load. After an upgrade to another target.
    Loadable,
    /// Those that the run has dropped, if they load. After a downgrade.
    Restored,
}

/// The files to apply after the revisions of a run.
pub(crate) struct ObjectRun<'a> {
    pub(crate) objects: &'a Objects,
    pub(crate) applied: AppliedObjects,
    pub(crate) extent: Extent,
    /// The version rows.
    pub(crate) heads: Vec<String>,
    pub(crate) provenance: &'a Provenance,
}

impl ObjectRun<'_> {
    /// Applies the files after revisions, if any have run. Returns how many.
    pub(crate) fn after(
        mut self,
        session: &mut Session,
        has_table: bool,
        has_run: bool,
        observer: Option<&mut dyn Observer>,
    ) -> Result<usize, Error> {
        match has_table {
            false if self.objects.is_empty() => return Ok(0),
            false => session.ensure_objects_table()?,
            true if has_run => self.applied = session.objects_in_table()?,
            true => {}
        }
        self.run(session, observer)
    }

    fn run(&self, session: &mut Session, observer: Option<&mut dyn Observer>) -> Result<usize, Error> {
        let pending: BTreeSet<usize> = pending(self.objects, &self.applied, self.extent, false).into_keys().collect();
        if pending.is_empty() {
            self.report_removed(session, &[]);
            return Ok(0);
        }
        let (start, rows) = (Instant::now(), self.log_rows(session)?);
        let mut attempt = Attempt {
            objects: self.objects,
            applied: &self.applied,
            provenance: self.provenance,
            rows: &rows,
            pending,
            dropped_first: BTreeSet::new(),
            left_out: BTreeMap::new(),
        };
        let done = self.attempt(session, &mut attempt, observer)?;
        self.report_removed(session, &done.created);
        for (file, object) in &done.dropped {
            session.report(Event::ObjectDropped { name: self.name(*file), object: object.describe() });
        }
        for (file, reason) in attempt.left_out {
            session.report(Event::ObjectLeftOut { name: self.name(file), reason });
        }
        let names: Vec<String> = done.files.iter().map(|&file| self.name(file)).collect();
        let count = names.len();
        if count > 0 {
            session.report(Event::ObjectsApplied { names, elapsed: start.elapsed() });
        }
        Ok(count)
    }

    fn report_removed(&self, session: &Session, created: &[CatalogObject]) {
        for file in self.applied.removed(self.objects, created) {
            session.report(Event::ObjectFileRemoved { name: file.name, objects: file.objects });
        }
    }

    /// Repeats the attempt until it succeeds: after a failure to get its locks, and with what the previous attempt has
    /// found to be necessary.
    fn attempt(
        &self,
        session: &mut Session,
        attempt: &mut Attempt<'_>,
        mut observer: Option<&mut dyn Observer>,
    ) -> Result<Applied, Error> {
        let (mut number, mut lost) = (1, Duration::ZERO);
        loop {
            session.check_interrupted()?;
            session.start_clean()?;
            let (timeout, start) = (lock_timeout(&session.options, number, lost), Instant::now());
            session.watch.begin();
            let tried = attempt.run(session, timeout, lend(&mut observer));
            let blocker = session.watch.end();
            let stop = match tried {
                Ok(done) => return Ok(done),
                Err(stop) => *stop,
            };
            let is_alive = session.roll_back();
            if session.is_interrupted() {
                return Err(RunError::Interrupted { outcome: Some(self.outcome(is_alive)) }.into());
            }
            if let (true, Some(reason)) = (number < session.options.attempts, stop.contention()) {
                let (revision, pause) = ("objects".to_owned(), pause_before(number));
                session.report(Event::Retrying { revision, reason, blocker, attempt: number, pause });
                lost = start.elapsed().saturating_sub(timeout);
                session.wait(pause);
                number += 1;
                continue;
            }
            match stop.file.filter(|_| is_alive) {
                Some(file) if stop.needs_drop() && self.has_created(file) && attempt.dropped_first.insert(file) => {}
                Some(file) if self.extent != Extent::All && stop.does_not_load() => {
                    attempt.left_out.insert(file, stop.message());
                }
                _ => return Err(self.error(stop, is_alive)),
            }
        }
    }

    fn file(&self, index: usize) -> &ObjectFile {
        &self.objects.files()[index]
    }

    fn name(&self, index: usize) -> String {
        self.file(index).name().to_owned()
    }

    fn has_created(&self, index: usize) -> bool {
        self.applied.get(self.file(index).name()).is_some_and(|file| !file.created.is_empty())
    }

    /// The SQL that records each file, in the encoding of the database.
    fn log_rows(&self, session: &mut Session) -> Result<Vec<String>, Error> {
        let mut rows = Vec::new();
        for file in self.objects.files() {
            let row = session.tables.log_object(file, self.provenance);
            let missing = lacking(session, &row)?;
            rows.push(without(row, &missing));
        }
        Ok(rows)
    }

    fn outcome(&self, is_alive: bool) -> Outcome {
        match is_alive {
            true => Outcome::ObjectsRolledBack { heads: self.heads.clone() },
            false => Outcome::ObjectsUnknown { heads: self.heads.clone() },
        }
    }

    fn error(&self, stop: Stop, is_alive: bool) -> Error {
        let outcome = self.outcome(is_alive);
        let path = stop.file.map(|file| self.file(file).path().to_owned()).unwrap_or_default();
        let failure = match stop.cause {
            StopCause::Failure(failure) => failure,
            StopCause::Foreign { objects, dependents } => {
                return RunError::ForeignDependents { path, objects, dependents, outcome }.into();
            }
            StopCause::CreatedTwice { object, other } => {
                let other = self.file(other).path().to_owned();
                return RunError::CreatedTwice { path, object, other, outcome }.into();
            }
        };
        let server = match (failure.cause, stop.file) {
            (Cause::Query(QueryError::Server(server)), Some(_)) if !server.is_fatal => server,
            (Cause::Query(source), _) => return RunError::During { source, outcome }.into(),
            (Cause::Reading(source), _) => return RunError::Reading { source, outcome }.into(),
            (Cause::Observer(source), _) => return RunError::Observer { source }.into(),
            (Cause::Interrupted, _) => return RunError::Interrupted { outcome: Some(outcome) }.into(),
        };
        RunError::Statement(Box::new(StatementError::new(path, failure.at, *server, outcome))).into()
    }
}

/// The files that a run applies, unless more turn out to be necessary. `has_run`: revisions run before them.
pub(crate) fn pending(
    objects: &Objects,
    applied: &AppliedObjects,
    extent: Extent,
    has_run: bool,
) -> BTreeMap<usize, ObjectChange> {
    let mut pending = applied.pending(objects, has_run);
    if extent == Extent::Restored {
        let is_restored = |change: &ObjectChange| !matches!(change, ObjectChange::New | ObjectChange::Edited);
        pending.retain(|&file, change| is_restored(change) && applied.get(objects.files()[file].name()).is_some());
    }
    pending
}
