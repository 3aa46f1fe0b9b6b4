//! Indexes and keys of partitioned tables. PostgreSQL can build none of them without a lock, but those of the partitions, which
//! are attached then. Nor does it make a key of the index of a partitioned table: when a key moves, each partition gets one
//! of an index that is attached to nothing, and the table takes those over.

use super::names::suffixed;
use super::sides::{Both, Part, Side};
use super::waiting::{concurrently, under_name, with_lock_timeout};

/// An index or a key of a partitioned table with those of its partitions, or one of a partition alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct PartitionedIndex {
    /// Each comes after the one that it is attached to.
    pub(crate) nodes: Vec<Node>,
    /// What else they have, once they have their names.
    pub(crate) properties: Vec<String>,
}

/// The index or the key of one table.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// As SQL names it.
    pub(crate) table: String,
    /// Its schema, quoted, with a dot; empty for `public`.
    pub(crate) schema: String,
    pub(crate) is_partitioned: bool,
    /// The place of the one that it is attached to.
    pub(crate) above: Option<usize>,
    /// Its name is that of the key.
    pub(crate) index: Both<Part>,
    /// The definitions of the key; `None` for an index.
    pub(crate) key: Option<Both<String>>,
}

/// What the name of an index ends with that a key is made of for the new columns.
const MOVED: &str = "_moved";

impl Node {
    /// The name of the index of a side that is beside the one with the name.
    fn beside(&self, side: Side) -> String {
        suffixed(&self.index.of(side).name, side.suffix())
    }

    /// The name of the index that a key is made of. On the new side, there is already one beside the old key.
    fn free(&self, side: Side) -> String {
        match side {
            Side::Old => self.beside(side),
            Side::New => suffixed(&self.index.new.name, MOVED),
        }
    }

    /// Makes the key of a partition of an index, or that of a partitioned table of those that its partitions have.
    fn added(&self, side: Side, rename: &impl Fn(&str) -> String) -> Option<String> {
        let (table, name) = (&self.table, &self.index.of(side).name);
        let definition = self.key.as_ref()?.of(side);
        let key = match self.is_partitioned {
            true => rename(definition),
            false => {
                let kind = if definition.starts_with("PRIMARY KEY") { "PRIMARY KEY" } else { "UNIQUE" };
                format!("{kind} USING INDEX {}", self.free(side))
            }
        };
        Some(format!("ALTER TABLE {table} ADD CONSTRAINT {name} {key};"))
    }
}

impl PartitionedIndex {
    pub(crate) fn is_key(&self) -> bool {
        self.nodes.first().is_some_and(|node| node.key.is_some())
    }

    fn leaves(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| !node.is_partitioned)
    }

    /// The names that the exchange uses for a time, each with its origin.
    pub(super) fn temporary_names(&self) -> impl Iterator<Item = (String, &String)> {
        self.nodes.iter().flat_map(|node| {
            let Both { old, new } = &node.index;
            let beside = [old, new]
                .into_iter()
                .flat_map(|part| [Side::Old, Side::New].map(|side| (suffixed(&part.name, side.suffix()), &part.name)));
            beside.chain([(node.free(Side::New), &new.name)])
        })
    }

    /// Builds the index of a side beside the one with the name.
    pub(super) fn built(&self, side: Side, rename: impl Fn(&str) -> String) -> Vec<String> {
        let attach = |node: &Node| {
            let above = &self.nodes[node.above?];
            let (name, above) = (node.schema.clone() + &node.beside(side), above.schema.clone() + &above.beside(side));
            Some(format!("ALTER INDEX {above} ATTACH PARTITION {name};"))
        };
        let partitioned = self.nodes.iter().filter(|node| node.is_partitioned).flat_map(|node| {
            let create = under_name(node.index.of(side), &node.beside(side), &rename);
            std::iter::once(create).chain(attach(node))
        });
        let mut statements = with_lock_timeout(partitioned.collect());
        statements.extend(self.leaves().map(|leaf| concurrently(leaf.index.of(side), &leaf.beside(side), &rename)));
        statements.extend(with_lock_timeout(self.leaves().filter_map(attach).collect()));
        statements
    }

    /// Builds the indexes that the key of a side is made of.
    pub(super) fn prepared(&self, side: Side, rename: impl Fn(&str) -> String) -> Vec<String> {
        let leaves = self.leaves().filter(|leaf| leaf.key.is_some());
        leaves.map(|leaf| concurrently(leaf.index.of(side), &leaf.free(side), &rename)).collect()
    }

    /// Gives the names to the indexes of a side.
    pub(super) fn renames(&self, side: Side) -> Vec<String> {
        if self.is_key() {
            return Vec::new();
        }
        let rename = |node: &Node| {
            let (leaving, coming, schema) =
                (&node.index.of(side.other()).name, &node.index.of(side).name, &node.schema);
            let (away, from) = (suffixed(leaving, side.other().suffix()), node.beside(side));
            [
                format!("ALTER INDEX {schema}{leaving} RENAME TO {away};"),
                format!("ALTER INDEX {schema}{from} RENAME TO {coming};"),
            ]
        };
        self.nodes.iter().flat_map(rename).collect()
    }

    /// Moves the key to the columns of a side, in one transaction. `None` if it is an index.
    pub(super) fn moved(&self, side: Side, rename: impl Fn(&str) -> String) -> Option<String> {
        let top = self.nodes.first().filter(|_| self.is_key())?;
        let drop = format!("ALTER TABLE {} DROP CONSTRAINT {};", top.table, top.index.of(side.other()).name);
        let beside = (side == Side::New).then(|| format!("DROP INDEX {}{};", top.schema, top.beside(side)));
        // Those of partitions come before that of their table.
        let added = self.nodes.iter().rev().filter_map(|node| node.added(side, &rename));
        let statements: String =
            std::iter::once(drop).chain(beside).chain(added).map(|sql| format!("  {sql}\n")).collect();
        Some(format!("DO $key$\nBEGIN\n{statements}END\n$key$;"))
    }
}
