//! Operations on tables and objects that stay: parents, bounds, and properties.

use std::collections::{HashMap, HashSet};

use super::families::Families;
use super::{Operations, Priority, place};
use crate::diff::elements::{Element, Elements, Identity, Kind, catalog};
use crate::diff::fate::Fate;
use crate::diff::online::Step;
use crate::diff::properties::{self, PropertyChange};
use crate::diff::script::{Hazard, Statement};
use crate::model::Column;

impl<'a> Operations<'a> {
    /// Gives partitions other bounds. Nothing else changes them meanwhile.
    pub(super) fn add_rebounds(&mut self) -> Option<usize> {
        let rebounds = self.parents.rebounds();
        let first = rebounds.first()?;
        let (place, label) = (place(self.new_side(), first.new), self.new_side().describe(first.new));
        let (old, new): (Vec<Element>, Vec<Element>) =
            rebounds.iter().map(|rebound| (rebound.old, rebound.new)).unzip();
        let chain = self.rebound_chain(rebounds, &(0, place.1, 0, 0, place.4));
        let operation = self.push_chain(chain, &label)?;
        let above = |elements: &Elements, tables: Vec<Element>| -> HashSet<Element> {
            tables.into_iter().flat_map(|table| self.parents.tables_above(elements, table)).collect()
        };
        let families = new.iter().flat_map(|&new| self.makers_of_family(new));
        let families: Vec<usize> = families.collect();
        let (old_parents, new_parents) = (above(self.old(), old), above(self.new_side(), new));
        let before: HashSet<usize> =
            old_parents.into_iter().flat_map(|parent| self.removers_of_dropped_children(parent)).collect();
        let children = new_parents.into_iter().flat_map(|parent| self.makers_of_children(parent));
        let after: HashSet<usize> = families.into_iter().chain(children.map(|maker| self.last_of(maker))).collect();
        self.edges.extend(before.into_iter().map(|remover| (remover, operation)));
        self.edges.extend(after.into_iter().map(|maker| (operation, maker)));
        Some(operation)
    }

