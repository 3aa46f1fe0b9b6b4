//! Suggestions for mistyped names.

use std::cmp::Reverse;

/// The name that was most likely meant: the one that is a slip or two of the keyboard away, or else the one with the longest
/// common beginning of four characters or more, for a shortened id.
pub(crate) fn similar<'names>(wanted: &str, names: impl Iterator<Item = &'names str>) -> Option<String> {
    let common = |name: &str| name.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    // A slip in one or two letters could mean anything.
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

/// How many characters have to be inserted, deleted, replaced, or swapped with the next one.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // Rows of the table; far more slips than are accepted need no exact count.
    if one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::similar;

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
