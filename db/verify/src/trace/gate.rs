//! Statements outside a transaction: their locks are gone when they end, so another session watches them while they run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use connection::{Connection, first};

use super::snapshot::Oid;

/// Two sessions beside the one that runs: one holds tables, one watches.
pub(super) struct Gate {
    holder: Connection,
    watcher: Connection,
}

/// A gate that is watched by a thread.
pub(super) struct Watch {
    is_done: Arc<AtomicBool>,
    thread: JoinHandle<Result<(Gate, Seen)>>,
}

/// What was seen of a statement.
pub(super) struct Seen {
    pub(super) locks: BTreeSet<(Oid, String)>,
    /// When it began, or was let through.
    pub(super) start: Instant,
}

impl Gate {
    pub(super) fn new(holder: Connection, watcher: Connection) -> Self {
        Self { holder, watcher }
    }

    /// Holds every table in a mode that lets applications work but stops whatever changes a schema, so that the first lock a
    /// statement asks for can be seen, however fast it is; then watches the session until [`Watch::end`].
    pub(super) fn watch(mut self, backend: i32) -> Result<Watch> {
        let rows = self.holder.rows(include_str!("tables.sql"))?;
        self.holder.send("BEGIN")?;
        if let Some(tables) = first(&rows, 0) {
            self.holder.send(&format!("LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE"))?;
        }
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        Ok(Watch { is_done, thread: spawn(move || self.run(backend, &done)) })
    }

    fn run(mut self, backend: i32, is_done: &AtomicBool) -> Result<(Self, Seen)> {
        let mut seen = Seen { locks: BTreeSet::new(), start: Instant::now() };
        let deadline = seen.start + Duration::from_secs(5);
        let mut is_closed = true;
        while !is_done.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(1));
            let is_waiting = self.look(backend, &mut seen.locks)?;
            if is_closed && (is_waiting || Instant::now() > deadline) {
                // The first lock is seen; the time that the statement was kept waiting is not its own.
                self.holder.send("ROLLBACK")?;
                (is_closed, seen.start) = (false, Instant::now());
            }
        }
        if is_closed {
            self.holder.send("ROLLBACK")?;
        }
        Ok((self, seen))
    }

    /// Adds the locks that the session has or waits for; whether it waits.
    fn look(&mut self, backend: i32, locks: &mut BTreeSet<(Oid, String)>) -> Result<bool> {
        let query = include_str!("locks.sql").replace("{backend}", &backend.to_string());
        let mut is_waiting = false;
        for row in self.watcher.rows(&query)? {
            let [Some(oid), Some(mode), Some(is_granted)] = row.as_slice() else { continue };
            locks.insert((oid.parse().context("an oid")?, mode.clone()));
            is_waiting |= is_granted == "f";
        }
        Ok(is_waiting)
    }
}

impl Watch {
    /// The statement has run.
    pub(super) fn end(self) -> Result<(Gate, Seen)> {
        self.is_done.store(true, Ordering::SeqCst);
        self.thread.join().map_err(|_| anyhow!("the watching thread panicked"))?
    }
}
