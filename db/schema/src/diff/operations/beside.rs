//! Indexes and keys that are built beside the ones that they replace, so that there is always one of both.

use std::collections::{HashMap, HashSet};

use super::{Beside, Chain, Operations, Place, Priority, place};
use crate::diff::column::ColumnChange;
use crate::diff::elements::{Element, Elements, Kind, catalog, quoted};
use crate::diff::exchange::with_lock_timeout;
use crate::diff::fate::Fate;
use crate::diff::name::qualifier;
use crate::diff::online::{self, Mode, Step};
use crate::diff::script::{Hazard, Statement};
use crate::model::Index;
use crate::object::Class;

impl<'a> Operations<'a> {
    /// What makes an index or a key of a table with rows, and the old element that it replaces. `None` if there is no such
    /// one, or if what one of them uses can't be there at the same time as the other one.
    pub(super) fn beside_chain(
        &mut self,
        new: Element,
        statements: &[Statement],
        place: &Place,
    ) -> Option<(Element, Chain)> {
        let table = self.kept_table(new, &["r", "m"]).filter(|_| self.builds_beside)?;
        let elements = self.new_side();
        let (index, constraint) = elements.own_index(new)?;
        let old = self.replaced(new, index)?;
        let bare_name = self.names.free(&index.bare_name, "__new");
        let name = quoted(&bare_name);
        let steps = match constraint {
            Some(constraint) => online::constraint(elements, constraint, Some((index, &name)))?,
            None => {
                let mut steps = online::index(table, index, &name, &statements.first()?.sql)?;
                let (schema, usual) = (qualifier(&index.name), &index.quoted_name);
                let rename = format!("ALTER INDEX {schema}{name} RENAME TO {usual};");
                steps.push(Step::together(Statement::replacing(rename)));
                steps
            }
        };
        self.names.take(bare_name);
        let (build, mut finish): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| step.mode == Mode::Alone);
        finish.extend(Step::all(statements.iter().skip(1).cloned(), Mode::Together));
        // As soon as the old one is gone.
        Some((old, vec![(build, Priority::Build(place.clone())), (finish, Priority::Release(place.clone()))]))
    }

    /// The old index or key of the same table with the name of a new one, or for a primary key with another name, the primary
    /// key, if both can be there at the same time.
    fn replaced(&self, new: Element, index: &Index) -> Option<Element> {
        let (elements, pairs) = (self.old(), &self.fates.pairs);
        let of_name = elements.index_named(&index.name).and_then(|found| elements.relation(found.oid));
        let old = of_name.or_else(|| self.renamed_primary_key(new)).filter(|&old| self.fates.of_old(old).is_gone())?;
        elements.own_index(old).filter(|(found, _)| found.is_valid && index.is_valid)?;
        let table = elements.owner_of(old).and_then(|table| pairs.new_of(table));
        // Columns that are exchanged are both there.
        let is_exchanged = |pair: usize| self.exchanges.of.contains_key(&pair);
        // A table has only one primary key.
        let key = elements.owner_of(old).and_then(|table| elements.primary_key(table));
        let is_second = self.new_side().is_primary(new) && key.is_some_and(|key| key != old);
        let is_possible = table == self.new_side().owner_of(new)
            && !is_second
            && self.fates.unsteady(elements, old, &pairs.of_old).all(is_exchanged)
            && self.fates.unsteady(self.new_side(), new, &pairs.of_new).all(is_exchanged);
        is_possible.then_some(old)
    }

    /// The old primary key of the table of a new one with another name. `None` if something else of the table, or an index, has
    /// one of the two names on the other side: both change in one statement, and that would come before or after it.
    fn renamed_primary_key(&self, new: Element) -> Option<Element> {
        let (old, new_side) = (self.old(), self.new_side());
        let table = new_side.owner_of(new).filter(|_| new_side.is_primary(new))?;
        let key = old.primary_key(self.fates.pairs.old_of(table)?)?;
        let has_name = |elements: &Elements, other: &Elements, key: Element| {
            let is_index = elements.own_index(key).is_some_and(|(index, _)| other.index_named(&index.name).is_some());
            is_index || other.by_identity.contains_key(&elements.identities[key])
        };
        (!has_name(old, new_side, key) && !has_name(new_side, old, new)).then_some(key)
    }

    /// What removes old indexes and keys that stay until the next ones are built, or become them.
    pub(super) fn removers_of_besides(&self) -> HashSet<usize> {
        let replaced = self.besides.values().map(|beside| beside.old);
        let replaced = replaced.chain(self.promotions.values().chain(self.demotions.values()).copied());
        replaced.filter_map(|old| self.removers.get(&old)).copied().collect()
    }

    /// Whether an old element is a primary key, and a column that it uses is to accept NULL.
    pub(super) fn forbids_null(&self, old: Element, column: Element) -> bool {
        let change = self.fates.columns.get(&self.fates.pairs.of_old[column]);
        self.old().is_primary(old) && change.is_some_and(ColumnChange::accepts_null)
    }

    /// The old index goes in the transaction in which the new one gets its name, and what uses it goes and comes back then.
    pub(super) fn connect_besides(&mut self) {
        self.forget_options();
        let users = self.old().users();
        let mut besides: Vec<Beside> = self.besides.values().copied().collect();
        besides.sort_unstable_by_key(|beside| beside.build);
        // What follows each old one, once for all parts of a partitioned index.
        let mut followers: HashMap<Element, HashSet<usize>> = HashMap::new();
        for Beside { old, build, finish, is_part } in besides {
            let Some(&remover) = self.removers.get(&old) else { continue };
            // What is built with its own name has nothing to finish.
            let steps = [(build, remover), (remover, finish)];
            let are_apart = |&(one, other): &(usize, usize)| one != other && other != build;
            self.chains.extend(steps.into_iter().filter(are_apart));
            let replaces = !self.is_constraint(old);
            for step in &mut self.list[remover].steps {
                step.statement.hazards.retain(|hazard| !matches!(hazard, Hazard::IndexDropped(_)));
                step.statement.replaces = replaces;
            }
            if let Some(followers) = followers.get(&old).filter(|_| is_part) {
                self.chains.extend(followers.iter().map(|&follower| (build, follower)));
                continue;
            }
            // That of a partition goes with that of the partitioned table.
            let roots: Vec<Element> =
                std::iter::successors(Some(old), |&old| self.implied_removal(old)).take(8).collect();
            let (mut open, mut seen, mut has_users) = (roots.clone(), HashSet::new(), false);
            while let Some(user) = open.pop() {
                if !seen.insert(user) || !self.fates.of_old(user).is_gone() {
                    continue;
                }
                open.extend(&users[user]);
                let is_replaced = *self.fates.of_old(user) == Fate::Replace;
                has_users |= is_replaced && !roots.contains(&user) && self.comes_back(user, remover, build);
                let is_postponed = roots.contains(&user) || is_replaced;
                let Some(&remover) = self.removers.get(&user).filter(|_| is_postponed) else { continue };
                followers.entry(old).or_default().insert(remover);
                self.chains.push((build, remover));
                self.list[remover].priority = Priority::Finish(place(self.fates.old, user));
            }
            if !has_users && roots.len() == 1 && !is_part {
                self.swap_alone(old, remover, finish);
            }
        }
    }

    /// Whether an old element is a constraint: another one with its name may guarantee less.
    fn is_constraint(&self, old: Element) -> bool {
        matches!(self.old().kinds[old], Kind::Constraint(_))
    }

    /// Whether an old element has a statement that removes it, other than the one of its index, or one that makes it
    /// again.
    fn comes_back(&self, old: Element, remover: usize, build: usize) -> bool {
        let is_removed = self.removers.get(&old).is_some_and(|&own| own != remover);
        let new = self.fates.pairs.new_of(old);
        let made = new.and_then(|new| self.makers.get(&new)).filter(|&&maker| maker != build);
        let made = made.map(|&maker| &self.list[maker]);
        is_removed || made.is_some_and(|made| !made.steps.is_empty())
    }

    /// The options of the index of a key that is built beside another one, or that is made of an index, are those of that.
    fn forget_options(&mut self) {
        let elements = self.new_side();
        for &new in self.besides.keys().chain(self.promotions.keys()) {
            let Kind::Constraint(oid) = elements.kinds[new] else { continue };
            let key = &elements.model.constraints[&oid];
            let Some((oid, index)) = key.index.and_then(|oid| Some((oid, elements.model.indexes.get(&oid)?))) else {
                continue;
            };
            let own = elements.element_of((Class::Catalog(catalog::CLASS), oid));
            let Some(&maker) = own.and_then(|own| self.makers.get(&own)) else { continue };
            let options = format!("ALTER INDEX {} SET (", index.name);
            let is_kept = |step: &Step| !step.statement.sql.starts_with(&options) || step.statement.sql.contains('\n');
            self.list[maker].steps.retain(is_kept);
        }
    }

    /// Makes one statement of dropping an index or a key and of giving its name to the one beside it. It can stand with what
    /// builds that in a revision without a transaction, so that the way back is the same.
    fn swap_alone(&mut self, old: Element, remover: usize, finish: usize) {
        let [drop] = self.list[remover].steps.as_slice() else { return };
        let drop = drop.statement.sql.clone();
        let Some((first, notes)) = self.list[finish].steps.split_first() else { return };
        let first = &first.statement.sql;
        let added = first.split_once(" ADD CONSTRAINT ");
        let swap = match added.filter(|(alter, _)| drop.starts_with(&format!("{alter} DROP CONSTRAINT "))) {
            Some((_, key)) => format!("{}, ADD CONSTRAINT {key}", drop.trim_end_matches(';')),
            None => format!("DO $swap$\nBEGIN\n  {drop}\n  {first}\nEND\n$swap$;"),
        };
        let notes = notes.iter().map(|note| note.statement.sql.clone());
        let statements = with_lock_timeout(std::iter::once(swap).chain(notes).collect());
        let replaces = !self.is_constraint(old);
        let statements = statements.into_iter().map(|sql| Statement { replaces, ..Statement::new(sql) });
        self.list[finish].steps = Step::all(statements, Mode::Alone);
        self.list[remover].steps.clear();
        self.list[remover].priority = Priority::Build(place(self.fates.old, old));
    }

    /// Indexes and keys of partitions that have other names than the old ones: those stay until the new ones are built, too,
    /// because they go with the index of the partitioned table, which is replaced.
    pub(super) fn add_parts_beside(&mut self) {
        let mut found = Vec::new();
        for (&new, &build) in &self.makers {
            let is_built = self.list[build].steps.first().is_some_and(|step| step.mode == Mode::Alone);
            let Some((index, _)) = self.new_side().own_index(new).filter(|_| is_built && self.builds_beside) else {
                continue;
            };
            let indexes = &self.new_side().model.indexes;
            let above = std::iter::successors(Some(index), |index| indexes.get(&index.parent?)).last();
            let Some(above) = above.filter(|_| index.parent.is_some() && !self.besides.contains_key(&new)) else {
                continue;
            };
            let replaced = self.old().index_named(&above.name).and_then(|index| self.old().relation(index.oid));
            let is_replaced = |&old: &Element| {
                let table = self.old().owner_of(old).and_then(|table| self.fates.pairs.new_of(table));
                self.fates.of_old(old).is_gone() && table == self.new_side().relation(above.table)
            };
            if let Some(old) = replaced.filter(is_replaced) {
                found.push((new, Beside { old, build, finish: self.last_of(build), is_part: true }));
            }
        }
        self.besides.extend(found);
    }
}
