//! The SQL that generates rows for a table and inserts them.
//!
//! Rows are generated with [`OWN_PATH`] and inserted with the path of the session, which triggers may need.

use std::collections::BTreeMap;

use connection::OWN_PATH;

use super::catalog::{Column, ForeignKey, Table};
use super::types::Types;
use crate::trace::snapshot::Oid;

/// How rows are inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In one statement, without the rows that the table's checks refuse.
    Together,
    /// One by one, without the rows that the server refuses. This is slow, so only a few hundred are inserted.
    OneByOne,
    /// Like [`Self::Together`], without triggers.
    WithoutTriggers,
}

/// The maximum number of rows to insert one by one.
const ONE_BY_ONE: i64 = 500;

/// The number of rows to choose each one from.
pub(super) const TRIED: i64 = 16;

/// Which columns get values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// The columns without a default.
    Usual,
    /// The required columns.
    Required,
    /// All columns, because a default may not fit.
    All,
}

/// The columns to generate, and where their values come from.
pub(super) struct Generation<'a> {
    oid: Oid,
    table: &'a Table,
    /// In the order of the table, with expressions of `i` and of the joined tables.
    chosen: Vec<(&'a Column, String)>,
    joins: String,
    /// Conditions on the generated rows.
    conditions: Vec<String>,
}

impl<'a> Generation<'a> {
    /// `values` are expressions by column number.
    pub(super) fn new(oid: Oid, table: &'a Table, values: &BTreeMap<i16, String>, columns: Columns) -> Self {
        let own = required_own(oid, table);
        let is_chosen = |column: &&Column| {
            let is_key = table.keys.iter().any(|key| key.columns.iter().any(|(number, ..)| *number == column.number));
            let is_referenced = own.iter().any(|key| key.columns.iter().any(|(.., number)| *number == column.number));
            is_referenced
                || (is_key || !column.has_default || columns == Columns::All)
                    && (columns != Columns::Required || !column.is_nullable)
        };
        let chosen: Vec<&Column> = table.columns.iter().filter(is_chosen).collect();
        let mut generation = Self { oid, table, chosen: Vec::new(), joins: String::new(), conditions: Vec::new() };
        let assigned = generation.assign_keys(&chosen, values);
        let expression = |column: &Column| assigned.get(&column.number).or_else(|| values.get(&column.number)).cloned();
        generation.chosen = chosen.into_iter().filter_map(|column| Some((column, expression(column)?))).collect();
        let is_there = |number: &i16| generation.chosen.iter().any(|(column, _)| column.number == *number);
        let evaluable = table.checks.iter().filter(|check| check.columns.iter().all(is_there));
        generation.conditions.extend(evaluable.map(|check| format!("({}) IS NOT FALSE", check.expression)));
        generation
    }

    /// Assigns values of referenced rows to the columns of foreign keys. Each key changes less often than the one
    /// before, so that their combinations are unique.
    fn assign_keys(&mut self, columns: &[&'a Column], values: &BTreeMap<i16, String>) -> BTreeMap<i16, String> {
        let mut assigned: BTreeMap<i16, String> = BTreeMap::new();
        let mut slower = String::new();
        for key in &self.table.keys {
            let is_chosen = |number: i16| columns.iter().any(|column| column.number == number);
            if !key.columns.iter().all(|(number, ..)| is_chosen(*number)) {
                continue;
            }
            if key.parent == self.oid {
                self.assign_own(key, values, &mut assigned);
                continue;
            }
            let (known, open): (Vec<_>, Vec<_>) =
                key.columns.iter().enumerate().partition(|(_, (number, ..))| assigned.contains_key(number));
            let (parent, alias) = (&key.parent_name, format!("k{}", key.constraint));
            // The parent's own names may be those of other columns here.
            let parts = key.columns.iter().enumerate().map(|(index, (_, name, _))| format!("p.{name} AS part_{index}"));
            let parts = parts.collect::<Vec<_>>().join(", ");
            let present = key.columns.iter().map(|(_, name, _)| format!("p.{name} IS NOT NULL"));
            let present = present.collect::<Vec<_>>().join(" AND ");
            let matching = known.iter().map(|(_, (number, name, _))| format!("p.{name} = {}", assigned[number]));
            let matching = matching.collect::<Vec<_>>().join(" AND ");
            if open.is_empty() {
                self.conditions.push(self.exists(key));
                continue;
            }
            if known.is_empty() {
                let count = format!("(SELECT greatest(count(*), 1) FROM {parent} AS p WHERE {present})");
                self.joins.push_str(&format!(
                    "\nLEFT JOIN (SELECT {parts}, row_number() OVER () - 1 AS place FROM {parent} AS p WHERE {present}) AS {alias}\n\
                     ON {alias}.place = (i{slower}) % {count}"
                ));
                slower.push_str(&format!(" / {count}"));
            } else {
                self.joins.push_str(&format!(
                    "\nLEFT JOIN LATERAL (SELECT c.* FROM (SELECT {parts}, row_number() OVER () - 1 AS place, count(*) OVER () AS total\n\
                     FROM {parent} AS p WHERE {matching}) AS c WHERE c.place = i % c.total) AS {alias} ON true"
                ));
            }
            assigned.extend(open.into_iter().map(|(index, (number, ..))| {
                let part = format!("{alias}.part_{index}");
                let is_checked = self.table.checks.iter().any(|check| check.columns.contains(number));
                // A check of several columns may require NULL, which the chosen value shows.
                let chosen = values.get(number).filter(|_| is_checked);
                let value = chosen.map(|chosen| format!("CASE WHEN ({chosen}) IS NOT NULL THEN {part} END"));
                (*number, value.unwrap_or(part))
            }));
        }
        assigned
    }

    /// A row that references its own table references itself, or nothing.
    fn assign_own(&self, key: &ForeignKey, values: &BTreeMap<i16, String>, assigned: &mut BTreeMap<i16, String>) {
        let is_required = self.table.is_required(key);
        for (number, _, referenced) in &key.columns {
            let is_nullable = self.table.column(*number).is_some_and(|column| column.is_nullable);
            let own = assigned.get(referenced).or_else(|| values.get(referenced)).cloned();
            let value = match own {
                Some(own) if is_required => own,
                _ if is_nullable => "NULL".to_owned(),
                _ => continue,
            };
            assigned.entry(*number).or_insert(value);
        }
    }

    /// The condition of a key whose columns other keys have assigned.
    fn exists(&self, key: &ForeignKey) -> String {
        let quoted = |number: i16| self.table.column(number).map_or("NULL", |column| column.quoted.as_str());
        let pairs = key.columns.iter().map(|(number, name, _)| format!("p.{name} = g.{}", quoted(*number)));
        let matching = pairs.collect::<Vec<_>>().join(" AND ");
        let missing = key.columns.iter().map(|(number, ..)| format!("g.{} IS NULL", quoted(*number)));
        let missing = missing.collect::<Vec<_>>().join(" OR ");
        format!("({missing} OR EXISTS (SELECT FROM {} AS p WHERE {matching}))", key.parent_name)
    }

    /// The columns that have values in place of their defaults.
    pub(super) fn numbered(&self) -> impl Iterator<Item = &'a Column> {
        self.chosen.iter().map(|(column, _)| *column).filter(|column| column.has_default)
    }

