//! What can be changed about the objects of a schema: the model, and what only a diff reads, with the queries in `sql/facts`.

use std::collections::{BTreeMap, HashMap};

use connection::Row;

use crate::model::Model;
use crate::model::cast::Cast;
pub(crate) use crate::model::column::Column;
pub(crate) use crate::model::constraint::Constraint;
pub(crate) use crate::model::data_type::Type;
use crate::model::event_trigger::EventTrigger;
use crate::model::extension::Extension;
pub(crate) use crate::model::index::Index;
use crate::model::policy::Policy;
pub(crate) use crate::model::relation::Relation;
use crate::model::routine::Routine;
pub(crate) use crate::model::sequence::Sequence;
use crate::model::trigger::Trigger;
pub(crate) use crate::model::values::Node;
use crate::model::values::Values;

/// The queries, each with `common.sql` before it.
pub(crate) const QUERIES: [&str; 1] = [include_str!("../sql/facts/edges.sql")];

/// All facts of a schema.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) relations: BTreeMap<u32, Relation>,
    /// By the catalog and OID of their table, view or composite type, in their order.
    pub(crate) columns: HashMap<(u32, u32), Vec<Column>>,
    pub(crate) constraints: BTreeMap<u32, Constraint>,
    pub(crate) indexes: BTreeMap<u32, Index>,
    pub(crate) sequences: BTreeMap<u32, Sequence>,
    pub(crate) routines: BTreeMap<u32, Routine>,
    pub(crate) types: BTreeMap<u32, Type>,
    pub(crate) policies: BTreeMap<u32, Policy>,
    pub(crate) triggers: BTreeMap<(u32, u32), Trigger>,
    pub(crate) event_triggers: BTreeMap<u32, EventTrigger>,
    pub(crate) extensions: BTreeMap<u32, Extension>,
    pub(crate) casts: BTreeMap<(String, String), Cast>,
    pub(crate) edges: Vec<Edge>,
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
            extensions,
            types,
            routines,
            casts,
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
            extensions,
            types,
            routines,
            casts,
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
            "edge" => Self::add_edge,
            _ => return Some(row),
        };
        read(self, &mut Values::of(row));
        None
    }

    fn add_edge(&mut self, row: &mut Values) {
        let (from, to) = (row.node(), row.node());
        let kind = row.text();
        let is_of_partition = matches!(kind.as_str(), "P" | "S");
        self.edges.push(Edge { from, to, is_automatic: kind != "n", is_of_partition });
    }
}
