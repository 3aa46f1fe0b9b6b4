//! Revisions that run in a transaction: statements, version rows and log row commit together, or not at all.
//!
//! A revision is sent to the server as one message: BEGIN, its statements, the bookkeeping, COMMIT. It is sent
//! statement by statement, still in one transaction, if it has COPY data, if it is observed, or to find the statement
//! that failed.

use std::time::{Duration, Instant};

use connection::QueryError;
use revision::Statement;

use crate::error::Error;
use crate::event::Event;
use crate::observer::{Observer, lend};
use crate::retry::{lock_timeout, pause_before};
use crate::revision_run::{Cause, Failure, RevisionRun};
use crate::run_error::RunError;
use crate::send::send;
use crate::session::Session;

/// Runs the revision. A transaction that can't get its locks is retried.
pub(crate) fn run(
    session: &mut Session,
    run: &RevisionRun<'_>,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Error> {
    let statements = run.statements();
    let sends_singly = observer.is_some() || statements.iter().any(|statement| statement.copy.is_some());
    let mut attempt = 1;
    let mut lost = Duration::ZERO;
    loop {
        session.check_interrupted().map_err(|_| RunError::Interrupted { outcome: Some(run.rolled_back()) })?;
        let lock_timeout = lock_timeout(&session.options, attempt, lost);
        let begin = begin(session, run, lock_timeout);
        session.watch.begin();
        let start = Instant::now();
        let sent = match sends_singly {
            true => send_singly(session, run, &begin, &statements, lend(&mut observer)),
            false => send_as_one(session, run, &begin, &statements),
        };
        let blocker = session.watch.end();
        let Err(failure) = sent else { return Ok(()) };
        session.is_suspect = true;
        let is_alive = session.connection.roll_back();
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
        if is_alive && !sends_singly {
            session.deallocate()?;
        }
        // The error of a message does not always say which of its statements failed.
        let failure = if sends_singly { Some(failure) } else { locate(session, run, &statements, failure, is_alive) };
        return failure.map_or(Ok(()), |failure| Err(run.error(failure, run.after_failure(is_alive))));
    }
}

/// `BEGIN`, and the settings of the transaction.
fn begin(session: &Session, run: &RevisionRun<'_>, lock_timeout: Duration) -> String {
    let options = &session.options;
    let mut sql = format!("{}BEGIN;\nSET LOCAL lock_timeout = {};\n", session.clean(), lock_timeout.as_millis());
    if !options.statement_timeout.is_zero() {
        sql.push_str(&format!("SET LOCAL statement_timeout = {};\n", options.statement_timeout.as_millis()));
    }
    if !run.is_last {
        sql.push_str("SET LOCAL synchronous_commit = off;\n");
    }
    sql
}

/// Sends the entire revision as one message.
fn send_as_one<'a>(
    session: &mut Session,
    run: &RevisionRun<'a>,
    begin: &str,
    statements: &[&'a Statement],
) -> Result<(), Failure<'a>> {
    let mut message = begin.to_owned();
    let mut starts = Vec::with_capacity(statements.len());
    for &statement in statements {
        starts.push(message.len());
        let text = run.script().text(statement).map_err(|error| Failure::of(statement, "", error))?;
        message.push_str(&text);
        message.push_str(statement.terminator());
    }
    let end = message.len();
    let bookkeeping = match session.is_prepared {
        true => run.bookkeeping_prepared(&session.tables),
        false => run.bookkeeping(&session.tables, "now()"),
    };
    message.push_str(&bookkeeping.map_err(Failure::between)?);
    message.push_str("COMMIT;");
    let sent = session.connection.send(&message);
    session.is_suspect = true;
    sent.map_err(|error| {
        // The server counts characters of the message, from 1.
        let position = match &error {
            QueryError::Server(server) => server.position,
            _ => None,
        };
        let byte = position.and_then(|position| message.char_indices().nth(position.saturating_sub(1)));
        let at = byte.map(|(byte, _)| byte).filter(|&byte| byte < end).and_then(|byte| {
            let index = starts.iter().rposition(|&start| start <= byte)?;
            Some((statements[index], byte - starts[index]))
        });
        Failure { cause: error.into(), at }
    })
}

/// Sends the revision statement by statement, in one transaction.
fn send_singly<'a>(
    session: &mut Session,
    run: &RevisionRun<'a>,
    begin: &str,
    statements: &[&'a Statement],
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Failure<'a>> {
    session.connection.send(begin).map_err(Failure::between)?;
    session.is_suspect = true;
    if let Some(observer) = lend(&mut observer) {
        let observed = observer.begin(&mut session.connection, run.script());
        observed.map_err(|error| Failure { cause: Cause::Observer(error), at: None })?;
    }
    for &statement in statements {
        send(&mut session.connection, run.script(), statement, None, lend(&mut observer))?;
    }
    let bookkeeping = run.bookkeeping_checked(&session.tables, "now()").map_err(Failure::between)?;
    session.connection.send(&format!("{bookkeeping}COMMIT;")).map_err(Failure::between)
}

/// Finds the statement that failed, if the server did not report a position, by running the revision statement by
/// statement. The revision was rolled back entirely, so this is another attempt: if it succeeds, the revision is
/// applied.
fn locate<'a>(
    session: &mut Session,
    run: &RevisionRun<'a>,
    statements: &[&'a Statement],
    failure: Failure<'a>,
    is_alive: bool,
) -> Option<Failure<'a>> {
    if !is_alive || failure.at.is_some() || statements.is_empty() {
        return Some(failure);
    }
    if let [only] = statements
        && !failure.is_version_row_gone()
        && !failure.may_lack_table(&session.tables)
    {
        return Some(Failure { at: Some((only, 0)), ..failure });
    }
    session.report(Event::Locating { revision: run.id().to_owned() });
    let begin = begin(session, run, session.options.lock_timeout);
    let located = send_singly(session, run, &begin, statements, None).err()?;
    session.connection.roll_back();
    Some(located)
}
