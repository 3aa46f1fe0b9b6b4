//! Generated rows, for realistic times: values that fit each column's type and name, existing keys for foreign keys, and unique
//! values where they are required.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use connection::{Connection, OWN_PATH, Row, first};

use super::snapshot::{Oid, unqualified};
use crate::finding::message;

struct Column {
    name: String,
    data_type: String,
    /// `pg_type.typtype` and `typcategory`.
    kind: String,
    is_nullable: bool,
    has_default: bool,
    /// In characters.
    length: Option<u32>,
    foreign_key: Option<ForeignKey>,
    /// The element type of a range.
    element: Option<String>,
    /// The values listed in a CHECK, as an SQL array.
    listed: Option<String>,
}

struct ForeignKey {
    constraint: String,
    table: String,
    column: String,
}

/// Fills every table, except `own_tables`, up to a number of rows. Reports tables that cannot be filled; a fixture can load rows into them.
pub(super) fn fill(session: &mut Connection, own_tables: &[Oid], rows: u64) -> Result<()> {
    let tables = read(session, own_tables)?;
    for table in in_order(&tables) {
        let count = |session: &mut Connection| -> Result<i64> {
            let rows = session.query(&format!("SELECT count(*) FROM {table}"))?;
            Ok(first(&rows, 0).context("a count")?.parse()?)
        };
        let missing = i64::try_from(rows)? - count(session)?;
        if missing <= 0 {
            continue;
        }
        // Fill all columns, or else only the required ones: a CHECK may reject the generated values of the others.
        let mut insert = |optional| {
            let inserted = session.send(&insert(table, &tables[table], missing, optional));
            inserted.inspect_err(|_| _ = session.roll_back())
        };
        let filled = insert(true).or_else(|_| insert(false));
        let name = unqualified(table);
        match filled {
            Err(error) => message(&format!("cannot fill `{name}`: {error}; use a fixture to load rows into it")),
            Ok(()) => {
                let found = count(session)?;
                if found < i64::try_from(rows)? {
                    message(&format!("`{name}` has only {found} rows, because more would not be unique"));
                }
            }
        }
        session.send(&format!("ANALYZE {table}"))?;
    }
    Ok(())
}

fn read(session: &mut Connection, own_tables: &[Oid]) -> Result<BTreeMap<String, Vec<Column>>> {
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    let own_tables: Vec<String> = own_tables.iter().map(Oid::to_string).collect();
    let query = format!(include_str!("columns.sql"), own_tables = own_tables.join(", "));
    for row in session.query(&query).context("cannot read the catalog")? {
        let columns = tables.entry(row[0].clone().unwrap_or_default()).or_default();
        let column = column(&row);
        // A column of two foreign keys is listed twice; only the first key is used.
        if columns.last().is_none_or(|last| last.name != column.name) {
            columns.push(column);
        }
    }
    Ok(tables)
}

fn column(row: &Row) -> Column {
    let text = |index: usize| row[index].clone();
    let is = |index: usize| row[index].as_deref() == Some("t");
    let foreign_key = || Some(ForeignKey { constraint: text(7)?, table: text(8)?, column: text(9)? });
    Column {
        name: text(1).unwrap_or_default(),
        data_type: text(2).unwrap_or_default(),
        kind: text(3).unwrap_or_default(),
        is_nullable: is(4),
        has_default: is(5),
        length: text(6).and_then(|length| length.parse().ok()),
        foreign_key: foreign_key(),
        element: text(10),
        listed: text(11),
    }
}

/// The tables, each after those that it references, except in cycles.
fn in_order(tables: &BTreeMap<String, Vec<Column>>) -> Vec<&str> {
    let mut order: Vec<&str> = Vec::new();
    while order.len() < tables.len() {
        let left = || tables.keys().map(String::as_str).filter(|table| !order.contains(table));
        let is_ready = |table: &&str| {
            let mut needed = tables[*table].iter().filter_map(|column| column.foreign_key.as_ref());
            needed.all(|key| key.table == *table || order.contains(&key.table.as_str()))
        };
        let Some(next) = left().find(is_ready).or_else(|| left().next()) else { break };
        order.push(next);
    }
    order
}

