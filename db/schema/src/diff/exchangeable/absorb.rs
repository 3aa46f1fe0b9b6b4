//! What uses the columns and is exchanged with them, or dropped and created when the names are exchanged.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::candidates::Candidates;
use super::columns::{self, Plain, plain};
use super::indexes::statements;
use super::partitions::of_partition;
use crate::diff::elements::{Element, Identity, Kind, catalog};
use crate::diff::exchange::{Both, Check, Exchange, Part, Reference, TableExchange, TypeExchange};
use crate::diff::fate::Fate;
use crate::diff::properties::default_privileges;
use crate::model::Constraint;
use crate::object::Class;

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
        let links = self
            .references
            .iter()
            .map(|(reference, target)| -> BTreeSet<String> { reference.tables().chain([target]).cloned().collect() });
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
            let is_own = |(reference, target): &(Reference, String)| {
                reference.tables().chain([target]).any(|table| group.contains(table))
            };
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
            let columns = Both { old, new };
            self.absorb_defaults(&columns, absorbed);
            if let Some(exchange) = table.columns.last_mut() {
                exchange.partitions.extend(of_partition(fates, &columns));
            }
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
        let counterpart = new.filter(|_| fates.list[pair] != Fate::Drop);
        let own = counterpart.filter(|_| level != Level::Partition);
        let top = self.top_reference(user);
        let is_absorbed = match old.kinds[user] {
            Kind::Default(..) => return Some(()),
            // A foreign key of a partition is exchanged with that of its table.
            Kind::Constraint(oid) if old.model.constraints[&oid].kind == "f" && top != user => {
                if absorbed.seen.insert(top) {
                    self.absorb_user(top, Level::Partitioned, plain, table, absorbed)?;
                }
                absorbed.pairs.contains(&fates.pairs.of_old[top])
            }
            // A check of the partitioned table is added, renamed and dropped with that.
            Kind::Constraint(oid) if level == Level::Partition && old.model.constraints[&oid].is_inherited => {
                let is_absorbed = self.is_absorbed_above(user, plain, absorbed);
                if is_absorbed && let Some(Kind::Constraint(new)) = new.map(|new| fates.new.kinds[new]) {
                    table.properties.extend(self.notes(new));
                    absorbed.pairs.extend(self.note_pairs(oid, new));
                }
                is_absorbed
            }
            Kind::Object(index) => match old.objects[index].id {
                (Class::Catalog(catalog::CLASS), oid) if old.model.sequences.contains_key(&oid) => {
                    // One that goes does so when no default uses it any more.
                    let goes = fates.list[pair] == Fate::Drop && level != Level::Partition;
                    return if goes { Some(()) } else { self.absorb_sequence(oid, own?, plain, table) };
                }
                (Class::Catalog(catalog::CLASS), oid) if old.model.indexes.contains_key(&oid) => {
                    goes(counterpart.and_then(|new| self.absorb_index(user, new, level, table, absorbed)))?
                }
                (Class::Catalog(_), _) => return self.are_recreated(user, false),
                _ => return None,
            },
            Kind::Constraint(oid) => {
                let absorb = |new| match old.model.constraints[&oid].kind.as_str() {
                    "c" => self.absorb_check(user, new, level, table),
                    "p" | "u" => self.absorb_key(user, new, level, table, absorbed),
                    "f" => self.reference(user, own?).map(|(reference, pairs)| {
                        absorbed.references.push(reference);
                        absorbed.pairs.extend(pairs);
                    }),
                    _ => None,
                };
                goes(counterpart.and_then(absorb))?
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

    fn absorb_check(&self, user: Element, new: Element, level: Level, table: &mut TableExchange) -> Option<()> {
        let Both { old: before, new: after } = self.constraints(user, new)?;
        let owner = self.fates.new.model.relations.get(&after.owner.1)?;
        // Partitions below it would have it too.
        if level == Level::Partition && owner.kind != "r" || after.is_inherited {
            return None;
        }
        if after.kind != "c" || !before.is_valid || !after.is_valid || !self.are_steady(user, new) {
            return None;
        }
        let part = |found: &Constraint| Part { name: found.name.clone(), definition: found.definition.clone() };
        table.checks.push(Check { table: owner.name.clone(), parts: Both { old: part(before), new: part(after) } });
        table.properties.extend(self.notes(after.oid));
        Some(())
    }

    fn absorb_index(
        &self,
        user: Element,
        new: Element,
        level: Level,
        table: &mut TableExchange,
        absorbed: &mut Absorbed,
    ) -> Option<()> {
        if level != Level::Plain {
            return self.absorb_partitioned(user, new, table, absorbed);
        }
        let (index, properties) = self.index(user, new)?;
        table.indexes.push(index);
        table.properties.extend(properties);
        Some(())
    }

    /// A key stays with the old columns until they are dropped.
    fn absorb_key(
        &self,
        user: Element,
        new: Element,
        level: Level,
        table: &mut TableExchange,
        absorbed: &mut Absorbed,
    ) -> Option<()> {
        if level != Level::Plain {
            return self.absorb_partitioned(user, new, table, absorbed);
        }
        table.keys.push(self.key(user, new)?);
        Some(())
    }

    fn absorb_partitioned(
        &self,
        user: Element,
        new: Element,
        table: &mut TableExchange,
        absorbed: &mut Absorbed,
    ) -> Option<()> {
        let family = self.partitioned_index(user, new)?;
        table.partitioned.push(family.index);
        absorbed.seen.extend(family.old);
        absorbed.pairs.extend(family.pairs);
        Some(())
    }

    /// Whether an element, and all that uses it, can be dropped and created in no time. A function can if it is replaced
    /// because its type is.
    pub(super) fn are_recreated(&self, user: Element, has_routines: bool) -> Option<()> {
        let elements = self.fates.old;
        let (Class::Catalog(class), oid) = elements.object(user)?.id else { return None };
        let is_of_kind = |oid: &u32, kinds: &[&str]| {
            elements.model.relations.get(oid).is_some_and(|found| kinds.contains(&found.kind.as_str()))
        };
        // A materialized view is filled, and its indexes are built, in a later transaction.
        let index = elements.model.indexes.get(&oid);
        let is_view = is_of_kind(&oid, &["v", "m"]) || index.is_some_and(|index| is_of_kind(&index.table, &["m"]));
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
