//! What can be changed about the objects of a schema: the model, and what only a diff reads, with the queries in `sql/facts`.

use std::collections::{BTreeMap, HashMap, HashSet};

use connection::Row;

use crate::model::Model;
pub(crate) use crate::model::column::Column;
pub(crate) use crate::model::constraint::Constraint;
pub(crate) use crate::model::data_type::Type;
use crate::model::event_trigger::EventTrigger;
pub(crate) use crate::model::index::Index;
use crate::model::policy::Policy;
pub(crate) use crate::model::relation::Relation;
pub(crate) use crate::model::sequence::Sequence;
use crate::model::trigger::Trigger;
pub(crate) use crate::model::values::Node;
use crate::model::values::Values;

/// The queries, each with `common.sql` before it.
pub(crate) const QUERIES: [&str; 4] = [
    include_str!("../sql/facts/extensions.sql"),
    include_str!("../sql/facts/routines.sql"),
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
    pub(crate) indexes: BTreeMap<u32, Index>,
    pub(crate) sequences: BTreeMap<u32, Sequence>,
    pub(crate) routines: HashMap<u32, Routine>,
    pub(crate) types: BTreeMap<u32, Type>,
    pub(crate) policies: BTreeMap<u32, Policy>,
    pub(crate) triggers: BTreeMap<(u32, u32), Trigger>,
    pub(crate) event_triggers: BTreeMap<u32, EventTrigger>,
    /// The versions, quoted, to which an extension can be updated, by its OID.
    pub(crate) updates: HashMap<u32, Vec<String>>,
    /// A digest of the objects that an extension has, by its OID.
    pub(crate) members: HashMap<u32, String>,
    /// The OIDs of extensions that can be moved to another schema.
    pub(crate) relocatable: HashSet<u32>,
    pub(crate) casts: HashMap<(String, String), String>,
    pub(crate) edges: Vec<Edge>,
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
        let Model {
            relations,
            columns,
            constraints,
            sequences,
            types,
            indexes,
            triggers,
            policies,
            event_triggers,
            ..
        } = model;
        let mut facts = Self {
            relations,
            columns,
            constraints,
            sequences,
            types,
            indexes,
            triggers,
            policies,
            event_triggers,
            ..Self::default()
        };
        let others = rows.into_iter().filter_map(|row| facts.add(row)).collect();
        (facts, others)
    }

    fn add(&mut self, row: Row) -> Option<Row> {
        let tag = row.first().and_then(|tag| tag.as_deref()).unwrap_or_default();
        let read = match tag {
            "routine" => Self::add_routine,
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
}
