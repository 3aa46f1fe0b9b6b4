//! The observations of one statement.

use std::time::Duration;

use super::lock::Lock;

/// The rule for a change of the schema that fails on rows.
pub(super) const FAILS_ON_ROWS: &str = "fails-on-rows";
/// What a note about any other statement that fails begins with.
pub(super) const FAILS: &str = "fails on generated rows: ";

/// What a reader of its file has to know about a statement.
pub(crate) struct Observed {
    /// In its file.
    pub(crate) line: u32,
    pub(crate) warnings: Vec<String>,
    /// How it fails on rows that the schema allows.
    pub(crate) failures: Vec<String>,
}

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
    /// Its part in the file.
    pub(super) fn observed(&self) -> Observed {
        let (failing, others): (Vec<&Hazard>, Vec<&Hazard>) =
            self.hazards.iter().partition(|hazard| hazard.rule == FAILS_ON_ROWS);
        let notes = self.notes.iter().filter(|note| note.starts_with(FAILS)).cloned();
        Observed {
            line: self.line,
            warnings: others.into_iter().map(Hazard::without_time).collect(),
            failures: failing.into_iter().map(|hazard| hazard.message.clone()).chain(notes).collect(),
        }
    }

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

impl Hazard {
    /// The message without the time that the statement took: on a handful of rows, it means nothing.
    fn without_time(&self) -> String {
        let message = self.message.as_str();
        let text =
            message.strip_suffix(" ms").and_then(|text| text.rsplit_once(", ")).map_or(message, |(text, _)| text);
        format!("{text} ({})", self.rule)
    }
}

/// A duration in milliseconds.
pub(super) fn milliseconds(elapsed: Duration) -> String {
    format!("{:.1} ms", elapsed.as_secs_f64() * 1000.0)
}