    /// Detaches tables from parents before anything else, and attaches them after all, also after `rebounds`: partitions take
    /// over values of others.
    pub(super) fn add_attachments(&mut self, rebounds: Option<usize>) {
        let mut attached: Vec<(Element, usize)> = Vec::new();
        let made: HashSet<usize> = self.makers.values().copied().collect();
        for (old, new, detach, attach) in self.parents.attachments() {
            let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
            if self.parents.is_moved(new) {
                let statements = attach.into_iter().chain(detach).map(Statement::new).collect();
                let place = (place.0, place.1, 20, 0, String::new());
                let operation = self.push(statements, Priority::Make(place), label);
                let makers = self.makers_of_family(new);
                self.edges.extend(makers.into_iter().map(|maker| (maker, operation)));
                let removers = self.removers_of_family(old).into_iter();
                let removers: Vec<usize> = removers.filter(|remover| !made.contains(remover)).collect();
                self.edges.extend(removers.into_iter().map(|remover| (operation, remover)));
                // It does not get what the parent gets that it leaves, and columns of that change after it has left.
                let left = self.parents.tables_above(self.old(), old).into_iter();
                let left = left.filter_map(|parent| self.fates.pairs.new_of(parent));
                let parts = left.flat_map(|parent| self.made.of(parent));
                let is_column = |part: Element| matches!(self.new_side().kinds[part], Kind::Column(..));
                let parts = parts.filter(|&&(part, _)| {
                    !self.new_side().is_index_like(part) && (self.fates.of_new(part).is_made() || is_column(part))
                });
                let parts: Vec<usize> = parts.map(|&(_, maker)| maker).collect();
                self.edges.extend(parts.into_iter().map(|maker| (operation, maker)));
                continue;
            }
            let detach = (!detach.is_empty()).then(|| {
                let statements = detach.into_iter().map(|sql| self.detaching(old, Statement::new(sql))).collect();
                self.push(statements, Priority::Release(place.clone()), label.clone())
            });
            let attach = (!attach.is_empty()).then(|| {
                let place = (place.0, place.1.clone(), 20, 0, String::new());
                let attach: Vec<Statement> =
                    self.given_identities(old, new).into_iter().chain(attach.into_iter().map(Statement::new)).collect();
                let chain = self.attachment_chain(new, &attach, &place).unwrap_or_else(|| {
                    let steps = attach.into_iter().map(|statement| Step::together(self.attaching(new, statement)));
                    vec![(steps.collect(), Priority::Make(place))]
                });
                self.push_chain(chain, &label)
            });
            let attach = attach.flatten();
            if let Some(attach) = attach {
                let sequences =
                    self.own_identities(old, new).filter_map(|column| self.old().relation(column.sequence?));
                let sequences: Vec<(Element, usize)> = sequences.map(|sequence| (sequence, attach)).collect();
                self.attached_sequences.extend(sequences);
            }
            self.edges.extend(detach.zip(rebounds));
            self.edges.extend(rebounds.zip(attach.map(|attach| self.last_of(attach))));
            attached.extend(attach.map(|attach| (new, attach)));
            if let Some(detach) = detach {
                self.detachments.insert(old, detach);
                let dropped = self.references_to_partition(old).filter(|&found| self.fates.of_old(found).is_gone());
                let dropped: HashSet<usize> = dropped.filter_map(|found| self.removers.get(&found)).copied().collect();
                let removers: Vec<usize> = self.removers_of_family(old);
                // A foreign key of the partition to its own table has to go first, too, unless it goes with a table.
                let tables = std::iter::once(old).chain(self.parents.tables_above(self.old(), old));
                let tables: HashSet<usize> = tables.filter_map(|table| self.removers.get(&table)).copied().collect();
                let is_after = |remover: &usize| tables.contains(remover) || !dropped.contains(remover);
                self.edges.extend(removers.into_iter().filter(is_after).map(|remover| (detach, remover)));
                self.preferred.extend(dropped.into_iter().map(|remover| (remover, detach)));
                let makers: Vec<usize> = self.makers_of_family(new);
                self.edges.extend(makers.into_iter().map(|maker| (detach, maker)));
                self.edges.extend(attach.map(|attach| (detach, attach)));
            }
            if let Some(attach) = attach {
                // The index of a table is attached only if those of its partitions are attached to it.
                let indexes = self.parents.kept_below(new).into_iter().flat_map(|below| self.made.of(below));
                let indexes = indexes.filter(|(part, _)| self.new_side().is_index_like(*part));
                let makers: HashSet<usize> =
                    indexes.map(|&(_, maker)| maker).chain(self.makers_of_family(new)).collect();
                // The rows that its own foreign keys refer to may be its own.
                let upward = self.made.of(new).iter().filter(|(part, _)| self.refers_upward(*part, new));
                let upward: HashSet<usize> = upward.map(|&(_, maker)| maker).collect();
                let before = makers.difference(&upward).filter(|&&maker| maker != attach);
                self.edges.extend(before.map(|&maker| (maker, attach)));
                self.edges.extend(upward.into_iter().filter(|&maker| maker != attach).map(|maker| (attach, maker)));
                let removers = self.removers_of_family(old);
                self.edges.extend(removers.into_iter().map(|remover| (remover, attach)));
            }
        }
        self.order_attachments(&attached);
    }

    /// The default partition comes last: what does not belong there depends on the others. A table is attached before its own
    /// partitions: they get the identity that it gets, and lack the check that it has until then.
    fn order_attachments(&mut self, attached: &[(Element, usize)]) {
        let operations: HashMap<Element, usize> =
            attached.iter().map(|&(table, operation)| (table, self.last_of(operation))).collect();
        let (mut edges, mut preferred) = (Vec::new(), Vec::new());
        for (&table, &operation) in &operations {
            let Some((parent, found)) =
                self.new_side().table(table).and_then(|(_, found)| Some((found.partition_of?, found)))
            else {
                continue;
            };
            let above = self.new_side().relation(parent).and_then(|parent| operations.get(&parent));
            edges.extend(above.map(|&above| (above, operation)));
            if found.is_default_partition() {
                let siblings =
                    self.new_side().children_of(parent).iter().filter_map(|&oid| self.new_side().relation(oid));
                let others = siblings.filter(|&other| other != table).filter_map(|other| operations.get(&other));
                edges.extend(others.map(|&other| (other, operation)));
            }
            let created = children(self.new_side(), table).filter(|&child| self.fates.of_new(child).is_made());
            let created = created.filter_map(|child| self.makers.get(&child)).copied();
            preferred.extend(created.map(|created| (operation, created)));
        }
        self.edges.extend(edges);
        self.preferred.extend(preferred);
    }