    /// A transaction that inserts rows with the numbers after `first`.
    pub(super) fn insert(&self, types: &Types, first: i64, rows: i64, way: Way) -> String {
        let names: Vec<&str> = self.chosen.iter().map(|(column, _)| column.quoted.as_str()).collect();
        let into = match names.join(", ") {
            // Every column has a default, which an empty SELECT list uses.
            names if names.is_empty() => self.table.name.clone(),
            names => format!("{} ({names}) OVERRIDING SYSTEM VALUE", self.table.name),
        };
        let names = names.join(", ");
        let conflict = if self.table.has_deferrable { "" } else { " ON CONFLICT DO NOTHING" };
        let insert = match way {
            Way::Together => format!("INSERT INTO {into} SELECT {names} FROM pg_temp.generated{conflict}"),
            Way::WithoutTriggers => format!(
                "SET LOCAL session_replication_role = replica;\n\
                 INSERT INTO {into} SELECT {names} FROM pg_temp.generated{conflict}"
            ),
            Way::OneByOne => {
                let values = self.chosen.iter().map(|(column, _)| format!("generated.{}", column.quoted));
                let values = values.collect::<Vec<_>>().join(", ");
                let select = if values.is_empty() { "DEFAULT VALUES".to_owned() } else { format!("VALUES ({values})") };
                format!(
                    "DO LANGUAGE plpgsql $fill$\n\
                     DECLARE generated record;\n\
                     BEGIN\n\
                     FOR generated IN SELECT * FROM pg_temp.generated LOOP\n\
                     BEGIN INSERT INTO {into} {select}; EXCEPTION WHEN OTHERS THEN NULL; END;\n\
                     END LOOP;\n\
                     END $fill$"
                )
            }
        };
        format!(
            "BEGIN;\n\
             {OWN_PATH}\
             CREATE TEMP TABLE generated ON COMMIT DROP AS {};\n\
             SET LOCAL search_path TO DEFAULT;\n\
             SET CONSTRAINTS ALL IMMEDIATE;\n\
             {insert};\n\
             COMMIT",
            self.query(types, first, rows, way)
        )
    }

    fn query(&self, types: &Types, first: i64, rows: i64, way: Way) -> String {
        let rows = if way == Way::OneByOne { rows.min(ONE_BY_ONE) } else { rows };
        // Checks refuse some rows, so more are generated than needed.
        let is_filtered = way != Way::OneByOne && !self.conditions.is_empty();
        let tried = if is_filtered { rows.saturating_mul(TRIED) } else { rows };
        let values = self.chosen.iter().map(|(column, value)| {
            format!("({value})::{} AS {}", types.sized(column.data_type, column.modifier), column.quoted)
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let series = format!("generate_series({}::bigint, {}) AS i", first + 1, first + tried);
        let generated = format!("SELECT {values}\nFROM {series}{}", self.joins);
        match is_filtered {
            true => format!("SELECT * FROM ({generated}) AS g\nWHERE {}\nLIMIT {rows}", self.conditions.join("\nAND ")),
            false => generated,
        }
    }
}

/// The keys that reference their own table and may not be NULL.
fn required_own(oid: Oid, table: &Table) -> Vec<&ForeignKey> {
    table.keys.iter().filter(|key| key.parent == oid && table.is_required(key)).collect()
}
