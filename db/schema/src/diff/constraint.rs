//! Changes of constraints.

use std::collections::HashSet;

use crate::diff::elements::{Elements, catalog};
use crate::diff::equal_indexes;
use crate::diff::script::{Hazard, Statement};
use crate::diff::versions::Change;
use crate::model::Constraint;

/// What a check comes with in both schemas.
pub(crate) struct Origin {
    /// Whether a parent has it too, which renames it.
    pub(crate) has_parent: bool,
    /// Whether one above has not been validated.
    pub(crate) is_below_invalid: bool,
}

/// What makes one constraint the other.
pub(crate) fn change(old: &Elements, new: &Elements, old_oid: u32, new_oid: u32, origin: &Origin) -> Change {
    let (before, after) = (&old.model.constraints[&old_oid], &new.model.constraints[&new_oid]);
    let alter = alter(new, after);
    let mut statements = Vec::new();
    // A new partition's check is valid even if that of its table is not, and no statement makes it invalid.
    if before.is_valid && !after.is_valid && !origin.is_below_invalid {
        return Change::Replace;
    }
    let is_other = essence(before) != essence(after) || before.is_alone != after.is_alone;
    if is_other || has_other_index((old, before), (new, after)) {
        return Change::Replace;
    }
    if before.name != after.name && !origin.has_parent {
        statements.push(Statement::new(format!("{alter} RENAME CONSTRAINT {} TO {};", before.name, after.name)));
    }
    // PostgreSQL changes that of a partition with that of its table.
    let table_above = |elements: &Elements, constraint: &Constraint| {
        let above = constraint.parent.and_then(|above| elements.model.constraints.get(&above));
        above.map(|above| elements.owner_name(above))
    };
    let changes_with_parent =
        after.kind == "f" && before.parent.is_some() && table_above(old, before) == table_above(new, after);
    let timing = |constraint: &Constraint| (constraint.is_deferrable, constraint.is_deferred);
    if timing(before) != timing(after) && !changes_with_parent {
        if after.kind != "f" {
            return Change::Replace;
        }
        let timing = match timing(after) {
            (false, _) => "NOT DEFERRABLE",
            (true, false) => "DEFERRABLE INITIALLY IMMEDIATE",
            (true, true) => "DEFERRABLE INITIALLY DEFERRED",
        };
        statements.push(Statement::new(format!("{alter} ALTER CONSTRAINT {} {timing};", after.name)));
    }
    // A copy of a foreign key has nothing to validate.
    let is_copy = new.element((catalog::CONSTRAINT, new_oid, 0)).is_some_and(|element| new.is_copy(element));
    if !before.is_valid && after.is_valid && !is_copy {
        let owner = new.owner_name(after);
        let validate = Statement::new(format!("{alter} VALIDATE CONSTRAINT {};", after.name));
        let hazards = match after.owner.0 {
            catalog::TYPE => hazards_of_domain(&owner),
            _ if belongs_to(new, after, FOREIGN_TABLE) => Vec::new(),
            _ => vec![Hazard::DependsOnRows(owner)],
        };
        statements.push(Statement { hazards, ..validate });
    }
    Change::of(statements)
}

/// Whether the index of a key has to be created again because it becomes valid or invalid. An incomplete index of a
/// partitioned table stays invalid when the partition that lacks it is dropped; attaching that of a partition makes it valid.
fn has_other_index((old, before): (&Elements, &Constraint), (new, after): (&Elements, &Constraint)) -> bool {
    let is_valid = |elements: &Elements, constraint: &Constraint| {
        constraint.index.and_then(|index| elements.model.indexes.get(&index)).is_none_or(|index| index.is_valid)
    };
    if after.kind == "f" || is_valid(old, before) == is_valid(new, after) {
        return false;
    }
    let tables = |elements: &Elements, tables: Vec<u32>| -> HashSet<(String, String)> {
        let tables = tables.iter().filter_map(|oid| elements.model.relations.get(oid));
        tables.map(|table| (table.name.clone(), table.kind.clone())).collect()
    };
    let attached = |elements: &Elements, constraint: &Constraint| {
        let indexes = elements.model.indexes.values();
        let parts = indexes.filter(|index| index.parent.is_some() && index.parent == constraint.index);
        tables(elements, parts.map(|index| index.table).collect())
    };
    // A partition that is created comes with its index: none is attached for it.
    let partitions = tables(old, old.children_of(before.owner.1).to_vec());
    let mut parts = attached(new, after);
    parts.retain(|part| partitions.contains(part));
    is_valid(old, before) || parts.is_subset(&attached(old, before))
}

