//! Unique indexes that become keys of the same columns: PostgreSQL takes the index as it is.

use std::collections::{HashMap, HashSet};

use super::beside::own_index;
use super::{Operations, Priority, place};
use crate::diff::elements::Element;
use crate::diff::fate::{Fate, Fates};
use crate::diff::online::{self, Step};
use crate::model::Index;

/// The index of which a new key is made; that with its name, if there are several.
fn promoted(fates: &Fates<'_>, new: Element, taken: &HashSet<Element>) -> Option<Element> {
    let (key, constraint) = own_index(fates.new, new).filter(|(index, _)| index.parent.is_none())?;
    let constraint = constraint?;
    // PostgreSQL has no such form for a partitioned table.
    let relation = fates.new.model.relations.get(&key.table).filter(|found| found.kind == "r");
    let table = relation.and_then(|_| fates.new.relation(key.table)).filter(|&table| fates.of_new(table).stays())?;
    let old_table = fates.old.object(fates.pairs.old_of(table)?)?.id.1;
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
    let alike = fates.old.indexes_of(old_table).filter(|(_, index)| is_alike(index));
    let free = alike.filter_map(|(oid, index)| Some((fates.old.relation(oid).filter(is_free)?, index)));
    free.min_by_key(|(_, index)| (index.name != key.name, &index.name)).map(|(old, _)| old)
}

impl Operations<'_> {
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
        let (index, constraint) = own_index(self.new_side(), new)?;
        let table = &self.new_side().model.relations.get(&index.table)?.name;
        let old_index = self.old().model.indexes.get(&self.old().object(old)?.id.1)?;
        let promote = online::constraint(table, constraint?, Some((index, &old_index.quoted_name)))?.pop()?;
        let notes = self.creation(new).into_iter().skip(1).map(Step::together);
        let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
        let steps = std::iter::once(promote).chain(notes).collect();
        let operation = self.push_steps(steps, Priority::Make(place), label);
        self.removers.insert(old, operation);
        self.makers.insert(new, operation);
        Some(operation)
    }
}
