//! Children that get another parent before they leave one that they have.

use super::{Parents, counterpart, parent_names};
use crate::diff::column;
use crate::diff::elements::{Element, catalog};
use crate::model::Column;

impl Parents<'_> {
    /// Whether a child gets another parent before it leaves the one that it has: what it only inherits would become its own
    /// in between.
    pub(crate) fn is_moved(&self, new: Element) -> bool {
        let elements = self.fates.new;
        let old = self.fates.pairs.old_of(new).and_then(|old| self.fates.old.table(old));
        let (Some((_, before)), Some((oid, after))) = (old, elements.table(new)) else { return false };
        let (names_before, names_after) = (parent_names(self.fates.old, before), parent_names(elements, after));
        let is_inherited =
            |column: &&Column| column.inherited > 0 && column::item(elements, oid, column.number).is_none();
        before.partition_of.is_none()
            && after.partition_of.is_none()
            && self.fates.of_new(new).stays()
            && names_before.iter().any(|name| !names_after.contains(name))
            && names_after.iter().any(|name| !names_before.contains(name))
            && elements
                .model
                .columns
                .get(&(catalog::CLASS, oid))
                .into_iter()
                .flatten()
                .any(|column| is_inherited(&column))
    }

    /// Whether an element of a child comes from a parent that the child gets before it leaves another one.
    pub(crate) fn is_moved_along(&self, new: Element) -> bool {
        let elements = self.fates.new;
        let Some(owner) = elements.owner_of(new).filter(|&owner| self.is_moved(owner)) else { return false };
        let above = self.tables_above(elements, owner).into_iter().filter_map(|above| elements.table(above));
        above.into_iter().any(|(_, above)| counterpart(elements, new, &above.name).is_some())
    }
}
