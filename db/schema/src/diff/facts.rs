//! What can be changed about the objects of a schema: the model, and what only a diff reads, with the queries in `sql/facts`.

use std::collections::{BTreeMap, HashMap, HashSet};

use connection::Row;

use crate::model::Model;
pub(crate) use crate::model::column::Column;
pub(crate) use crate::model::constraint::Constraint;
pub(crate) use crate::model::relation::Relation;
pub(crate) use crate::model::sequence::Sequence;
pub(crate) use crate::model::values::Node;
use crate::model::values::Values;

/// The queries, each with `common.sql` before it.
pub(crate) const QUERIES: [&str; 7] = [
    include_str!("../sql/facts/extensions.sql"),
    include_str!("../sql/facts/indexes.sql"),
    include_str!("../sql/facts/routines.sql"),
    include_str!("../sql/facts/types.sql"),
    include_str!("../sql/facts/policies.sql"),
    include_str!("../sql/facts/casts.sql"),
    include_str!("../sql/facts/edges.sql"),
];

/// All facts of a schema.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) relations: BTreeMap<u32, Relation>,
    /// By the catalog and OID of their table, view or composite type, in their order.
    pub(crate) columns: HashMap<(u32, u32), Vec<Column>>,
    pub(crate) constraints: BTreeMap<u32, Constraint>,
    pub(crate) indexes: HashMap<u32, Index>,
    pub(crate) sequences: BTreeMap<u32, Sequence>,
    pub(crate) routines: HashMap<u32, Routine>,
    pub(crate) types: HashMap<u32, Type>,
    pub(crate) policies: HashMap<u32, Policy>,
    /// The versions, quoted, to which an extension can be updated, by its OID.
    pub(crate) updates: HashMap<u32, Vec<String>>,
    /// A digest of the objects that an extension has, by its OID.
    pub(crate) members: HashMap<u32, String>,
    /// The OIDs of extensions that can be moved to another schema.
    pub(crate) relocatable: HashSet<u32>,
    pub(crate) casts: HashMap<(String, String), String>,
    pub(crate) edges: Vec<Edge>,
}

/// An index, also of a constraint.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) table: u32,
    pub(crate) bare_name: String,
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) is_valid: bool,
    /// The OID of the constraint that it belongs to.
    pub(crate) constraint: Option<u32>,
    /// The OID of the index of a partitioned table that it is attached to.
    pub(crate) parent: Option<u32>,
    /// The names of its columns, with `_` between them.
    pub(crate) column_names: String,
    /// Without the schema, quoted.
    pub(crate) quoted_name: String,
    /// The numbers of the columns that it makes unique; none if that depends on a condition or an expression.
    pub(crate) unique_columns: Vec<u32>,
}

/// A function, procedure or aggregate; also a function that constructs a range.
#[derive(Debug, Clone)]
pub(crate) struct Routine {
    pub(crate) kind: String,
    pub(crate) result: String,
    pub(crate) argument_names: Vec<String>,
    pub(crate) defaults: u32,
    pub(crate) language: String,
    /// The body, if it is text.
    pub(crate) body: Option<String>,
    pub(crate) signature: String,
    pub(crate) argument_modes: String,
    pub(crate) schema: String,
    /// The types of the arguments, if some are for output.
    pub(crate) argument_types: Vec<String>,
}

/// A type that is not a table's.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    /// As in `pg_type.typtype`.
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) bare_name: String,
    pub(crate) schema: String,
    /// The type below a domain.
    pub(crate) base: Option<String>,
    pub(crate) collation: Option<String>,
    pub(crate) default: Option<String>,
    pub(crate) not_null: bool,
    /// The labels of an enum, quoted.
    pub(crate) labels: Vec<String>,
    /// In how many columns it is used.
    pub(crate) uses: u32,
    /// The OIDs of the functions that construct a range, or its multirange.
    pub(crate) constructors: Vec<u32>,
}

