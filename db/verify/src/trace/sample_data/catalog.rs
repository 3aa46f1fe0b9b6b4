//! What the catalog requires of a table's rows.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use connection::{Connection, Row};

use super::row::{is, number, numbers, text};
use super::types::Types;
use crate::trace::snapshot::{Oid, list};

/// The tables to fill, by oid, and the types of their columns.
pub(super) struct Catalog {
    pub(super) tables: BTreeMap<Oid, Table>,
    pub(super) types: Types,
}

pub(super) struct Table {
    /// Qualified and quoted.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Check>,
    /// Whether it has triggers other than those of foreign keys.
    pub(super) has_triggers: bool,
    /// Whether a unique constraint is deferrable, which makes ON CONFLICT an error.
    pub(super) has_deferrable: bool,
}

pub(super) struct Column {
    /// `attnum`.
    pub(super) number: i16,
    pub(super) name: String,
    /// The name as an SQL identifier.
    pub(super) quoted: String,
    pub(super) data_type: Oid,
    pub(super) modifier: i32,
    pub(super) is_nullable: bool,
    pub(super) has_default: bool,
}

pub(super) struct ForeignKey {
    pub(super) constraint: Oid,
    pub(super) parent: Oid,
    pub(super) parent_name: String,
    /// The number of each column, and the name and the number of the referenced column.
    pub(super) columns: Vec<(i16, String, i16)>,
}

/// A condition on rows, in SQL.
pub(super) struct Check {
    pub(super) expression: String,
    pub(super) columns: Vec<i16>,
}

impl Catalog {
    pub(super) fn read(session: &mut Connection, own_tables: &[Oid]) -> Result<Self> {
        let types = Types::read(session)?;
        let mut tables: BTreeMap<Oid, Table> = BTreeMap::new();
        for row in query(session, &format!(include_str!("../columns.sql"), own_tables = list(own_tables)))? {
            let table = tables.entry(number(&row, 0)?).or_insert_with(|| Table {
                name: text(&row, 1),
                columns: Vec::new(),
                keys: Vec::new(),
                checks: Vec::new(),
                has_triggers: is(&row, 9),
                has_deferrable: is(&row, 10),
            });
            let data_type = number(&row, 5)?;
            table.columns.push(Column {
                number: number(&row, 2)?,
                name: text(&row, 3),
                quoted: text(&row, 4),
                data_type,
                modifier: number(&row, 6)?,
                is_nullable: is(&row, 7) && !types.is_required(data_type),
                has_default: is(&row, 8),
            });
        }
        for row in query(session, include_str!("keys.sql"))? {
            let Some(table) = tables.get_mut(&number(&row, 1)?) else { continue };
            let (own, other) = (numbers(&row, 4)?, numbers(&row, 6)?);
            let names = text(&row, 5);
            let columns = own.into_iter().zip(names.split('\u{1}')).zip(other);
            table.keys.push(ForeignKey {
                constraint: number(&row, 0)?,
                parent: number(&row, 2)?,
                parent_name: text(&row, 3),
                columns: columns.map(|((own, name), other)| (own, name.to_owned(), other)).collect(),
            });
        }
        for row in query(session, include_str!("checks.sql"))? {
            let Some(table) = tables.get_mut(&number(&row, 0)?) else { continue };
            let expression = match &row[3] {
                Some(column) => with_value(&text(&row, 1), column),
                None => text(&row, 1),
            };
            table.checks.push(Check { expression, columns: numbers(&row, 2)? });
        }
        Ok(Self { tables, types })
    }

    /// The tables, each after those that it references. In a cycle, tables whose rows need no other row come first.
    pub(super) fn in_order(&self) -> Vec<Oid> {
        let mut order: Vec<Oid> = Vec::new();
        while order.len() < self.tables.len() {
            let left = || self.tables.keys().copied().filter(|oid| !order.contains(oid));
            let is_there = |oid: Oid, key: &ForeignKey| {
                key.parent == oid || order.contains(&key.parent) || !self.tables.contains_key(&key.parent)
            };
            let is_ready = |oid: &Oid| self.tables[oid].keys.iter().all(|key| is_there(*oid, key));
            let is_possible = |oid: &Oid| {
                let table = &self.tables[oid];
                table.keys.iter().all(|key| is_there(*oid, key) || !table.is_required(key))
            };
            let next = left().find(is_ready).or_else(|| left().find(is_possible)).or_else(|| left().next());
            order.extend(next);
        }
        order
    }
}

impl Table {
    pub(super) fn column(&self, number: i16) -> Option<&Column> {
        self.columns.iter().find(|column| column.number == number)
    }

    /// The known properties that determine which rows fit.
    pub(super) fn definition(&self) -> String {
        let columns = self.columns.iter().map(|column| {
            format!("{} {} {} {}", column.quoted, column.data_type, column.is_nullable, column.has_default)
        });
        let checks = self.checks.iter().map(|check| check.expression.clone());
        let keys = self.keys.iter().map(|key| key.parent_name.clone());
        columns.chain(checks).chain(keys).collect::<Vec<_>>().join("\n")
    }

    /// Whether a row needs a referenced row.
    pub(super) fn is_required(&self, key: &ForeignKey) -> bool {
        let mut columns = key.columns.iter().filter_map(|(own, ..)| self.column(*own));
        columns.all(|column| !column.is_nullable)
    }
}

fn query(session: &mut Connection, query: &str) -> Result<Vec<Row>> {
    session.query(query).context("cannot read the catalog")
}

/// The CHECK of a domain for a column: `VALUE` outside of quotes is replaced.
fn with_value(expression: &str, column: &str) -> String {
    let mut text = String::new();
    for (index, part) in expression.split('\'').enumerate() {
        let is_quoted = index % 2 == 1;
        let separator = if index == 0 { "" } else { "'" };
        text.push_str(separator);
        text.push_str(&if is_quoted { part.to_owned() } else { part.replace("VALUE", column) });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::with_value;

    #[test]
    fn replaces_value_outside_of_quotes() {
        assert_eq!(with_value("(VALUE <> 'a VALUE'::text)", "\"c\""), "(\"c\" <> 'a VALUE'::text)");
    }
}
