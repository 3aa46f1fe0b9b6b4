//! The progress of a run, and how it is shown on the last line of a terminal.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::wrap::{columns_of, cut};

/// The elapsed time and the statement are shown from this duration on.
const LONG: Duration = Duration::from_secs(1);

/// The progress of a run.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) steps: usize,
    /// The number of finished revisions.
    pub(super) done: usize,
    /// The message about the revision that is running.
    pub(super) current: String,
    /// When it began; `None` between revisions and after an error.
    pub(super) begun: Option<Instant>,
    /// What it runs, if known.
    pub(super) statement: Option<String>,
    /// What each revision runs.
    pub(super) statements: HashMap<String, String>,
    pub(super) line: Line,
    /// The columns of the terminal when last queried.
    pub(super) width: Option<usize>,
    /// Whether a thread redraws the bar.
    pub(super) is_watched: bool,
}

/// What is on the current line of stderr.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    #[default]
    Empty,
    /// A progress bar, erased by the next output.
    Bar,
    /// The revision that is running. Its duration is appended; other messages start a new line.
    Revision,
}

impl Progress {
    /// The bar, the number of finished revisions, and the running one, on one line that does not reach the last column.
    pub(super) fn bar(&self) -> String {
        let width = self.columns();
        let length = if width < 60 { 8 } else { 20 };
        let full = (self.done * length / self.steps.max(1)).min(length);
        let bar = format!("[{}{}] {}/{} ", "#".repeat(full), ".".repeat(length - full), self.done, self.steps);
        let running = match self.begun.map(|begun| begun.elapsed()) {
            None => String::new(),
            Some(elapsed) if elapsed < LONG => self.current.clone(),
            Some(elapsed) => {
                let what = self.statement.as_deref().unwrap_or(&self.current);
                format!("{} s  {what}", elapsed.as_secs())
            }
        };
        cut(&(bar + &running), width).trim_end().to_owned()
    }

    /// The message about a finished revision, on one line.
    pub(super) fn finished(&self, took: &str) -> String {
        let took = format!(" ({took})");
        cut(&self.current, self.columns().saturating_sub(columns_of(&took))) + &took
    }

    /// A line that reaches the last column wraps on some terminals.
    fn columns(&self) -> usize {
        self.width.unwrap_or(80).max(20) - 1
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::wrap::columns_of;
    use super::Progress;

    #[test]
    fn fits_any_width() {
        for width in 20..200 {
            for seconds in [0, 3, 100_000] {
                for done in [0, 7, 1000] {
                    let progress = Progress {
                        steps: 1000,
                        done,
                        current: "Running upgrade a -> b, 日本語の長いメッセージ and more than fits into most lines"
                            .to_owned(),
                        statement: Some(
                            "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer, 日本)".to_owned(),
                        ),
                        begun: Instant::now().checked_sub(Duration::from_secs(seconds)),
                        width: Some(width),
                        ..Progress::default()
                    };
                    let bar = progress.bar();
                    assert!(columns_of(&bar) < width, "{width}: {bar}");
                    assert!(width < 50 || bar.contains(" s  CREATE") == (seconds > 0), "{width}: {bar}");
                    assert!(columns_of(&progress.finished("12 ms")) < width);
                }
            }
        }
    }
}
