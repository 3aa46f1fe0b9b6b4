//! The order of operations: what has to come before what, and the sort.

use std::collections::{HashMap, HashSet};

use super::attachments::children;
use super::{Operation, Operations, Priority};
use crate::diff::containers::columns_with_rows_of;
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::equal_indexes;
use crate::diff::fate::Fate;
use crate::diff::mentions::Mentions;
use crate::diff::online::Step;
use crate::diff::script::Refusal;
use crate::diff::sort::sorted;
use crate::model::{Constraint, Index};
use crate::object::Class;

impl<'a> Operations<'a> {
    pub(super) fn connect(&mut self) {
        self.add_parts_beside();
        self.connect_removals();
        self.connect_creations();
        self.connect_names();
        self.connect_partitions();
        self.connect_identity_indexes();
        self.connect_typed_tables();
        self.connect_row_types();
        self.connect_publications();
        self.connect_persistence();
        self.connect_inherited_comments();
        self.connect_dropped_defaults();
        self.connect_displaced();
        self.connect_besides();
        self.connect_demotions();
        self.connect_equal_keys();
        self.connect_primary_keys();
        self.connect_reference_names();
    }

    /// A table has only one primary key.
    fn connect_primary_keys(&mut self) {
        let (old, new) = (self.old(), self.new_side());
        let mut edges = Vec::new();
        for (before, after) in self.fates.pairs.list.iter().filter_map(|pair| pair.old.zip(pair.new)) {
            let Some(one) = old.primary_key(before).filter(|&one| self.fates.of_old(one).is_gone()) else { continue };
            let swap = self.besides.values().find(|beside| beside.old == one).map(|beside| beside.finish);
            let Some(remover) = swap.or_else(|| self.removers.get(&one).copied()) else { continue };
            let next = new.primary_key(after).filter(|other| !self.besides.contains_key(other));
            // A new partition has that of its table, too.
            let partitions = children(new, after).filter(|&child| *self.fates.of_new(child) == Fate::Create);
            let makers = next.into_iter().chain(partitions).filter_map(|element| self.makers.get(&element));
            // Its index is built before.
            edges.extend(makers.map(|&maker| (remover, self.last_of(maker))));
        }
        self.edges.extend(edges.into_iter().filter(|(remover, maker)| remover != maker));
    }

    /// A new foreign key refers to the first of two equal keys, and is created after those are gone that it would refer to.
    fn connect_equal_keys(&mut self) {
        let new = self.new_side();
        let made = |index: &Index| self.makers.get(&new.relation(index.oid)?).copied();
        let orders = new.model.constraints.values().flat_map(|constraint| equal_indexes::orders(new, constraint));
        let orders = orders.filter_map(|(own, rival)| Some((made(own)?, made(rival)?)));
        self.preferred.extend(orders.filter(|(own, rival)| own != rival));
        let references = new.model.constraints.values();
        let edges: Vec<(usize, usize)> = references.filter_map(|one| self.after_old_keys(one)).flatten().collect();
        self.edges.extend(edges);
    }

    /// What removes the old keys that a new foreign key could refer to, each with what makes the foreign key.
    fn after_old_keys(&self, reference: &Constraint) -> Option<Vec<(usize, usize)>> {
        let (old, new, pairs) = (self.old(), self.new_side(), &self.fates.pairs);
        let own =
            new.element((catalog::CONSTRAINT, reference.oid, 0)).filter(|&own| self.fates.of_new(own).is_made())?;
        let (maker, table) = (*self.makers.get(&own)?, reference.referenced?);
        let (old_table, _) = old.table(pairs.old_of(new.relation(table)?)?)?;
        let old_number =
            |&number: &u32| match old.kinds[pairs.old_of(new.element((catalog::CLASS, table, number))?)?] {
                Kind::Column(table, index) => Some(old.column(table, index).number),
                _ => None,
            };
        let columns: Vec<u32> = reference.referenced_columns.iter().map(old_number).collect::<Option<_>>()?;
        let indexes = old.indexes_of(old_table).filter(|index| index.is_unique_on(&columns));
        let removed =
            indexes.filter_map(|index| old.relation(index.oid)).filter(|&index| self.fates.of_old(index).is_gone());
        let removers = removed.filter_map(|index| self.removers.get(&index)).filter(|&&remover| remover != maker);
        Some(removers.map(|&remover| (remover, maker)).collect())
    }

