//! What uses the columns and is exchanged with them, or dropped and created when the names are exchanged.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::candidates::Candidates;
use super::columns::{self, Plain, plain};
use crate::diff::elements::{Element, Elements, Identity, Kind, catalog};
use crate::diff::exchange::{Both, Exchange, Key, Part, Reference, TableExchange, TypeExchange};
use crate::diff::fate::Fate;
use crate::diff::properties::default_privileges;
use crate::model::{Constraint, Index};
use crate::object::{Class, Object};

/// Where a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// In a table without partitions.
    Plain,
    /// In a partitioned table.
    Partitioned,
    /// In one of its partitions.
    Partition,
}

/// What is exchanged so far.
#[derive(Default)]
pub(super) struct Absorbed {
    /// The pairs of what is created with the new columns and dropped with the old ones.
    pub(super) pairs: HashSet<usize>,
    /// By name, with the pairs of the columns.
    tables: BTreeMap<String, (TableExchange, Vec<usize>)>,
    /// Each with the table that it refers to, as SQL names it.
    references: Vec<(Reference, String)>,
    /// Each with its pair and the tables of its columns.
    pub(super) types: Vec<(TypeExchange, usize, BTreeSet<String>)>,
    seen: BTreeSet<Element>,
}

impl Absorbed {
    /// The exchanges, each with the pairs of its columns and types: one for the tables that foreign keys or types connect.
    pub(super) fn into_exchanges(mut self) -> Vec<(Exchange, Vec<usize>)> {
        let mut groups: Vec<BTreeSet<String>> = self.tables.keys().map(|name| BTreeSet::from([name.clone()])).collect();
        let references = self.references.iter().map(|(reference, target)| [&reference.table, target]);
        let links = references.map(|tables| tables.into_iter().cloned().collect::<BTreeSet<String>>());
        for link in links.chain(self.types.iter().map(|(.., tables)| tables.clone())) {
            let is_joined = |group: &BTreeSet<String>| !group.is_disjoint(&link);
            let (joined, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_joined);
            groups = rest;
            groups.push(joined.into_iter().flatten().collect());
        }
        groups.sort();
        let mut exchanges = Vec::new();
        for group in groups {
            let found = group.iter().filter_map(|name| self.tables.remove(name));
            let (mut tables, mut pairs): (Vec<TableExchange>, Vec<_>) = found.unzip();
            let is_own =
                |(reference, target): &(Reference, String)| group.contains(&reference.table) || group.contains(target);
            let (own, rest): (Vec<_>, Vec<_>) = self.references.into_iter().partition(is_own);
            self.references = rest;
            let references = own.into_iter().map(|(reference, _)| reference).collect();
            let (own, rest): (Vec<_>, Vec<_>) =
                self.types.into_iter().partition(|(.., tables)| !tables.is_disjoint(&group));
            self.types = rest;
            let (types, of_types): (Vec<TypeExchange>, Vec<usize>) =
                own.into_iter().map(|(exchange, pair, _)| (exchange, pair)).unzip();
            tables.iter_mut().for_each(|table| table.types.clone_from(&types));
            pairs.push(of_types);
            exchanges.push((Exchange { types, tables, references }, pairs.concat()));
        }
        exchanges
    }
}