    /// Whether a new foreign key refers to a partitioned table that its own table is a part of.
    pub(super) fn refers_upward(&self, new: Element, table: Element) -> bool {
        let elements = self.new_side();
        let Kind::Constraint(oid) = elements.kinds[new] else { return false };
        let referenced = elements.model.constraints[&oid].referenced.filter(|_| self.fates.of_new(new).is_made());
        let above = |&table: &Element| elements.table(table)?.1.partition_of.and_then(|oid| elements.relation(oid));
        let referenced = referenced.and_then(|oid| elements.relation(oid));
        referenced.is_some() && std::iter::successors(above(&table), above).any(|above| Some(above) == referenced)
    }

    /// What moves the sequences of a partitioned table past the values of a table that becomes a partition, and drops the
    /// identities that this has itself: it gets those of the partitioned table.
    fn given_identities(&self, old: Element, new: Element) -> Vec<Statement> {
        let elements = self.new_side();
        let Some((oid, found)) = elements.table(new).filter(|(_, found)| found.bound.is_some()) else {
            return Vec::new();
        };
        let columns = |table: u32| elements.model.columns.get(&(catalog::CLASS, table)).into_iter().flatten();
        let above = |table: &u32| elements.model.relations.get(table)?.partition_of;
        let root = std::iter::successors(Some(oid), above).take(32).last().unwrap_or(oid);
        let root_name = elements.model.relations.get(&root).map(|root| root.name.as_str()).unwrap_or_default();
        let moved = columns(root).filter_map(|column| {
            let sequence = elements.model.sequences.get(&column.sequence?).filter(|_| !column.identity.is_empty())?;
            let own = column.own_sequence(root_name);
            let next = sequence.beyond(&column.name, &format!("nextval({own})"));
            let statement = Statement::new(format!("SELECT setval({own}, {next}, false) FROM {};", found.name));
            let own = elements.by_identity.get(&Identity::Column(found.name.clone(), column.name.clone()));
            let before = own.and_then(|&own| self.fates.pairs.old_of(own));
            Some(match before.is_some_and(|before| self.has_ordering_index(before)) {
                true => statement,
                false => statement.with(Hazard::BlockingLock(found.name.clone())),
            })
        });
        let dropped = self.own_identities(old, new);
        let dropped =
            dropped.map(|column| format!("ALTER TABLE {} ALTER COLUMN {} DROP IDENTITY;", found.name, column.name));
        moved.chain(dropped.map(Statement::new)).collect()
    }

