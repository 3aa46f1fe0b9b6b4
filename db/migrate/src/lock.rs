//! The migration lock, which one session at a time holds for each version table.

use std::thread::sleep;
use std::time::{Duration, Instant};

use connection::{LONGEST_WAIT, first};

use crate::error::Error;
use crate::event::Event;
use crate::lock_error::LockError;
use crate::session::Session;
use crate::tables::is_lock;

/// Waits for the lock, which belongs to the session and ends with it.
///
/// The lock is polled in autocommit: a session that blocks in `pg_advisory_lock` has a snapshot, and CREATE INDEX
/// CONCURRENTLY in the session that holds the lock would wait for that snapshot.
///
/// # Errors
/// `lock_wait` has passed, or the connection goes through a transaction pooler.
pub(crate) fn acquire(session: &mut Session) -> Result<(), Error> {
    let (key, lock_wait) = (session.tables.lock_key, session.options.lock_wait);
    let deadline = Instant::now() + lock_wait.min(LONGEST_WAIT);
    let mut pause = Duration::from_millis(50);
    let mut reported = None;
    let attempt = format!("SELECT pg_try_advisory_lock({key})");
    while first(&session.connection.query(&attempt)?, 0) != Some("t") {
        session.check_interrupted()?;
        let remaining = deadline.saturating_duration_since(Instant::now());
        let holder = holder(session)?;
        if remaining.is_zero() {
            return Err(LockError::NotObtained { waited: lock_wait, holder }.into());
        }
        // The session of a run that has just ended may hold it for a moment longer. That is not worth reporting.
        let has_waited = lock_wait.saturating_sub(remaining) > Duration::from_millis(250);
        if has_waited && reported != Some(holder.clone()) {
            session.report(Event::WaitingForLock { holder: holder.clone(), remaining });
            reported = Some(holder);
        }
        sleep(pause.min(remaining));
        pause = (pause * 3 / 2).min(Duration::from_secs(1));
    }
    // A transaction pooler may run the next query on another backend, which does not hold the lock.
    let query = format!("SELECT pg_backend_pid() FROM pg_locks WHERE pid = pg_backend_pid() AND {}", is_lock(key));
    let holds = session.connection.query(&query)?;
    let is_held = first(&holds, 0).and_then(|pid| pid.parse().ok()) == Some(session.connection.backend());
    if !is_held || session.connection.is_shared()? {
        return Err(LockError::Pooler.into());
    }
    Ok(())
}

fn holder(session: &mut Session) -> Result<Option<String>, Error> {
    let query = format!(include_str!("sql/lock_holder.sql"), is_lock = is_lock(session.tables.lock_key));
    Ok(first(&session.connection.query(&query)?, 0).map(str::to_owned))
}
