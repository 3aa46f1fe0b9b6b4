//! Measures how long a session waits for locks: the server keeps no sum, so another session asks again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use connection::Connection;

/// How often the server is asked while a statement runs.
const INTERVAL: Duration = Duration::from_millis(10);

/// The thread that asks. It ends with this.
pub(super) struct Waiting(Arc<Shared>);

#[derive(Default)]
struct Shared {
    is_running: AtomicBool,
    has_ended: AtomicBool,
    waited_microseconds: AtomicU64,
}

impl Waiting {
    /// Starts to watch the session. If there can't be another session, nothing is measured.
    pub(super) fn start(connection: &Connection) -> Option<Self> {
        let (mut asking, backend) = (connection.opener().open().ok()?, connection.backend());
        let shared = Arc::new(Shared::default());
        let watched = Arc::clone(&shared);
        std::thread::spawn(move || watched.watch(&mut asking, backend));
        Some(Self(shared))
    }

    /// A statement is about to be sent.
    pub(super) fn begin(&self) {
        self.0.waited_microseconds.store(0, Ordering::SeqCst);
        self.0.is_running.store(true, Ordering::SeqCst);
    }

    /// The statement has ended. Returns how long it has waited, to within a few intervals.
    pub(super) fn end(&self) -> Duration {
        self.0.is_running.store(false, Ordering::SeqCst);
        Duration::from_micros(self.0.waited_microseconds.load(Ordering::SeqCst))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.has_ended.store(true, Ordering::SeqCst);
    }
}

impl Shared {
    fn watch(&self, asking: &mut Connection, backend: i32) {
        let query = format!(
            "SELECT FROM pg_catalog.pg_locks WHERE pid OPERATOR(pg_catalog.=) {backend} AND NOT granted LIMIT 1"
        );
        let mut last = Instant::now();
        while !self.has_ended.load(Ordering::SeqCst) {
            sleep(INTERVAL);
            if !self.is_running.load(Ordering::SeqCst) {
                last = Instant::now();
                continue;
            }
            let Ok(rows) = asking.query(&query) else { return };
            if !rows.is_empty() && self.is_running.load(Ordering::SeqCst) {
                let elapsed = u64::try_from(last.elapsed().as_micros()).unwrap_or(u64::MAX);
                self.waited_microseconds.fetch_add(elapsed, Ordering::SeqCst);
            }
            last = Instant::now();
        }
    }
}
