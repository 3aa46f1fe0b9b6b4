//! What the engine reports while it works. It never prints: the caller decides what is shown, and how.

use std::sync::Arc;
use std::time::Duration;

use connection::ConnectEvent;
use revision::{Direction, Operation};

/// Something happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The server does not accept connections yet, or it sent a notice.
    Connection(ConnectEvent),
    /// Another migration holds the lock; waiting goes on until the deadline.
    WaitingForLock {
        /// Who holds it, if the server tells.
        holder: Option<String>,
        /// How long is waited on.
        remaining: Duration,
    },
    /// The plan is made and its steps begin.
    Planned {
        /// What is done.
        operation: Operation,
        /// How many steps there are.
        steps: usize,
    },
    /// A revision begins.
    RevisionStarted {
        /// Its number in the run, from 1.
        number: usize,
        /// Its id.
        revision: String,
        /// The revisions the database is at before, as Alembic logs them.
        from: Vec<String>,
        /// The revisions the database is at afterwards.
        to: Vec<String>,
        /// Its message.
        message: String,
        /// Which section runs.
        direction: Direction,
    },
    /// In a `Transaction: off` revision: a statement begins, or was run before and is left out.
    Statement {
        /// Its number in the section, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// Its first line.
        text: String,
        /// It was finished by an earlier run.
        done_before: bool,
    },
    /// A revision is applied or taken back, and committed.
    RevisionFinished {
        /// Its number in the run, from 1.
        number: usize,
        /// Its id.
        revision: String,
        /// How long it took.
        elapsed: Duration,
    },
    /// A revision waits for a lock.
    Blocked {
        /// Who holds it, and what that session does.
        blocker: String,
    },
    /// A lock could not be had or a deadlock was found; the transaction is rolled back and tried again.
    Retrying {
        /// The revision's id.
        revision: String,
        /// What the server said.
        reason: String,
        /// Who was in the way, if that was seen.
        blocker: Option<String>,
        /// How often it was tried.
        attempt: u32,
        /// How long is waited before.
        pause: Duration,
    },
    /// The revision failed without saying where; it is run again statement by statement to find the place.
    Locating {
        /// The revision's id.
        revision: String,
    },
    /// An index that a failed CREATE INDEX CONCURRENTLY left behind is dropped.
    DroppedInvalidIndex {
        /// The index.
        index: String,
    },
}

/// Receives events: from the thread that works, and from the driver while it waits for the server.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;
