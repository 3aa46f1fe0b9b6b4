//! Who is in the way: while a revision runs for longer than a moment, a second connection asks the server which sessions
//! hold the locks that it waits for.
//!
//! After a lock timeout the server no longer knows. A revision that is quick never costs more than two writes to memory.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use connection::{Connection, Opener, Row, first};

use crate::event::{Event, Listener};

/// How long a revision runs before anybody is asked: less than the attempts wait for a lock that are worth telling of.
const PATIENCE: Duration = Duration::from_millis(60);

/// How often from then on.
const AGAIN: Duration = Duration::from_millis(500);

/// The watcher of one session. It ends with it.
pub(crate) struct Watch {
    shared: Arc<Shared>,
}

struct Shared {
    begun: Instant,
    /// When the running revision was sent, in milliseconds after `begun`; 0 when none runs.
    busy_since: AtomicU64,
    ended: AtomicBool,
    /// Who was in the way of the running revision when last asked.
    blocker: Mutex<Option<String>>,
}

impl Watch {
    pub(crate) fn start(opener: Opener, backend: i32, listener: Listener) -> Self {
        let mut probe = Probe { opener, connection: None };
        let shared = Arc::new(Shared {
            begun: Instant::now(),
            busy_since: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            blocker: Mutex::new(None),
        });
        let watched = Arc::clone(&shared);
        // Without a watcher the migration goes on: it only knows less.
        let _ = std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
            while !watched.ended.load(Ordering::Relaxed) {
                sleep(PATIENCE / 3);
                if watched.is_stuck() {
                    watched.ask(&mut probe, backend, &listener);
                    watched.sleep_while_busy(AGAIN);
                }
            }
        });
        Self { shared }
    }

    /// A revision is sent.
    pub(crate) fn begin(&self) {
        *self.shared.blocker() = None;
        self.shared.busy_since.store(self.shared.now(), Ordering::Relaxed);
    }

    /// It has ended; who was in its way last, if anybody was.
    pub(crate) fn end(&self) -> Option<String> {
        self.shared.busy_since.store(0, Ordering::Relaxed);
        self.shared.blocker().take()
    }
}

/// A second connection, opened when it is first needed, that only reads.
struct Probe {
    opener: Opener,
    connection: Option<Connection>,
}

impl Probe {
    /// The rows of a query; none if the server can't be asked.
    fn rows(&mut self, query: &str) -> Vec<Row> {
        if self.connection.as_ref().is_none_or(Connection::is_closed) {
            self.connection = self.opener.open().ok();
        }
        self.connection.as_mut().and_then(|connection| connection.rows(query).ok()).unwrap_or_default()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    /// Milliseconds since the beginning, never 0.
    fn now(&self) -> u64 {
        self.begun.elapsed().as_millis() as u64 + 1
    }

    fn is_stuck(&self) -> bool {
        let since = self.busy_since.load(Ordering::Relaxed);
        since > 0 && self.now().saturating_sub(since) > PATIENCE.as_millis() as u64
    }

    /// Until so long has passed or the revision has ended.
    fn sleep_while_busy(&self, length: Duration) {
        let (since, end) = (self.busy_since.load(Ordering::Relaxed), Instant::now() + length);
        while self.busy_since.load(Ordering::Relaxed) == since && Instant::now() < end {
            sleep(PATIENCE / 3);
        }
    }

    fn blocker(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.blocker.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn ask(&self, probe: &mut Probe, backend: i32, listener: &Listener) {
        let query = format!(include_str!("sql/blockers.sql"), backend = backend);
        let rows = probe.rows(&query);
        let (Some(found), true) = (first(&rows, 0), self.is_stuck()) else { return };
        if self.blocker().replace(found.to_owned()).as_deref() != Some(found) {
            listener(Event::Blocked { blocker: found.to_owned() });
        }
    }
}
