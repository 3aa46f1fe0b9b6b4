//! Compares the rows of two databases by digests that do not depend on their order.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use connection::Connection;

use crate::finding::counted;

/// What a database contains.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    tables: BTreeMap<String, Table>,
    /// The last value of each sequence.
    sequences: BTreeMap<String, String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    rows: u64,
    /// A digest of all columns whose values do not depend on time or chance, so that values stay together in their rows.
    digest: String,
    columns: Vec<Column>,
}

#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    varies: bool,
    digest: String,
}

impl Contents {
    /// Reads the digests of all tables.
    pub(super) fn read(session: &mut Connection) -> Result<Self> {
        session.send("RESET ALL; RESET ROLE; SET search_path = pg_catalog, pg_temp")?;
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for row in session.query(include_str!("columns.sql"))? {
            let mut values = row.into_iter();
            let mut next = || values.next().flatten();
            let table = tables.entry(next().context("the name of a table")?).or_default();
            // A table can have no columns.
            if let Some(name) = next() {
                let varies = next().as_deref() == Some("t");
                table.columns.push(Column { name, varies, digest: String::new() });
            }
        }
        for (name, table) in &mut tables {
            table.read(name, session).with_context(|| format!("the rows of {name}"))?;
        }
        let sequences = session.query(include_str!("sequences.sql"))?;
        let pair = |row: Vec<Option<String>>| {
            let mut values = row.into_iter().map(Option::unwrap_or_default);
            Some((values.next()?, values.next()?))
        };
        Ok(Self { tables, sequences: sequences.into_iter().filter_map(pair).collect() })
    }

    /// `3 tables with 20 rows`.
    pub(super) fn summary(&self) -> String {
        let rows = rows(self.tables.values().map(|table| table.rows).sum());
        format!("{} with {rows}", counted(self.tables.len(), "table"))
    }
}

impl Table {
    fn read(&mut self, name: &str, session: &mut Connection) -> Result<()> {
        let digest = |text: &str| format!("coalesce(sum(hashtextextended({text}, 0)), 0)");
        let stable: Vec<String> =
            self.columns.iter().filter(|column| !column.varies).map(|column| format!("t.{}", column.name)).collect();
        let each =
            self.columns.iter().map(|column| digest(&format!("coalesce(quote_literal(t.{}::text), '')", column.name)));
        let digests: Vec<String> =
            [digest(&format!("ROW({})::text", stable.join(", ")))].into_iter().chain(each).collect();
        let rows = session.query(&format!("SELECT count(*), {} FROM ONLY {name} t", digests.join(", ")))?;
        let mut values = rows.into_iter().flatten().map(Option::unwrap_or_default);
        self.rows = values.next().unwrap_or_default().parse().context("a number of rows")?;
        self.digest = values.next().unwrap_or_default();
        for (column, digest) in self.columns.iter_mut().zip(values) {
            column.digest = digest;
        }
        Ok(())
    }

    /// The names of the columns that differ: those that should not, and those that may.
    fn changed<'t>(&'t self, other: &Self) -> (Vec<&'t str>, Vec<&'t str>) {
        let differs = |column: &&Column| {
            other.columns.iter().any(|twin| twin.name == column.name && twin.digest != column.digest)
        };
        let (varying, stable): (Vec<_>, Vec<_>) = self.columns.iter().filter(differs).partition(|column| column.varies);
        let names = |columns: Vec<&'t Column>| columns.into_iter().map(|column| column.name.as_str()).collect();
        (names(stable), names(varying))
    }
}

fn rows(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), "row")
}

/// The lines of a diff, and the columns that differ because their values depend on time or chance.
pub(super) fn changed_contents(expected: &Contents, found: &Contents) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut varying) = (Vec::new(), Vec::new());
    for (name, before) in &expected.tables {
        // A table that is missing is in the schema's differences.
        let Some(after) = found.tables.get(name) else { continue };
        if before.rows != after.rows {
            lines.push(format!("- {name}: {}", rows(before.rows)));
            lines.push(format!("+ {name}: {}", rows(after.rows)));
            continue;
        }
        let (columns, varies) = before.changed(after);
        if before.digest != after.digest {
            let differ = match columns.is_empty() {
                true => "the same values in other rows".to_owned(),
                false => format!("different values in {}", columns.join(", ")),
            };
            lines.push(format!("  {name} ({}): {differ}", rows(before.rows)));
        }
        varying.extend(varies.into_iter().map(|column| format!("{name}.{column}")));
    }
    for (name, before) in &expected.sequences {
        match found.sequences.get(name) {
            Some(after) if before != after => {
                lines.extend([format!("- sequence {name}: {before}"), format!("+ sequence {name}: {after}")]);
            }
            _ => {}
        }
    }
    (lines, varying)
}
