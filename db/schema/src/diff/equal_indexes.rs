//! Indexes of a table that are equal but for their names. PostgreSQL takes the one with the lowest OID, that is, the one that
//! was created first.

use std::borrow::Cow;

use crate::diff::elements::{Elements, catalog};
use crate::diff::fate::Fates;
use crate::diff::parents::Parents;
use crate::diff::script::Refusal;
use crate::model::{Constraint, Index};

/// The other indexes that a foreign key could refer to instead of its own (transformFkeyCheckAttrs in PostgreSQL's
/// tablecmds.c).
pub(crate) fn rivals<'e>(elements: &'e Elements, reference: &'e Constraint) -> impl Iterator<Item = &'e Index> {
    let indexes = reference.referenced.filter(|_| reference.kind == "f").into_iter();
    let indexes = indexes.flat_map(|table| elements.indexes_of(table));
    indexes.filter(|index| {
        let key = index.constraint.and_then(|key| elements.model.constraints.get(&key));
        let columns = &reference.referenced_columns;
        let is_unique = index.unique_columns.len() == columns.len()
            && index.unique_columns.iter().all(|column| columns.contains(column));
        let can_check = is_unique && index.is_valid && !key.is_some_and(|key| key.is_deferrable);
        can_check && reference.index != Some(index.oid)
    })
}

/// The definition of a constraint. That of a foreign key has no columns of the other table if that is what makes it refer to
/// the primary key, and not to an equal one.
pub(crate) fn definition<'e>(elements: &Elements, constraint: &'e Constraint) -> Cow<'e, str> {
    match columns_of_primary_key(elements, constraint) {
        Some((table, columns)) => {
            let list = format!(" REFERENCES {table}({columns})");
            Cow::Owned(constraint.definition.replacen(&list, &format!(" REFERENCES {table}"), 1))
        }
        None => Cow::Borrowed(&constraint.definition),
    }
}

/// The table and the columns, in SQL, of the primary key that a foreign key refers to, if it has to be told from equal keys.
fn columns_of_primary_key<'e>(elements: &'e Elements, reference: &Constraint) -> Option<(&'e str, String)> {
    rivals(elements, reference).next()?;
    let (model, table) = (&elements.model, reference.referenced?);
    let key = model.indexes.get(&reference.index?)?.constraint.and_then(|key| model.constraints.get(&key))?;
    let is_named_by_table = key.kind == "p" && key.columns == reference.referenced_columns;
    let names = elements.column_names(table, &key.columns).filter(|_| is_named_by_table)?;
    Some((&model.relations.get(&table)?.name, names.join(", ")))
}

/// Pairs of indexes, of which the first has to be created before the second: a new foreign key refers to it.
pub(crate) fn orders<'e>(elements: &'e Elements, reference: &'e Constraint) -> Vec<(&'e Index, &'e Index)> {
    let own = reference.index.and_then(|index| elements.model.indexes.get(&index));
    match own.filter(|_| !reference.is_inherited && columns_of_primary_key(elements, reference).is_none()) {
        Some(own) => rivals(elements, reference).map(|rival| (own, rival)).collect(),
        None => Vec::new(),
    }
}

/// Whether a foreign key is to refer to another one of equal keys.
pub(crate) fn refers_to_another(fates: &Fates<'_>, before: &Constraint, after: &Constraint) -> bool {
    let key = before.index.and_then(|index| fates.old.relation(index)).and_then(|key| fates.pairs.new_of(key));
    let mut rivals = rivals(fates.new, after).map(|rival| fates.new.relation(rival.oid));
    !after.is_inherited && key.is_some() && rivals.any(|rival| rival == key)
}

/// The new foreign keys that are to refer to a later one of equal keys.
pub(crate) fn references(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let parents = Parents::new(fates);
    let maker = |index: &Index| elements.relation(index.oid).and_then(|index| parents.maker(index));
    let is_refused = |constraint: &&Constraint| {
        let element = elements.element((catalog::CONSTRAINT, constraint.oid, 0));
        let is_made = element.is_some_and(|element| fates.of_new(element).is_made());
        let is_late = |(own, rival): (&Index, &Index)| match (old_oid(fates, own), old_oid(fates, rival)) {
            (Some(own), Some(rival)) => own > rival,
            (None, Some(_)) => true,
            (Some(_), None) => false,
            // CREATE TABLE has its keys in the order of their names, but one of those with the same columns in one order.
            (None, None) => maker(rival).is_some() && (maker(own) != maker(rival) || own.name > rival.name),
        };
        is_made && orders(elements, constraint).into_iter().any(is_late)
    };
    let constraints = elements.model.constraints.values().filter(is_refused);
    let elements = constraints.filter_map(|found| fates.new.element((catalog::CONSTRAINT, found.oid, 0)));
    let reason = "it is to refer to one of two keys on the same columns, and PostgreSQL takes the other one, which was created \
                  first: drop one of them";
    elements.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The tables that are attached and have equal indexes, of which PostgreSQL would attach another one.
pub(crate) fn attached(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let is_refused = |new: &usize| {
        let Some((table, Some(parent))) = elements.table(*new).map(|(oid, found)| (oid, found.partition_of)) else {
            return false;
        };
        let by_age = |table: u32| {
            let mut indexes: Vec<&Index> = elements.indexes_of(table).collect();
            indexes.sort_by_key(|index| (old_oid(fates, index).unwrap_or(u32::MAX), &index.name));
            indexes
        };
        // AttachPartitionEnsureIndexes in PostgreSQL's tablecmds.c.
        let mut own = by_age(table);
        by_age(parent).into_iter().any(|above| {
            let Some(at) = own.iter().position(|index| can_be_part(index, above)) else { return false };
            own.remove(at).parent != Some(above.oid)
        })
    };
    let parents = Parents::new(fates);
    let tables = parents.attached_partitions().into_iter().filter(is_refused);
    let reason = "it has several indexes or keys that are alike, and PostgreSQL attaches another one of them to that of the \
                  partitioned table: drop one of them";
    tables.map(|new| Refusal::Unsupported { object: elements.describe(new), reason }).collect()
}

/// The OID of an index that stays.
fn old_oid(fates: &Fates<'_>, index: &Index) -> Option<u32> {
    let old = fates.pairs.old_of(fates.new.relation(index.oid)?).filter(|&old| fates.of_old(old).stays())?;
    fates.old.index_of(old).map(|(old, _)| old.oid)
}

/// Whether PostgreSQL would attach the index of a partition to one of its table.
fn can_be_part(index: &Index, above: &Index) -> bool {
    let essence = |index: &Index| {
        let is_unique = index.definition.starts_with("CREATE UNIQUE ");
        Some((is_unique, index.essence().split_once(" USING ")?.1.to_owned()))
    };
    essence(index) == essence(above) && (above.constraint.is_none() || index.constraint.is_some())
}
