//! The columns of partitioned tables, which are exchanged in all partitions at once.

use std::collections::{BTreeMap, HashMap};

use super::columns::{is_partitioned, plain};
use crate::diff::elements::{Element, Elements, Identity, Kind, catalog};
use crate::diff::exchange::{Both, PartitionColumn};
use crate::diff::fate::{Fate, Fates};
use crate::model::Column;

/// The columns of partitions, by those of the partitioned tables above them that are no partitions themselves.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    below: BTreeMap<usize, Vec<usize>>,
    above: HashMap<usize, usize>,
}

impl Partitions {
    /// Those of pairs of columns that may be exchanged in all partitions.
    pub(super) fn new(fates: &Fates<'_>, pairs: impl Iterator<Item = usize>) -> Self {
        let mut partitions = Self::default();
        for pair in pairs {
            if let Some(below) = below(fates, pair) {
                partitions.above.extend(below.iter().map(|&part| (part, pair)));
                partitions.below.insert(pair, below);
            }
        }
        partitions
    }

    /// The pairs of the columns of the partitions. `None` if the table is not partitioned, or they can't be exchanged.
    pub(super) fn below(&self, pair: usize) -> Option<&[usize]> {
        self.below.get(&pair).map(Vec::as_slice)
    }

    /// The pair of the column of the partitioned table that a column of a partition comes from.
    pub(super) fn above(&self, pair: usize) -> Option<usize> {
        self.above.get(&pair).copied()
    }

    /// The pairs of all columns of partitions.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.above.keys().copied()
    }
}

/// The columns of all partitions that come from that of a partitioned table, if the partitions are the same ones on both
/// sides and the columns are like it.
fn below(fates: &Fates<'_>, pair: usize) -> Option<Vec<usize>> {
    let (old, new) = (fates.pairs.list[pair].old?, fates.pairs.list[pair].new?);
    let (Kind::Column(old_table, old_index), Kind::Column(table, index)) = (fates.old.kinds[old], fates.new.kinds[new])
    else {
        return None;
    };
    if !is_partitioned(fates.new, table) || plain(fates, pair).is_none() {
        return None;
    }
    let (before, after) = (fates.old.column(old_table, old_index), fates.new.column(table, index));
    let (old_tables, tables) = (descendants(fates.old, old_table), descendants(fates.new, table));
    if old_tables.len() != tables.len() {
        return None;
    }
    let relations = (&fates.old.model.relations, &fates.new.model.relations);
    let mut tables: Vec<(&str, Part)> = tables.into_iter().collect();
    tables.sort_by_key(|(_, part)| part.depth);
    let parts = tables.into_iter().map(|(name, part)| {
        let old_part = *old_tables.get(name)?;
        let can_be_filled = can_be_filled(fates.old, old_part.table) && can_be_filled(fates.new, part.table);
        let is_same = relations.0[&old_part.above].name == relations.1[&part.above].name;
        let own = Identity::Column(name.to_owned(), after.name.clone());
        let (old, new) = (*fates.old.by_identity.get(&own)?, *fates.new.by_identity.get(&own)?);
        let pair = fates.pairs.of_new[new];
        let (own_before, own_after) = columns(fates, old, new)?;
        let fills = is_filled(before, after);
        let is_like = is_like(own_before, before, fills)
            && is_like(own_after, after, fills)
            && (fills || !is_filled(own_before, own_after));
        let is_altered = fates.pairs.of_old[old] == pair && matches!(fates.list[pair], Fate::Alter(_));
        (is_same && can_be_filled && is_like && is_altered && keeps_order(fates, old_part, part)).then_some(pair)
    });
    parts.collect()
}

/// A partition, and the table above it, by their OIDs.
#[derive(Clone, Copy)]
struct Part {
    table: u32,
    above: u32,
    /// The tables above it.
    depth: usize,
}

/// The partitions of a table and theirs, by name.
fn descendants(elements: &Elements, table: u32) -> BTreeMap<&str, Part> {
    let (mut found, mut open) = (BTreeMap::new(), vec![(table, 1)]);
    while let Some((above, depth)) = open.pop() {
        for &table in elements.children_of(above) {
            found.insert(elements.model.relations[&table].name.as_str(), Part { table, above, depth });
            open.push((table, depth + 1));
        }
    }
    found
}

