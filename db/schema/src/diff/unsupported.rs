//! Changes that PostgreSQL has a statement for, but refuses.

mod children;
mod equal;

use std::collections::HashSet;

use crate::diff::containers::{self, containers, has_one_of, is_stored};
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::fate::{Fate, Fates};
use crate::diff::online::Step;
use crate::diff::parents::Parents;
use crate::diff::script::{Hazard, Refusal};
use crate::model::routine::Routine;
use crate::model::{Constraint, Type};
use crate::object::{Class, Object};
pub(crate) use children::{
    local_parts, merged_columns, merged_defaults, moved_columns, nullable_children, parent_orders, shared_columns,
};
pub(crate) use equal::{attached_with_equal_indexes, attached_with_equal_references, references_to_newer_keys};

/// What the queries of the catalog write in place of a secret.
const MASK: &str = "********";

/// The tables that are partitioned by a column whose type changes.
pub(crate) fn partition_keys(fates: &Fates<'_>) -> Vec<Refusal> {
    let is_key = |old: Element| match fates.old.kinds[old] {
        Kind::Column(table, index) => fates.old.column(table, index).is_in_partition_key,
        _ => false,
    };
    let keys = (0..fates.old.kinds.len()).filter(|&old| is_key(old) && fates.is_retyped(fates.pairs.of_old[old]));
    let mut tables: Vec<String> =
        keys.filter_map(|key| fates.old.owner_of(key)).map(|table| fates.old.describe(table)).collect();
    tables.dedup();
    let property = "the type of a column of the partition key";
    tables.into_iter().map(|object| Refusal::Unchangeable { object, property }).collect()
}

/// The objects that are created or altered with a secret, which is masked in the schemas.
pub(crate) fn masked(fates: &Fates<'_>) -> Vec<Refusal> {
    let writes_mask = |&new: &Element| match fates.of_new(new) {
        Fate::Create | Fate::Replace => fates.new.object(new).is_some_and(|object| object.definition().contains(MASK)),
        Fate::Alter(statements) => statements.iter().any(|statement| statement.sql.contains(MASK)),
        _ => false,
    };
    let masked = (0..fates.new.kinds.len()).filter(writes_mask);
    let name = |new: Element| {
        let target = fates.new.object(new).and_then(|object| fates.new.target(object));
        target.unwrap_or_else(|| fates.new.describe(new))
    };
    masked.map(|new| Refusal::Masked(name(new))).collect()
}

/// The columns of tables that keep their type, which a new attribute of the type adds without a value.
pub(crate) fn attributes(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let is_refused = |&new: &Element| {
        let Kind::Column(table, index) = fates.new.kinds[new] else { return false };
        let owner = fates.new.owner_of(new).filter(|&owner| fates.of_new(owner).stays());
        let is_added = fates.of_new(new).is_made() && owner.is_some_and(|owner| parents.kept_type(owner).is_some());
        is_added && fates.new.column(table, index).not_null
    };
    let added = (0..fates.new.kinds.len()).filter(is_refused);
    let reason = "a new attribute of the type of a table has no values, and a column of it can't be NOT NULL";
    added.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The subscriptions with a slot that are dropped. That can't be tried without dropping the slot on the publisher.
pub(crate) fn slots(fates: &Fates<'_>) -> Vec<Refusal> {
    let with_slots = fates.old.model.subscriptions.iter().filter(|(_, found)| found.has_slot());
    let elements = with_slots.filter_map(|(&oid, _)| fates.old.element((catalog::SUBSCRIPTION, oid, 0)));
    let dropped = elements.filter(|&element| fates.of_old(element).is_gone());
    let reason =
        "DROP SUBSCRIPTION runs outside a transaction and drops the slot on the publisher, so it can't be tried";
    dropped.map(|element| Refusal::Unsupported { object: fates.old.describe(element), reason }).collect()
}

/// The new functions whose body, which PostgreSQL parses when it creates them, calls them.
pub(crate) fn recursive_functions(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let routines = elements.model.routines.iter().filter(|(_, routine)| {
        // A call of a function of PostgreSQL's own is not recorded.
        routine.language == "sql" && routine.body.is_none() && !routine.is_overload
    });
    let name = |routine: &Routine| routine.signature.split('(').next().unwrap_or_default().to_owned();
    let is_recursive = |(oid, routine): &(&u32, &Routine)| {
        let Some(element) = elements.element((catalog::PROC, **oid, 0)) else { return false };
        let own = name(routine);
        let is_overloaded = elements.uses[element].iter().any(|&(used, _)| {
            let object = elements.object(used).filter(|object| object.id.0 == Class::Catalog(catalog::PROC));
            let other = object.and_then(|object| elements.model.routines.get(&object.id.1));
            other.is_some_and(|other| name(other) == own)
        });
        let definition = elements.object(element).map(Object::definition).unwrap_or_default();
        let body = definition.find("\nRETURN ").or_else(|| definition.find("\nBEGIN ATOMIC"));
        let mut calls = body.into_iter().flat_map(|body| {
            definition[body..].match_indices(&format!("{own}(")).map(move |(at, _)| body + at).collect::<Vec<_>>()
        });
        let is_call = |at: usize| {
            !definition[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '.' | '$'))
        };
        fates.of_new(element).is_made() && !is_overloaded && calls.any(is_call)
    };
    let mut found: Vec<String> =
        routines.filter(is_recursive).map(|(_, routine)| format!("FUNCTION {}", routine.signature)).collect();
    found.sort_unstable();
    let reason = "its body calls it, and PostgreSQL needs a function before a body that calls it";
    found.into_iter().map(|object| Refusal::Unsupported { object, reason }).collect()
}

