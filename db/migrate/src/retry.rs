//! How patient a transaction is that can't get its locks: how long each attempt waits for them, and how long until the next.
//!
//! Pure but for the clock, which is what chance is made of.

use std::time::Duration;

use crate::options::Options;

/// However many attempts there are, none waits for less than this power of two is of `lock_timeout`.
const MOST_HALVINGS: u32 = 9;

/// How long an attempt waits for a lock: the last as long as `lock_timeout`, each before it half as long as the next. Whoever waits
/// for a lock holds up all that come after; so a table that somebody reads for ten seconds is held up for ten milliseconds, then
/// twenty, and not twice for five seconds. Only what an attempt has done before it waited is worth waiting for again.
pub(crate) fn lock_timeout(options: &Options, attempt: u32, lost: Duration) -> Duration {
    let to_come = options.attempts.saturating_sub(attempt).min(MOST_HALVINGS);
    let shortest = Duration::from_millis(1).min(options.lock_timeout);
    (options.lock_timeout / 2_u32.pow(to_come)).max(lost).clamp(shortest, options.lock_timeout)
}

/// 100 ms, doubled with each attempt up to 10 s, and up to half as much again at random: two that collided part.
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
    fn attempts_wait_longer_and_longer() {
        let options = Options::default();
        let waits = |lost: u64| {
            [1, 2, 5, 9, 10].map(|attempt| lock_timeout(&options, attempt, Duration::from_millis(lost)).as_millis())
        };
        assert_eq!(waits(0), [9, 19, 156, 2500, 5000]);
        // What took a second is not thrown away after ten milliseconds again, nor waited for longer than is allowed.
        assert_eq!(waits(1000), [1000, 1000, 1000, 2500, 5000]);
        assert_eq!(waits(60_000), [5000; 5]);
        let none = Options { lock_timeout: Duration::ZERO, ..Options::default() };
        assert_eq!(lock_timeout(&none, 1, Duration::from_secs(1)), Duration::ZERO);
        let once = Options { attempts: 1, ..Options::default() };
        assert_eq!(lock_timeout(&once, 1, Duration::ZERO).as_millis(), 5000);
    }
}
