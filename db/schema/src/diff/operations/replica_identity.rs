//! The replica identity of published tables, without which PostgreSQL refuses to update and delete their rows.

use super::{Operations, Priority, place};
use crate::diff::elements::{Element, Elements};
use crate::diff::script::{Form, Statement};
use crate::model::Relation;

impl<'a> Operations<'a> {
    /// Identifies rows by all their values from when the index that does so is dropped until the new one is built.
    pub(super) fn add_replica_identities(&mut self) {
        for pair in 0..self.fates.list.len() {
            let (Some(old), Some(new)) = (self.fates.pairs.list[pair].old, self.fates.pairs.list[pair].new) else {
                continue;
            };
            let Some((index, remove, make, table)) = self.replaced_identity(old, new) else { continue };
            let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
            let alter = |identity: &str| {
                vec![Statement::replacing(format!("ALTER TABLE {} REPLICA IDENTITY {identity};", table.name))]
            };
            let release = self.push(alter("FULL"), Priority::Release(place.clone()), label.clone());
            let unmark =
                self.old().mark_of(index).and_then(|mark| self.removers.get(&mark)).filter(|&&unmark| unmark != remove);
            self.edges.extend(unmark.map(|&unmark| (unmark, release)).into_iter().chain([(release, remove)]));
            // An index that is marked as the identity becomes it by that.
            if table.replica_identity == "d" {
                let finish = self.push(alter("DEFAULT"), Priority::Finish(place), label);
                self.edges.push((self.last_of(make), finish));
            }
        }
    }

    /// The old index that identifies the rows of a table, what removes it and what makes the new one, and the table, if there
    /// is none between.
    fn replaced_identity(&self, old: Element, new: Element) -> Option<(Element, usize, usize, &'a Relation)> {
        let ((_, before), (_, after)) = (self.old().table(old)?, self.new_side().table(new)?);
        // With a filter or a list of columns, PostgreSQL refuses updates then, too.
        let is_possible = |relation: &Relation| relation.is_published && relation.accepts_updates;
        let is_needed =
            self.form == Form::Online && self.fates.of_new(new).stays() && is_possible(before) && is_possible(after);
        let one = identity(self.old(), old).filter(|_| is_needed)?;
        let other = identity(self.new_side(), new)?;
        let is_replaced = self.fates.of_old(one).is_gone()
            && self.fates.of_new(other).is_made()
            && !self.besides.contains_key(&other);
        Some((one, *self.removers.get(&one)?, *self.makers.get(&other).filter(|_| is_replaced)?, after))
    }
}

/// The key or the index that identifies the rows of a table.
fn identity(elements: &Elements, table: Element) -> Option<Element> {
    let (oid, relation) = elements.table(table).filter(|(_, found)| found.kind == "r")?;
    match relation.replica_identity.as_str() {
        "d" => elements.primary_key(table),
        "i" => elements.relation(elements.indexes_of(oid).find(|index| index.is_replica_identity)?.oid),
        _ => None,
    }
}
