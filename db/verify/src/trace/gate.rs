//! Statements outside a transaction release their locks when they end, so another session watches the locks while they run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use connection::{Connection, first};

use super::snapshot::Oid;

/// Two more sessions: one locks the tables, the other watches.
pub(super) struct Gate {
    holder: Connection,
    watcher: Connection,
}

/// A thread that watches a statement.
pub(super) struct Watch {
    is_done: Arc<AtomicBool>,
    thread: JoinHandle<Result<(Gate, WatchedStatement)>>,
}

/// What was observed of a statement.
pub(super) struct WatchedStatement {
    pub(super) locks: BTreeSet<(Oid, String)>,
    /// When it started, or when the gate was opened.
    pub(super) start: Instant,
}

impl Gate {
    pub(super) fn new(holder: Connection, watcher: Connection) -> Self {
        Self { holder, watcher }
    }

    /// Locks every table in a mode that blocks only schema changes, so that the first lock that a statement requests can be
    /// observed, however fast the statement is; then watches the session until [`Watch::end`].
    pub(super) fn watch(mut self, backend: i32) -> Result<Watch> {
        let rows = self.holder.query(include_str!("tables.sql"))?;
        self.holder.send("BEGIN")?;
        if let Some(tables) = first(&rows, 0) {
            self.holder.send(&format!("LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE"))?;
        }
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        Ok(Watch { is_done, thread: spawn(move || self.run(backend, &done)) })
    }

    fn run(mut self, backend: i32, is_done: &AtomicBool) -> Result<(Self, WatchedStatement)> {
        let mut watched = WatchedStatement { locks: BTreeSet::new(), start: Instant::now() };
        let deadline = watched.start + Duration::from_secs(5);
        let mut is_closed = true;
        while !is_done.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(1));
            let is_waiting = self.add_locks(backend, &mut watched.locks)?;
            if is_closed && (is_waiting || Instant::now() > deadline) {
                // The first lock has been observed. The time spent waiting at the gate does not count.
                self.holder.send("ROLLBACK")?;
                (is_closed, watched.start) = (false, Instant::now());
            }
        }
        if is_closed {
            self.holder.send("ROLLBACK")?;
        }
        Ok((self, watched))
    }

    /// Adds the locks that the session holds or waits for, and returns whether it waits.
    fn add_locks(&mut self, backend: i32, locks: &mut BTreeSet<(Oid, String)>) -> Result<bool> {
        let query = include_str!("locks.sql").replace("{backend}", &backend.to_string());
        let mut is_waiting = false;
        for row in self.watcher.query(&query)? {
            let [Some(oid), Some(mode), Some(is_granted)] = row.as_slice() else { continue };
            locks.insert((oid.parse().context("an oid")?, mode.clone()));
            is_waiting |= is_granted == "f";
        }
        Ok(is_waiting)
    }
}

impl Watch {
    /// Stops watching, after the statement.
    pub(super) fn end(self) -> Result<(Gate, WatchedStatement)> {
        self.is_done.store(true, Ordering::SeqCst);
        self.thread.join().map_err(|_| anyhow!("the watching thread panicked"))?
    }
}
