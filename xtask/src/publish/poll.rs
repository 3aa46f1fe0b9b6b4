//! Polls until the answer is final or the time is up.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::supervise::Supervisor;

/// The pause after the first answers, and the longest pause.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));

/// An answer.
pub(in crate::publish) enum Answer<T> {
    Final(T),
    /// Not final, with what is still missing.
    NotYet(String),
}

/// Returns the final answer, or what was missing when the time was up. Prints what is missing whenever that changes.
pub(in crate::publish) fn poll<T>(
    supervisor: &Supervisor,
    limit: Duration,
    mut ask: impl FnMut() -> Result<Answer<T>>,
) -> Result<Result<T, String>> {
    let deadline = Instant::now() + limit;
    let (mut pause, longest) = PAUSES;
    let mut printed = None;
    loop {
        let missing = match ask()? {
            Answer::Final(found) => return Ok(Ok(found)),
            Answer::NotYet(missing) => missing,
        };
        if Instant::now() + pause > deadline {
            return Ok(Err(missing));
        }
        if printed.as_ref() != Some(&missing) {
            supervisor.pause(&missing, pause)?;
            printed = Some(missing);
        } else {
            supervisor.wait(pause)?;
        }
        pause = (pause * 2).min(longest);
    }
}
