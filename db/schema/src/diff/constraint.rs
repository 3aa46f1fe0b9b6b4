//! Changes of constraints.

use crate::diff::elements::{Elements, catalog};
use crate::diff::script::{Hazard, Statement};
use crate::diff::versions::Change;
use crate::model::Constraint;

/// What makes one constraint the other, with the same check of a parent before and after.
pub(crate) fn change(
    old: &Elements,
    new: &Elements,
    old_oid: u32,
    new_oid: u32,
    above: Option<(&Constraint, &Constraint)>,
) -> Change {
    let (before, after) = (&old.model.constraints[&old_oid], &new.model.constraints[&new_oid]);
    let alter = alter(new, after);
    let mut statements = Vec::new();
    // Whether a partition's check is valid while that of its table is not makes no difference.
    let is_below_invalid = above.is_some_and(|(before, after)| !before.is_valid && !after.is_valid);
    if before.kind != after.kind || (before.is_valid && !after.is_valid && !is_below_invalid) {
        return Change::Replace;
    }
    // That of a partitioned table stays invalid if the partition without one goes.
    let is_complete = |elements: &Elements, constraint: &Constraint| {
        constraint.index.and_then(|index| elements.model.indexes.get(&index)).is_none_or(|index| index.is_valid)
    };
    let has_other_index = after.kind != "f" && is_complete(old, before) != is_complete(new, after);
    if essence(before) != essence(after) || has_other_index {
        return Change::Replace;
    }
    if before.name != after.name && above.is_none() {
        statements.push(Statement::new(format!("{alter} RENAME CONSTRAINT {} TO {};", before.name, after.name)));
    }
    // PostgreSQL changes that of a partition with that of its table.
    let changes_with_parent = after.kind == "f" && before.parent.is_some() && after.parent.is_some();
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
    if !before.is_valid && after.is_valid && !is_below_invalid {
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

/// The SQL that creates a constraint. A key of a partitioned table is created in its partitions apart from it.
pub(crate) fn sql(elements: &Elements, constraint: &Constraint) -> String {
    let owner = elements.owner_name(constraint);
    let alter = match constraint.kind.as_str() {
        "p" | "u" if belongs_to(elements, constraint, "p") => format!("ALTER TABLE ONLY {owner}"),
        _ => alter(elements, constraint),
    };
    format!("{alter} ADD CONSTRAINT {} {};", constraint.name, constraint.definition)
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
        "p" | "u" if belongs_to(elements, constraint, "p") => vec![Hazard::IndexBuild(constraint.name.clone())],
        "p" | "u" | "x" => {
            vec![depends(), Hazard::IndexBuild(constraint.name.clone()), Hazard::BlockingLock(owner)]
        }
        _ => Vec::new(),
    };
    Statement { hazards, ..Statement::new(sql(elements, constraint)) }
}
