//! Changes of tables with parents, and of their columns and checks, that PostgreSQL refuses.

use std::collections::{HashMap, HashSet};

use crate::diff::column;
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::fate::Fates;
use crate::diff::parents::Parents;
use crate::diff::script::Refusal;
use crate::model::Column;
use crate::object::Class;

/// The columns that would have to change their type, or lose their expression, while they are inherited from a parent that
/// their table leaves after it has got another one.
pub(crate) fn moved_columns(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let is_inherited = |old: Element| match fates.old.kinds[old] {
        Kind::Column(table, index) => fates.old.column(table, index).inherited as usize > parents.above(old).count(),
        _ => false,
    };
    let is_refused = |&new: &Element| {
        let change = fates.columns.get(&fates.pairs.of_new[new]).filter(|_| fates.of_new(new).stays());
        let is_refused = change.is_some_and(|change| {
            change.changes_type || change.actions.iter().any(|action| action.text.ends_with(" DROP EXPRESSION"))
        });
        is_refused && parents.is_moved_along(new) && fates.pairs.old_of(new).is_some_and(is_inherited)
    };
    let columns = (0..fates.new.kinds.len()).filter(is_refused);
    let reason = "PostgreSQL changes an inherited column only with that of the parent, and its table gets another one";
    columns.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The columns with another type that are inherited from several tables, of which none is inherited from another one.
pub(crate) fn shared_columns(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let is_shared = |&new: &Element| {
        let change = fates.columns.get(&fates.pairs.of_new[new]).filter(|_| fates.of_new(new).stays());
        if !change.is_some_and(|change| change.changes_type) {
            return false;
        }
        let (mut open, mut roots) = (vec![new], HashSet::new());
        while let Some(column) = open.pop() {
            let above: Vec<Element> = parents.columns_above(column).collect();
            if above.is_empty() {
                roots.insert(column);
            }
            open.extend(above);
        }
        roots.len() > 1
    };
    let columns = (0..fates.new.kinds.len()).filter(is_shared);
    // ATPrepAlterColumnType in PostgreSQL's tablecmds.c.
    let reason = "it is inherited from several tables, and PostgreSQL can't change its type through any of them";
    columns.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The columns and checks of children that would have to become the table's own, or to be only inherited from then on.
pub(crate) fn local_parts(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let is_changed = |&new: &Element| {
        if !fates.new.owner_of(new).is_some_and(|owner| fates.of_new(owner).stays()) {
            return false;
        }
        let becomes_local = match fates.pairs.old_of(new).filter(|_| fates.of_new(new).stays()) {
            Some(old) if is_local(fates.old, old) => true,
            Some(_) if parents.is_moved_along(new) => false,
            Some(old) => {
                let above: Vec<Element> = parents.above(old).collect();
                if above.iter().any(|&above| fates.of_old(above).is_gone()) {
                    return true;
                }
                above.is_empty()
            }
            // The column of a typed table comes from the type.
            None if !is_inherited(fates.new, new) => true,
            None => !parents.is_made_by_another(new),
        };
        becomes_local != is_local(fates.new, new)
    };
    let is_part = |new: &Element| match fates.new.kinds[*new] {
        Kind::Column(table, _) => !is_partition(fates.new, table),
        Kind::Constraint(oid) => {
            let constraint = &fates.new.model.constraints[&oid];
            constraint.kind == "c"
                && constraint.owner.0 == catalog::CLASS
                && !is_partition(fates.new, constraint.owner.1)
        }
        _ => false,
    };
    let parts = (0..fates.new.kinds.len()).filter(is_part).filter(is_changed);
    let reason = "inherited columns and checks can't become the table's own, or the reverse";
    parts.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The tables with columns or checks that would become their own because their parents have another order.
pub(crate) fn parent_orders(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let is_lost = |&new: &Element| {
        let is_part = matches!(fates.new.kinds[new], Kind::Column(..) | Kind::Constraint(_));
        is_part && !is_local(fates.new, new) && parents.loses_origin(new)
    };
    let lost = (0..fates.new.kinds.len()).filter(is_lost);
    let mut tables: Vec<String> =
        lost.filter_map(|new| fates.new.owner_of(new)).map(|table| fates.new.describe(table)).collect();
    tables.sort_unstable();
    tables.dedup();
    let reason =
        "its parents have another order, and what it inherits would become its own with NO INHERIT and INHERIT";
    tables.into_iter().map(|object| Refusal::Unsupported { object, reason }).collect()
}

/// The columns of children that are to accept NULL where those of their parents no longer do.
pub(crate) fn nullable_children(fates: &Fates<'_>) -> Vec<Refusal> {
    let parents = Parents::new(fates);
    let is_nullable = |elements: &Elements, element: Element| match elements.kinds[element] {
        Kind::Column(table, index) => !elements.column(table, index).not_null,
        _ => false,
    };
    let is_refused = |&new: &Element| {
        let mut above = parents.columns_above(new).filter(|&above| !is_nullable(fates.new, above));
        let has_changed = |above| fates.pairs.old_of(above).is_none_or(|above| is_nullable(fates.old, above));
        is_nullable(fates.new, new) && above.any(has_changed)
    };
    let columns = (0..fates.new.kinds.len()).filter(is_refused);
    let reason = "NOT NULL of the column of a parent is inherited";
    columns.map(|new| Refusal::Unsupported { object: fates.new.describe(new), reason }).collect()
}

/// The new children of parents whose columns of one name are stored in different ways.
pub(crate) fn merged_columns(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let is_refused = |&new: &Element| {
        let Some((_, table)) = elements.table(new).filter(|_| fates.of_new(new).is_made()) else { return false };
        let parents = table.parents.iter().filter_map(|&parent| elements.model.columns.get(&(catalog::CLASS, parent)));
        let mut stored: HashMap<&String, [Option<&str>; 2]> = HashMap::new();
        // MergeInheritedAttribute in PostgreSQL's tablecmds.c: what is not set as a compression agrees with any.
        parents.flatten().any(|column| {
            let [storage, compression] = column.storage().map(|(_, own, _)| own);
            let [first_storage, first_compression] = stored.entry(&column.name).or_insert([storage, compression]);
            let differs = first_compression.zip(compression).is_some_and(|(one, other)| one != other);
            *first_compression = first_compression.or(compression);
            *first_storage != storage || differs
        })
    };
    let tables = (0..elements.kinds.len()).filter(is_refused);
    let reason =
        "its parents have a column with different storage or compression, and PostgreSQL merges no such columns";
    tables.map(|new| Refusal::Unsupported { object: elements.describe(new), reason }).collect()
}

/// The new children that inherit different defaults of a column from their parents, and have none of their own.
pub(crate) fn merged_defaults(fates: &Fates<'_>) -> Vec<Refusal> {
    let elements = fates.new;
    let is_refused = |&new: &Element| {
        let Some((oid, table)) = elements.table(new).filter(|_| fates.of_new(new).is_made()) else { return false };
        let own = elements.model.columns.get(&(catalog::CLASS, oid)).into_iter().flatten();
        let has_own =
            |column: &&Column| column::item(elements, oid, column.number).is_some_and(|item| !item.inline.is_empty());
        let declared: HashSet<&String> = own.filter(has_own).map(|column| &column.name).collect();
        let parents = table.parents.iter().filter_map(|&parent| elements.model.columns.get(&(catalog::CLASS, parent)));
        let mut defaults: HashMap<&String, &String> = HashMap::new();
        // MergeAttributes in PostgreSQL's tablecmds.c: a parent without a default agrees with any.
        let mut given = parents.flatten().filter_map(|column| Some((&column.name, column.expression.as_ref()?)));
        given.any(|(name, default)| *defaults.entry(name).or_insert(default) != default && !declared.contains(name))
    };
    let tables = (0..elements.kinds.len()).filter(is_refused);
    let reason = "its parents have a column with different defaults, and PostgreSQL merges them only if the table declares its own";
    tables.map(|new| Refusal::Unsupported { object: elements.describe(new), reason }).collect()
}

fn is_partition(elements: &Elements, table: u32) -> bool {
    elements.model.relations.get(&table).is_some_and(|found| found.partition_of.is_some())
}

fn is_inherited(elements: &Elements, element: Element) -> bool {
    match elements.kinds[element] {
        Kind::Column(table, index) => elements.column(table, index).inherited > 0,
        Kind::Constraint(oid) => elements.model.constraints[&oid].is_inherited,
        _ => false,
    }
}

/// Whether a column or a check is the table's own, even if it is inherited too. Those of a partition are so once it is
/// detached.
fn is_local(elements: &Elements, element: Element) -> bool {
    match elements.kinds[element] {
        Kind::Column(table, index) => {
            let number = elements.column(table, index).number;
            let is_declared = || column::item(elements, table, number).is_some();
            !is_inherited(elements, element) || is_partition(elements, table) || is_declared()
        }
        Kind::Constraint(oid) => {
            let constraint = &elements.model.constraints[&oid];
            let (table, part) = (constraint.owner.1, (Class::Catalog(catalog::CONSTRAINT), oid));
            let is_declared = || {
                let object = elements.object_with((Class::Catalog(catalog::CLASS), table));
                let mut items = object.into_iter().flat_map(|object| &object.items);
                items.any(|item| item.part == Some(part)) || elements.object_with(part).is_some()
            };
            !is_inherited(elements, element) || is_partition(elements, table) || is_declared()
        }
        _ => true,
    }
}
