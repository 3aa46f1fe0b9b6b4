//! The lock that only one migration of a database has, and what may be done with it.
//!
//! A plan made without the lock does not compile: only [`Locked`] tells the state to plan from, and executes.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::database::{Session, first};
use crate::error::{DatabaseError, Error};
use crate::event::Event;
use crate::state::State;

impl Session {
    /// Waits for the lock that only one migration of a database has.
    ///
    /// Polled, in autocommit: a session that blocks in `pg_advisory_lock` holds a snapshot, which CREATE INDEX
    /// CONCURRENTLY in the session that has the lock would wait for.
    ///
    /// # Errors
    /// `lock_wait` has passed, or the connection goes through a pooler that hands out other backends.
    pub fn lock(mut self) -> Result<Locked, Error> {
        let key = self.tables.lock_key;
        let deadline = Instant::now() + self.options.lock_wait;
        let mut pause = Duration::from_millis(50);
        let mut told = None;
        let attempt = format!("SELECT pg_try_advisory_lock({key})");
        while first(&self.rows(&attempt)?, 0) != Some("t") {
            self.check_interrupted()?;
            let remaining = deadline.saturating_duration_since(Instant::now());
            let holder = self.lock_holder(key)?;
            if remaining.is_zero() {
                return Err(DatabaseError::LockNotObtained { waited: self.options.lock_wait, holder }.into());
            }
            // The session of a run that has just ended may still be going: that is not worth telling.
            let has_waited = self.options.lock_wait.saturating_sub(remaining) > Duration::from_millis(250);
            if has_waited && told != Some(holder.clone()) {
                (self.listener)(Event::WaitingForLock { holder: holder.clone(), remaining });
                told = Some(holder);
            }
            sleep(pause.min(remaining));
            pause = (pause * 3 / 2).min(Duration::from_secs(1));
        }
        // A transaction pooler may run the next query on another backend: there the lock is not ours.
        let query = format!("SELECT pg_backend_pid() FROM pg_locks WHERE pid = pg_backend_pid() AND {}", granted(key));
        let holds = self.rows(&query)?;
        let is_held = first(&holds, 0).and_then(|pid| pid.parse().ok()) == Some(self.backend);
        if !is_held || self.is_shared()? {
            return Err(DatabaseError::Pooler.into());
        }
        Ok(Locked { session: self })
    }

    fn lock_holder(&mut self, key: i64) -> Result<Option<String>, Error> {
        let query = format!(
            "SELECT 'pid ' || a.pid || ', ' || coalesce(nullif(a.application_name, ''), 'no application_name') || ', ' || coalesce(a.usename, '?') || coalesce('@' || host(a.client_addr), '') || ', since ' || a.backend_start::timestamptz(0) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND {}",
            granted(key)
        );
        Ok(first(&self.rows(&query)?, 0).map(str::to_owned))
    }
}

/// Which rows of `pg_locks` are the lock, held: a key of 64 bits is shown in halves.
fn granted(key: i64) -> String {
    let (high, low) = ((key as u64 >> 32) as u32, key as u32);
    format!("locktype = 'advisory' AND granted AND classid = {high} AND objid = {low} AND objsubid = 1")
}

/// A session that holds the lock. Dropping it ends the session and frees the lock.
pub struct Locked {
    pub(crate) session: Session,
}

impl Locked {
    /// Version rows and journal, which nobody changes while the lock is held.
    ///
    /// # Errors
    /// The server refuses.
    pub fn state(&mut self) -> Result<State, Error> {
        self.session.state()
    }

    /// Creates the version table, the log and the journal where they are missing.
    ///
    /// # Errors
    /// The role may not.
    pub fn ensure_tables(&mut self) -> Result<(), Error> {
        let create = self.session.tables.create(&self.session.options.version_table);
        let sql = format!("BEGIN; SET LOCAL client_min_messages = warning;\n{create}COMMIT;");
        self.session.send(&sql).map_err(|error| {
            let schema = self.session.tables.version.split('.').next().unwrap_or_default().to_owned();
            DatabaseError::CreateTables { schema, error: Box::new(error.into()) }.into()
        })
    }

    /// Empties version table and journal: what `stamp --purge` does before it stamps.
    ///
    /// # Errors
    /// The server refuses.
    pub fn purge(&mut self) -> Result<(), Error> {
        self.ensure_tables()?;
        let tables = &self.session.tables;
        let sql = format!("BEGIN; DELETE FROM {}; DELETE FROM {}; COMMIT;", tables.version, tables.journal);
        Ok(self.session.send(&sql)?)
    }
}
