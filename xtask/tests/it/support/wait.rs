//! Waiting for what a test depends on. A fixed pause is too short on a busy machine.

use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Database;

/// How long something may take on the busiest machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until a condition is met.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "timed out waiting for: {what}");
        sleep(Duration::from_millis(10));
    }
}

/// Waits until a query of the database returns rows.
pub(crate) fn wait_for(database: &Database, query: &str) {
    wait_until(query, || !database.rows(query).is_empty());
}

/// A session of the current database in `pg_sleep`.
pub(crate) const SLEEPING: &str =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

/// Waits until a process exits, and returns its exit code. One that does not exit is killed.
pub(crate) fn exit_code(child: &mut Child, what: &str) -> Option<i32> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().expect("can poll the process") {
            return status.code();
        }
        sleep(Duration::from_millis(10));
    }
    child.kill().and_then(|()| child.wait()).expect("can kill the process");
    panic!("{what}: it does not exit");
}
