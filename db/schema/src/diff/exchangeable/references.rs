//! Foreign keys on the columns, and those that refer to them.

use std::collections::{BTreeMap, HashSet};

use super::candidates::Candidates;
use super::columns::{is_partitioned, is_plain_table};
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::exchange::{Both, Link, Part, Reference, Side, renamed, suffixed};
use crate::model::Constraint;

impl Candidates<'_> {
    /// A foreign key, with the table that it refers to, and the pairs of those that partitions have because of it. `None` if
    /// there can't be one on new columns beside it.
    pub(super) fn reference(&self, user: Element, new: Element) -> Option<((Reference, String), HashSet<usize>)> {
        let (old, elements) = (self.fates.old, self.fates.new);
        let (Kind::Constraint(one), Kind::Constraint(other)) = (old.kinds[user], elements.kinds[new]) else {
            return None;
        };
        let (before, after) = (&old.model.constraints[&one], &elements.model.constraints[&other]);
        if !is_simple(old, before) || !is_simple(elements, after) || !self.are_steady(user, new) {
            return None;
        }
        let (mut reference, mut pairs) = (Reference { links: Vec::new(), properties: Vec::new() }, HashSet::new());
        self.add_links(before, after, &mut reference, &mut pairs)?;
        Some(((reference, elements.model.relations.get(&after.referenced?)?.name.clone()), pairs))
    }

    /// Adds the foreign key of a table after those that its partitions have because of it.
    fn add_links(
        &self,
        before: &Constraint,
        after: &Constraint,
        reference: &mut Reference,
        pairs: &mut HashSet<usize>,
    ) -> Option<()> {
        let (old, elements) = (self.fates.old, self.fates.new);
        let relation = elements.model.relations.get(&after.owner.1)?;
        if relation.kind == "p" {
            let (old_parts, parts) = (parts(old, before), parts(elements, after));
            (old_parts.len() == parts.len() && parts.len() == elements.children_of(after.owner.1).len())
                .then_some(())?;
            for (table, part) in parts {
                self.add_links(old_parts.get(&table)?, part, reference, pairs)?;
            }
        }
        let part = |found: &Constraint| Part { name: found.name.clone(), definition: found.definition.clone() };
        let is_known = matches!(relation.kind.as_str(), "r" | "p") && before.is_valid && after.is_valid;
        reference.links.push(Link {
            table: relation.name.clone(),
            is_partitioned: relation.kind == "p",
            constraint: Both { old: part(before), new: part(after) },
            beside: Both { old: self.beside(before, Side::Old)?, new: self.beside(after, Side::New)? },
        });
        reference.properties.extend(self.notes(after.oid));
        pairs.extend(self.note_pairs(before.oid, after.oid));
        pairs.extend(old.element((catalog::CONSTRAINT, before.oid, 0)).map(|one| self.fates.pairs.of_old[one]));
        pairs.extend(elements.element((catalog::CONSTRAINT, after.oid, 0)).map(|one| self.fates.pairs.of_new[one]));
        is_known.then_some(())
    }

    /// The old foreign key that one comes from: that of the partitioned table.
    pub(super) fn top_reference(&self, user: Element) -> Element {
        std::iter::successors(Some(user), |&below| self.fates.old.constraint_above(below)).last().unwrap_or(user)
    }

    /// The definition while the other side has the names.
    fn beside(&self, constraint: &Constraint, side: Side) -> Option<String> {
        let elements = if side == Side::Old { self.fates.old } else { self.fates.new };
        let target = constraint.referenced?;
        let relation = elements.model.relations.get(&target)?;
        let columns = self.names(elements, constraint.owner.1, &constraint.columns, side)?;
        let targets = self.names(elements, target, &constraint.referenced_columns, side)?;
        let clause = |name: fn(&Names) -> &str| {
            let list = |names: &[Names]| names.iter().map(name).collect::<Vec<_>>().join(", ");
            format!("FOREIGN KEY ({}) REFERENCES {}({})", list(&columns), relation.name, list(&targets))
        };
        let rest = constraint.definition.strip_prefix(&clause(|names| &names.own))?;
        // Which of both foreign keys sets the default is not determined.
        if rest.contains(" SET DEFAULT") {
            return None;
        }
        let rest = columns.iter().fold(rest.to_owned(), |text, names| renamed(&text, &names.own, &names.beside));
        Some(clause(|names| &names.beside) + &rest)
    }

    fn names(&self, elements: &Elements, table: u32, numbers: &[u32], side: Side) -> Option<Vec<Names>> {
        let pairs = &self.fates.pairs;
        let of = if side == Side::Old { &pairs.of_old } else { &pairs.of_new };
        let names = |&number: &u32| {
            let element = elements.element((catalog::CLASS, table, number))?;
            let Kind::Column(table, index) = elements.kinds[element] else { return None };
            let own = elements.column(table, index).name.clone();
            let is_exchanged = self.pairs.contains(&of[element]);
            let beside = if is_exchanged { suffixed(&own, side.suffix()) } else { own.clone() };
            Some(Names { own, beside })
        };
        numbers.iter().map(names).collect()
    }
}

/// The name of a column, and that while the other side has the names.
struct Names {
    own: String,
    beside: String,
}

/// The foreign keys that partitions have because their table has one, by the name of the partition.
fn parts<'a>(elements: &'a Elements, above: &Constraint) -> BTreeMap<String, &'a Constraint> {
    elements.constraints_below(above).map(|found| (elements.owner_name(found), found)).collect()
}

/// Whether a foreign key is valid, of a plain or partitioned table, refers to a plain one, and refers to a constraint that is the only one on its columns.
fn is_simple(elements: &Elements, constraint: &Constraint) -> bool {
    let Some(target) = constraint.referenced else { return false };
    let model = &elements.model;
    let has_key =
        constraint.index.and_then(|index| model.indexes.get(&index)).is_some_and(|index| index.constraint.is_some());
    let same = elements.indexes_of(target).filter(|index| index.is_unique_on(&constraint.referenced_columns));
    constraint.kind == "f"
        && constraint.is_valid
        && !constraint.is_inherited
        && has_key
        && same.count() == 1
        && (is_plain_table(elements, constraint.owner.1) || is_partitioned(elements, constraint.owner.1))
        && is_plain_table(elements, target)
}
