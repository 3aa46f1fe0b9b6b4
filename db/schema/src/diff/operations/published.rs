//! Published tables, and ones that become logged, which may publish them. PostgreSQL refuses to update and delete the rows of a
//! published table without a replica identity.

use super::{Operations, Priority, place};
use crate::diff::elements::{Element, Elements, catalog};
use crate::diff::script::{Form, Statement};
use crate::model::Relation;
use crate::object::Class;

impl<'a> Operations<'a> {
    /// A table leaves its publications before it becomes unlogged, and if possible before it loses the key that updates of
    /// published rows need.
    pub(super) fn connect_publications(&mut self) {
        let (old, new, pairs) = (self.old(), self.new_side(), &self.fates.pairs);
        let is_publication = |element: Element| {
            old.object(element).is_some_and(|object| object.id.0 == Class::Catalog(catalog::PUBLICATION))
        };
        for (publication, uses) in old.uses.iter().enumerate().filter(|(user, _)| is_publication(*user)) {
            let Some(&leave) = self.removers.get(&publication) else { continue };
            let published = pairs.new_of(publication).map(|other| &new.uses[other]);
            for &(used, _) in uses {
                let table = pairs.new_of(used);
                let is_unlogged =
                    has_persistence(old, used, "p") && table.is_some_and(|table| has_persistence(new, table, "u"));
                let alter = table.and_then(|table| self.makers.get(&table)).filter(|&&alter| alter != leave);
                self.edges.extend(alter.filter(|_| is_unlogged).map(|&alter| (leave, alter)));
                let leaves = |table: Element| {
                    published.is_none_or(|published| published.iter().all(|&(other, _)| other != table))
                };
                if table.is_some_and(leaves) {
                    let keys = self.removed.of(used).iter().filter(|(part, _)| old.is_index_like(*part));
                    self.preferred.extend(keys.map(|&(_, remover)| (leave, remover)));
                }
            }
        }
    }

    /// A logged table can't refer to an unlogged one, and the sequences of a table change with it. One that is published by
    /// becoming logged has its keys before.
    pub(super) fn connect_persistence(&mut self) {
        let (new, pairs) = (self.new_side(), &self.fates.pairs);
        let is_logged = |&(&table, _): &(&Element, &usize)| {
            new.table(table).is_some_and(|(_, found)| found.is_published) && self.fates.becomes_logged(table)
        };
        for (&table, &alter) in self.makers.iter().filter(is_logged) {
            let keys = self.made.of(table).iter().filter(|(part, _)| new.is_index_like(*part));
            self.preferred.extend(keys.map(|&(_, maker)| (maker, alter)).filter(|(maker, _)| *maker != alter));
        }
        let change = |table: Element| {
            let (_, after) = new.table(table)?;
            let (_, before) = self.old().table(pairs.old_of(table)?)?;
            let is_changed = before.persistence != after.persistence;
            Some((*self.makers.get(&table)?, after.persistence == "u")).filter(|_| is_changed)
        };
        let mut edges = Vec::new();
        for constraint in new.model.constraints.values().filter(|found| found.kind == "f") {
            let owner = new.relation(constraint.owner.1).and_then(change);
            let referenced = constraint.referenced.and_then(|oid| new.relation(oid)).and_then(change);
            if let (Some((owner, is_unlogged)), Some((referenced, _))) = (owner, referenced)
                && owner != referenced
            {
                edges.push(if is_unlogged { (owner, referenced) } else { (referenced, owner) });
            }
        }
        for (&oid, sequence) in &new.model.sequences {
            let table = sequence.owner.and_then(|(table, _)| new.relation(table));
            let is_own = table.is_some_and(|table| !has_persistence(new, table, &sequence.persistence));
            let maker = new.relation(oid).filter(|_| is_own).and_then(|sequence| self.makers.get(&sequence));
            let change = table.and_then(change).map(|(change, _)| change);
            edges.extend(change.zip(maker.copied()));
        }
        self.edges.extend(edges);
    }

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

/// Whether an element is a table with a persistence, as in `pg_class.relpersistence`.
fn has_persistence(elements: &Elements, table: Element, wanted: &str) -> bool {
    elements.table(table).is_some_and(|(_, found)| found.persistence == wanted)
}
