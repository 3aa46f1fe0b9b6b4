//! What can be changed about the objects of a schema, read from the catalog: one typed fact for each row of the queries in
//! `sql/facts`.

use std::collections::{HashMap, HashSet};

use connection::Row;

use crate::array_cast::without_implicit_casts;

/// An object or a part of it: the OID of its catalog, its own, and the number of the column.
pub(crate) type Node = (u32, u32, u32);

/// The queries, each with `common.sql` before it.
pub(crate) const QUERIES: [&str; 11] = [
    include_str!("../sql/facts/extensions.sql"),
    include_str!("../sql/facts/relations.sql"),
    include_str!("../sql/facts/columns.sql"),
    include_str!("../sql/facts/constraints.sql"),
    include_str!("../sql/facts/indexes.sql"),
    include_str!("../sql/facts/sequences.sql"),
    include_str!("../sql/facts/routines.sql"),
    include_str!("../sql/facts/types.sql"),
    include_str!("../sql/facts/policies.sql"),
    include_str!("../sql/facts/casts.sql"),
    include_str!("../sql/facts/edges.sql"),
];

/// What the first column of a row of these queries says.
pub(crate) const TAGS: [&str; 11] =
    ["extension", "relation", "column", "constraint", "index", "sequence", "routine", "type", "policy", "cast", "edge"];

/// All facts of a schema.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) relations: HashMap<u32, Relation>,
    /// By the catalog and OID of their table, view or composite type, in their order.
    pub(crate) columns: HashMap<(u32, u32), Vec<Column>>,
    pub(crate) constraints: HashMap<u32, Constraint>,
    pub(crate) indexes: HashMap<u32, Index>,
    pub(crate) sequences: HashMap<u32, Sequence>,
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

/// A table, a view or a sequence.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// As in `pg_class.relkind`.
    pub(crate) kind: String,
    pub(crate) persistence: String,
    /// As SQL names it.
    pub(crate) name: String,
    pub(crate) bare_name: String,
    pub(crate) schema: String,
    /// The OID of the partitioned table that this is a partition of.
    pub(crate) partition_of: Option<u32>,
    pub(crate) bound: Option<String>,
    pub(crate) partition_key: Option<String>,
    /// The OIDs of the tables whose columns this one has.
    pub(crate) parents: Vec<u32>,
    pub(crate) of_type: Option<String>,
    pub(crate) access_method: Option<String>,
    pub(crate) tablespace: String,
    pub(crate) server: Option<String>,
    /// Whether the owner can update every row: no policy hides one, and no publication prevents it, for lack of a replica
    /// identity or because of a filter.
    pub(crate) accepts_updates: bool,
    /// What is true of the rows of a partition.
    pub(crate) condition: Option<String>,
}

/// A column of a table, of a view or of a composite type.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) number: u32,
    /// Quoted.
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) collation: Option<String>,
    /// The type without modifiers and below domains.
    pub(crate) base: String,
    /// The category of that type; see `pg_type.typcategory`.
    pub(crate) category: String,
    pub(crate) not_null: bool,
    pub(crate) default: Option<u32>,
    /// The default, or what generates the column.
    pub(crate) expression: Option<String>,
    /// `s`tored, `v`irtual or empty.
    pub(crate) generated: String,
    /// `a`lways, by `d`efault or empty.
    pub(crate) identity: String,
    /// The OID of the sequence of an identity column.
    pub(crate) sequence: Option<u32>,
    pub(crate) inherited: u32,
    /// Whether the default is computed for each row instead of once.
    pub(crate) is_volatile: bool,
    /// What qualifies the type where `public` is not in the search path: `public.` or nothing.
    pub(crate) type_schema: String,
    /// The quoted name of the constraint for NOT NULL, which there is since PostgreSQL 18.
    pub(crate) not_null_name: Option<String>,
    /// Whether the table is partitioned by it.
    pub(crate) is_in_partition_key: bool,
}

