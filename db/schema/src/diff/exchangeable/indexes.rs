//! Indexes and keys of the columns, also those of partitioned tables with those of their partitions.

use std::collections::HashSet;

use super::candidates::Candidates;
use crate::diff::elements::{Element, Elements, Kind};
use crate::diff::exchange::{Both, Key, Node, Part, PartitionedIndex};
use crate::diff::name::qualifier;
use crate::model::{Constraint, Index};
use crate::object::{Class, Object, catalog};

/// An index or a key of a partitioned table, and what is part of it.
#[derive(Default)]
pub(super) struct Family {
    pub(super) index: PartitionedIndex,
    /// Its old elements and those of its partitions.
    pub(super) old: Vec<Element>,
    /// The pairs of these, and of what attaches them.
    pub(super) pairs: HashSet<usize>,
}

impl Candidates<'_> {
    /// An index of a table that is not partitioned, with what it has beyond its definition.
    pub(super) fn index(&self, user: Element, new: Element) -> Option<(Both<Part>, Vec<String>)> {
        let Both { old: before, new: after } = self.indexes(user, new)?;
        let is_plain = |index: &Index| index.constraint.is_none() && index.parent.is_none() && index.is_valid;
        if !is_plain(before) || !is_plain(after) || !self.are_steady(user, new) {
            return None;
        }
        let mut properties = self.index_properties(new)?;
        properties.extend(self.marks(user, new, [&[], &[]])?);
        Some((index_parts(before, after), properties))
    }

    /// A key of a table that is not partitioned.
    pub(super) fn key(&self, user: Element, new: Element) -> Option<Key> {
        let after = self.keys(user, new)?.new;
        let Both { old: old_index, new: index } = self.indexes(user, new)?;
        if !self.are_steady(user, new) {
            return None;
        }
        let mut properties = self.notes(after.oid);
        properties.extend(self.marks(user, new, [&[], &[]])?);
        let kind = if after.kind == "p" { "PRIMARY KEY" } else { "UNIQUE" };
        Some(Key { kind, index: index_parts(old_index, index), properties })
    }

    /// An index or a key of a partitioned table with those of its partitions, or one that a partition has for itself.
    pub(super) fn partitioned_index(&self, user: Element, new: Element) -> Option<Family> {
        let mut family = Family::default();
        self.add_node(user, new, None, &mut family)?;
        Some(family)
    }

    /// Adds an index or a key, and those that are attached to it. `above` is what it is attached to itself, and the place of
    /// that.
    fn add_node(
        &self,
        user: Element,
        new: Element,
        above: Option<(usize, (Element, Element))>,
        family: &mut Family,
    ) -> Option<()> {
        let (fates, pairs) = (self.fates, &self.fates.pairs);
        let (before, after) = (Own::of(fates.old, user)?, Own::of(fates.new, new)?);
        let (place, above) = above.unzip();
        // Parts may have other names, but none that something else has.
        let is_own =
            pairs.new_of(user).is_none_or(|other| other == new) && pairs.old_of(new).is_none_or(|other| other == user);
        let are_alike = before.is_whole(above.is_none())
            && after.is_whole(above.is_none())
            && before.parts.len() == after.parts.len();
        if !is_own || !are_alike || !self.are_steady_below(user, new, above) {
            return None;
        }
        let key = match (before.index.constraint, after.index.constraint) {
            (None, None) => None,
            _ => Some(self.keys(user, new)?),
        };
        family.pairs.extend([user].iter().chain(&before.attached).map(|&old| pairs.of_old[old]));
        family.pairs.extend([new].iter().chain(&after.attached).map(|&new| pairs.of_new[new]));
        family.old.push(user);
        family.index.properties.extend(match &key {
            Some(key) => self.notes(key.new.oid),
            None => self.index_properties(new)?,
        });
        family.index.properties.extend(self.marks(user, new, [&before.users(), &after.users()])?);
        let definition = |key: &Constraint| key.definition.clone();
        let relation = fates.new.model.relations.get(&after.index.table)?;
        family.index.nodes.push(Node {
            table: relation.name.clone(),
            schema: qualifier(&relation.name).to_owned(),
            is_partitioned: relation.kind == "p",
            above: place,
            index: index_parts(before.index, after.index),
            key: key.map(|key| Both { old: definition(key.old), new: definition(key.new) }),
        });
        let place = family.index.nodes.len() - 1;
        for old in before.parts {
            let table = pairs.new_of(fates.old.owner_of(old)?)?;
            let part = *after.parts.iter().find(|&&part| fates.new.owner_of(part) == Some(table))?;
            self.add_node(old, part, Some((place, (user, new))), family)?;
        }
        Some(())
    }

    /// The indexes that two elements are, or those of two keys.
    fn indexes(&self, user: Element, new: Element) -> Option<Both<&Index>> {
        Some(Both { old: self.fates.old.own_index(user)?.0, new: self.fates.new.own_index(new)?.0 })
    }

    /// Two keys of the same kind, if one can be made of an index that is built beside the other one.
    fn keys(&self, user: Element, new: Element) -> Option<Both<&Constraint>> {
        let (Kind::Constraint(one), Kind::Constraint(other)) = (self.fates.old.kinds[user], self.fates.new.kinds[new])
        else {
            return None;
        };
        let (before, after) = (&self.fates.old.model.constraints[&one], &self.fates.new.model.constraints[&other]);
        if before.kind != after.kind || before.is_deferrable || after.is_deferrable {
            return None;
        }
        // The old column accepts NULL as soon as the new one has its name, which it can't with a primary key.
        let accepts_null = |&(used, _): &(Element, bool)| {
            let columns = self.fates.columns.get(&self.fates.pairs.of_old[used]);
            columns.is_some_and(|change| change.accepts_null())
        };
        let is_lost = before.kind == "p" && self.fates.old.uses[user].iter().any(accepts_null);
        (!is_lost).then_some(Both { old: before, new: after })
    }

    /// What an index has beyond its definition.
    fn index_properties(&self, new: Element) -> Option<Vec<String>> {
        let object = self.fates.new.object(new)?;
        let definition = object.definition();
        let settings = definition.lines().skip(1).map(str::to_owned);
        Some(settings.chain(object.statements(false).into_iter().skip(1).map(std::borrow::Cow::into_owned)).collect())
    }

    /// What marks an index or a key. `None` if something else uses one than foreign keys, which are exchanged too, and what
    /// is known.
    fn marks(&self, old: Element, new: Element, [old_known, new_known]: [&[Element]; 2]) -> Option<Vec<String>> {
        let pairs = &self.fates.pairs;
        let are_known =
            |elements: &Elements, users: &[Element], known: &[Element], other_of: &dyn Fn(Element) -> bool| {
                let is_known = |&user: &Element| match elements.kinds[user] {
                    _ if known.contains(&user) => true,
                    Kind::Constraint(oid) => elements.model.constraints[&oid].kind == "f" && other_of(user),
                    _ => is_mark(elements, user),
                };
                users.iter().all(is_known)
            };
        let (old_users, new_users) = (&self.old_users[old], &self.new_users[new]);
        let stays_or_goes = |user: Element| pairs.new_of(user).is_none_or(|other| new_users.contains(&other));
        let was_there = |user: Element| pairs.old_of(user).is_some_and(|other| old_users.contains(&other));
        let are_all = are_known(self.fates.old, old_users, old_known, &stays_or_goes)
            && are_known(self.fates.new, new_users, new_known, &was_there);
        let marks = new_users.iter().filter(|&&user| is_mark(self.fates.new, user) && !new_known.contains(&user));
        are_all.then(|| marks.filter_map(|&user| self.fates.new.object(user)).flat_map(statements).collect())
    }
}

