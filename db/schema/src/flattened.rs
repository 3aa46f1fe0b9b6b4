//! Conjunctions whose first operand is a conjunction, and the same of disjunctions.
//!
//! In functions and in the expressions of statistics, which it can't pretty-print, the server writes `a BETWEEN 1 AND 2 AND b`
//! as `(((a >= 1) AND (a <= 2)) AND b)`. Read again, this is one conjunction of three.

use std::borrow::Cow;

use crate::array_cast::quoted;

/// The operators, with what surrounds them.
const OPERATORS: [&str; 2] = [" AND ", " OR "];

/// What is in parentheses that are open.
#[derive(Default)]
struct Group {
    start: usize,
    /// Of the operands.
    operator: Option<&'static str>,
    /// The first operand, if it is in parentheses: where they are, and its operator.
    first: Option<(usize, usize, Option<&'static str>)>,
}

/// Leaves out the parentheses that the parser of PostgreSQL does not distinguish.
pub(crate) fn flattened(sql: &str) -> Cow<'_, str> {
    if [") AND ", ") OR "].iter().all(|end| !sql.contains(end)) {
        return Cow::Borrowed(sql);
    }
    let mut omitted = Vec::new();
    let mut open: Vec<Group> = Vec::new();
    let mut at = 0;
    while let Some(next) = sql[at..].chars().next() {
        match next {
            '(' => open.push(Group { start: at, ..Group::default() }),
            ')' => {
                if let (Some(closed), Some(around)) = (open.pop(), open.last_mut())
                    && closed.start == around.start + 1
                {
                    around.first = Some((closed.start, at, closed.operator));
                }
            }
            ' ' => {
                if let Some(around) = open.last_mut().filter(|around| around.operator.is_none())
                    && let Some(operator) = OPERATORS.into_iter().find(|operator| sql[at..].starts_with(operator))
                {
                    around.operator = Some(operator);
                    if let Some((start, end, Some(inner))) = around.first
                        && inner == operator
                        && end + 1 == at
                    {
                        omitted.extend([start, end]);
                    }
                }
            }
            _ => {}
        }
        at += match next {
            '\'' | '"' => quoted(&sql[at..], next, sql[..at].ends_with('E')),
            '$' => dollar_quoted(sql, at),
            _ => next.len_utf8(),
        };
    }
    if omitted.is_empty() {
        return Cow::Borrowed(sql);
    }
    omitted.sort_unstable();
    let kept = sql.char_indices().filter(|(index, _)| omitted.binary_search(index).is_err());
    Cow::Owned(kept.map(|(_, character)| character).collect())
}

/// The length of the string in dollar quotes that starts here, or of a dollar sign.
fn dollar_quoted(sql: &str, at: usize) -> usize {
    let is_in_name = sql[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | '$'));
    let is_tag = |tag: &str| {
        tag.chars().all(|c| c.is_alphanumeric() || c == '_') && !tag.starts_with(|c: char| c.is_ascii_digit())
    };
    let rest = &sql[at + 1..];
    let tag = rest.split_once('$').map(|(tag, _)| tag).filter(|tag| !is_in_name && is_tag(tag));
    let end = tag.and_then(|tag| {
        let quote = format!("${tag}$");
        Some(sql[at + quote.len()..].find(&quote)? + 2 * quote.len())
    });
    end.unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::flattened;

    #[test]
    fn the_first_operand_is_flattened() {
        for (sql, expected) in [
            ("RETURN (((a >= 1) AND (a <= 2)) AND b)", "RETURN ((a >= 1) AND (a <= 2) AND b)"),
            ("(((a AND b) AND c) AND d)", "(a AND b AND c AND d)"),
            ("((a OR b) OR (c OR d))", "(a OR b OR (c OR d))"),
            ("((a OR b) AND c)", "((a OR b) AND c)"),
            ("(a AND (b AND c))", "(a AND (b AND c))"),
            ("((a AND b) IS TRUE AND c)", "((a AND b) IS TRUE AND c)"),
            ("f(((a AND b) AND c), (d AND e))", "f((a AND b AND c), (d AND e))"),
            ("(('((a AND b) AND c)' AND \"(\") AND $1 AND x$y$)", "('((a AND b) AND c)' AND \"(\" AND $1 AND x$y$)"),
            (
                "DEFAULT ((a AND b) AND c) AS $f$((a AND b) AND c)$f$",
                "DEFAULT (a AND b AND c) AS $f$((a AND b) AND c)$f$",
            ),
            ("AS $$((a AND b) AND c)$$", "AS $$((a AND b) AND c)$$"),
        ] {
            assert_eq!(flattened(sql), expected);
        }
    }
}