/// A policy of row-level security.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) table: u32,
    pub(crate) name: String,
    pub(crate) is_permissive: bool,
    pub(crate) command: String,
    pub(crate) roles: String,
    pub(crate) using: Option<String>,
    pub(crate) check: Option<String>,
}

/// One object depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) from: Node,
    pub(crate) to: Node,
    /// Whether PostgreSQL drops the first with the second.
    pub(crate) is_automatic: bool,
    /// Whether the first is part of a partition and the second of its table.
    pub(crate) is_of_partition: bool,
}

impl Facts {
    /// The model with what these queries say. Returns the rows of other queries, too.
    pub(crate) fn read(model: Model, rows: Vec<Row>) -> (Self, Vec<Row>) {
        let Model { relations, columns, constraints, sequences, .. } = model;
        let mut facts = Self { relations, columns, constraints, sequences, ..Self::default() };
        let others = rows.into_iter().filter_map(|row| facts.add(row)).collect();
        (facts, others)
    }

    fn add(&mut self, row: Row) -> Option<Row> {
        let tag = row.first().and_then(|tag| tag.as_deref()).unwrap_or_default();
        let read = match tag {
            "index" => Self::add_index,
            "routine" => Self::add_routine,
            "type" => Self::add_type,
            "policy" => Self::add_policy,
            "extension" => Self::add_extension,
            "cast" => Self::add_cast,
            "edge" => Self::add_edge,
            _ => return Some(row),
        };
        read(self, &mut Values::of(row));
        None
    }

    fn add_extension(&mut self, row: &mut Values) {
        let oid = row.number();
        self.updates.insert(oid, row.texts());
        self.members.insert(oid, row.text());
        if row.flag() {
            self.relocatable.insert(oid);
        }
    }

    fn add_cast(&mut self, row: &mut Values) {
        let types = (row.text(), row.text());
        self.casts.insert(types, row.text());
    }

    fn add_edge(&mut self, row: &mut Values) {
        let (from, to) = (row.node(), row.node());
        let kind = row.text();
        let is_of_partition = matches!(kind.as_str(), "P" | "S");
        self.edges.push(Edge { from, to, is_automatic: kind != "n", is_of_partition });
    }

    fn add_index(&mut self, row: &mut Values) {
        let oid = row.number();
        let index = Index {
            table: row.number(),
            bare_name: row.text(),
            name: row.text(),
            definition: row.sql().unwrap_or_default(),
            is_valid: row.flag(),
            constraint: row.oid(),
            parent: row.oid(),
            column_names: row.text(),
            quoted_name: row.text(),
            unique_columns: row.numbers(),
        };
        self.indexes.insert(oid, index);
    }

    fn add_routine(&mut self, row: &mut Values) {
        let oid = row.number();
        let routine = Routine {
            kind: row.text(),
            result: row.text(),
            argument_names: row.texts(),
            defaults: row.number(),
            language: row.text(),
            body: row.optional(),
            signature: row.text(),
            argument_modes: row.text(),
            schema: row.text(),
            argument_types: row.texts(),
        };
        self.routines.insert(oid, routine);
    }

    fn add_type(&mut self, row: &mut Values) {
        let oid = row.number();
        let found = Type {
            kind: row.text(),
            name: row.text(),
            bare_name: row.text(),
            schema: row.text(),
            base: row.optional(),
            collation: row.optional(),
            default: row.sql(),
            not_null: row.flag(),
            labels: row.texts(),
            uses: row.number(),
            constructors: row.numbers(),
        };
        self.types.insert(oid, found);
    }

    fn add_policy(&mut self, row: &mut Values) {
        let oid = row.number();
        let policy = Policy {
            table: row.number(),
            name: row.text(),
            is_permissive: row.flag(),
            command: row.text(),
            roles: row.text(),
            using: row.sql(),
            check: row.sql(),
        };
        self.policies.insert(oid, policy);
    }
}
