//! Foreign keys on the columns, and those that refer to them.

use super::candidates::Candidates;
use super::columns::is_plain_table;
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::exchange::{Both, Part, Reference, Side, renamed, suffixed};
use crate::model::Constraint;

impl Candidates<'_> {
    /// A foreign key, with the table that it refers to. `None` if there can't be one on new columns beside it.
    pub(super) fn reference(&self, user: Element, new: Element) -> Option<(Reference, String)> {
        let (old, elements) = (self.fates.old, self.fates.new);
        let (Kind::Constraint(one), Kind::Constraint(other)) = (old.kinds[user], elements.kinds[new]) else {
            return None;
        };
        let (before, after) = (&old.model.constraints[&one], &elements.model.constraints[&other]);
        if !is_simple(old, before) || !is_simple(elements, after) || !self.are_steady(user, new) {
            return None;
        }
        let part = |found: &Constraint| Part { name: found.name.clone(), definition: found.definition.clone() };
        let reference = Reference {
            table: elements.owner_name(after),
            constraint: Both { old: part(before), new: part(after) },
            beside: Both { old: self.beside(before, Side::Old)?, new: self.beside(after, Side::New)? },
            properties: self.notes(other),
        };
        Some((reference, elements.model.relations.get(&after.referenced?)?.name.clone()))
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

/// Whether a foreign key is valid, between plain tables, and refers to a constraint that is the only one on its columns.
fn is_simple(elements: &Elements, constraint: &Constraint) -> bool {
    let Some(target) = constraint.referenced else { return false };
    let model = &elements.model;
    let has_key =
        constraint.index.and_then(|index| model.indexes.get(&index)).is_some_and(|index| index.constraint.is_some());
    let sorted = |columns: &[u32]| {
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        columns
    };
    let referenced = sorted(&constraint.referenced_columns);
    let same =
        elements.indexes_of(target).map(|(_, index)| index).filter(|index| sorted(&index.unique_columns) == referenced);
    constraint.kind == "f"
        && constraint.is_valid
        && !constraint.is_inherited
        && has_key
        && same.count() == 1
        && is_plain_table(elements, constraint.owner.1)
        && is_plain_table(elements, target)
}
