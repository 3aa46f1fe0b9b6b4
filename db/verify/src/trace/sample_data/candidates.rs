//! Values that may satisfy a column's checks: derived from the constants in them, and tested by the server.

use connection::Connection;

use super::catalog::{Check, Column};
use super::pattern::{self, Numbers};
use super::types::Types;

/// The maximum number of values to choose from.
const MOST: usize = 40;
/// The number of texts for a pattern.
const SAMPLES: u64 = 500;

/// The constants of an expression.
#[derive(Debug, Default, PartialEq, Eq)]
struct Constants {
    /// Texts, each with whether it is a regular expression.
    texts: Vec<(String, bool)>,
    numbers: Vec<String>,
}

impl Constants {
    /// Reads an expression as the server writes it.
    fn of(expression: &str) -> Self {
        let mut constants = Self::default();
        let mut rest = expression;
        while let Some(c) = rest.chars().next() {
            let before = &expression[..expression.len() - rest.len()];
            if c == '\'' {
                let (text, after) = quoted(&rest[1..]);
                if let Some(elements) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
                    let elements = elements.split(',').map(|element| (element.trim_matches('"').to_owned(), false));
                    constants.texts.extend(elements);
                }
                let operator = before.trim_end_matches([' ', '(']);
                let is_pattern = (operator.ends_with('~') && !operator.ends_with("~~")) || operator.ends_with("~*");
                let constant = match operator.ends_with("similar_to_escape") {
                    true => (text.replace('%', ".*").replace('_', "."), true),
                    false => (text, is_pattern && !operator.ends_with("~~*")),
                };
                constants.texts.push(constant);
                rest = after;
            } else if c.is_ascii_digit() && !before.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                let sign = if before.ends_with('-') { "-" } else { "" };
                constants.numbers.push(format!("{sign}{}", &rest[..end]));
                rest = &rest[end..];
            } else {
                rest = &rest[c.len_utf8()..];
            }
        }
        constants
    }
}

/// The text up to the closing quote, and the rest.
fn quoted(rest: &str) -> (String, &str) {
    let mut text = String::new();
    let mut rest = rest;
    while let Some((before, after)) = rest.split_once('\'') {
        text.push_str(before);
        let Some(doubled) = after.strip_prefix('\'') else { return (text, after) };
        text.push('\'');
        rest = doubled;
    }
    (text, "")
}

/// Expressions of `i` for a column, of which some rows satisfy the checks of this column alone. The last one is NULL if a check
/// of several columns may require it.
pub(super) fn satisfying(
    session: &mut Connection,
    types: &Types,
    column: &Column,
    usual: String,
    checks: &[&Check],
) -> Vec<String> {
    let mut candidates = vec![usual.clone()];
    if checks.iter().any(|check| check.columns.len() > 1) {
        candidates.extend(shifted(types.category(column.data_type), &usual));
    }
    for check in checks {
        candidates.extend(from_constants(types, column, &Constants::of(&check.expression)));
    }
    candidates.dedup();
    let data_type = types.sized(column.data_type, column.modifier);
    let own: Vec<&str> =
        checks.iter().filter(|check| check.columns == [column.number]).map(|check| check.expression.as_str()).collect();
    let condition =
        own.iter().map(|expression| format!("({expression}) IS NOT FALSE")).collect::<Vec<_>>().join(" AND ");
    let condition = if own.is_empty() { "true".to_owned() } else { condition };
    let mut is_satisfying = |candidate: &String| {
        let probe = format!(
            "SELECT count(*) FROM (SELECT ({candidate})::{data_type} AS {} FROM generate_series(1::bigint, 20) AS i) AS g WHERE {condition}",
            column.quoted
        );
        session.query(&probe).is_ok_and(|rows| connection::first(&rows, 0) != Some("0"))
    };
    let mut candidates: Vec<String> =
        candidates.into_iter().filter(|candidate| is_satisfying(candidate)).take(MOST).collect();
    if column.is_nullable && checks.len() > own.len() {
        candidates.push("NULL".to_owned());
    }
    candidates
}

/// Larger and smaller values, for columns that are compared with one another.
fn shifted(category: char, usual: &str) -> Vec<String> {
    let shifts: &[&str] = match category {
        'N' => &["+ 1", "- 1"],
        'D' => &["+ interval '1 day'", "- interval '1 day'"],
        _ => &[],
    };
    shifts.iter().map(|shift| format!("({usual}) {shift}")).collect()
}

fn from_constants(types: &Types, column: &Column, constants: &Constants) -> Vec<String> {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut found = Vec::new();
    for (text, is_pattern) in &constants.texts {
        match types.category(column.data_type) {
            'S' if *is_pattern => found.extend(samples(text)),
            'S' if text.contains(['%', '_']) => {
                found.push(format!("replace({}, '%', i::text)", literal(&text.replace('_', "x"))));
            }
            'D' => found.extend(
                [
                    "- interval '1 day'",
                    "+ interval '1 day'",
                    "+ (i % 27) * interval '1 day'",
                    "+ i * interval '1 minute'",
                ]
                .map(|shift| format!("({}::timestamp {shift})", literal(text))),
            ),
            _ => {}
        }
        found.push(literal(text));
    }
    let in_quotes = constants.texts.iter().map(|(text, _)| text).filter(|text| text.parse::<f64>().is_ok());
    for number in constants.numbers.iter().chain(in_quotes) {
        let length = number.parse::<u16>().ok().filter(|length| *length <= 2000);
        match (types.category(column.data_type), length) {
            ('N', _) => found.extend([
                number.clone(),
                format!("{number} - 1"),
                format!("{number} + 1"),
                format!("{number} + i % 10000"),
                format!("1 + i % greatest(abs({number})::bigint - 1, 1)"),
            ]),
            ('S', Some(length)) => found.extend(
                (length.saturating_sub(1)..=length + 1)
                    .map(|length| format!("right(repeat('x', {length}) || i, {length})")),
            ),
            ('A', Some(length)) => found.extend(types.array(column.data_type, &column.name, length)),
            _ => {}
        }
    }
    if types.category(column.data_type) == 'S' {
        // Formats that cannot be derived from a constant: JSON, and lower case without spaces.
        found.extend(["json_build_object('number', i)::text".to_owned(), "'name' || i".to_owned()]);
    }
    found
}

/// An expression for one of many texts that may match a pattern.
fn samples(pattern: &str) -> Option<String> {
    let mut texts: Vec<String> = (0..SAMPLES).map(|seed| pattern::text(pattern, &mut Numbers::new(seed))).collect();
    texts.sort_unstable();
    texts.dedup();
    let quoted: Vec<String> = texts.iter().map(|text| format!("'{}'", text.replace('\'', "''"))).collect();
    (!quoted.is_empty()).then(|| format!("(ARRAY[{}])[1 + i % {}]", quoted.join(", "), quoted.len()))
}

#[cfg(test)]
mod tests {
    use super::Constants;

    #[test]
    fn finds_the_constants_of_an_expression() {
        let found =
            Constants::of("((a >= '-1'::integer) AND (b2 ~ '^it''s$'::text) AND (c ~~ 'x%'::text) AND (d < 1.5))");
        let texts =
            [("-1", false), ("^it's$", true), ("x%", false)].map(|(text, is_pattern)| (text.to_owned(), is_pattern));
        assert_eq!(found, Constants { texts: texts.to_vec(), numbers: vec!["1.5".to_owned()] });
    }
}