/// A transaction that generates rows with `generate_series` and inserts them. They are generated with [`OWN_PATH`] and
/// inserted with the path of the session, which triggers may need. If a table has several foreign keys, each changes less often than the one before,
/// so that their combinations are unique.
fn insert(table: &str, columns: &[Column], rows: i64, optional: bool) -> String {
    let chosen: Vec<&Column> =
        columns.iter().filter(|column| !column.has_default && (optional || !column.is_nullable)).collect();
    let keys: BTreeSet<(&str, &str)> = chosen
        .iter()
        .filter_map(|column| column.foreign_key.as_ref())
        .map(|key| (key.constraint.as_str(), key.table.as_str()))
        .collect();
    let (mut joins, mut slower) = (String::new(), String::new());
    for (constraint, parent) in &keys {
        joins.push_str(&format!(
            "\nLEFT JOIN (SELECT *, row_number() OVER () - 1 AS place FROM {parent}) AS k{constraint}\n\
             ON k{constraint}.place = (i {slower}) % (SELECT greatest(count(*), 1) FROM {parent})"
        ));
        slower.push_str(&format!(" / (SELECT greatest(count(*), 1) FROM {parent})"));
    }
    let value = |column: &&Column| match &column.foreign_key {
        Some(key) => format!("k{}.{}", key.constraint, key.column),
        None => value(column),
    };
    let names: Vec<&str> = chosen.iter().map(|column| column.name.as_str()).collect();
    let values: Vec<String> = chosen.iter().map(value).collect();
    if chosen.is_empty() {
        // Every column has a default, which an empty SELECT list uses.
        return transaction(&format!("SELECT FROM generate_series(1, {rows}) AS i"), table, "");
    }
    // Start after the numbers that earlier calls used.
    let values = values.iter().zip(&names).map(|(value, name)| format!("{value} AS {name}"));
    let generated = format!(
        "SELECT {}\n\
         FROM generate_series((SELECT count(*) FROM {table}) + 1, (SELECT count(*) FROM {table}) + {rows}) AS i\
         {joins}",
        values.collect::<Vec<_>>().join(", ")
    );
    transaction(&generated, table, &names.join(", "))
}

fn transaction(generated: &str, table: &str, names: &str) -> String {
    let into = if names.is_empty() { table.to_owned() } else { format!("{table} ({names})") };
    format!(
        "BEGIN;\n\
         {OWN_PATH}\
         CREATE TEMP TABLE generated ON COMMIT DROP AS {generated};\n\
         SET LOCAL search_path TO DEFAULT;\n\
         INSERT INTO {into} SELECT {names} FROM pg_temp.generated ON CONFLICT DO NOTHING;\n\
         COMMIT"
    )
}

/// An SQL expression of `i` for a column.
fn value(column: &Column) -> String {
    let data_type = column.data_type.as_str();
    if let Some(listed) = &column.listed {
        return format!("({listed})[1 + i % array_length({listed}, 1)]::{data_type}");
    }
    let name = column.name.trim_matches('"');
    match (data_type, column.kind.as_str()) {
        ("smallint", _) => "(i % 32767)::smallint".to_owned(),
        ("boolean", _) => "i % 2 = 0".to_owned(),
        ("uuid", _) => "gen_random_uuid()".to_owned(),
        ("json" | "jsonb", _) => format!("json_build_object('number', i)::{data_type}"),
        ("bytea", _) => "decode(md5(i::text), 'hex')".to_owned(),
        ("date", _) => "date '2020-01-01' + (i % 3650)::int".to_owned(),
        ("time without time zone" | "time with time zone", _) => {
            format!("(time '00:00' + i * interval '1 minute')::{data_type}")
        }
        ("timestamp without time zone" | "timestamp with time zone", _) => {
            format!("(timestamp '2020-01-01' + i * interval '1 hour')::{data_type}")
        }
        ("interval", _) => "i * interval '1 minute'".to_owned(),
        ("inet" | "cidr", _) => format!("(inet '10.0.0.0' + i)::{data_type}"),
        ("tsvector", _) => format!("to_tsvector('simple', '{name} ' || i)"),
        (_, "eE") => format!("(enum_range(NULL::{data_type}))[1 + i % array_length(enum_range(NULL::{data_type}), 1)]"),
        (_, kind) if kind.starts_with('r') => range(data_type, column.element.as_deref().unwrap_or_default()),
        (_, kind) if kind.ends_with('A') => format!("'{{}}'::{data_type}"),
        (_, kind) if kind.ends_with('N') => format!("i::{data_type}"),
        (_, kind) if kind.ends_with('S') => words(name, column.length),
        _ => format!("NULL::{data_type}"),
    }
}

/// Ranges that do not overlap.
fn range(data_type: &str, element: &str) -> String {
    let bound = |offset: u32| match element {
        "date" => format!("date '2020-01-01' + (2 * i + {offset})::int"),
        "timestamp without time zone" | "timestamp with time zone" => {
            format!("(timestamp '2020-01-01' + (2 * i + {offset}) * interval '1 hour')::{element}")
        }
        _ => format!("(10 * i + 5 * {offset})::{element}"),
    };
    format!("{data_type}({}, {})", bound(0), bound(1))
}

/// Text that fits the column's name. It ends with a unique number, which a short column keeps.
fn words(name: &str, length: Option<u32>) -> String {
    let lower = name.to_ascii_lowercase();
    let quoted = name.replace('\'', "''");
    let text = match () {
        () if lower.contains("mail") => "'user' || i || '@example.com'".to_owned(),
        () if lower.contains("url") || lower.contains("link") => "'https://example.com/' || i".to_owned(),
        () if lower.contains("phone") => "'+49 30 ' || (100000 + i)".to_owned(),
        () => format!("'{quoted} ' || i"),
    };
    length.map_or(text.clone(), |length| format!("right({text}, {length})"))
}
