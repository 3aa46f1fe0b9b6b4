//! Casts of array constructors.
//!
//! The server writes `a IN ('x', 'y')` of a `varchar` as `a::text = ANY (ARRAY['x'::varchar, …]::text[])`. The cast is implicit
//! there. Read again, it is explicit, and casts the elements instead of the array.

use std::borrow::Cow;

/// Leaves out the casts of array constructors after ANY and ALL.
pub(crate) fn without_implicit_casts(sql: &str) -> Cow<'_, str> {
    if !sql.contains("]::") {
        return Cow::Borrowed(sql);
    }
    let mut text = String::with_capacity(sql.len());
    // The brackets that are open, and whether they are those of such a constructor.
    let mut open: Vec<bool> = Vec::new();
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\'' | '"' => quoted(rest, next, text.ends_with('E')),
            _ => next.len_utf8(),
        };
        if next == '[' {
            let is_constructor = text.ends_with("ANY (ARRAY") || text.ends_with("ALL (ARRAY");
            open.push(is_constructor && !rest.starts_with("[]"));
        }
        text.push_str(&rest[..length]);
        rest = &rest[length..];
        if next == ']'
            && open.pop() == Some(true)
            && rest.starts_with("::")
            && let Some(end) = rest.find("[])")
        {
            rest = &rest[end + 2..];
        }
    }
    Cow::Owned(text)
}

/// The length of the string or name at the start.
pub(crate) fn quoted(sql: &str, quote: char, has_escapes: bool) -> usize {
    let mut is_escaped = false;
    for (index, character) in sql.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if has_escapes => is_escaped = true,
            // A doubled quote ends here, and another string begins.
            _ if character == quote => return index + 1,
            _ => {}
        }
    }
    sql.len()
}

#[cfg(test)]
mod tests {
    use super::without_implicit_casts;

    #[test]
    fn implicit_casts_are_left_out() {
        for (sql, expected) in [
            ("a = ANY (ARRAY['x'::varchar, 'y']::text[])", "a = ANY (ARRAY['x'::varchar, 'y'])"),
            ("a = ANY (ARRAY[b[1]::c]::numeric(5,2)[]) AND d", "a = ANY (ARRAY[b[1]::c]) AND d"),
            ("a <> ALL (ARRAY[']'::a, E'\\']']::b[])", "a <> ALL (ARRAY[']'::a, E'\\']'])"),
            ("ARRAY[1]::a[] || x[1]::int", "ARRAY[1]::a[] || x[1]::int"),
            ("'ANY (ARRAY[1]::a[])' || \"ANY (ARRAY[1]::b[])\"", "'ANY (ARRAY[1]::a[])' || \"ANY (ARRAY[1]::b[])\""),
            ("a = ANY (ARRAY[]::text[])", "a = ANY (ARRAY[]::text[])"),
        ] {
            assert_eq!(without_implicit_casts(sql), expected);
        }
    }
}
