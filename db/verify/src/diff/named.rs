//! What a name means in a database, and the statement that renames it.

use anyhow::{Context, Result};
use connection::{Connection, Row, quote_literal};

/// What can be renamed.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// `table`, `column`, `label`, …
    pub(super) kind: String,
    /// The name, with that of the schema, and of the table or type that it is a part of.
    pub(super) parts: Vec<String>,
    /// The types of the arguments of a routine.
    pub(super) arguments: Option<Vec<String>>,
    /// The statement that renames it, up to the new name.
    start: String,
    /// The last part, as SQL writes it.
    last: String,
}

/// What to look for.
#[derive(Debug, Clone)]
pub(super) struct Query<'q> {
    /// The parts of the name, in each way in which they can be meant.
    pub(super) names: Vec<Vec<String>>,
    pub(super) kind: Option<&'q str>,
    /// Without them, the name of a routine means the only one with it.
    pub(super) arguments: Option<&'q [String]>,
}

impl Named {
    pub(super) fn find(session: &mut Connection, query: &Query<'_>) -> Result<Option<Self>> {
        let names: Vec<String> = query.names.iter().map(|parts| array(parts)).collect();
        let kind = query.kind.map_or_else(|| "NULL".to_owned(), quote_literal);
        let arguments = query.arguments.map_or_else(|| "NULL".to_owned(), array);
        let sql = include_str!("named.sql")
            .replace("{names}", &names.join(", "))
            .replace("{kind}", &kind)
            .replace("{arguments}", &format!("({arguments}::text[])"));
        session.query(&sql)?.into_iter().next().map(Self::of).transpose()
    }

    fn of(row: Row) -> Result<Self> {
        let mut values = row.into_iter();
        let mut next = || values.next().flatten();
        let mut text = || next().context("a column");
        let (kind, parts, start, last) = (text()?, text()?, text()?, text()?);
        let arguments = next().map(|arguments| serde_json::from_str(&arguments)).transpose()?;
        Ok(Self { kind, parts: serde_json::from_str(&parts)?, arguments, start, last })
    }

    /// The statement that gives it the name of another one.
    pub(super) fn renamed_to(&self, other: &Self) -> String {
        format!("{}{};", self.start, other.last)
    }
}

fn array(values: &[String]) -> String {
    format!("ARRAY[{}]::text[]", values.iter().map(|value| quote_literal(value)).collect::<Vec<_>>().join(", "))
}
