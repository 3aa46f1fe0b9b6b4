//! What has the values of a type in it: other types, and the columns of tables.

use std::collections::HashSet;

use crate::diff::elements::{Element, Elements, catalog};
use crate::model::{Column, Model, Relation, Type};

/// Types, and all types of these kinds (`typtype`) whose values have one of theirs in them.
pub(crate) fn containers<'m>(model: &'m Model, mut found: HashSet<&'m str>, kinds: &[&str]) -> HashSet<&'m str> {
    loop {
        let contains = |oid: &u32, container: &Type| {
            let mut attributes = model.columns.get(&(catalog::TYPE, *oid)).into_iter().flatten();
            let base = container.base.as_deref().filter(|_| container.kind == "d");
            attributes.any(|column| has_one_of(column, &found))
                || base.is_some_and(|base| found.contains(base.trim_end_matches("[]")))
        };
        let candidates = model.types.iter().filter(|(_, one)| kinds.contains(&one.kind.as_str()));
        let more = candidates.filter(|(oid, one)| !found.contains(one.name.as_str()) && contains(oid, one));
        // The rows of a table are values of a composite type.
        let tables = model.relations.iter().filter(|(oid, table)| {
            let mut columns = model.columns.get(&(catalog::CLASS, **oid)).into_iter().flatten();
            kinds.contains(&"c") && !found.contains(table.name.as_str()) && columns.any(|one| has_one_of(one, &found))
        });
        let more = more.map(|(_, one)| one.name.as_str()).chain(tables.map(|(_, table)| table.name.as_str()));
        let more: Vec<&str> = more.collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// Whether the type of a column is one of these, or an array of one.
pub(crate) fn has_one_of(column: &Column, types: &HashSet<&str>) -> bool {
    types.contains(column.type_name.trim_end_matches("[]"))
}

/// Whether a relation has rows.
pub(crate) fn is_stored(relation: &Relation) -> bool {
    matches!(relation.kind.as_str(), "r" | "p" | "m")
}

/// The columns of tables that have rows of a table, or of one below it, in them.
pub(crate) fn columns_with_rows_of(elements: &Elements, table: u32) -> Vec<Element> {
    let model = &elements.model;
    let family = elements.family(table).into_iter().map(|oid| model.relations[&oid].name.as_str()).collect();
    let types = containers(model, family, &["c", "d"]);
    let tables = model.relations.iter().filter(|(_, found)| is_stored(found));
    let nodes = tables.flat_map(|(&oid, _)| {
        let columns = model.columns.get(&(catalog::CLASS, oid)).into_iter().flatten();
        columns.filter(|column| has_one_of(column, &types)).map(move |column| (catalog::CLASS, oid, column.number))
    });
    nodes.filter_map(|node| elements.element(node)).collect()
}
