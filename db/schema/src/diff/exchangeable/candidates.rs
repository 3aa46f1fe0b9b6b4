//! The columns that may be exchanged, and what uses them.

use std::collections::BTreeSet;

use super::partitions::Partitions;
use crate::diff::elements::{Element, Elements, Kind};
use crate::diff::fate::{Fate, Fates};
use crate::object::{Class, Note, catalog};

/// The columns that may be exchanged.
pub(super) struct Candidates<'f> {
    pub(super) fates: &'f Fates<'f>,
    /// What uses each old element.
    pub(super) old_users: Vec<Vec<Element>>,
    /// What uses each new element.
    pub(super) new_users: Vec<Vec<Element>>,
    /// The pairs of the columns.
    pub(super) pairs: BTreeSet<usize>,
    pub(super) partitions: Partitions,
    /// Those of the enums for which there is another one with the same name.
    pub(super) types: BTreeSet<usize>,
}

impl Candidates<'_> {
    /// Whether what the two versions of an element use stays or is exchanged.
    pub(super) fn are_steady(&self, old: Element, new: Element) -> bool {
        self.are_steady_below(old, new, None)
    }

    /// The same, except for what they are attached to.
    pub(super) fn are_steady_below(&self, old: Element, new: Element, above: Option<(Element, Element)>) -> bool {
        let (fates, pairs) = (self.fates, &self.fates.pairs);
        let is_steady = |elements: &Elements, element: Element, of: &[usize], above: Option<Element>| {
            elements.uses[element].iter().filter(|(used, _)| Some(*used) != above).all(|&(used, _)| {
                let (fate, is_column) = (&fates.list[of[used]], matches!(elements.kinds[used], Kind::Column(..)));
                let is_exchanged = self.pairs.contains(&of[used]) || self.types.contains(&of[used]);
                is_exchanged || *fate == Fate::Keep || !is_column && fate.stays()
            })
        };
        let (old_above, new_above) = above.unzip();
        is_steady(fates.old, old, &pairs.of_old, old_above) && is_steady(fates.new, new, &pairs.of_new, new_above)
    }

    /// The comments of a new constraint.
    pub(super) fn notes(&self, oid: u32) -> Vec<String> {
        let notes = self.fates.new.constraint_notes.get(&oid).into_iter().flatten();
        // Those of an inherited constraint are apart.
        let inherited = self.fates.new.object_with((Class::ChangesOf(catalog::CONSTRAINT), oid));
        notes.chain(inherited.into_iter().flat_map(|object| &object.comments)).map(Note::statement).collect()
    }

    /// The pairs of the comments of two constraints that are inherited.
    pub(super) fn note_pairs(&self, old: u32, new: u32) -> impl Iterator<Item = usize> {
        let id = |oid: u32| (Class::ChangesOf(catalog::CONSTRAINT), oid);
        let old = self.fates.old.element_of(id(old)).map(|element| self.fates.pairs.of_old[element]);
        let new = self.fates.new.element_of(id(new)).map(|element| self.fates.pairs.of_new[element]);
        old.into_iter().chain(new)
    }
}
