//! How long each attempt of a transaction waits for its locks, and the pause before the next attempt.
//!
//! Pure, except for the clock, which is the source of randomness.

use std::time::Duration;

use crate::options::Options;

/// However many attempts there are, none waits for less than `lock_timeout` halved this many times.
const MOST_HALVINGS: u32 = 9;

/// How long an attempt waits for a lock: the last one for `lock_timeout`, each earlier one half as long as the next.
///
/// A session that waits for a lock blocks those that queue behind it. While one session reads a table for ten seconds,
/// other queries on it are blocked for ten milliseconds, then twenty and so on, instead of twice for five seconds. An
/// attempt waits at least as long as `lost`, the time that the previous one spent on work that was rolled back.
pub(crate) fn lock_timeout(options: &Options, attempt: u32, lost: Duration) -> Duration {
    let to_come = options.attempts.saturating_sub(attempt).min(MOST_HALVINGS);
    let shortest = Duration::from_millis(1).min(options.lock_timeout);
    (options.lock_timeout / 2_u32.pow(to_come)).max(lost).clamp(shortest, options.lock_timeout)
}

/// 100 ms, doubled with each attempt up to 10 s, plus up to half of that at random, so that two sessions do not collide
/// again.
pub(crate) fn pause_before(attempt: u32) -> Duration {
    let base = Duration::from_millis(100 << attempt.min(7)).min(Duration::from_secs(10));
    let nanos = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.subsec_nanos());
    base + base * (nanos % 1000) / 2000
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::lock_timeout;
    use crate::options::Options;

    #[test]
    fn each_attempt_waits_longer() {
        let options = Options::default();
        let waits = |lost: u64| {
            [1, 2, 5, 9, 10].map(|attempt| lock_timeout(&options, attempt, Duration::from_millis(lost)).as_millis())
        };
        assert_eq!(waits(0), [9, 19, 156, 2500, 5000]);
        // After a second of work, wait for at least a second, but never longer than `lock_timeout`.
        assert_eq!(waits(1000), [1000, 1000, 1000, 2500, 5000]);
        assert_eq!(waits(60_000), [5000; 5]);
        let none = Options { lock_timeout: Duration::ZERO, ..Options::default() };
        assert_eq!(lock_timeout(&none, 1, Duration::from_secs(1)), Duration::ZERO);
        let once = Options { attempts: 1, ..Options::default() };
        assert_eq!(lock_timeout(&once, 1, Duration::ZERO).as_millis(), 5000);
    }
}
