//! A version of Flyway: `1`, `1.2`, `1_2`, compared by its numbers.

use std::cmp::Ordering;

/// A version. `1`, `1.0` and `01` are equal.
#[derive(Debug, Clone)]
pub(super) struct Version {
    /// As stored in the tool's table.
    pub(super) text: String,
    /// Without leading zeros.
    numbers: Vec<String>,
}

impl Version {
    /// Parses the part of a file name before the separator.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.replace('_', ".");
        let number = |part: &str| {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.trim_start_matches('0').to_owned())
        };
        let mut numbers: Vec<String> = text.split('.').map(number).collect::<Option<_>>()?;
        while numbers.len() > 1 && numbers.last().is_some_and(String::is_empty) {
            numbers.pop();
        }
        Some(Self { text, numbers })
    }

    fn key(&self) -> impl Iterator<Item = (usize, &str)> {
        self.numbers.iter().map(|number| (number.len(), number.as_str()))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_sort_by_their_numbers() {
        let parse = |text: &str| Version::parse(text).expect(text);
        let sorted = ["0.9", "1", "1.0.1", "1_2", "1.10", "2", "10", "20240101120000", "100000000000000000000000"];
        for pair in sorted.windows(2) {
            assert!(parse(pair[0]) < parse(pair[1]), "{pair:?}");
        }
        for (one, other) in [("1", "1.0"), ("1_2", "1.2"), ("001", "1"), ("0", "0.0")] {
            assert_eq!(parse(one), parse(other));
        }
        assert_eq!(parse("01_2").text, "01.2");
        for text in ["", "1.", "a", "1.a", "1__2", "-1", "iew"] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
