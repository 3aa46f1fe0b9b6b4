//! The constraints of tables and domains, except NOT NULL.

use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// A constraint of a table or of a domain.
#[derive(Debug, Clone)]
pub(crate) struct Constraint {
    pub(crate) oid: u32,
    pub(crate) owner: (u32, u32),
    /// Quoted.
    pub(crate) name: String,
    /// As in `pg_constraint.contype`.
    pub(crate) kind: String,
    /// As `pg_get_constraintdef` writes it; in a dump, not of one that comes with that of a partitioned table.
    pub(crate) definition: String,
    pub(crate) is_valid: bool,
    /// Whether it comes with a constraint of a parent.
    pub(crate) is_inherited: bool,
    /// The OID of the constraint of a partitioned table that this one is attached to.
    pub(crate) parent: Option<u32>,
    /// The numbers of its columns, in its order.
    pub(crate) columns: Vec<u32>,
    /// Whether it is an exclusion constraint of a partitioned table that none of its partitions has.
    pub(crate) is_alone: bool,
    /// Read only for a diff, as what follows.
    pub(crate) is_deferrable: bool,
    pub(crate) is_deferred: bool,
    /// The OID of its index, or of the one that a foreign key refers to.
    pub(crate) index: Option<u32>,
    /// The OID of the table that a foreign key refers to.
    pub(crate) referenced: Option<u32>,
    /// The numbers of the columns that a foreign key refers to, in its order.
    pub(crate) referenced_columns: Vec<u32>,
}

impl Constraint {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (oid, owner, name, kind) = (row.number(), (row.number(), row.number()), row.text(), row.text());
        let (definition, is_valid, is_inherited) = (row.sql().unwrap_or_default(), row.flag(), row.flag());
        let (parent, columns, is_alone, mut for_diff) = (row.oid(), row.numbers(), row.flag(), row.group());
        Self {
            oid,
            owner,
            name,
            kind,
            definition,
            is_valid,
            is_inherited,
            parent,
            columns,
            is_alone,
            is_deferrable: for_diff.flag(),
            is_deferred: for_diff.flag(),
            index: for_diff.oid(),
            referenced: for_diff.oid(),
            referenced_columns: for_diff.numbers(),
        }
    }

    /// Whether it is a primary key or UNIQUE.
    pub(crate) fn is_key(&self) -> bool {
        matches!(self.kind.as_str(), "p" | "u")
    }

    pub(crate) fn bare_name(&self) -> String {
        unquoted(&self.name)
    }

    /// As CREATE TABLE takes it.
    pub(crate) fn clause(&self) -> String {
        format!("CONSTRAINT {} {}", self.name, self.definition)
    }

    /// The statement that adds it to a table.
    pub(crate) fn addition(&self, table: &str) -> String {
        let only = if self.is_key() || self.is_alone { "ONLY " } else { "" };
        format!("ALTER TABLE {only}{table} ADD {};", self.clause())
    }

    /// Sorts keys of the same columns: a primary key is first.
    pub(crate) fn rank(&self) -> (bool, String) {
        (self.kind != "p", self.bare_name())
    }

    /// The constraint with a statement of its own.
    pub(crate) fn object(&self, table: &str) -> Object {
        let mut object = object(self.oid, table, &self.name, self.addition(table));
        if self.kind == "f" {
            object.key.2 = 3;
        }
        object
    }
}

/// A constraint of a table with the statement that adds it.
pub(crate) fn object(oid: u32, table: &str, name: &str, addition: String) -> Object {
    Object {
        id: (Class::Catalog(catalog::CONSTRAINT), oid),
        key: (5, table.to_owned(), 2, unquoted(name)),
        target: Some(target(name, table)),
        head: addition,
        ..Object::default()
    }
}

/// A constraint of a table as COMMENT ON names it.
pub(crate) fn target(name: &str, table: &str) -> String {
    format!("CONSTRAINT {name} ON {table}")
}
