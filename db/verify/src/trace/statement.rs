//! What is known of one statement once it has run.

use std::time::Duration;

use super::lock::Lock;

/// What one statement did.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(super) line: u32,
    pub(super) text: String,
    pub(super) elapsed: Duration,
    pub(super) locks: Vec<Lock>,
    pub(super) rewritten: Vec<String>,
    /// Tables read from end to end, and the rows that were read.
    pub(super) scanned: Vec<(String, u64)>,
    pub(super) hazards: Vec<Hazard>,
}

impl Statement {
    /// `SET …`: over before anybody has to wait.
    pub(super) fn is_setting(&self) -> bool {
        self.text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("set "))
    }
}

/// Something that would hurt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hazard {
    pub(crate) rule: &'static str,
    pub(crate) message: String,
}

/// A time for people.
pub(super) fn milliseconds(elapsed: Duration) -> String {
    format!("{:.1} ms", elapsed.as_secs_f64() * 1000.0)
}
