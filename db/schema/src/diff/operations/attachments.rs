//! Operations on tables and objects that stay: parents, bounds, and properties.

use std::collections::{HashMap, HashSet};

use super::{Operations, Priority, place};
use crate::diff::elements::{Element, Elements};
use crate::diff::fate::Fate;
use crate::diff::online::Step;
use crate::diff::properties::{self, PropertyChange};
use crate::diff::script::{Hazard, Statement};

impl<'a> Operations<'a> {
    /// Gives partitions other bounds, all at once: one may take over values of another. Nothing else changes them between.
    pub(super) fn add_rebounds(&mut self) {
        let rebounds = self.parents.rebounds();
        let Some((_, first, ..)) = rebounds.first() else { return };
        let (place, label) = (place(self.new_side(), *first), self.new_side().describe(*first));
        let detach = rebounds.iter().map(|(_, _, detach, _)| Statement::new(detach.clone()));
        let attach = rebounds.iter().map(|(_, new, _, attach)| self.attaching(*new, attach.clone()));
        let operation = self.push(detach.chain(attach).collect(), Priority::Make((0, place.1, 0, 0, place.4)), label);
        for (old, new, ..) in &rebounds {
            let above = self.parents.tables_above(self.old(), *old);
            let siblings = (0..self.old().kinds.len()).filter(|&element| {
                let parents = self.parents.tables_above(self.old(), element);
                *self.fates.of_old(element) == Fate::Drop && parents.iter().any(|parent| above.contains(parent))
            });
            let removers: Vec<usize> = siblings.filter_map(|sibling| self.removers.get(&sibling).copied()).collect();
            self.edges.extend(removers.into_iter().map(|remover| (remover, operation)));
            let makers = self.family(self.new_side(), *new, &self.makers);
            self.edges.extend(makers.into_iter().map(|maker| (operation, maker)));
            let above = self.parents.tables_above(self.new_side(), *new);
            let makers = self.makers.iter().filter(|(element, _)| {
                let parents = self.parents.tables_above(self.new_side(), **element);
                parents.iter().any(|parent| above.contains(parent))
            });
            let makers: Vec<usize> = makers.map(|(_, &maker)| maker).collect();
            self.edges.extend(makers.into_iter().map(|maker| (operation, maker)));
        }
    }

    /// Detaches tables from parents before anything else, and attaches them after all.
    pub(super) fn add_attachments(&mut self) {
        let mut attached: Vec<(Element, usize)> = Vec::new();
        for (old, new, detach, attach) in self.parents.attachments() {
            let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
            if self.parents.is_moved(new) {
                let statements = attach.into_iter().chain(detach).map(Statement::new).collect();
                let place = (place.0, place.1, 20, 0, String::new());
                let operation = self.push(statements, Priority::Make(place), label);
                let makers = self.family(self.new_side(), new, &self.makers);
                self.edges.extend(makers.into_iter().map(|maker| (maker, operation)));
                let removers = self.family(self.old(), old, &self.removers).into_iter();
                let removers: Vec<usize> =
                    removers.filter(|remover| !self.makers.values().any(|maker| maker == remover)).collect();
                self.edges.extend(removers.into_iter().map(|remover| (operation, remover)));
                continue;
            }
            let detach = (!detach.is_empty()).then(|| {
                let statements = detach.into_iter().map(Statement::new).collect();
                self.push(statements, Priority::Release(place.clone()), label.clone())
            });
            let attach = (!attach.is_empty()).then(|| {
                let place = (place.0, place.1.clone(), 20, 0, String::new());
                let chain = self.attachment_chain(new, &attach, &place).unwrap_or_else(|| {
                    let statements = attach.into_iter().map(|sql| Step::together(self.attaching(new, sql)));
                    vec![(statements.collect(), Priority::Make(place))]
                });
                self.push_chain(chain, &label)
            });
            let attach = attach.flatten();
            attached.extend(attach.map(|attach| (new, attach)));
            if let Some(detach) = detach {
                let removers: Vec<usize> = self.family(self.old(), old, &self.removers);
                self.edges.extend(removers.into_iter().map(|remover| (detach, remover)));
                let makers: Vec<usize> = self.family(self.new_side(), new, &self.makers);
                self.edges.extend(makers.into_iter().map(|maker| (detach, maker)));
                self.edges.extend(attach.map(|attach| (detach, attach)));
            }
            if let Some(attach) = attach {
                let makers = self.family(self.new_side(), new, &self.makers);
                self.edges.extend(makers.into_iter().map(|maker| (maker, attach)));
                let removers = self.family(self.old(), old, &self.removers);
                self.edges.extend(removers.into_iter().map(|remover| (remover, attach)));
            }
        }
        self.order_attachments(&attached);
    }