    /// The default of a column goes when it becomes an identity column, not before an index for that is built, and so does the
    /// identity that a partition has from its table.
    fn connect_identity_indexes(&mut self) {
        for &(build, old) in &self.identity_indexes {
            let default = self.old().default_of(old).and_then(|default| self.removers.get(&default));
            let detach = self.old().owner_of(old).and_then(|table| self.detachments.get(&table));
            self.edges.extend(default.into_iter().chain(detach).map(|&end| (build, end)));
        }
    }

    /// A table leaves its type before that changes, and would change the table. Its own columns change only after that.
    fn connect_typed_tables(&mut self) {
        let (old, new, pairs) = (self.old(), self.new_side(), &self.fates.pairs);
        let of_type = |elements: &'a Elements, table: Element| {
            elements.table(table).and_then(|(_, found)| found.of_type.as_deref())
        };
        let mut edges = Vec::new();
        for pair in &pairs.list {
            let (Some(before), Some(after)) = (pair.old, pair.new) else { continue };
            let Some(name) = of_type(old, before).filter(|_| of_type(new, after).is_none()) else { continue };
            let Some(&leave) = self.makers.get(&after) else { continue };
            let is_column = |elements: &Elements, part: Element| matches!(elements.kinds[part], Kind::Column(..));
            let removed = self.removed.of(before).iter().filter(|(part, _)| is_column(old, *part));
            let made = self.made.of(after).iter().filter(|(part, _)| is_column(new, *part));
            let columns = removed.chain(made).map(|&(_, operation)| operation).filter(|&operation| operation != leave);
            edges.extend(columns.map(|column| (leave, column)));
            let left = old.model.types.iter().find(|(_, found)| found.name == name);
            let left = left.and_then(|(&oid, _)| old.element((catalog::TYPE, oid, 0)));
            let left = left.and_then(|left| pairs.new_of(left)).and_then(|new| self.makers.get(&new));
            edges.extend(left.map(|&left| (leave, left)));
        }
        self.edges.extend(edges);
    }

    /// A table is rewritten only while no column has its row type.
    fn connect_row_types(&mut self) {
        let (old, new) = (self.old(), self.new_side());
        let mut retyped: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
        for &pair in self.fates.columns.keys().filter(|&&pair| self.fates.is_retyped(pair)) {
            if let Some((before, after)) = self.fates.pairs.list[pair].old.zip(self.fates.pairs.list[pair].new)
                && let (Kind::Column(one, _), Kind::Column(other, _)) = (old.kinds[before], new.kinds[after])
                && let Some(&alter) = self.makers.get(&after)
            {
                retyped.entry((one, other)).or_default().push(alter);
            }
        }
        let mut edges = Vec::new();
        for ((before, after), alterations) in retyped {
            let removed =
                columns_with_rows_of(old, before).into_iter().filter(|&used| self.fates.of_old(used).is_gone());
            let removers: Vec<usize> = removed.filter_map(|used| self.removers.get(&used)).copied().collect();
            let made = columns_with_rows_of(new, after).into_iter().filter(|&used| self.fates.of_new(used).is_made());
            let makers: Vec<usize> = made.filter_map(|used| self.makers.get(&used)).copied().collect();
            for alter in alterations {
                edges.extend(removers.iter().map(|&remover| (remover, alter)));
                edges.extend(makers.iter().map(|&maker| (alter, maker)));
            }
        }
        self.edges.extend(edges.into_iter().filter(|(one, other)| one != other));
    }

    /// A constraint of a partition, which may have a comment of its own, comes with the table or with the constraint above it.
    fn connect_inherited_comments(&mut self) {
        let new = self.new_side();
        let mut edges = Vec::new();
        for (&element, &comment) in &self.makers {
            let Some((Class::ChangesOf(catalog::CONSTRAINT), oid)) = new.object(element).map(|object| object.id) else {
                continue;
            };
            let constraint = new.element((catalog::CONSTRAINT, oid, 0));
            let above = std::iter::successors(constraint, |&below| new.constraint_above(below)).take(8);
            let sources = above.chain(constraint.and_then(|constraint| new.owner_of(constraint)));
            edges.extend(sources.filter_map(|source| self.makers.get(&source)).map(|&maker| (maker, comment)));
        }
        self.edges.extend(edges);
    }

    /// What uses an element is removed before it.
    pub(super) fn connect_removals(&mut self) {
        let old_of = |&pair: &usize| self.fates.pairs.list[pair].old;
        let swapped = self.fates.swapped.iter().filter_map(old_of).filter_map(|old| self.removers.get(&old).copied());
        let swapped: HashSet<usize> = swapped.collect();
        let beside = self.removers_of_besides();
        for (user, uses) in self.old().uses.iter().enumerate() {
            let Some(&remover) = self.removers.get(&user) else { continue };
            for &(used, _) in uses {
                let is_gone = |element: Element| self.fates.of_old(element).is_gone();
                let is_hard = is_gone(used)
                    || self.fates.is_retyped(self.fates.pairs.of_old[used])
                    // A column of a key can't become nullable, and a constraint goes before its columns change.
                    || (is_gone(user)
                        && matches!(self.old().kinds[used], Kind::Column(..))
                        && (self.old().is_index_like(user) || matches!(self.old().kinds[user], Kind::Constraint(_)))
                        && (!beside.contains(&remover) || self.forbids_null(user, used)));
                // The sequence of a column that is exchanged goes after its default; see `connect_exchanges`.
                let is_later = self.old().is_owner_of_sequence(used, user)
                    && self.exchanges.of.contains_key(&self.fates.pairs.of_old[used]);
                if is_hard
                    && !is_later
                    && let Some(&other) = self.removers.get(&used)
                {
                    self.edges.push((remover, other));
                }
                // What is dropped names the type as it was, unless it has another name itself by then.
                if is_gone(user)
                    && !swapped.contains(&remover)
                    && let Some(&rename) = self.renames.get(&used)
                {
                    self.edges.push((remover, rename));
                }
            }
            // What a child has itself, too, is inherited until that of the parent is gone.
            let stays = self.old().owner_of(user).is_some_and(|owner| self.fates.of_old(owner).stays());
            let above = self.old().checks_above(user).filter(|_| stays);
            let above = above.filter_map(|above| self.removers.get(&above)).copied();
            self.edges.extend(above.filter(|&above| above != remover).map(|above| (above, remover)));
        }
    }

    /// An index that is not to be attached is built after the one that is.
    fn connect_displaced(&mut self) {
        let of = |new: &Element| self.makers.get(new).copied();
        let pairs = self.fates.displaced.iter().filter_map(|(new, wanted)| Some((of(wanted)?, of(new)?)));
        self.edges.extend(pairs);
    }

    /// A default is dropped before its column changes, and not while rows without a value have to be accepted.
    fn connect_dropped_defaults(&mut self) {
        for (&pair, change) in &self.fates.columns {
            let (Some(old), Some(new)) = (self.fates.pairs.list[pair].old, self.fates.pairs.list[pair].new) else {
                continue;
            };
            let default = self.old().default_of(old).and_then(|default| self.removers.get(&default).copied());
            let Some(default) = default else { continue };
            if change.drops_default {
                self.edges.extend(self.removers.get(&old).map(|&alter| (default, alter)));
            } else if change.accepts_null() && !change.changes_type {
                self.preferred.extend(self.makers.get(&new).map(|&alter| (alter, default)));
            }
        }
    }

    /// What an element uses is created before it.
    pub(super) fn connect_creations(&mut self) {
        let elements = self.new_side();
        for user in 0..elements.kinds.len() {
            let Some(&maker) = self.makers.get(&user) else { continue };
            let uses = elements.uses[user].iter().map(|&(used, _)| used);
            let uses = uses.filter(|&used| !elements.parts.contains(&(user, used)));
            // The columns of a key have the same types before it is dropped.
            let is_column = |used: &Element| matches!(elements.kinds[*used], Kind::Column(..));
            let is_default = |user: Element| matches!(elements.kinds[user], Kind::Default(..));
            let is_demoted = self.demotions.contains_key(&user);
            let uses = uses.filter(|used| !(is_demoted && is_column(used)));
            // The columns, defaults and keys of a table change before it is logged, which may publish it.
            let is_part = is_column(&user) || is_default(user) || elements.is_index_like(user);
            let owner = elements.owner_of(user).filter(|_| is_part);
            let is_before = |used: &Element| !(owner == Some(*used) && self.fates.becomes_logged(*used));
            let needs = elements.needs[user].iter().copied().filter(|_| self.fates.of_new(user).is_made());
            // The indexes that come with a partition are there before its own partitions, and those that it is to have are
            // complete after these.
            let is_implied = elements.is_index_like(user) && self.parents.maker(user).is_some();
            let needs = needs.filter(|_| !is_implied);
            let uses = uses.chain(needs).filter(is_before);
            for used in uses.filter(|&used| !elements.is_owner_of_sequence(used, user)) {
                if let Some(&other) = self.makers.get(&used) {
                    self.connect_creation(other, maker, user);
                }
            }
            // An index of a partition that is built beside the old one is attached later.
            let above = self.parents.columns_above(user).filter(|_| !self.besides.contains_key(&user));
            for above in above.collect::<Vec<_>>() {
                if let Some(&other) = self.makers.get(&above).filter(|&&other| other != maker) {
                    // A new column of the parent becomes one with that of the child, which has to have its type.
                    let is_merged = self.fates.of_new(above).is_made() && self.fates.of_new(user).stays();
                    let is_retyped = is_merged && self.fates.is_retyped(self.fates.pairs.of_new[user]);
                    self.edges.push(if is_retyped { (maker, other) } else { (other, maker) });
                }
            }
            // The default of a partition comes after what happens to the column of its table, too.
            let column = elements.column_of(user);
            let above = column.into_iter().flat_map(|column| self.parents.columns_above(column));
            let columns = column.into_iter().chain(above).filter_map(|column| self.makers.get(&column));
            let columns: Vec<usize> = columns.copied().filter(|&other| other != maker).collect();
            for other in columns {
                self.connect_creation(other, maker, user);
            }
        }
    }

    /// A default comes after its column has its type and before a check that it is not NULL: until then, rows without a
    /// value are NULL.
    fn connect_creation(&mut self, used: usize, maker: usize, user: Element) {
        match self.checks.get(&used).filter(|_| matches!(self.new_side().kinds[user], Kind::Default(..))) {
            Some(&check) => {
                self.chains.extend((used != check).then_some((used, maker)));
                self.preferred.push((maker, check));
            }
            None => self.edges.push((used, maker)),
        }
    }

    /// A partition of a table that exists is created after that has changed, because it takes over what that has, and after
    /// the indexes are gone that it is not to get.
    pub(super) fn connect_partitions(&mut self) {
        let mut edges = Vec::new();
        for (&new, &operation) in &self.makers {
            if !self.fates.of_new(new).is_made() || self.new_side().object(new).is_none() {
                continue;
            }
            for parent in self.parents.tables_above(self.new_side(), new) {
                if self.fates.of_new(parent).is_made() {
                    continue;
                }
                let made = self.made.of(parent).iter().filter(|(element, _)| !self.new_side().is_index_like(*element));
                edges.extend(made.map(|&(_, maker)| (maker, operation)).filter(|(one, other)| one != other));
                let removed = self.fates.pairs.old_of(parent).into_iter().flat_map(|parent| self.removed.of(parent));
                let removed = removed.filter(|(element, _)| self.old().is_index_like(*element));
                edges.extend(removed.map(|&(_, remover)| (remover, operation)).filter(|(one, other)| one != other));
            }
        }
        self.edges.extend(edges);
    }

    /// Sorts with what the bodies of functions mention, unless that would be a circle.
    pub(super) fn sort(self) -> Result<Vec<Step>, Refusal> {
        let mentions = Mentions::new(self.new_side());
        let mut edges = self.edges.clone();
        let mut makers_of: HashMap<Element, Vec<usize>> = HashMap::new();
        for (&element, &maker) in &self.makers {
            for subject in std::iter::once(element).chain(self.new_side().owner_of(element)) {
                makers_of.entry(subject).or_default().push(maker);
            }
        }
        for (&new, &operation) in &self.makers {
            let makers = mentions.of(new).into_iter().filter_map(|mentioned| makers_of.get(&mentioned)).flatten();
            edges.extend(makers.map(|&maker| (maker, operation)).filter(|(one, other)| one != other));
        }
        let with_exits = |edges: &[(usize, usize)]| -> Vec<(usize, usize)> {
            let moved = edges.iter().map(|&(one, other)| (self.last_of(one), other));
            moved.filter(|(one, other)| self.exits.get(other) != Some(one)).chain(self.chains.iter().copied()).collect()
        };
        let preferred = with_exits(&self.preferred);
        let (edges, own_edges) = (with_exits(&edges), with_exits(&self.edges));
        let priorities: Vec<Priority> = self.list.iter().map(|operation| operation.priority.clone()).collect();
        let order = sorted(&priorities, &[edges, preferred.clone()].concat())
            .or_else(|_| sorted(&priorities, &[own_edges.clone(), preferred].concat()))
            .or_else(|_| sorted(&priorities, &own_edges));
        let order = order.map_err(|circle| {
            let mut labels: Vec<String> = circle.into_iter().map(|index| self.list[index].label.clone()).collect();
            labels.sort_unstable();
            labels.dedup();
            Refusal::Circle(labels)
        })?;
        let mut list: Vec<Option<Operation>> = self.list.into_iter().map(Some).collect();
        let operations = order.into_iter().filter_map(|index| list[index].take());
        Ok(operations.flat_map(|operation| operation.steps).collect())
    }
}
