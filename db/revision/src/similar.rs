//! Suggestions for mistyped names.

use std::cmp::Reverse;

/// The name that was most likely meant: the one within one or two typos, or else, for a shortened id, the one with the
/// longest common prefix of at least four characters.
pub(crate) fn similar<'names>(wanted: &str, names: impl Iterator<Item = &'names str>) -> Option<String> {
    let common = |name: &str| name.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    // One or two letters with a typo could mean anything.
    let slips = (wanted.chars().count() / 3).min(2);
    let lower = wanted.to_lowercase();
    let likely = names.filter_map(|name| {
        let (distance, common) = (distance(&lower, &name.to_lowercase()), common(name));
        let longer = name.len().abs_diff(wanted.len());
        match distance <= slips {
            true => Some((Reverse(distance), common, Reverse(longer), Reverse(name))),
            false => (common >= 4).then_some((Reverse(usize::MAX), common, Reverse(longer), Reverse(name))),
        }
    });
    likely.max().map(|(.., Reverse(name))| name.to_owned())
}

/// The minimum number of insertions, deletions, replacements and swaps of neighboring characters that turn one text
/// into the other.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, similar};

    #[test]
    fn counts_typos() {
        for (a, b, expected) in [("abc", "abc", 0), ("abc", "acb", 1), ("upgrade", "upgarde", 1), ("up", "upgrade", 5)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn finds_what_was_meant() {
        let names = ["head", "heads", "base", "billing", "abcd1234", "abce9999", "x1"];
        for (wanted, meant) in [
            ("headz", Some("heads")),
            ("hed", Some("head")),
            ("haed", Some("head")),
            ("HEAD", Some("head")),
            ("bilings", Some("billing")),
            ("biling", Some("billing")),
            ("abcd1235", Some("abcd1234")),
            ("abcd12349", Some("abcd1234")),
            ("abcdffff", Some("abcd1234")),
            ("x2", None),
            ("zzzz", None),
        ] {
            let found = similar(wanted, names.into_iter());
            assert_eq!(found.as_deref(), meant, "{wanted}");
        }
    }
}
