//! Generated rows, for realistic times: values that fit each column's type, name and checks, existing keys for foreign keys, and
//! unique values where they are required.

mod candidates;
mod catalog;
mod choice;
mod generation;
mod pattern;
mod row;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use connection::{Connection, first};

use super::snapshot::{Oid, unqualified};
use crate::finding::message;
use catalog::{Catalog, Check, Column};
use choice::Choice;
use generation::{Columns, Generation, TRIED, Way};

/// What the rows have to fit in addition to the schema.
#[derive(Default)]
pub(super) struct Fit {
    /// The schema after the next revision.
    next: Option<Catalog>,
    /// Whether texts are digits that most types accept as well.
    pub(super) has_plain_texts: bool,
}

/// The maximum number of times that refused rows are replaced.
const ROUNDS: i64 = 20;
/// How many of these rounds may add nothing.
const FUTILE_ROUNDS: u32 = 3;
/// The numbers of rows that fit a revision start here, because a revision inserts rows with low ones.
const FITTING_START: i64 = 1_000_000;
/// Digits that are also an integer, a date, a time stamp and JSON.
const PLAIN_TEXT: &str = "to_char(date '1000-01-01' + (i % 3000000)::int, 'YYYYMMDD')";

/// Fills tables, and reports each table that cannot be filled once.
#[derive(Default)]
pub(super) struct Filler {
    reported: BTreeSet<String>,
    /// Tables with as many rows as their definition allows, each with that definition.
    given_up: BTreeSet<(Oid, i64, String)>,
}

impl Fit {
    /// Generate rows that also fit the schema of this session.
    pub(super) fn next(session: &mut Connection, own_tables: &[Oid]) -> Result<Self> {
        Ok(Self { next: Some(Catalog::read(session, own_tables)?), has_plain_texts: false })
    }

    fn start(&self) -> i64 {
        if self.next.is_some() { FITTING_START } else { 0 }
    }

    /// Generates values instead of defaults, which need not fit.
    fn replace_defaults(&self, catalog: &mut Catalog) {
        let mut replaced = Vec::new();
        for (oid, table) in &catalog.tables {
            for (index, column) in table.columns.iter().enumerate() {
                let is_checked = table.checks.iter().any(|check| check.columns.contains(&column.number));
                if is_checked || self.value(catalog, *oid, column).is_some() {
                    replaced.push((*oid, index));
                }
            }
        }
        for (oid, index) in replaced {
            catalog.tables.entry(oid).and_modify(|table| table.columns[index].has_default = false);
        }
    }

    /// A value that the next type of a column accepts.
    fn value(&self, catalog: &Catalog, table: Oid, column: &Column) -> Option<String> {
        let next = self.next.as_ref()?;
        let other = next.tables.get(&table)?.column(column.number)?;
        if other.data_type == column.data_type && other.modifier == column.modifier {
            return None;
        }
        let (before, after) = (catalog.types.labels(column.data_type), next.types.labels(other.data_type));
        if let (Some(before), Some(after)) = (before, after) {
            let common = format!("ARRAY(SELECT l FROM unnest({before}) AS l WHERE l = ANY ({after}))");
            return Some(format!("({common})[1 + i % greatest(cardinality({common}), 1)]"));
        }
        let value = next.types.value(other.data_type, other.modifier, &column.name)?;
        match (catalog.types.category(column.data_type), next.types.category(other.data_type)) {
            ('S', 'S') | ('N', 'N') => Some(value),
            ('S', _) => Some(format!("(({value})::{})::text", next.types.castable(other.data_type))),
            _ => None,
        }
    }
}

impl Filler {
    /// Fills every table, except `own_tables`, up to a number of rows. Fixtures can load rows into tables that cannot
    /// be filled.
    pub(super) fn fill(&mut self, session: &mut Connection, own_tables: &[Oid], rows: u64, fit: &Fit) -> Result<()> {
        let rows = i64::try_from(rows)?;
        let mut catalog = Catalog::read(session, own_tables)?;
        if fit.next.is_some() {
            fit.replace_defaults(&mut catalog);
            session.query(&format!(include_str!("sample_data/sequences.sql"), FITTING_START))?;
        }
        for oid in catalog.in_order() {
            let table = &catalog.tables[&oid];
            let initial = count(session, &table.name)?;
            if initial >= rows || self.given_up.contains(&(oid, initial, table.definition())) {
                continue;
            }
            let missing = missing_parent(session, &catalog, oid)?;
            let reason = match &missing {
                Some(parent) => Some(format!("it references `{parent}`, which has no rows")),
                None => fill_table(session, &catalog, oid, rows, fit)?,
            };
            let (name, found) = (unqualified(&table.name), count(session, &table.name)?);
            let report = match (reason, found) {
                (Some(reason), _) => format!("cannot fill `{name}`: {reason}; use a fixture to load rows into it"),
                (None, found) if found < rows => {
                    format!("`{name}` has only {found} rows, because the server refuses more of the generated ones")
                }
                (None, _) => continue,
            };
            if missing.is_none() {
                self.given_up.insert((oid, found, table.definition()));
            }
            if self.reported.insert(table.name.clone()) {
                message(&report);
            }
        }
        Ok(())
    }
}

