//! A transaction that is going to be rolled back: how long it may hold its locks, and what keeps it from being committed.

use std::time::{Duration, Instant};

/// A cursor that the server would have to run to its end before it commits the transaction, which fails: the text is not a
/// number. So nothing can commit a rehearsal, whatever a revision or the engine sends.
pub(crate) const NEVER_COMMITS: &str = "DECLARE migrate_rehearsal CURSOR WITH HOLD FOR SELECT pg_catalog.concat('a rehearsal is not committed', pg_catalog.clock_timestamp())::pg_catalog.int4;\n";

/// How long a rehearsal may wait for a lock, and hold those that it has.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For each lock.
    pub lock_timeout: Duration,
    /// From the first statement to the rollback.
    pub most_held: Duration,
}

/// A rehearsal in progress.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rehearsing {
    pub(crate) limits: Limits,
    pub(crate) begun: Instant,
}

impl Rehearsing {
    pub(crate) fn begin(limits: Limits) -> Self {
        Self { limits, begun: Instant::now() }
    }

    /// Whether the locks have been held for as long as they may.
    pub(crate) fn is_over(&self) -> bool {
        self.begun.elapsed() >= self.limits.most_held
    }

    /// The settings that have the server keep the limits, even if this process stops responding. To be sent again before each
    /// statement, with the time that is left, and because a revision may set its own.
    pub(crate) fn limits(&self) -> String {
        // Rounded up: if the server stops a statement, the time is over.
        let left = self.limits.most_held.saturating_sub(self.begun.elapsed()).as_micros().div_ceil(1000).max(1);
        let lock_timeout = self.limits.lock_timeout.as_millis().clamp(1, left);
        format!(
            "SET LOCAL lock_timeout = {lock_timeout};\nSET LOCAL statement_timeout = {left};\nSET LOCAL idle_in_transaction_session_timeout = {};\n",
            self.limits.most_held.as_millis().max(1)
        )
    }
}