impl Candidates<'_> {
    /// Adds a column and what uses it. `None` if something uses it that can't use a column that is exchanged.
    pub(super) fn absorb_column(&self, pair: usize, absorbed: &mut Absorbed) -> Option<()> {
        let fates = self.fates;
        if self.partitions.above(pair).is_some() {
            return Some(());
        }
        let plain = plain(fates, pair)?;
        let relation = fates.new.model.relations.get(&plain.table)?;
        let name = &relation.name;
        let (mut table, mut pairs) =
            absorbed.tables.remove(name).unwrap_or_else(|| (TableExchange::new(relation), Vec::new()));
        table.columns.push(plain.exchange());
        table.properties.extend(columns::properties(fates.new, plain.table, plain.columns.new));
        pairs.push(pair);
        let Both { old, new } = plain.elements;
        self.has_known_types(old, new)?;
        // The old default stays until the swap.
        let is_dropped_routine = |used: Element| {
            let object = fates.old.object(used).filter(|object| object.id.0 == Class::Catalog(catalog::PROC));
            object.is_some() && !fates.list[fates.pairs.of_old[used]].stays()
        };
        let old_default = fates.old.default_of(old);
        if old_default.is_some_and(|found| fates.old.uses[found].iter().any(|&(used, _)| is_dropped_routine(used))) {
            return None;
        }
        self.absorb_defaults(&plain.elements, absorbed);
        let level = if self.partitions.below(pair).is_some() { Level::Partitioned } else { Level::Plain };
        self.absorb_users(old, level, &plain, &mut table, absorbed)?;
        for &part in self.partitions.below(pair).unwrap_or_default() {
            let (old, new) = (fates.pairs.list[part].old?, fates.pairs.list[part].new?);
            self.absorb_defaults(&Both { old, new }, absorbed);
            self.absorb_users(old, Level::Partition, &plain, &mut table, absorbed)?;
            if let Kind::Column(oid, index) = fates.new.kinds[new] {
                table.add_partition(&fates.new.model.relations[&oid]);
                table.properties.extend(columns::properties(fates.new, oid, fates.new.column(oid, index)));
            }
            pairs.push(part);
        }
        absorbed.tables.insert(name.clone(), (table, pairs));
        Some(())
    }

    fn absorb_defaults(&self, columns: &Both<Element>, absorbed: &mut Absorbed) {
        let fates = self.fates;
        let old = fates.old.default_of(columns.old).map(|default| fates.pairs.of_old[default]);
        let new = fates.new.default_of(columns.new).map(|default| fates.pairs.of_new[default]);
        absorbed.pairs.extend(old.into_iter().chain(new));
    }

    fn absorb_users(
        &self,
        column: Element,
        level: Level,
        plain: &Plain<'_>,
        table: &mut TableExchange,
        absorbed: &mut Absorbed,
    ) -> Option<()> {
        let users: BTreeSet<Element> = self.old_users[column].iter().copied().collect();
        for user in users {
            if absorbed.seen.insert(user) {
                self.absorb_user(user, level, plain, table, absorbed)?;
            }
        }
        Some(())
    }

    fn absorb_user(
        &self,
        user: Element,
        level: Level,
        plain: &Plain<'_>,
        table: &mut TableExchange,
        absorbed: &mut Absorbed,
    ) -> Option<()> {
        let (fates, old) = (self.fates, self.fates.old);
        let pair = fates.pairs.of_old[user];
        let new = fates.pairs.list[pair].new;
        let is_gone = fates.list[pair].is_gone();
        // What has no counterpart on the new columns goes with the swap, and what replaces it comes after that.
        let goes = |absorbed: Option<()>| absorbed.is_some().then_some(true).or_else(|| is_gone.then_some(false));
        let counterpart = new.filter(|_| fates.list[pair] != Fate::Drop && level != Level::Partition);
        let is_absorbed = match old.kinds[user] {
            Kind::Default(..) => return Some(()),
            // A check of the partitioned table is added, renamed and dropped with that.
            Kind::Constraint(oid) if level == Level::Partition && old.model.constraints[&oid].is_inherited => {
                self.is_absorbed_above(user, plain, absorbed)
            }
            Kind::Object(index) => match old.objects[index].id {
                (Class::Catalog(catalog::CLASS), oid) if old.model.sequences.contains_key(&oid) => {
                    // One that goes does so when no default uses it any more.
                    let goes = fates.list[pair] == Fate::Drop && level != Level::Partition;
                    return if goes { Some(()) } else { self.absorb_sequence(oid, counterpart?, plain, table) };
                }
                (Class::Catalog(catalog::CLASS), oid) if old.model.indexes.contains_key(&oid) => {
                    // The key and the index of a partitioned table can't be built beside others.
                    let counterpart = counterpart.filter(|_| level == Level::Plain);
                    goes(counterpart.and_then(|new| self.absorb_index(user, new, table)))?
                }
                (Class::Catalog(_), _) => return self.are_recreated(user, false),
                _ => return None,
            },
            Kind::Constraint(oid) => {
                goes(counterpart.and_then(|new| match old.model.constraints[&oid].kind.as_str() {
                    "c" => self.absorb_check(user, new, table),
                    "p" | "u" => self.absorb_key(user, new, table),
                    "f" => self.reference(user, new).map(|reference| absorbed.references.push(reference)),
                    _ => None,
                }))?
            }
            Kind::Column(..) => return (fates.list[pair] == Fate::Drop).then_some(()),
        };
        if is_absorbed {
            absorbed.pairs.insert(pair);
        }
        Some(())
    }

    /// Whether a constraint of a partition has that of the partitioned table, and that is exchanged.
    fn is_absorbed_above(&self, user: Element, plain: &Plain<'_>, absorbed: &Absorbed) -> bool {
        let old = self.fates.old;
        let (Identity::Constraint(_, name), Identity::Column(table, _)) =
            (&old.identities[user], &old.identities[plain.elements.old])
        else {
            return false;
        };
        let above = old.by_identity.get(&Identity::Constraint(table.clone(), name.clone()));
        above.is_some_and(|&above| absorbed.pairs.contains(&self.fates.pairs.of_old[above]))
    }

    fn absorb_sequence(&self, oid: u32, new: Element, plain: &Plain<'_>, table: &mut TableExchange) -> Option<()> {
        let (old, elements) = (self.fates.old.model.sequences.get(&oid)?, self.fates.new);
        let stays = elements.uses[new].iter().any(|&(used, _)| used == plain.elements.new);
        let object = elements.object(new).filter(|_| stays)?;
        if old.is_identity {
            table.properties.extend(statements(object));
            let revoked = default_privileges(self.fates, object);
            table.properties.extend(revoked.into_iter().map(|statement| statement.sql));
        } else {
            table.columns.last_mut()?.sequences.push(old.name.clone());
        }
        Some(())
    }

    fn constraints(&self, old: Element, new: Element) -> Option<Both<&Constraint>> {
        match (self.fates.old.kinds[old], self.fates.new.kinds[new]) {
            (Kind::Constraint(one), Kind::Constraint(other)) => Some(Both {
                old: &self.fates.old.model.constraints[&one],
                new: &self.fates.new.model.constraints[&other],
            }),
            _ => None,
        }
    }

    fn absorb_check(&self, user: Element, new: Element, table: &mut TableExchange) -> Option<()> {
        let Both { old: before, new: after } = self.constraints(user, new)?;
        if after.kind != "c" || !before.is_valid || !after.is_valid || !self.are_steady(user, new) {
            return None;
        }
        let part = |found: &Constraint| Part { name: found.name.clone(), definition: found.definition.clone() };
        table.checks.push(Both { old: part(before), new: part(after) });
        table.properties.extend(self.notes(after.oid));
        Some(())
    }

    fn absorb_index(&self, user: Element, new: Element, table: &mut TableExchange) -> Option<()> {
        let (one, other) = (self.fates.old.object(user)?, self.fates.new.object(new)?);
        let (before, after) =
            (self.fates.old.model.indexes.get(&one.id.1)?, self.fates.new.model.indexes.get(&other.id.1)?);
        let is_plain = |index: &Index| index.constraint.is_none() && index.parent.is_none() && index.is_valid;
        if !is_plain(before) || !is_plain(after) || !self.are_steady(user, new) {
            return None;
        }
        let (definition, marks) = (other.definition(), self.marks(user, new)?);
        table.indexes.push(index_parts(before, after));
        table.properties.extend(definition.lines().skip(1).map(str::to_owned));
        table.properties.extend(other.statements(false).into_iter().skip(1).map(std::borrow::Cow::into_owned));
        table.properties.extend(marks);
        Some(())
    }

    /// A key stays with the old columns until they are dropped.
    fn absorb_key(&self, user: Element, new: Element, table: &mut TableExchange) -> Option<()> {
        let Both { old: before, new: after } = self.constraints(user, new)?;
        // A unique index that is built beside a constraint can't be deferred.
        if before.kind != after.kind || before.is_deferrable || after.is_deferrable || !self.are_steady(user, new) {
            return None;
        }
        // The old column accepts NULL as soon as the new one has its name, which it can't with a primary key.
        let accepts_null = |&(used, _): &(Element, bool)| {
            let columns = self.fates.columns.get(&self.fates.pairs.of_old[used]);
            columns.is_some_and(|change| change.accepts_null())
        };
        if before.kind == "p" && self.fates.old.uses[user].iter().any(accepts_null) {
            return None;
        }
        let (old, elements) = (self.fates.old, self.fates.new);
        let (old_index, index) = (old.model.indexes.get(&before.index?)?, elements.model.indexes.get(&after.index?)?);
        let mut properties = self.notes(after.oid);
        properties.extend(self.marks(user, new)?);
        let kind = if after.kind == "p" { "PRIMARY KEY" } else { "UNIQUE" };
        table.keys.push(Key { kind, index: index_parts(old_index, index), properties });
        Some(())
    }

    /// What an index or a key has beyond its definition. `None` if something else uses one than foreign keys, which are
    /// exchanged too.
    fn marks(&self, old: Element, new: Element) -> Option<Vec<String>> {
        let pairs = &self.fates.pairs;
        let are_known = |elements: &Elements, users: &[Element], other_of: &dyn Fn(Element) -> bool| {
            let is_known = |&user: &Element| match elements.kinds[user] {
                Kind::Constraint(oid) => elements.model.constraints[&oid].kind == "f" && other_of(user),
                _ => is_mark(elements, user),
            };
            users.iter().all(is_known)
        };
        let (old_users, new_users) = (&self.old_users[old], &self.new_users[new]);
        let stays_or_goes = |user: Element| pairs.new_of(user).is_none_or(|other| new_users.contains(&other));
        let was_there = |user: Element| pairs.old_of(user).is_some_and(|other| old_users.contains(&other));
        if !are_known(self.fates.old, old_users, &stays_or_goes) || !are_known(self.fates.new, new_users, &was_there) {
            return None;
        }
        let marks = new_users.iter().filter(|&&user| is_mark(self.fates.new, user));
        Some(marks.filter_map(|&user| self.fates.new.object(user)).flat_map(statements).collect())
    }

    /// Whether an element, and all that uses it, can be dropped and created in no time. A function can if it is replaced
    /// because its type is.
    pub(super) fn are_recreated(&self, user: Element, has_routines: bool) -> Option<()> {
        let elements = self.fates.old;
        let (Class::Catalog(class), oid) = elements.object(user)?.id else { return None };
        let is_view = elements.model.relations.get(&oid).is_some_and(|found| found.kind == "v");
        let is_quick = match class {
            catalog::CLASS => is_view,
            catalog::TRIGGER | catalog::POLICY | catalog::REWRITE => true,
            catalog::PROC => has_routines,
            _ => false,
        };
        if !is_quick {
            return None;
        }
        let mut users = self.old_users[user].iter().filter(|&&next| next != user);
        users.try_for_each(|&next| self.are_recreated(next, has_routines))
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
fn statements(object: &Object) -> Vec<String> {
    let statements = object.statements(false);
    statements.iter().flat_map(|statement| statement.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