/// The domains whose values would be checked while a column has them in an array or a composite type, where PostgreSQL does
/// not look.
pub(crate) fn contained_domains(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let is_checked = |&oid: &u32| {
        let Some(domain) = elements.element((catalog::TYPE, oid, 0)) else { return false };
        let is_new = |constraint: &&Constraint| {
            let element = elements.element((catalog::CONSTRAINT, constraint.oid, 0));
            constraint.is_valid && element.is_some_and(|element| fates.of_new(element).is_made())
        };
        if !fates.of_new(domain).stays() {
            return false;
        }
        let old = fates.pairs.old_of(domain).and_then(|old| fates.old.object(old));
        let was_not_null = old.and_then(|old| fates.old.model.types.get(&old.id.1)).is_some_and(|old| old.not_null);
        let becomes_not_null = elements.model.types[&oid].not_null && !was_not_null;
        let mut own = elements.model.constraints.values().filter(|found| found.owner == (catalog::TYPE, oid));
        becomes_not_null || own.any(|constraint| is_new(&constraint))
    };
    let domains = elements.model.types.iter().filter(|(_, found)| found.kind == "d");
    let mut found: Vec<String> = domains
        .filter(|(oid, found)| is_checked(oid) && is_contained(elements, found))
        .map(|(_, found)| format!("DOMAIN {}", found.name))
        .collect();
    found.sort_unstable();
    let reason = "columns have it in an array or a composite type, whose values PostgreSQL does not check";
    found.into_iter().map(|object| Refusal::Unsupported { object, reason }).collect()
}

/// Whether a column of a table has a type with this domain in it.
fn is_contained(elements: &Elements, domain: &Type) -> bool {
    let model = &elements.model;
    let containers = containers(model, HashSet::from([domain.name.as_str()]), &["c"]);
    let tables = model.relations.iter().filter(|(_, found)| is_stored(found));
    let mut columns = tables.flat_map(|(oid, _)| model.columns.get(&(catalog::CLASS, *oid)).into_iter().flatten());
    columns.any(|column| column.type_name != domain.name && has_one_of(column, &containers))
}