/// Whether the columns of a partition stay in the order of those above, or in another one. New columns come last in both,
/// and the dump writes a partition in another order as a table that is attached.
fn keeps_order(fates: &Fates<'_>, old: Part, new: Part) -> bool {
    let stays = |column: &Column| {
        let element = fates.new.element((catalog::CLASS, new.table, column.number));
        element.is_some_and(|element| *fates.of_new(element) == Fate::Keep)
    };
    let is_sorted = |elements: &Elements, part: Part, counts: &dyn Fn(&Column) -> bool| {
        let columns = |table: u32| elements.model.columns.get(&(catalog::CLASS, table)).into_iter().flatten();
        let places: HashMap<&str, usize> =
            columns(part.above).enumerate().map(|(place, column)| (column.name.as_str(), place)).collect();
        columns(part.table).filter(|column| counts(column)).is_sorted_by_key(|column| places.get(column.name.as_str()))
    };
    let is_in_order = is_sorted(fates.old, old, &|_| true) && is_sorted(fates.new, new, &|_| true);
    is_in_order || !is_sorted(fates.new, new, &stays)
}

fn can_be_filled(elements: &Elements, partition: u32) -> bool {
    let found = &elements.model.relations[&partition];
    let is_own = found.of_type.is_none() && !elements.has_stored_rows(found);
    matches!(found.kind.as_str(), "r" | "p") && found.accepts_updates && is_own
}

/// Whether a column gets NOT NULL and a default with its type.
fn is_filled(before: &Column, after: &Column) -> bool {
    after.not_null && !before.not_null && after.expression.is_some()
}

/// The columns that two elements are.
fn columns<'f>(fates: &'f Fates<'_>, old: Element, new: Element) -> Option<(&'f Column, &'f Column)> {
    match (fates.old.kinds[old], fates.new.kinds[new]) {
        (Kind::Column(old_table, old), Kind::Column(table, new)) => {
            Some((fates.old.column(old_table, old), fates.new.column(table, new)))
        }
        _ => None,
    }
}

/// Whether the column of a partition has what that of the table has, except NOT NULL and a default. NOT NULL with a name, as
/// since PostgreSQL 18, is known only for the table, and so is a default that fills rows.
fn is_like(own: &Column, above: &Column, is_filled: bool) -> bool {
    // Since PostgreSQL 17, a partition has the identity of its table.
    let has_identity = own.identity.is_empty() || own.identity == above.identity;
    let has_not_null = own.not_null == above.not_null || own.not_null_name().is_none();
    has_not_null && (own.expression == above.expression || !is_filled) && has_identity
}

/// What the column of a partition has of its own, if anything.
pub(super) fn of_partition(fates: &Fates<'_>, columns: &Both<Element>) -> Option<PartitionColumn> {
    let (_, old, old_above) = with_above(fates.old, columns.old)?;
    let (table, new, new_above) = with_above(fates.new, columns.new)?;
    let part = PartitionColumn {
        table: fates.new.model.relations[&table].name.clone(),
        not_null: Both { old: old.not_null, new: new.not_null },
        not_null_above: Both { old: old_above.not_null, new: new_above.not_null },
        default: (new.expression != new_above.expression).then(|| match &new.expression {
            Some(expression) => format!("SET DEFAULT {expression}"),
            None => "DROP DEFAULT".to_owned(),
        }),
    };
    let is_like = part.not_null == part.not_null_above && part.default.is_none();
    (!is_like).then_some(part)
}

/// The OID of a partition, its column, and the column above that.
fn with_above(elements: &Elements, column: Element) -> Option<(u32, &Column, &Column)> {
    let Kind::Column(table, index) = elements.kinds[column] else { return None };
    let own = elements.column(table, index);
    let above = elements.model.relations.get(&table)?.partition_of?;
    let mut columns = elements.model.columns.get(&(catalog::CLASS, above)).into_iter().flatten();
    Some((table, own, columns.find(|found| found.name == own.name)?))
}
