//! Changes that PostgreSQL has a statement for, but refuses.

use crate::diff::elements::{Element, Kind, catalog};
use crate::diff::fate::{Fate, Fates};
use crate::diff::foreign;
use crate::diff::online::Step;
use crate::diff::script::{Hazard, Refusal};

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
        let mapping = fates.new.object(new).and_then(|object| foreign::user_mapping(&object.definition()));
        mapping.unwrap_or_else(|| fates.new.describe(new))
    };
    masked.map(|new| Refusal::Masked(name(new))).collect()
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