fn count(session: &mut Connection, table: &str) -> Result<i64> {
    let rows = session.query(&format!("SELECT count(*) FROM {table}"))?;
    Ok(first(&rows, 0).context("a count")?.parse()?)
}

/// A table without rows that every row of this one references.
fn missing_parent(session: &mut Connection, catalog: &Catalog, oid: Oid) -> Result<Option<String>> {
    let table = &catalog.tables[&oid];
    for key in table.keys.iter().filter(|key| key.parent != oid && table.is_required(key)) {
        if count(session, &key.parent_name)? == 0 {
            return Ok(Some(unqualified(&key.parent_name).to_owned()));
        }
    }
    Ok(None)
}

/// Fills one table. Returns the reason if no row was generated.
fn fill_table(session: &mut Connection, catalog: &Catalog, oid: Oid, rows: i64, fit: &Fit) -> Result<Option<String>> {
    let table = &catalog.tables[&oid];
    let values = values(session, catalog, oid, fit);
    let initial = count(session, &table.name)?;
    let mut reason = "no generated row satisfies its constraints".to_owned();
    let ways = [Columns::Usual, Columns::Required, Columns::All]
        .into_iter()
        .flat_map(|columns| [Way::Together, Way::OneByOne, Way::WithoutTriggers].map(|way| (columns, way)));
    for (columns, way) in ways.filter(|(_, way)| *way != Way::WithoutTriggers || table.has_triggers) {
        let generation = Generation::new(oid, table, &values, columns);
        let (mut found, mut futile) = (count(session, &table.name)?, 0);
        for round in 0..ROUNDS {
            // Later reasons are often the same as earlier ones.
            let wanted = (rows - found).max(if round > 0 { 10 } else { 0 });
            let insert = generation.insert(&catalog.types, fit.start() + found + round * rows * TRIED, wanted, way);
            if let Err(error) = session.send(&insert) {
                session.roll_back();
                reason = error.to_string();
                break;
            }
            let before = found;
            found = count(session, &table.name)?;
            futile += u32::from(found == before);
            if found >= rows || futile >= FUTILE_ROUNDS || way == Way::OneByOne {
                break;
            }
        }
        if found > initial {
            let is_number = |column: &&Column| catalog.types.category(column.data_type) == 'N';
            for column in generation.numbered().filter(is_number) {
                let (table, name, column) = (literal(&table.name), literal(&column.name), &column.quoted);
                session.query(&format!(
                    include_str!("sample_data/numbered.sql"),
                    table, name, column, catalog.tables[&oid].name
                ))?;
            }
            session.send(&format!("ANALYZE {}", table.name))?;
            return Ok(None);
        }
    }
    Ok(Some(reason))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An expression of `i` for every column that can have one.
fn values(session: &mut Connection, catalog: &Catalog, oid: Oid, fit: &Fit) -> BTreeMap<i16, String> {
    let (mut values, mut choices) = (BTreeMap::new(), Vec::new());
    let table = &catalog.tables[&oid];
    for column in &table.columns {
        let known = fit
            .value(catalog, oid, column)
            .or_else(|| plain_text(catalog, column, fit))
            .or_else(|| catalog.types.value(column.data_type, column.modifier, &column.name))
            .or_else(|| catalog.types.probed(session, column.data_type));
        let Some(usual) = known else { continue };
        let checks: Vec<&Check> = table.checks.iter().filter(|check| check.columns.contains(&column.number)).collect();
        let candidates = match checks.is_empty() {
            true => Vec::new(),
            false => candidates::satisfying(session, &catalog.types, column, usual.clone(), &checks),
        };
        values.insert(column.number, usual);
        if !candidates.is_empty() {
            choices.push(Choice::new(column, catalog.types.sized(column.data_type, column.modifier), candidates));
        }
    }
    values.extend(choice::values(session, table, choices));
    values
}

fn plain_text(catalog: &Catalog, column: &Column, fit: &Fit) -> Option<String> {
    let is_text = fit.has_plain_texts && catalog.types.category(column.data_type) == 'S';
    let length = catalog.types.length(column.data_type, column.modifier);
    is_text.then(|| length.map_or(PLAIN_TEXT.to_owned(), |length| format!("right({PLAIN_TEXT}, {length})")))
}