/// An index or a key in its schema.
struct Own<'a> {
    index: &'a Index,
    /// Those of partitions that are attached to it.
    parts: Vec<Element>,
    /// What attaches it to one itself.
    attached: Option<Element>,
}

impl<'a> Own<'a> {
    fn of(elements: &'a Elements, element: Element) -> Option<Self> {
        let (index, _) = elements.own_index(element)?;
        let below = elements.children_of(index.table).iter().flat_map(|&table| elements.indexes_of(table));
        let parts = below.filter(|part| part.parent == Some(index.oid));
        Some(Self {
            index,
            parts: parts.filter_map(|part| elements.relation(part.oid)).collect(),
            attached: elements.element_of((Class::Attached, index.oid)),
        })
    }

    /// Whether it is valid, and attached to one unless it is the top.
    fn is_whole(&self, is_top: bool) -> bool {
        self.index.is_valid && self.index.parent.is_none() == is_top
    }

    /// What uses it because it is attached, or others are attached to it.
    fn users(&self) -> Vec<Element> {
        self.parts.iter().chain(&self.attached).copied().collect()
    }
}

/// Whether an element is what an index has beyond its definition.
fn is_mark(elements: &Elements, element: Element) -> bool {
    elements.object(element).is_some_and(|object| {
        let is_index = elements.model.indexes.contains_key(&object.id.1);
        is_index && matches!(object.id.0, Class::Marked | Class::Catalog(catalog::CLASS))
    })
}

fn index_parts(before: &Index, after: &Index) -> Both<Part> {
    let part = |index: &Index| Part { name: index.quoted_name.clone(), definition: index.definition.clone() };
    Both { old: part(before), new: part(after) }
}

/// The statements of an object whose definition has one in each line.
pub(super) fn statements(object: &Object) -> Vec<String> {
    let statements = object.statements(false);
    statements.iter().flat_map(|statement| statement.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