/// A constraint of a table or of a domain.
#[derive(Debug, Clone)]
pub(crate) struct Constraint {
    pub(crate) oid: u32,
    pub(crate) owner: (u32, u32),
    pub(crate) name: String,
    /// As in `pg_constraint.contype`.
    pub(crate) kind: String,
    pub(crate) definition: String,
    pub(crate) is_valid: bool,
    pub(crate) is_deferrable: bool,
    pub(crate) is_deferred: bool,
    /// Whether it comes with a constraint of a parent.
    pub(crate) is_inherited: bool,
    /// The OID of its index, or of the one that a foreign key refers to.
    pub(crate) index: Option<u32>,
    /// The OID of the constraint of a partitioned table that this one is attached to.
    pub(crate) parent: Option<u32>,
    /// The OID of the table that a foreign key refers to.
    pub(crate) referenced: Option<u32>,
    /// The numbers of its columns, in its order.
    pub(crate) columns: Vec<u32>,
    /// The numbers of the columns that a foreign key refers to, in its order.
    pub(crate) referenced_columns: Vec<u32>,
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

/// A sequence.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    pub(crate) type_name: String,
    pub(crate) start: String,
    pub(crate) increment: String,
    pub(crate) minimum: String,
    pub(crate) maximum: String,
    pub(crate) cache: String,
    pub(crate) cycles: bool,
    pub(crate) persistence: String,
    /// The table and the number of the column that it belongs to.
    pub(crate) owner: Option<(u32, u32)>,
    pub(crate) is_identity: bool,
    pub(crate) name: String,
    pub(crate) has_usual_minimum: bool,
    pub(crate) has_usual_maximum: bool,
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

/// The columns of a row, after the one that says what it is.
struct Reader(std::vec::IntoIter<Option<String>>);

impl Reader {
    fn optional(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    fn text(&mut self) -> String {
        self.optional().unwrap_or_default()
    }

    /// SQL that the server writes.
    fn sql(&mut self) -> Option<String> {
        self.optional().map(|text| without_implicit_casts(&text).into_owned())
    }

    fn number(&mut self) -> u32 {
        self.oid().unwrap_or_default()
    }

    fn oid(&mut self) -> Option<u32> {
        self.optional().and_then(|text| text.parse().ok()).filter(|&oid| oid != 0)
    }

    fn flag(&mut self) -> bool {
        self.optional().as_deref() == Some("t")
    }

    fn lines(&mut self) -> Vec<String> {
        self.optional().map(|text| text.split('\n').map(str::to_owned).collect()).unwrap_or_default()
    }

    fn numbers(&mut self) -> Vec<u32> {
        self.text().split(' ').filter_map(|number| number.parse().ok()).collect()
    }

    fn node(&mut self) -> Node {
        (self.number(), self.number(), self.number())
    }
}

impl Facts {
    /// Adds what a row says.
    pub(crate) fn add(&mut self, row: Row) {
        let mut row = Reader(row.into_iter());
        match row.text().as_str() {
            "relation" => self.add_relation(&mut row),
            "column" => self.add_column(&mut row),
            "constraint" => self.add_constraint(&mut row),
            "index" => self.add_index(&mut row),
            "sequence" => self.add_sequence(&mut row),
            "routine" => self.add_routine(&mut row),
            "type" => self.add_type(&mut row),
            "policy" => self.add_policy(&mut row),
            "extension" => {
                let (_, oid, _) = (row.number(), row.number(), row.text());
                self.updates.insert(oid, row.lines());
                self.members.insert(oid, row.text());
                if row.flag() {
                    self.relocatable.insert(oid);
                }
            }
            "cast" => {
                let types = (row.text(), row.text());
                self.casts.insert(types, row.text());
            }
            "edge" => {
                let (from, to) = (row.node(), row.node());
                let kind = row.text();
                let is_of_partition = matches!(kind.as_str(), "P" | "S");
                self.edges.push(Edge { from, to, is_automatic: kind != "n", is_of_partition });
            }
            _ => {}
        }
    }

