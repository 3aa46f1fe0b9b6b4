//! The creation date of a migration, from its version.

/// The date in a version that contains one: `20261122101500` or a prefix of it down to the day, optionally followed by
/// more digits, or seconds since 1970. Empty for any other version.
pub(crate) fn of_version(version: &str) -> String {
    if !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return String::new();
    }
    match version.len() {
        8 | 10.. => of_digits(version).or_else(|| of_seconds(version)).unwrap_or_default(),
        _ => String::new(),
    }
}

fn of_digits(version: &str) -> Option<String> {
    // `2014041001` is a date with a serial number, which is read as an hour if valid.
    let digits = format!("{version:0<14}");
    let number = |from: usize, length: usize| digits[from..from + length].parse::<u32>().ok();
    let [year, month, day, hour, minute, second] =
        [number(0, 4)?, number(4, 2)?, number(6, 2)?, number(8, 2)?, number(10, 2)?, number(12, 2)?];
    let is_date = (1990..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_time = hour < 24 && minute < 60 && second < 60;
    (is_date && is_time).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Milliseconds since 1970 of a date with 17 digits, which has milliseconds.
pub(crate) fn milliseconds(version: &str) -> Option<u64> {
    if version.len() != 17 || of_version(version).is_empty() {
        return None;
    }
    let number = |from: usize, length: usize| version[from..from + length].parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 2)?, number(6, 2)?);
    // The same algorithm as below, in the other direction.
    let year = if month <= 2 { year - 1 } else { year };
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year % 400 * 365 + year % 400 / 4 - year % 400 / 100 + day_of_year;
    let days = year / 400 * 146_097 + day_of_era - 719_468;
    let seconds = days * 86_400 + number(8, 2)? * 3_600 + number(10, 2)? * 60 + number(12, 2)?;
    Some(seconds * 1_000 + number(14, 3)?)
}

/// Seconds since 1970, from 2001 on.
fn of_seconds(version: &str) -> Option<String> {
    let seconds: u64 = version.parse().ok().filter(|_| version.len() == 10)?;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's algorithm: years begin in March, so that a leap day is the last one.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, of_version};

    #[test]
    fn dates_as_milliseconds() {
        assert_eq!(milliseconds("20240229123456789"), Some(1_709_210_096_789));
        assert_eq!(milliseconds("20000101000000000"), Some(946_684_800_000));
        assert_eq!(milliseconds("20241329000000000"), None);
    }

    #[test]
    fn versions_that_are_dates() {
        for (version, date) in [
            ("20240229123456", "2024-02-29T12:34:56Z"),
            ("20240229123456789", "2024-02-29T12:34:56Z"),
            ("202402291234", "2024-02-29T12:34:00Z"),
            ("20240229", "2024-02-29T00:00:00Z"),
            ("1510262030", "2017-11-09T21:13:50Z"),
            ("1709210096", "2024-02-29T12:34:56Z"),
        ] {
            assert_eq!(of_version(version), date, "{version}");
        }
        for version in ["1", "00000000000000", "20241329000000", "123456789", "v20240229", ""] {
            assert_eq!(of_version(version), "", "{version}");
        }
    }
}
