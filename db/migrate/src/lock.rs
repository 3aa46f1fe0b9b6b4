//! The lock that only one migration of a database's tables holds.

use std::thread::sleep;
use std::time::{Duration, Instant};

use connection::first;

use crate::error::Error;
use crate::event::Event;
use crate::lock_error::LockError;
use crate::session::Session;

/// Waits for the lock. It belongs to the session, and ends with it.
///
/// Polled, in autocommit: a session that blocks in `pg_advisory_lock` holds a snapshot, which CREATE INDEX CONCURRENTLY in the session
/// that has the lock would wait for.
///
/// # Errors
/// `lock_wait` has passed, or the connection goes through a pooler that hands out other backends.
pub(crate) fn acquire(session: &mut Session) -> Result<(), Error> {
    let (key, lock_wait) = (session.tables.lock_key, session.options.lock_wait);
    let deadline = Instant::now() + lock_wait;
    let mut pause = Duration::from_millis(50);
    let mut reported = None;
    let attempt = format!("SELECT pg_try_advisory_lock({key})");
    while first(&session.connection.rows(&attempt)?, 0) != Some("t") {
        session.check_interrupted()?;
        let remaining = deadline.saturating_duration_since(Instant::now());
        let holder = holder(session)?;
        if remaining.is_zero() {
            return Err(LockError::NotObtained { waited: lock_wait, holder }.into());
        }
        // The session of a run that has just ended may still exist: that is not worth reporting.
        let has_waited = lock_wait.saturating_sub(remaining) > Duration::from_millis(250);
        if has_waited && reported != Some(holder.clone()) {
            session.report(Event::WaitingForLock { holder: holder.clone(), remaining });
            reported = Some(holder);
        }
        sleep(pause.min(remaining));
        pause = (pause * 3 / 2).min(Duration::from_secs(1));
    }
    // A transaction pooler may run the next query on another backend: there the lock is not ours.
    let query = format!("SELECT pg_backend_pid() FROM pg_locks WHERE pid = pg_backend_pid() AND {}", is_lock(key));
    let holds = session.connection.rows(&query)?;
    let is_held = first(&holds, 0).and_then(|pid| pid.parse().ok()) == Some(session.connection.backend());
    if !is_held || session.connection.is_shared()? {
        return Err(LockError::Pooler.into());
    }
    Ok(())
}

fn holder(session: &mut Session) -> Result<Option<String>, Error> {
    let query = format!(include_str!("sql/lock_holder.sql"), is_lock = is_lock(session.tables.lock_key));
    Ok(first(&session.connection.rows(&query)?, 0).map(str::to_owned))
}

/// Which rows of `pg_locks` are the lock, held: a key of 64 bits is shown in halves.
fn is_lock(key: i64) -> String {
    let (high, low) = ((key as u64 >> 32) as u32, key as u32);
    format!("locktype = 'advisory' AND granted AND classid = {high} AND objid = {low} AND objsubid = 1")
}
