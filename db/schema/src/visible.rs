//! The tables and views that a role can read or insert into.

use std::collections::BTreeSet;

use connection::{Connection, Row, first, quote_literal};

use crate::catalog::oids;
use crate::read_error::ReadError;

/// The tables and views that a role can read or insert into, with the columns that it can.
///
/// The privileges of `PUBLIC` and of roles that it inherits from count. It must also have USAGE on the schema.
#[derive(Debug, Clone)]
pub struct VisibleTables {
    /// Sorted by schema and name, `public` first.
    pub(crate) relations: Vec<Relation>,
    /// The enums of these columns, sorted in the same way.
    pub(crate) enums: Vec<Enum>,
}

/// A table or a view.
#[derive(Debug, Clone, Default)]
pub(crate) struct Relation {
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    /// In their order in the table.
    pub(crate) columns: Vec<Column>,
    pub(crate) is_readable: bool,
    pub(crate) is_insertable: bool,
}

/// The name of a table or a type, unquoted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) schema: String,
    pub(crate) name: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    /// The OID of its type: of a domain, of the base type, which is what the server reports to clients.
    pub(crate) type_oid: u32,
    pub(crate) is_readable: bool,
    /// Whether a value can be given for it.
    pub(crate) is_insertable: bool,
    pub(crate) has_default: bool,
    /// Whether no row has NULL.
    pub(crate) is_never_null: bool,
    /// Whether NULL can't be inserted.
    pub(crate) refuses_null: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Enum {
    pub(crate) oid: u32,
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    pub(crate) labels: Vec<String>,
}

impl VisibleTables {
    /// Reads what a role can see, without the tables in `except`, whose names are quoted and qualified.
    ///
    /// Ends the transaction of the connection, if one is open, and resets its role and its settings.
    ///
    /// # Errors
    /// The role does not exist, or a query fails.
    pub fn read(connection: &mut Connection, role: &str, except: &[&str]) -> Result<Self, ReadError> {
        let except = oids(connection, except)?;
        connection.send(include_str!("sql/begin.sql"))?;
        let rows = rows(connection, role, &except);
        connection.roll_back();
        let (columns, labels) = rows?;
        let relations = relations(&columns);
        let columns = relations.iter().flat_map(|relation| &relation.columns);
        let used: BTreeSet<u32> = columns.map(|column| column.type_oid).collect();
        let mut enums = enums(&labels);
        enums.retain(|one| used.contains(&one.oid));
        Ok(Self { relations, enums })
    }
}

/// The columns, and the labels of enums.
fn rows(connection: &mut Connection, role: &str, except: &str) -> Result<(Vec<Row>, Vec<Row>), ReadError> {
    let found = connection.rows(&format!("SELECT oid FROM pg_roles WHERE rolname = {}", quote_literal(role)))?;
    let Some(role) = first(&found, 0) else { return Err(ReadError::NoRole(role.to_owned())) };
    let columns = include_str!("sql/visible_columns.sql");
    let columns = columns.replace("{except}", except).replace("{role}", &format!("{role}::oid"));
    Ok((connection.rows(&columns)?, connection.rows(include_str!("sql/enum_labels.sql"))?))
}

fn relations(rows: &[Row]) -> Vec<Relation> {
    let mut relations: Vec<Relation> = Vec::new();
    for row in rows {
        let name = Name { schema: text(row, 0), name: text(row, 1) };
        if relations.last().is_none_or(|last| last.name != name) {
            relations.push(Relation { name, comment: row[2].clone(), ..Relation::default() });
        }
        let (is_readable, is_insertable) = (is_true(row, 6), is_true(row, 7));
        let Some(relation) = relations.last_mut() else { continue };
        relation.is_readable |= is_readable;
        relation.is_insertable |= is_insertable;
        let Some(name) = row[3].clone() else { continue };
        relation.columns.push(Column {
            name,
            comment: row[4].clone(),
            type_oid: number(row, 5),
            is_readable,
            is_insertable: is_insertable && !is_true(row, 8),
            has_default: is_true(row, 9),
            is_never_null: is_true(row, 10),
            refuses_null: is_true(row, 11),
        });
    }
    relations
}

fn enums(rows: &[Row]) -> Vec<Enum> {
    let mut enums: Vec<Enum> = Vec::new();
    for row in rows {
        let oid = number(row, 0);
        if enums.last().is_none_or(|last| last.oid != oid) {
            let name = Name { schema: text(row, 1), name: text(row, 2) };
            enums.push(Enum { oid, name, comment: row[3].clone(), labels: Vec::new() });
        }
        if let Some(last) = enums.last_mut() {
            last.labels.extend(row[4].clone());
        }
    }
    enums
}

fn text(row: &Row, index: usize) -> String {
    row[index].clone().unwrap_or_default()
}

fn number(row: &Row, index: usize) -> u32 {
    row[index].as_deref().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn is_true(row: &Row, index: usize) -> bool {
    row[index].as_deref() == Some("t")
}
