//! Changes that PostgreSQL has a statement for, but refuses.

use crate::diff::elements::{Element, Kind, catalog};
use crate::diff::fate::Fates;
use crate::diff::online::Step;
use crate::diff::script::{Hazard, Refusal};

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

/// The first table that is rewritten while a column that stays has its row type.
pub(crate) fn row_type(fates: &Fates<'_>, steps: &[Step]) -> Option<Refusal> {
    let hazards = steps.iter().flat_map(|step| &step.statement.hazards);
    let mut rewritten = hazards.filter_map(|hazard| match hazard {
        Hazard::TableRewrite(table) => Some(table),
        _ => None,
    });
    let elements = fates.old;
    let has_rows = |owner: &u32| {
        elements.facts.relations.get(owner).is_some_and(|found| matches!(found.kind.as_str(), "r" | "p" | "m"))
    };
    let is_used = |table: &str| {
        elements.facts.columns.iter().any(|((class, owner), columns)| {
            let of_type = columns.iter().filter(|column| column.type_name.trim_end_matches("[]") == table);
            let mut nodes = of_type.map(|column| (*class, *owner, column.number));
            let stays = |node| elements.element(node).is_some_and(|element| fates.of_old(element).stays());
            *class == catalog::CLASS && has_rows(owner) && nodes.any(stays)
        })
    };
    let is_table = |table: &str| elements.facts.relations.values().any(|found| found.name == table);
    let table = rewritten.find(|table| is_table(table) && is_used(table))?;
    let reason = "PostgreSQL rewrites no table whose row type a column has";
    Some(Refusal::Unsupported { object: format!("TABLE {table}"), reason })
}
