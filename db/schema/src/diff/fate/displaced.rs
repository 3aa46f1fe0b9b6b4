//! Indexes that PostgreSQL would attach in place of others.

use super::{Fate, Fates};
use crate::diff::elements::Element;
use crate::model::Index;
use crate::object::Class;

impl Fates<'_> {
    /// PostgreSQL attaches the oldest index of a new partition that is like that of its table. One that is not to be attached
    /// is replaced, so that it is younger than the one that is.
    pub(super) fn displace_indexes(&mut self) {
        for element in 0..self.new.kinds.len() {
            let Some((Class::Attached, oid)) = self.new.object(element).map(|object| object.id) else { continue };
            let Some(index) = self.new.model.indexes.get(&oid).filter(|index| index.constraint.is_none()) else {
                continue;
            };
            let (Some(wanted), Some(table)) = (self.new.relation(oid), self.new.relation(index.table)) else {
                continue;
            };
            let old_table = self.pairs.old_of(table).and_then(|table| self.old.object(table));
            let Some(old_table) =
                old_table.filter(|_| *self.of_new(element) == Fate::Create && self.of_new(table).stays())
            else {
                continue;
            };
            let own = self.pairs.old_of(wanted).and_then(|own| self.old.object(own)).map(|object| object.id.1);
            let is_first = |found: &&Index| {
                let is_free = found.constraint.is_none() && found.parent.is_none();
                let is_alike = found.nameless_definition() == index.nameless_definition();
                is_free && is_alike && own.is_none_or(|own| found.oid < own)
            };
            let others = self.old.indexes_of(old_table.id.1).filter(is_first);
            let others: Vec<Element> = others.filter_map(|other| self.old.relation(other.oid)).collect();
            for other in others {
                let pair = self.pairs.of_old[other];
                if let Some(new) = self.pairs.list[pair].new.filter(|_| self.list[pair].stays()) {
                    self.list[pair] = Fate::Replace;
                    self.displaced.push((new, wanted));
                }
            }
        }
    }
}
