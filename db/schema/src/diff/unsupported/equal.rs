//! Equal indexes and keys of which PostgreSQL would take another one; see [`crate::diff::equal_indexes`].

use crate::diff::elements::{Element, catalog};
use crate::diff::equal_indexes;
use crate::diff::fate::Fates;
use crate::diff::parents::Parents;
use crate::diff::script::Refusal;
use crate::model::{Constraint, Index};

/// The new foreign keys that are to refer to a later one of equal keys.
pub(crate) fn references_to_newer_keys(fates: &Fates<'_>) -> Vec<Refusal> {
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
        is_made && equal_indexes::orders(elements, constraint).into_iter().any(is_late)
    };
    let constraints = elements.model.constraints.values().filter(is_refused);
    let elements = constraints.filter_map(|found| fates.new.element((catalog::CONSTRAINT, found.oid, 0)));
    let reason = "it is to refer to one of two keys on the same columns, and PostgreSQL takes the other one, which was created \
                  first: drop one of them";
    elements.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The tables that are attached and have equal indexes, of which PostgreSQL would attach another one.
pub(crate) fn attached_with_equal_indexes(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let is_refused = |new: &Element| {
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
    let tables = Parents::new(fates).attached_partitions().into_iter().filter(is_refused);
    let reason = "it has several indexes or keys that are alike, and PostgreSQL attaches another one of them to that of the \
                  partitioned table: drop one of them";
    tables.map(|new| Refusal::Unsupported { object: elements.describe(new), reason }).collect()
}

/// The tables that are attached and have equal foreign keys, of which PostgreSQL would attach another one.
pub(crate) fn attached_with_equal_references(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let is_refused = |new: &Element| {
        let Some((table, Some(parent))) = elements.table(*new).map(|(oid, found)| (oid, found.partition_of)) else {
            return false;
        };
        let by_name = |table: u32| {
            // A copy is for a partition of the table that the foreign key refers to.
            let is_copy = |found: &Constraint| {
                elements.element((catalog::CONSTRAINT, found.oid, 0)).is_some_and(|element| elements.is_copy(element))
            };
            let own = elements.constraints_of(table).filter(|found| found.kind == "f");
            let mut found: Vec<&Constraint> = own.filter(|found| !is_copy(found)).collect();
            found.sort_by_key(|found| found.bare_name());
            found
        };
        // CloneFkReferencing and tryAttachPartitionForeignKey in PostgreSQL's tablecmds.c.
        let mut own = by_name(table);
        by_name(parent).into_iter().any(|above| {
            let Some(at) = own.iter().position(|found| found.definition == above.definition) else { return false };
            own.remove(at).parent != Some(above.oid)
        })
    };
    let tables = Parents::new(fates).attached_partitions().into_iter().filter(is_refused);
    let reason = "it has several foreign keys that are alike, and PostgreSQL attaches another one of them to that of the \
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
