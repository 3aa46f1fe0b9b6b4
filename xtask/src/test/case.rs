//! A test case, and its result.

use std::time::{Duration, Instant};

use crate::context::Context;
use crate::junit::{self, Verdict};

pub(super) const OUTPUT_ABOVE: &str = "failed; see the output above";

/// A test case.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) failure: Option<String>,
    pub(super) skipped: bool,
    /// Unknown for the tests of `cargo test`, which does not print it.
    pub(super) elapsed: Option<Duration>,
}

impl Case {
    pub(super) fn passed(name: impl Into<String>) -> Self {
        Self { name: name.into(), failure: None, skipped: false, elapsed: None }
    }

    pub(super) fn failed(name: impl Into<String>, failure: impl Into<String>) -> Self {
        Self { name: name.into(), failure: Some(failure.into()), skipped: false, elapsed: None }
    }

    /// A skipped case for a part that this project does not have.
    pub(super) fn absent(context: &Context, what: &str) -> Self {
        let name = format!("this project has no {what}");
        context.report.message(format!("skipped: {name}"));
        Self { skipped: true, ..Self::passed(name) }
    }

    /// Runs something as one case, which prints its own errors.
    pub(super) fn run<T, E>(name: impl Into<String>, work: impl FnOnce() -> Result<T, E>) -> Self {
        let start = Instant::now();
        let case = if work().is_ok() { Self::passed(name) } else { Self::failed(name, OUTPUT_ABOVE) };
        Self { elapsed: Some(start.elapsed()), ..case }
    }

    pub(super) fn to_junit(&self) -> junit::Case<'_> {
        let verdict = match &self.failure {
            Some(reason) => Verdict::Failed(reason),
            None if self.skipped => Verdict::Skipped,
            None => Verdict::Passed,
        };
        junit::Case { name: &self.name, verdict, time: self.elapsed }
    }
}
