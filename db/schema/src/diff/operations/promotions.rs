//! Unique indexes that become keys of the same columns: PostgreSQL takes the index as it is. A key that becomes an index is
//! dropped after that is built.

use std::collections::{HashMap, HashSet};

use super::{Operations, Priority, place};
use crate::diff::elements::Element;
use crate::diff::fate::{Fate, Fates};
use crate::diff::online::{self, Step};
use crate::diff::script::Hazard;
use crate::model::Index;

/// The index of which a new key is made; that with its name, if there are several.
fn promoted(fates: &Fates<'_>, new: Element, taken: &HashSet<Element>) -> Option<Element> {
    let (key, constraint) = fates.new.own_index(new).filter(|(index, _)| index.parent.is_none())?;
    let constraint = constraint?;
    let old_table = old_table(fates, key.table)?;
    let is_alike = |index: &Index| {
        let is_own = index.constraint.is_none() && index.parent.is_none() && index.is_valid;
        is_own && index.nameless_definition().is_some_and(|own| key.nameless_definition() == Some(own))
    };
    let is_free = |&old: &Element| {
        let comments = fates.old.object(old).map(|object| &object.comments);
        // What the new schema has with this name is nothing, or the settings of the key's index.
        let same = fates.pairs.new_of(old).and_then(|same| fates.new.object(same));
        let is_its_own = same.is_none_or(|same| Some(same.id.1) == constraint.index);
        fates.of_old(old).is_gone()
            && is_its_own
            && !taken.contains(&old)
            && comments.is_some_and(Vec::is_empty)
            && fates.unsteady(fates.old, old, &fates.pairs.of_old).next().is_none()
            && fates.unsteady(fates.new, new, &fates.pairs.of_new).next().is_none()
    };
    let alike = fates.old.indexes_of(old_table).filter(|index| is_alike(index));
    let free = alike.filter_map(|index| Some((fates.old.relation(index.oid).filter(is_free)?, index)));
    free.min_by_key(|(_, index)| (index.name != key.name, &index.name)).map(|(old, _)| old)
}

/// The key of the same columns as a new index, which is dropped. What replaces one with the same name is built beside it.
fn demoted(fates: &Fates<'_>, new: Element) -> Option<Element> {
    let (index, None) = fates.new.own_index(new).filter(|(index, _)| index.parent.is_none())? else { return None };
    let keys = fates.old.indexes_of(old_table(fates, index.table)?).filter(|key| {
        let is_alike = key.nameless_definition().is_some_and(|own| index.nameless_definition() == Some(own));
        key.constraint.is_some() && key.is_valid && key.name != index.name && is_alike
    });
    let is_free = |&old: &Element| {
        fates.of_old(old).is_gone()
            && fates.unsteady(fates.old, old, &fates.pairs.of_old).next().is_none()
            && fates.unsteady(fates.new, new, &fates.pairs.of_new).next().is_none()
    };
    let free = keys.filter_map(|key| Some((fates.old.relation(key.oid).filter(is_free)?, &key.name)));
    free.min_by_key(|(_, name)| *name).map(|(old, _)| old)
}

/// The OID that a table of the new schema has in the old one, if it stays. PostgreSQL has no such form for a partitioned one.
fn old_table(fates: &Fates<'_>, table: u32) -> Option<u32> {
    let relation = fates.new.model.relations.get(&table).filter(|found| found.kind == "r");
    let table = relation.and_then(|_| fates.new.relation(table)).filter(|&table| fates.of_new(table).stays())?;
    Some(fates.old.object(fates.pairs.old_of(table)?)?.id.1)
}

impl Operations<'_> {
    /// The new indexes, each with the old key of the same columns that is dropped.
    pub(super) fn demotions(fates: &Fates<'_>) -> HashMap<Element, Element> {
        let indexes = (0..fates.new.kinds.len()).filter(|&new| *fates.of_new(new) == Fate::Create);
        indexes.filter_map(|new| Some((new, demoted(fates, new)?))).collect()
    }

    /// Drops a key after the index that the table gets instead is built.
    pub(super) fn connect_demotions(&mut self) {
        let pairs = self.demotions.iter();
        let built =
            pairs.filter_map(|(&new, &old)| Some((new, *self.makers.get(&new)?, old, *self.removers.get(&old)?)));
        let built: Vec<_> = built.collect();
        let users = if built.is_empty() { Vec::new() } else { self.new_side().users() };
        for (new, build, old, remover) in built {
            self.chains.push((build, remover));
            // While both are there, a foreign key could take the old one.
            let users = users[new].iter().filter_map(|user| self.makers.get(user));
            self.edges.extend(users.map(|&user| (remover, user)));
            self.list[remover].priority = Priority::Finish(place(self.fates.old, old));
            for step in &mut self.list[remover].steps {
                step.statement.hazards.retain(|hazard| !matches!(hazard, Hazard::IndexDropped(_)));
            }
        }
    }

    /// The new keys, each with the old index that it is made of.
    pub(super) fn promotions(fates: &Fates<'_>) -> HashMap<Element, Element> {
        let mut taken = HashSet::new();
        let keys = (0..fates.new.kinds.len()).filter(|&new| *fates.of_new(new) == Fate::Create);
        keys.filter_map(|new| {
            let old = promoted(fates, new, &taken)?;
            taken.insert(old);
            Some((new, old))
        })
        .collect()
    }

    /// Makes a key of the old index.
    pub(super) fn promote(&mut self, old: Element, new: Element) -> Option<usize> {
        let (index, constraint) = self.new_side().own_index(new)?;
        let old_index = self.old().model.indexes.get(&self.old().object(old)?.id.1)?;
        let promote = online::constraint(self.new_side(), constraint?, Some((index, &old_index.quoted_name)))?.pop()?;
        let notes = self.creation(new).into_iter().skip(1).map(Step::together);
        let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
        let steps = std::iter::once(promote).chain(notes).collect();
        let operation = self.push_steps(steps, Priority::Make(place), label);
        self.removers.insert(old, operation);
        self.makers.insert(new, operation);
        Some(operation)
    }
}