    /// The columns, in the old schema, with an identity that a table has itself until it becomes a partition.
    fn own_identities(&self, old: Element, new: Element) -> impl Iterator<Item = &'a Column> {
        let columns = |elements: &'a Elements, table: Element| {
            let own = elements.table(table).and_then(|(oid, _)| elements.model.columns.get(&(catalog::CLASS, oid)));
            own.into_iter().flatten()
        };
        let (old_side, new_side) = (self.old(), self.new_side());
        let is_partition = new_side.table(new).is_some_and(|(_, found)| found.bound.is_some());
        let is_given = move |name: &str| {
            is_partition && columns(new_side, new).any(|column| column.name == name && !column.identity.is_empty())
        };
        columns(old_side, old).filter(move |column| column.sequence.is_some() && is_given(&column.name))
    }

    /// A table that becomes a partition is scanned for rows that do not belong there.
    pub(super) fn attaching(&self, table: Element, statement: Statement) -> Statement {
        let is_scanned = statement.sql.contains(" ATTACH PARTITION ");
        match self.new_side().table(table).filter(|_| is_scanned) {
            Some((_, found)) => {
                statement.with(Hazard::DependsOnRows(found.name.clone())).with(Hazard::BlockingLock(found.name.clone()))
            }
            None => statement,
        }
    }

    /// What creates or alters a new table, its parents, and what belongs to them.
    pub(super) fn makers_of_family(&self, table: Element) -> Vec<usize> {
        self.family(self.new_side(), table, &self.made)
    }

    /// What removes or alters an old table, its parents, and what belongs to them.
    pub(super) fn removers_of_family(&self, table: Element) -> Vec<usize> {
        self.family(self.old(), table, &self.removed)
    }

    fn family(&self, elements: &Elements, table: Element, families: &Families) -> Vec<usize> {
        let tables = std::iter::once(table).chain(self.parents.tables_above(elements, table));
        let mut found: Vec<usize> =
            tables.flat_map(|table| families.of(table)).map(|&(_, operation)| operation).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What removes the children of an old table that are dropped.
    pub(super) fn removers_of_dropped_children(&self, table: Element) -> impl Iterator<Item = usize> {
        let children = children(self.old(), table).filter(|&child| *self.fates.of_old(child) == Fate::Drop);
        children.filter_map(|child| self.removers.get(&child)).copied()
    }

    /// What creates or alters the children of a new table.
    pub(super) fn makers_of_children(&self, table: Element) -> impl Iterator<Item = usize> {
        children(self.new_side(), table).filter_map(|child| self.makers.get(&child)).copied()
    }

    /// Whether an element is an index that is exchanged with its columns, or what the index of an exchanged key has.
    pub(super) fn has_exchanged_index(&self, new: Element) -> bool {
        self.indexed(new).is_some_and(|index| self.exchanges.absorb(self.fates.pairs.of_new[index]))
    }

    /// The new index or key whose index an object is, or belongs to.
    fn indexed(&self, new: Element) -> Option<Element> {
        let elements = self.new_side();
        let oid =
            elements.object(new).map(|object| object.id.1).filter(|oid| elements.model.indexes.contains_key(oid))?;
        elements.relation(oid)
    }

    /// Adds what changes owners, comments, settings and privileges of objects that stay.
    pub(super) fn add_properties(&mut self) {
        let mut changes: HashMap<Element, usize> = HashMap::new();
        let mut sequences: Vec<(Element, usize)> = Vec::new();
        for pair in 0..self.fates.list.len() {
            let Some(new) = self.fates.pairs.list[pair].new.filter(|&new| !self.has_exchanged_index(new)) else {
                continue;
            };
            let stays = self.fates.list[pair].stays();
            let change = match self.fates.pairs.list[pair].old.filter(|_| stays) {
                Some(old) => properties::change(self.fates, old, new),
                // A new sequence belongs to a column of a table that stays.
                None => PropertyChange { before: Vec::new(), after: properties::owned_by(self.fates, new) },
            };
            let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
            if !change.before.is_empty() {
                let before = self.push(change.before, Priority::Release(place.clone()), label.clone());
                let old = self.fates.pairs.list[pair].old;
                let column = old.and_then(|old| properties::owning_column(self.old(), old));
                let table = column.and_then(|(column, _)| self.old().owner_of(column));
                for element in old.into_iter().chain(table) {
                    let removers = self.removers_of_family(element);
                    self.edges.extend(removers.into_iter().map(|remover| (before, remover)));
                }
            }
            if !change.after.is_empty() {
                let place = (place.0, place.1, 10, place.3, place.4);
                let after = self.push(change.after, Priority::Make(place), label);
                let column = properties::owning_column(self.new_side(), new);
                let table = column.and_then(|(column, _)| self.new_side().owner_of(column));
                changes.insert(new, after);
                sequences.extend(table.map(|table| (table, after)));
                for element in std::iter::once(new).chain(table) {
                    let makers = self.makers_of_family(element);
                    self.edges.extend(makers.into_iter().map(|maker| (maker, after)));
                }
                // The index of a key has its name from that.
                let key = self.indexed(new).filter(|&key| key != new);
                let key = key.and_then(|key| self.makers.get(&key)).map(|&key| self.last_of(key));
                self.edges.extend(key.map(|key| (key, after)));
            }
        }
        // A sequence belongs to a column only if it has the owner of the table.
        let after_tables = sequences.into_iter().filter_map(|(table, after)| Some((*changes.get(&table)?, after)));
        self.edges.extend(after_tables);
    }
}

pub(super) fn children(elements: &Elements, table: Element) -> impl Iterator<Item = Element> {
    let oid = elements.object(table).map(|object| object.id.1);
    let children = oid.into_iter().flat_map(|oid| elements.children_of(oid));
    children.filter_map(|&child| elements.relation(child))
}