/// A check of a domain reads the tables that use it, and blocks their writes.
pub(crate) fn hazards_of_domain(domain: &str) -> Vec<Hazard> {
    let tables = format!("each table that uses {domain}");
    vec![Hazard::DependsOnRows(tables.clone()), Hazard::BlockingLock(tables)]
}

/// The definition without what can be altered.
fn essence(constraint: &Constraint) -> &str {
    let mut text = constraint.definition.as_str();
    if !constraint.is_valid {
        text = text.strip_suffix(" NOT VALID").unwrap_or(text);
    }
    if constraint.is_deferred {
        text = text.strip_suffix(" INITIALLY DEFERRED").unwrap_or(text);
    }
    if constraint.is_deferrable {
        text = text.strip_suffix(" DEFERRABLE").unwrap_or(text);
    }
    text
}

/// The `relkind` of a table whose rows PostgreSQL does not check.
const FOREIGN_TABLE: &str = "f";

/// Whether a constraint is one of a table of a kind (`relkind`).
fn belongs_to(elements: &Elements, constraint: &Constraint, kind: &str) -> bool {
    constraint.owner.0 == catalog::CLASS
        && elements.model.relations.get(&constraint.owner.1).is_some_and(|table| table.kind == kind)
}

/// ALTER TABLE or ALTER DOMAIN, with the name.
fn alter(elements: &Elements, constraint: &Constraint) -> String {
    let keyword = if constraint.owner.0 == catalog::TYPE { "ALTER DOMAIN" } else { "ALTER TABLE" };
    format!("{keyword} {}", elements.owner_name(constraint))
}

/// The statement that drops a constraint.
pub(crate) fn drop(elements: &Elements, constraint: &Constraint) -> String {
    format!("{} DROP CONSTRAINT {};", alter(elements, constraint), constraint.name)
}

/// Whether a constraint is that of a partitioned table, and those of its partitions are created apart from it.
fn is_created_alone(elements: &Elements, constraint: &Constraint) -> bool {
    (constraint.is_key() || constraint.is_alone) && belongs_to(elements, constraint, "p")
}

/// The SQL that creates a constraint. A key of a partitioned table is created in its partitions apart from it, and an exclusion
/// constraint is there alone if no partition has it.
pub(crate) fn sql(elements: &Elements, constraint: &Constraint) -> String {
    let owner = elements.owner_name(constraint);
    let alter = if is_created_alone(elements, constraint) {
        format!("ALTER TABLE ONLY {owner}")
    } else {
        alter(elements, constraint)
    };
    format!("{alter} ADD CONSTRAINT {} {};", constraint.name, equal_indexes::definition(elements, constraint))
}

/// The statement that creates a constraint, with what it does to the rows that are there.
pub(crate) fn create(elements: &Elements, constraint: &Constraint) -> Statement {
    let owner = elements.owner_name(constraint);
    let depends = || Hazard::DependsOnRows(owner.clone());
    let hazards = match constraint.kind.as_str() {
        "c" if constraint.is_valid && constraint.owner.0 == catalog::TYPE => hazards_of_domain(&owner),
        "c" if belongs_to(elements, constraint, FOREIGN_TABLE) => Vec::new(),
        "c" | "f" if constraint.is_valid => vec![depends(), Hazard::BlockingLock(owner)],
        // The index of a partitioned table has no rows; that of a partition is built apart.
        _ if is_created_alone(elements, constraint) => {
            vec![Hazard::IndexBuild(constraint.name.clone())]
        }
        "p" | "u" | "x" => {
            vec![depends(), Hazard::IndexBuild(constraint.name.clone()), Hazard::BlockingLock(owner)]
        }
        _ => Vec::new(),
    };
    Statement { hazards, ..Statement::new(sql(elements, constraint)) }
}
