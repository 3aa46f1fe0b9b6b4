//! Revisions that run in a transaction: statements, version rows and log row commit together, or not at all.
//!
//! A revision is sent to the server as one message: BEGIN, its statements, the bookkeeping, COMMIT. Large ones are sent as
//! several messages. Statements are sent by themselves, still in one transaction, if the revision is observed, or to find
//! the one that failed.

use std::time::{Duration, Instant};

use crate::error::Error;
use crate::event::Event;
use crate::messages::{Messages, Singly, Stop};
use crate::object_needs::Needs;
use crate::observer::{Observer, lend};
use crate::retry::{lock_timeout, pause_before};
use crate::revision_run::{Failure, RevisionRun};
use crate::run_error::RunError;
use crate::session::Session;

/// Runs the revision. A transaction that can't get its locks is retried.
pub(crate) fn run(
    session: &mut Session,
    run: &RevisionRun<'_>,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let singly = if observer.is_some() { Singly::From(0) } else { Singly::None };
    let mut attempt = 1;
    let mut lost = Duration::ZERO;
    let mut needs = Needs::default();
    loop {
        session.check_interrupted().map_err(|_| RunError::Interrupted { outcome: Some(run.rolled_back()) })?;
        let lock_timeout = lock_timeout(&session.options, attempt, lost);
        let begin = begin(session, run, lock_timeout) + &needs.sql(session, run);
        session.watch.begin();
        let start = Instant::now();
        let sent = Messages::new(session, run, &begin, singly).send(lend(&mut observer));
        let blocker = session.watch.end();
        let Err(stop) = sent else { return Ok(()) };
        let failure = &stop.failure;
        session.is_suspect = true;
        let is_alive = session.roll_back();
        if session.is_interrupted() {
            return Err(RunError::Interrupted { outcome: Some(run.after_failure(is_alive)) }.into());
        }
        if is_alive && failure.is_unclean() {
            session.deallocate()?;
            continue;
        }
        if session.is_prepared && failure.is_unprepared() {
            session.is_prepared = false;
            continue;
        }
        if let Some(reason) = failure.contention().filter(|_| attempt < session.options.attempts) {
            let (revision, reason, pause) = (run.id().to_owned(), reason.to_owned(), pause_before(attempt));
            session.report(Event::Retrying { revision, reason, blocker, attempt, pause });
            lost = start.elapsed().saturating_sub(lock_timeout);
            session.wait(pause);
            attempt += 1;
            continue;
        }
        if let Some(need) = failure.need().filter(|_| is_alive)
            && needs.grow(session, run, need, &run.rolled_back())?
        {
            continue;
        }
        if is_alive && singly == Singly::None {
            session.deallocate()?;
        }
        // The error of a message does not always say which of its statements failed. In a rehearsal, all were sent singly.
        let failure = match session.rehearsal {
            Some(_) => Some(stop.failure),
            None => locate(session, run, &needs, *stop, is_alive),
        };
        return failure.map_or(Ok(()), |failure| Err(run.error(failure, run.after_failure(is_alive))));
    }
}

/// `BEGIN`, and the settings of the transaction.
fn begin(session: &Session, run: &RevisionRun<'_>, lock_timeout: Duration) -> String {
    let mut sql = session.begin(lock_timeout);
    if !run.is_last {
        sql.push_str("SET LOCAL synchronous_commit = off;\n");
    }
    sql
}

/// Finds the statement that failed, if the server did not report a position, by running the revision again with the
/// statements of the message that failed by themselves. The revision was rolled back entirely, so this is another attempt:
/// if it succeeds, the revision is applied.
fn locate(
    session: &mut Session,
    run: &RevisionRun<'_>,
    needs: &Needs,
    mut stop: Stop,
    is_alive: bool,
) -> Option<Failure> {
    while is_alive && stop.failure.at.is_none() && stop.failure.changed_table().is_none() {
        match &stop.statements[..] {
            [] => break,
            [only] if !stop.failure.is_version_row_gone() && !stop.failure.may_lack_table(&session.tables) => {
                return Some(Failure { at: Some(Box::new(only.clone())), ..stop.failure });
            }
            _ => {}
        }
        session.report(Event::Locating { revision: run.id().to_owned() });
        let begin = begin(session, run, session.options.lock_timeout) + &needs.sql(session, run);
        // If an earlier message fails this time, the statements of that message are sent by themselves next.
        stop = *Messages::new(session, run, &begin, Singly::From(stop.message)).send(None).err()?;
        session.connection.roll_back();
    }
    Some(stop.failure)
}
