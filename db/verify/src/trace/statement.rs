//! The observations of one statement.

use std::time::Duration;

use super::lock::Lock;

/// What a statement did.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(super) line: u32,
    pub(super) text: String,
    pub(super) elapsed: Duration,
    pub(super) locks: Vec<Lock>,
    pub(super) rewritten: Vec<String>,
    /// Fully scanned tables, and the rows read.
    pub(super) scanned: Vec<(String, u64)>,
    pub(super) hazards: Vec<Hazard>,
    /// Further notes on the observations.
    pub(super) notes: Vec<String>,
}

impl Statement {
    /// `SET …`, which takes no time.
    pub(super) fn is_setting(&self) -> bool {
        self.text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("set "))
    }
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hazard {
    pub(crate) rule: &'static str,
    pub(crate) message: String,
}

/// A duration in milliseconds.
pub(super) fn milliseconds(elapsed: Duration) -> String {
    format!("{:.1} ms", elapsed.as_secs_f64() * 1000.0)
}