    fn add_relation(&mut self, row: &mut Reader) {
        let (_, oid) = (row.number(), row.number());
        let relation = Relation {
            kind: row.text(),
            persistence: row.text(),
            name: row.text(),
            bare_name: row.text(),
            schema: row.text(),
            partition_of: row.oid(),
            bound: row.optional(),
            partition_key: row.optional(),
            parents: row.numbers(),
            of_type: row.optional(),
            access_method: row.optional(),
            tablespace: row.text(),
            server: row.optional(),
            accepts_updates: row.flag(),
            condition: row.optional(),
        };
        self.relations.insert(oid, relation);
    }

    fn add_column(&mut self, row: &mut Reader) {
        let owner = (row.number(), row.number());
        let (number, name) = (row.number(), row.text());
        let (type_name, collation, base, category) = (row.text(), row.optional(), row.text(), row.text());
        let not_null = row.flag();
        let column = Column {
            number,
            name,
            type_name,
            collation,
            base,
            category,
            not_null,
            default: row.oid(),
            expression: row.sql(),
            generated: row.text().trim().to_owned(),
            identity: row.text().trim().to_owned(),
            sequence: row.oid(),
            inherited: row.number(),
            is_volatile: row.flag(),
            type_schema: row.text(),
            not_null_name: row.optional(),
            is_in_partition_key: row.flag(),
        };
        self.columns.entry(owner).or_default().push(column);
    }

    fn add_constraint(&mut self, row: &mut Reader) {
        let (_, oid) = (row.number(), row.number());
        let constraint = Constraint {
            oid,
            owner: (row.number(), row.number()),
            name: row.text(),
            kind: row.text(),
            definition: row.sql().unwrap_or_default(),
            is_valid: row.flag(),
            is_deferrable: row.flag(),
            is_deferred: row.flag(),
            is_inherited: row.flag(),
            index: row.oid(),
            parent: row.oid(),
            referenced: row.oid(),
            columns: row.numbers(),
            referenced_columns: row.numbers(),
        };
        self.constraints.insert(oid, constraint);
    }

    fn add_index(&mut self, row: &mut Reader) {
        let (_, oid) = (row.number(), row.number());
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

    fn add_sequence(&mut self, row: &mut Reader) {
        let (_, oid) = (row.number(), row.number());
        let (type_name, start, increment) = (row.text(), row.text(), row.text());
        let (minimum, maximum, cache, cycles, persistence) =
            (row.text(), row.text(), row.text(), row.flag(), row.text());
        let (table, column) = (row.oid(), row.oid());
        let sequence = Sequence {
            type_name,
            start,
            increment,
            minimum,
            maximum,
            cache,
            cycles,
            persistence,
            owner: table.zip(column),
            is_identity: row.text() == "i",
            name: row.text(),
            has_usual_minimum: row.flag(),
            has_usual_maximum: row.flag(),
        };
        self.sequences.insert(oid, sequence);
    }

    fn add_routine(&mut self, row: &mut Reader) {
        let (_, oid) = (row.number(), row.number());
        let routine = Routine {
            kind: row.text(),
            result: row.text(),
            argument_names: row.lines(),
            defaults: row.number(),
            language: row.text(),
            body: row.optional(),
            signature: row.text(),
            argument_modes: row.text(),
            schema: row.text(),
            argument_types: row.lines(),
        };
        self.routines.insert(oid, routine);
    }

    fn add_type(&mut self, row: &mut Reader) {
        let (_, oid) = (row.number(), row.number());
        let found = Type {
            kind: row.text(),
            name: row.text(),
            bare_name: row.text(),
            schema: row.text(),
            base: row.optional(),
            collation: row.optional(),
            default: row.sql(),
            not_null: row.flag(),
            labels: row.lines(),
            uses: row.number(),
            constructors: row.numbers(),
        };
        self.types.insert(oid, found);
    }

    fn add_policy(&mut self, row: &mut Reader) {
        let (_, oid) = (row.number(), row.number());
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
