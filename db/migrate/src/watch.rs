//! Finds the sessions that block a revision: if a revision runs for longer than a moment, a second connection asks the
//! server which sessions hold the locks that it waits for.
//!
//! After a lock timeout, the server no longer knows. For a quick revision, the cost is two writes to memory.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use connection::{Connection, Opener, Row, first};

use crate::event::{Event, Listener};

/// How long a revision runs before the server is asked. Shorter waits for a lock are not worth reporting.
const PATIENCE: Duration = Duration::from_millis(60);

/// How often the server is asked from then on.
const AGAIN: Duration = Duration::from_millis(500);

/// The watcher of one session, which ends with the session.
pub(crate) struct Watch {
    shared: Arc<Shared>,
}

struct Shared {
    begun: Instant,
    /// When the running revision was sent, in milliseconds since `begun`, or 0 if none is running.
    busy_since: AtomicU64,
    ended: AtomicBool,
    /// The sessions that blocked the running revision when the server was last asked.
    blocker: Mutex<Option<String>>,
}

impl Watch {
    pub(crate) fn start(opener: Opener, backend: i32, shows_queries: bool, listener: Listener) -> Self {
        let mut probe = Probe { opener, connection: None, query: query(backend, shows_queries) };
        let shared = Arc::new(Shared {
            begun: Instant::now(),
            busy_since: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            blocker: Mutex::new(None),
        });
        let watched = Arc::clone(&shared);
        // The migration also works without a watcher.
        let _ = std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
            while !watched.ended.load(Ordering::Relaxed) {
                sleep(PATIENCE / 3);
                if watched.is_stuck() {
                    watched.ask(&mut probe, &listener);
                    watched.sleep_while_busy(AGAIN);
                }
            }
        });
        Self { shared }
    }

    /// A revision is about to be sent.
    pub(crate) fn begin(&self) {
        *self.shared.blocker() = None;
        self.shared.busy_since.store(self.shared.now(), Ordering::Relaxed);
    }

    /// The revision has ended. Returns the sessions that blocked it last, if any did.
    pub(crate) fn end(&self) -> Option<String> {
        self.shared.busy_since.store(0, Ordering::Relaxed);
        self.shared.blocker().take()
    }
}

/// A second connection, which only reads and is opened when it is first needed.
struct Probe {
    opener: Opener,
    connection: Option<Connection>,
    query: String,
}

/// The query for the sessions that block a backend. What they run may contain passwords, so it is shown only on request.
fn query(backend: i32, shows_queries: bool) -> String {
    let (query_format, query) = match shows_queries {
        true => (": %s", ",\n    left(regexp_replace(query, '\\s+', ' ', 'g'), 80)"),
        false => ("", ""),
    };
    format!(include_str!("sql/blockers.sql"), backend = backend, query_format = query_format, query = query)
}

impl Probe {
    /// The rows of the query, or none if it fails.
    fn rows(&mut self) -> Vec<Row> {
        if self.connection.as_ref().is_none_or(Connection::is_closed) {
            self.connection = self.opener.open().ok();
        }
        self.connection.as_mut().and_then(|connection| connection.query(&self.query).ok()).unwrap_or_default()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    /// Milliseconds since `begun`, never 0.
    fn now(&self) -> u64 {
        self.begun.elapsed().as_millis() as u64 + 1
    }

    fn is_stuck(&self) -> bool {
        let since = self.busy_since.load(Ordering::Relaxed);
        since > 0 && self.now().saturating_sub(since) > PATIENCE.as_millis() as u64
    }

    /// Sleeps until this time has passed or the revision has ended.
    fn sleep_while_busy(&self, length: Duration) {
        let (since, end) = (self.busy_since.load(Ordering::Relaxed), Instant::now() + length);
        while self.busy_since.load(Ordering::Relaxed) == since && Instant::now() < end {
            sleep(PATIENCE / 3);
        }
    }

    fn blocker(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.blocker.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn ask(&self, probe: &mut Probe, listener: &Listener) {
        let rows = probe.rows();
        let (Some(found), true) = (first(&rows, 0), self.is_stuck()) else { return };
        if self.blocker().replace(found.to_owned()).as_deref() != Some(found) {
            listener(Event::Blocked { blocker: found.to_owned() });
        }
    }
}
