//! Differences between two lists of lines or two schemas, as a diff shows them.

use schema::{CatalogDifference, Difference, Schema};
use similar::{Algorithm, ChangeTag, capture_diff_slices};

/// The changed lines in order: `-` for lines only in the first list, `+` for lines only in the second. Empty if they are equal.
pub(crate) fn changed_lines(before: &[impl AsRef<str>], after: &[impl AsRef<str>]) -> Vec<String> {
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    let after: Vec<&str> = after.iter().map(AsRef::as_ref).collect();
    let operations = capture_diff_slices(Algorithm::Myers, &before, &after);
    let changes = operations.iter().flat_map(|operation| operation.iter_changes(&before, &after));
    changes
        .filter_map(|change| match change.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Delete => Some(format!("- {}", change.value())),
            ChangeTag::Insert => Some(format!("+ {}", change.value())),
        })
        .collect()
}

/// The lines of the objects that changed from one schema to another. Empty if both have the same.
pub(crate) fn changed_objects(before: &Schema, after: &Schema) -> Vec<String> {
    before.differences(after).iter().flat_map(changed_object).collect()
}

/// The changed lines of an object.
pub(crate) fn changed_object(object: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    // A line of a table or a function means little without the first.
    if let ([first, _, ..], Some(same)) = (&object.before[..], object.after.first())
        && first == same
    {
        lines.push(format!("  {first}"));
    }
    lines.extend(changed_lines(&object.before, &object.after));
    lines
}

/// The lines of the rows of the catalog that changed: the object with what differs, or the object alone if it is new or gone.
pub(crate) fn changed_rows(differences: &[CatalogDifference]) -> Vec<String> {
    let mut lines = Vec::new();
    for CatalogDifference { object, catalog, before, after, .. } in differences {
        let (sign, changes) = match (before, after) {
            (Some(before), Some(after)) => (' ', changed_lines(before, after)),
            (Some(_), None) => ('-', Vec::new()),
            _ => ('+', Vec::new()),
        };
        lines.push(format!("{sign} {object} ({catalog})"));
        lines.extend(changes.into_iter().map(|line| format!("    {line}")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::changed_lines;

    fn changed(before: &str, after: &str) -> String {
        let lines = |text| str::lines(text).collect::<Vec<_>>();
        changed_lines(&lines(before), &lines(after)).join("\n")
    }

    #[test]
    fn equal_rows_are_counted() {
        assert_eq!(changed("Ada\nAda", "Ada"), "- Ada", "two equal rows become one");
        assert_eq!(changed("Ada", "Ada\nAda"), "+ Ada");
        assert_eq!(changed("1815\nNULL", "NULL\nNULL"), "- 1815\n+ NULL");
    }

    #[test]
    fn order_counts() {
        assert_eq!(changed("a\nb", "b\na"), "+ b\n- b", "a line that moved");
    }

    #[test]
    fn equal_lists_do_not_differ() {
        assert_eq!(changed("a\nb", "a\nb"), "");
        assert_eq!(changed("", "a"), "+ a");
    }
}
