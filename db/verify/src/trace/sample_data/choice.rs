//! Chooses among the candidates of each column such that together they satisfy checks over several columns.

use std::collections::BTreeMap;

use connection::{Connection, Row};

use super::catalog::{Check, Column, Table};

/// The number of rows to try, and how many of the valid ones to repeat.
const TRIED: u32 = 5000;
const KEPT: u32 = 200;

/// A column, and expressions of `i` to choose from.
pub(super) struct Choice<'a> {
    column: &'a Column,
    data_type: String,
    candidates: Vec<String>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(column: &'a Column, data_type: String, candidates: Vec<String>) -> Self {
        Self { column, data_type, candidates }
    }

    /// The position of a row's candidate, from 0. Each column has its own order.
    fn position(&self) -> String {
        format!("((hashint8(i * 64 + {}) & 2147483647) % {})", self.column.number, self.candidates.len())
    }

    fn value(&self, position: &str) -> String {
        if let [only] = self.candidates.as_slice() {
            return only.clone();
        }
        let cases = self.candidates.iter().enumerate();
        let cases = cases.map(|(index, value)| format!("WHEN {index} THEN ({value})::{}", self.data_type));
        format!("CASE {position} {} END", cases.collect::<Vec<_>>().join(" "))
    }
}

/// An expression of `i` for each column.
pub(super) fn values(session: &mut Connection, table: &Table, choices: Vec<Choice<'_>>) -> BTreeMap<i16, String> {
    let is_choice = |number: &i16| choices.iter().any(|choice| choice.column.number == *number);
    let joint: Vec<&Check> =
        table.checks.iter().filter(|check| check.columns.len() > 1 && check.columns.iter().all(is_choice)).collect();
    let is_joint = |choice: &&Choice<'_>| joint.iter().any(|check| check.columns.contains(&choice.column.number));
    let (together, apart): (Vec<&Choice<'_>>, Vec<&Choice<'_>>) = choices.iter().partition(is_joint);
    let rows = combinations(session, &together, &joint);
    let mut values = BTreeMap::new();
    for (index, choice) in together.iter().enumerate() {
        let positions = rows.iter().filter_map(|row| row[index].as_deref()).collect::<Vec<_>>().join(", ");
        let position = match rows.len() {
            0 => choice.position(),
            count => format!("(ARRAY[{positions}])[1 + (hashint8(i) & 2147483647) % {count}]"),
        };
        values.insert(choice.column.number, choice.value(&position));
    }
    values.extend(apart.iter().map(|choice| (choice.column.number, choice.value(&choice.position()))));
    values
}

/// Positions of candidates that satisfy the checks, one per choice; empty if the server finds none.
fn combinations(session: &mut Connection, choices: &[&Choice<'_>], checks: &[&Check]) -> Vec<Row> {
    if choices.is_empty() {
        return Vec::new();
    }
    let list =
        |part: &dyn Fn(&Choice<'_>) -> String| choices.iter().map(|choice| part(choice)).collect::<Vec<_>>().join(", ");
    let positions = list(&|choice| format!("{} AS \"position {}\"", choice.position(), choice.column.number));
    let values = list(&|choice| {
        format!("({})::{} AS {}", choice.value(&choice.position()), choice.data_type, choice.column.quoted)
    });
    let names = list(&|choice| format!("\"position {}\"", choice.column.number));
    let conditions = checks.iter().map(|check| format!("({}) IS NOT FALSE", check.expression));
    let conditions = conditions.collect::<Vec<_>>().join(" AND ");
    let query = format!(
        "SELECT {names} FROM (SELECT {positions}, {values} FROM generate_series(1::bigint, {TRIED}) AS i) AS g\n\
         WHERE {conditions} LIMIT {KEPT}"
    );
    session.query(&query).unwrap_or_default()
}
