//! What the engine reports while it works. It never prints; the caller decides what to show.

use std::sync::Arc;
use std::time::Duration;

use connection::ConnectEvent;
use revision::{Direction, Operation};

/// The progress of a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The server does not accept connections yet, or it sent a notice.
    Connection(ConnectEvent),
    /// Another migration holds the lock. The session waits until the deadline.
    WaitingForLock {
        /// Who holds it, if the server shows it.
        holder: Option<String>,
        /// The time left until the deadline.
        remaining: Duration,
    },
    /// The plan is about to run.
    Planned {
        /// The operation.
        operation: Operation,
        /// The number of steps.
        steps: usize,
    },
    /// A revision starts.
    RevisionStarted {
        /// The number of the revision in this run, from 1.
        number: usize,
        /// The revision's id.
        revision: String,
        /// The revisions before this one in the direction of the run, as Alembic logs them.
        from: Vec<String>,
        /// The revisions that the step leads to.
        to: Vec<String>,
        /// The revision's message.
        message: String,
        /// Which section runs.
        direction: Direction,
    },
    /// A statement of a `Transaction: off` revision starts, or is skipped because an earlier run has finished it.
    Statement {
        /// The number of the statement in the section, from 1.
        number: usize,
        /// The number of statements.
        of: usize,
        /// The first line of the statement.
        text: String,
        /// Whether an earlier run has finished it.
        done_before: bool,
    },
    /// A revision has been applied or reverted, and committed.
    RevisionFinished {
        /// The number of the revision in this run, from 1.
        number: usize,
        /// The revision's id.
        revision: String,
        /// How long it took.
        elapsed: Duration,
    },
    /// A revision is waiting for a lock.
    Blocked {
        /// The session that holds it, and what that session is doing.
        blocker: String,
    },
    /// A lock timeout, a deadlock or a serialization failure. The transaction has been rolled back and will be retried.
    Retrying {
        /// The revision's id.
        revision: String,
        /// The server's message.
        reason: String,
        /// The session that held the lock, if it was seen.
        blocker: Option<String>,
        /// The number of attempts so far.
        attempt: u32,
        /// The pause before the next attempt.
        pause: Duration,
    },
    /// The server did not report where the revision failed. It runs again, statement by statement, to find the place.
    Locating {
        /// The revision's id.
        revision: String,
    },
    /// The invalid index that a failed CREATE INDEX CONCURRENTLY left behind was dropped.
    DroppedInvalidIndex {
        /// The index.
        index: String,
    },
    /// The invalid index that a stopped REINDEX CONCURRENTLY left behind can't be dropped by this role.
    LeftInvalidIndex {
        /// The index, quoted and qualified.
        index: String,
        /// The server's message.
        reason: String,
    },
    /// The server refuses a revision because objects of `objects` depend on what it changes. They are dropped first, and
    /// created again after the revisions.
    DroppingObjects {
        /// The revision's id.
        revision: String,
        /// The objects, such as `view public.v`.
        objects: Vec<String>,
    },
    /// Files of `objects` have been applied, and committed.
    ObjectsApplied {
        /// The names of the files, in order.
        names: Vec<String>,
        /// How long it took.
        elapsed: Duration,
    },
    /// A file of `objects` no longer creates an object, which was dropped.
    ObjectDropped {
        /// The name of the file.
        name: String,
        /// The object, such as `function public.f(integer)`.
        object: String,
    },
    /// A file of `objects` does not load on these revisions. It remains to be applied.
    ObjectLeftOut {
        /// The name of the file.
        name: String,
        /// The server's message.
        reason: String,
    },
    /// A file of `objects` that was applied no longer exists. Nothing has been dropped.
    ObjectFileRemoved {
        /// The name of the file.
        name: String,
        /// The objects that it has left behind.
        objects: Vec<String>,
    },
    /// The statement that a run stopped during was completed by another statement.
    Finishing {
        /// The statement.
        statement: String,
    },
}

/// Receives events, from the thread of the run and from others.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;