/// The partitions that are declared as such, but whose columns have another order than those of their table, or the reverse.
pub(crate) fn column_orders(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let tables =
        (0..fates.new.kinds.len()).filter(|&new| fates.new.object(new).is_some() && parents.is_out_of_order(new));
    let reason = "its columns and those of its partitioned table have another order, which no statement changes: \
                  declare it with CREATE TABLE and ATTACH PARTITION if the orders differ, or else with PARTITION OF";
    tables.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The partitions of attached tables that would have to get an identity.
pub(crate) fn attached_identities(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let elements = fates.new;
    let below: HashSet<Element> =
        parents.attached_partitions().into_iter().flat_map(|table| parents.kept_below(table)).collect();
    let has_identity = |table: &Element| {
        let columns = elements.table(*table).and_then(|(oid, _)| elements.model.columns.get(&(catalog::CLASS, oid)));
        columns.into_iter().flatten().any(|column| !column.identity.is_empty())
    };
    let tables = (0..elements.kinds.len()).filter(|new| below.contains(new) && has_identity(new));
    // ATExecAttachPartition in PostgreSQL's tablecmds.c, by MergeAttributesIntoExisting.
    let reason = "a table above it is attached, and PostgreSQL gives the identity to that table, but not to its partitions: \
                  detach this one before, and attach it afterwards";
    tables.map(|new| Refusal::Unsupported { object: elements.describe(new), reason }).collect()
}

/// The indexes of partitioned tables that are to be not valid though no partition lacks them, and are not so yet: attaching a
/// table without one builds it, but does not make that of the partitioned table valid.
pub(crate) fn invalid_indexes(fates: &Fates<'_>) -> Vec<Refusal> {
    let is_refused = |&new: &Element| {
        let old = fates.pairs.old_of(new).filter(|_| fates.of_new(new).stays());
        is_complete_but_invalid(fates.new, new) && !old.is_some_and(|old| is_complete_but_invalid(fates.old, old))
    };
    let indexes = (0..fates.new.kinds.len()).filter(is_refused);
    let reason = "it is to be not valid though no partition lacks it, and PostgreSQL creates a valid one";
    indexes.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

fn is_complete_but_invalid(elements: &Elements, element: Element) -> bool {
    let Some((index, _)) = elements.index_of(element).filter(|(index, _)| !index.is_valid) else { return false };
    let lacks = |partition: &u32| !elements.indexes_of(*partition).any(|part| part.parent == Some(index.oid));
    index.is_partitioned && !elements.children_of(index.table).iter().any(lacks)
}

/// The partitions that are created or attached without all the indexes of their table, or with another kind of key.
pub(crate) fn partition_indexes(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let tables = parents.with_other_indexes();
    let reason = "PostgreSQL gives a partition all indexes and keys of its table, of which it is to lack one or have another \
                  one: add it to the partition, or create that of the table without ONLY";
    tables.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The new foreign keys and exclusion constraints of partitioned tables that a partition lacks.
pub(crate) fn incomplete_references(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let owners: HashSet<(Option<u32>, u32)> =
        elements.model.constraints.values().map(|found| (found.parent, found.owner.1)).collect();
    let is_refused = |&new: &Element| {
        let Kind::Constraint(oid) = elements.kinds[new] else { return false };
        let constraint = &elements.model.constraints[&oid];
        let is_partitioned = elements.model.relations.get(&constraint.owner.1).is_some_and(|table| table.kind == "p");
        let mut partitions = elements.children_of(constraint.owner.1).iter();
        let is_inherited = constraint.kind == "f" || constraint.kind == "x" && !constraint.is_alone;
        is_inherited
            && is_partitioned
            && !elements.is_copy(new)
            && fates.of_new(new).is_made()
            && partitions.any(|&partition| !owners.contains(&(Some(oid), partition)))
    };
    let references = (0..elements.kinds.len()).filter(is_refused);
    // DETACH PARTITION of the table that it refers to takes it from there, up to PostgreSQL 17 at least.
    let reason = "a partition is to lack it, which no statement does: drop it and add it again in the desired schema";
    references.map(|new| Refusal::Unsupported { object: elements.describe(new), reason }).collect()
}

/// The first table that is rewritten while a column that stays has its row type, or that of a child or partition.
pub(crate) fn row_type(fates: &Fates<'_>, steps: &[Step]) -> Option<Refusal> {
    let hazards = steps.iter().flat_map(|step| &step.statement.hazards);
    let mut rewritten = hazards.filter_map(|hazard| match hazard {
        Hazard::TableRewrite(table) => Some(table),
        _ => None,
    });
    let elements = fates.old;
    let tables = &elements.model.relations;
    let oid_of = |table: &str| tables.iter().find(|(_, one)| one.name == table).map(|(&oid, _)| oid);
    let is_used = |table: &str| {
        let columns = oid_of(table).into_iter().flat_map(|oid| containers::columns_with_rows_of(elements, oid));
        columns.into_iter().any(|column| fates.of_old(column).stays())
    };
    let table = rewritten.find(|table| is_used(table))?;
    let reason = "PostgreSQL rewrites no table whose row type a column has";
    Some(Refusal::Unsupported { object: format!("TABLE {table}"), reason })
}