    /// The default partition comes last: what does not belong there depends on the others.
    fn order_attachments(&mut self, attached: &[(Element, usize)]) {
        let bound = |table: Element| {
            let found =
                self.new_side().object(table).and_then(|object| self.new_side().model.relations.get(&object.id.1));
            found.and_then(|found| Some((found.partition_of?, found.bound.as_deref()? == "DEFAULT")))
        };
        let mut edges = Vec::new();
        for &(table, operation) in attached {
            let Some((parent, true)) = bound(table) else { continue };
            let before = attached.iter().filter(|(other, _)| bound(*other) == Some((parent, false)));
            edges.extend(before.map(|&(_, other)| (other, operation)));
        }
        self.edges.extend(edges);
    }

    /// A table that becomes a partition is scanned for rows that do not belong there.
    fn attaching(&self, table: Element, sql: String) -> Statement {
        let statement = Statement::new(sql);
        let is_scanned = statement.sql.contains(" ATTACH PARTITION ");
        let oid = self.new_side().object(table).filter(|_| is_scanned).map(|object| object.id.1);
        match oid.and_then(|oid| self.new_side().model.relations.get(&oid)) {
            Some(found) => {
                statement.with(Hazard::DependsOnRows(found.name.clone())).with(Hazard::BlockingLock(found.name.clone()))
            }
            None => statement,
        }
    }

    /// The operations on a table, its parents, and what belongs to them.
    pub(super) fn family(
        &self,
        elements: &Elements,
        table: Element,
        operations: &HashMap<Element, usize>,
    ) -> Vec<usize> {
        let tables: HashSet<Element> =
            std::iter::once(table).chain(self.parents.tables_above(elements, table)).collect();
        let belongs = |element: Element| {
            tables.contains(&element) || elements.owner_of(element).is_some_and(|owner| tables.contains(&owner))
        };
        let mut found: Vec<usize> =
            operations.iter().filter(|(element, _)| belongs(**element)).map(|(_, &operation)| operation).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds what changes owners, comments, settings and privileges of objects that stay.
    pub(super) fn add_properties(&mut self) {
        for pair in 0..self.fates.list.len() {
            let Some(new) = self.fates.pairs.list[pair].new else { continue };
            let stays = self.fates.list[pair].stays();
            let change = match self.fates.pairs.list[pair].old.filter(|_| stays) {
                Some(old) => properties::change(self.fates, old, new),
                // A new sequence belongs to a column of a table that stays.
                None => PropertyChange {
                    before: Vec::new(),
                    after: properties::owned_by(self.fates, new).into_iter().collect(),
                },
            };
            let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
            if !change.before.is_empty() {
                let before = self.push(change.before, Priority::Release(place.clone()), label.clone());
                let old = self.fates.pairs.list[pair].old;
                let column = old.and_then(|old| properties::owning_column(self.old(), old));
                let table = column.and_then(|(column, _)| self.old().owner_of(column));
                for element in old.into_iter().chain(table) {
                    let removers = self.family(self.old(), element, &self.removers);
                    self.edges.extend(removers.into_iter().map(|remover| (before, remover)));
                }
            }
            if !change.after.is_empty() {
                let place = (place.0, place.1, 10, place.3, place.4);
                let after = self.push(change.after, Priority::Make(place), label);
                let column = properties::owning_column(self.new_side(), new);
                let table = column.and_then(|(column, _)| self.new_side().owner_of(column));
                for element in std::iter::once(new).chain(table) {
                    let makers = self.family(self.new_side(), element, &self.makers);
                    self.edges.extend(makers.into_iter().map(|maker| (maker, after)));
                }
            }
        }
    }
}
