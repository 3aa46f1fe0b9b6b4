//! The columns themselves: whether they are of a kind that can be exchanged, and what they have.

use crate::diff::column::{self, Conversion};
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::exchange::{Both, ColumnExchange, Identity, Version};
use crate::diff::fate::Fates;
use crate::diff::properties::alone;
use crate::model::Column;
use crate::object::{Class, Terms};

/// A column that may be exchanged.
pub(super) struct Plain<'f> {
    pub(super) elements: Both<Element>,
    /// The OID of the new table.
    pub(super) table: u32,
    pub(super) columns: Both<&'f Column>,
    conversion: &'f Conversion,
    identity: Option<Identity>,
}

/// The old and the new column of a pair, if they are plain columns of plain or partitioned tables.
pub(super) fn plain<'f>(fates: &'f Fates<'_>, pair: usize) -> Option<Plain<'f>> {
    let conversion = fates.columns.get(&pair)?.conversion.as_ref()?;
    let (old, new) = (fates.pairs.list[pair].old?, fates.pairs.list[pair].new?);
    let (Kind::Column(old_table, old_index), Kind::Column(table, index)) = (fates.old.kinds[old], fates.new.kinds[new])
    else {
        return None;
    };
    let (before, after) = (fates.old.column(old_table, old_index), fates.new.column(table, index));
    let is_plain = |elements: &Elements, table: u32, column: &Column| {
        // Adding a column of a domain with constraints reads all rows.
        let is_added_at_once = !column.has_checked_type;
        let is_plain = is_plain_table(elements, table) || is_partitioned(elements, table);
        is_plain && column.generated.is_empty() && is_added_at_once
    };
    if !is_plain(fates.old, old_table, before) || !is_plain(fates.new, table, after) {
        return None;
    }
    if is_partitioned(fates.old, old_table) != is_partitioned(fates.new, table) {
        return None;
    }
    let identity = match (before.identity.is_empty(), after.identity.is_empty()) {
        (true, true) => None,
        (false, false) => Some(identity((fates.old, old_table, before), (fates.new, table, after))?),
        _ => return None,
    };
    Some(Plain { elements: Both { old, new }, table, columns: Both { old: before, new: after }, conversion, identity })
}

/// Whether a table is an ordinary one that has no part in another one, and whose rows can be updated and are nowhere a value,
/// which would lose a column that is exchanged.
pub(super) fn is_plain_table(elements: &Elements, table: u32) -> bool {
    let Some(relation) = elements.model.relations.get(&table) else { return false };
    let has_family = elements.has_children(table) || !relation.parents.is_empty() || relation.of_type.is_some();
    relation.kind == "r" && relation.accepts_updates && !has_family && !elements.has_stored_rows(relation)
}

/// Whether a table is partitioned and has no part in another one.
pub(super) fn is_partitioned(elements: &Elements, table: u32) -> bool {
    let relation = elements.model.relations.get(&table);
    relation.is_some_and(|found| {
        let has_part = !found.parents.is_empty() || found.of_type.is_some();
        found.kind == "p" && found.accepts_updates && !has_part && !elements.has_stored_rows(found)
    })
}

/// A schema, the OID of a table in it, and a column of that.
type Place<'f> = (&'f Elements, u32, &'f Column);

fn identity(old: Place<'_>, new: Place<'_>) -> Option<Identity> {
    let sequence = |(elements, _, column): Place<'_>| {
        column.sequence.and_then(|oid| elements.model.sequences.get(&oid)).map(|found| found.name.clone())
    };
    let clauses = |(elements, table, column): Place<'_>| {
        column::item(elements, table, column.number).map(|item| item.inline.clone())
    };
    let clauses = Both { old: clauses(old)?, new: clauses(new)? };
    let name = sequence(new)?;
    (sequence(old)? == name).then_some(Identity { sequence: name, clauses })
}

impl Plain<'_> {
    /// The exchange of the column.
    pub(super) fn exchange(&self) -> ColumnExchange {
        let version = |column: &Column, conversion: &Option<String>| Version {
            type_name: typed(column),
            not_null: column.not_null,
            is_composite: column.is_composite(),
            not_null_name: column.not_null_name().map(str::to_owned),
            conversion: conversion.clone(),
        };
        let Both { old, new } = self.columns;
        ColumnExchange {
            name: new.name.clone(),
            versions: Both { old: version(old, &self.conversion.back), new: version(new, &self.conversion.forth) },
            default: new.expression.clone(),
            has_old_default: old.expression.is_some(),
            identity: self.identity.clone(),
            sequences: Vec::new(),
            partitions: Vec::new(),
            hazards: self.conversion.hazards.clone(),
        }
    }
}

/// The type with the collation.
fn typed(column: &Column) -> String {
    format!("{}{}", column.type_name, column.collate())
}

/// The comment, the settings and the privileges of a column, except the sequences that it owns, and what a column of a
/// partition has beside the one above it.
pub(super) fn properties(elements: &Elements, table: u32, column: &Column) -> Vec<String> {
    let Some(object) = elements.object_with((Class::Catalog(catalog::CLASS), table)) else { return Vec::new() };
    let own = object.more.iter().filter(|setting| setting.column == column.number && setting.undo.is_some());
    let is_exchanged = |statement: &str| {
        let is_beside_above = [" SET NOT NULL;", " DROP DEFAULT;"].iter().any(|end| statement.ends_with(end));
        statement.starts_with("ALTER SEQUENCE ") || is_beside_above
    };
    let settings = own.filter(|setting| !is_exchanged(&setting.statement));
    let comments = object.comments.iter().filter(|note| note.column == column.number);
    let is_own = |terms: &&Terms| terms.column.as_deref() == Some(&column.name);
    let privileges = object.privileges.iter().filter(|privilege| privilege.own_terms().filter(is_own).is_some());
    // PostgreSQL sets the compression of a new column of a table, but not that of its partitions.
    let partition = elements.model.relations.get(&table).filter(|relation| relation.partition_of.is_some());
    let compressed = partition.zip(column.storage()[1].1).map(|(relation, compression)| {
        format!("ALTER TABLE {} ALTER COLUMN {} SET COMPRESSION {compression};", relation.name, column.name)
    });
    let statements = settings.map(|setting| setting.statement.clone()).filter(|sql| Some(sql) != compressed.as_ref());
    let has_children = elements.has_children(table);
    let statements = statements.map(|sql| if has_children { alone(sql) } else { sql });
    let statements = statements.chain(compressed.clone()).chain(comments.map(|note| note.statement()));
    statements.chain(privileges.map(|privilege| privilege.statement())).collect()
}
