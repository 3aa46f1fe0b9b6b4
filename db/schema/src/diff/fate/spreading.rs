//! What happens to an element happens to those that use it, too.

use std::collections::HashSet;

use super::{Fate, Fates};
use crate::diff::elements::{Element, Kind, catalog};
use crate::diff::script::Form;
use crate::model::Constraint;
use crate::object::Class;

impl Fates<'_> {
    /// Spreads what happens to an element to those that use it.
    pub(super) fn spread(&mut self) {
        let mut users: Vec<Vec<(Element, bool)>> = vec![Vec::new(); self.old.kinds.len()];
        for (element, uses) in self.old.uses.iter().enumerate() {
            let own = uses.iter().filter(|(used, _)| !self.is_taken_along(element, *used));
            own.for_each(|&(used, is_automatic)| users[used].push((element, is_automatic)));
        }
        let mut open: Vec<Element> = (0..self.old.kinds.len()).filter(|&element| self.disturbs(element)).collect();
        while let Some(used) = open.pop() {
            for &(user, is_automatic) in &users[used] {
                let before = (self.disturbs(user), self.of_old(user).is_gone());
                self.disturb(user, used, is_automatic);
                // A column whose type changes may have to go after all.
                if before != (self.disturbs(user), self.of_old(user).is_gone()) {
                    open.push(user);
                }
            }
        }
    }

    /// A type or a collation is swapped only for what stays, and for what is swapped itself.
    pub(super) fn unswap(&mut self) {
        let (users, mut kept) = (self.old.users(), HashSet::new());
        loop {
            let is_needed = |pair: &usize| {
                let mut own = self.pairs.list[*pair].old.into_iter().flat_map(|old| &users[old]);
                own.any(|&user| self.of_old(user).stays() || kept.contains(&self.pairs.of_old[user]))
            };
            let needed: HashSet<usize> = self.swapped.iter().copied().filter(is_needed).collect();
            if needed.len() == kept.len() {
                break;
            }
            kept = needed;
        }
        self.swapped = kept;
    }

    fn disturbs(&self, old: Element) -> bool {
        let pair = self.pairs.of_old[old];
        self.list[pair].is_gone() || self.is_retyped(pair)
    }

    fn disturb(&mut self, user: Element, used: Element, is_automatic: bool) {
        let (pair, used_pair) = (self.pairs.of_old[user], self.pairs.of_old[used]);
        if self.list[pair].is_gone() {
            return;
        }
        let Some(new) = self.pairs.list[pair].new else { return };
        let still_uses = self.pairs.list[used_pair]
            .new
            .is_some_and(|used| self.new.uses[new].iter().any(|&(other, _)| other == used));
        let is_gone = self.list[used_pair].is_gone();
        match self.old.kinds[user] {
            // A sequence is released by its column, and a partition or a child by its table.
            Kind::Object(_) if self.is_released(user, used, is_automatic) => {}
            Kind::Column(..)
                if (self.is_of(used, catalog::TYPE) || self.is_of(used, catalog::COLLATION))
                    && self.is_remade_for(used, new) =>
            {
                let fate = self.compare_columns(pair, user, new);
                self.list[pair] = fate;
            }
            Kind::Column(..) if is_gone && self.old.owner_of(user) == Some(used) => self.list[pair] = Fate::Replace,
            Kind::Column(..) if !self.is_generated(user) => {}
            Kind::Default(..) if !is_gone => {
                let drops = self.columns.get(&used_pair).is_some_and(|change| change.drops_default);
                if drops && self.is_own_column(user, used) {
                    self.list[pair] = Fate::Replace;
                }
            }
            // PostgreSQL would check all rows under the lock of the other type; one that is replaced is validated later.
            Kind::Constraint(oid) if !is_gone && self.is_rechecked(&self.old.model.constraints[&oid], used_pair) => {
                self.list[pair] = Fate::Replace;
            }
            // The two columns of a foreign key have types that can be compared, but not while one has changed.
            Kind::Constraint(oid) if !is_gone => {
                let is_integer = |base: &str| matches!(base, "smallint" | "integer" | "bigint");
                let new_used = self.pairs.list[used_pair].new.map(|element| self.new.kinds[element]);
                let keeps_kind = match (self.old.kinds[used], new_used) {
                    (Kind::Column(table, index), Some(Kind::Column(new_table, new_index))) => {
                        is_integer(&self.old.column(table, index).base)
                            && is_integer(&self.new.column(new_table, new_index).base)
                    }
                    _ => true,
                };
                let changes_base = self.columns.get(&used_pair).is_some_and(|change| change.drops_default);
                if self.old.model.constraints[&oid].kind == "f" && changes_base && !keeps_kind {
                    self.list[pair] = Fate::Replace;
                }
            }
            Kind::Object(index) if !is_gone && self.is_rebuilt(index) => {}
            _ if is_gone || still_uses => {
                let is_replaced = self.replaces_views && self.is_view(user) || self.uses_next_key(new, used);
                let is_changed_away = !still_uses && matches!(self.list[pair], Fate::Alter(_)) && !is_replaced;
                if !is_changed_away {
                    self.list[pair] = self.replace(pair);
                }
            }
            _ => {}
        }
    }

    /// Whether a new element uses the primary key that takes the place of an old one, which has to be gone before.
    fn uses_next_key(&self, new: Element, used: Element) -> bool {
        let table = self.old.owner_of(used).filter(|_| self.old.is_primary(used));
        let next = table.and_then(|table| self.new.primary_key(self.pairs.new_of(table)?));
        next.is_some_and(|next| self.new.uses[new].iter().any(|&(other, _)| other == next))
    }

    /// Whether a check is valid and uses a column of a table in use that gets another type but keeps its values.
    fn is_rechecked(&self, constraint: &Constraint, column: usize) -> bool {
        self.form == Form::Online
            && constraint.kind == "c"
            && constraint.owner.0 == catalog::CLASS
            && constraint.is_valid
            && self.columns.get(&column).is_some_and(|change| change.changes_type && change.keeps_rows)
    }

    fn is_released(&self, user: Element, used: Element, is_automatic: bool) -> bool {
        let relation = |element: Element| {
            let object = self.old.object(element)?;
            matches!(object.id.0, Class::Catalog(catalog::CLASS)).then_some(object.id.1)
        };
        let kind = |oid: u32| self.old.model.relations.get(&oid).map(|found| found.kind.as_str());
        match (relation(user).and_then(kind), self.old.kinds[used]) {
            (Some("S"), _) => is_automatic && *self.of_old(used) != Fate::Replace,
            (Some("r" | "p" | "f"), Kind::Object(_)) => {
                matches!(relation(used).and_then(kind), Some("r" | "p" | "f")) && *self.of_old(used) == Fate::Drop
            }
            _ => false,
        }
    }

    fn is_view(&self, old: Element) -> bool {
        let relation = self.old.object(old).and_then(|object| self.old.model.relations.get(&object.id.1));
        self.is_of(old, catalog::CLASS) && relation.is_some_and(|relation| relation.kind == "v")
    }

    pub(super) fn is_of(&self, old: Element, class: u32) -> bool {
        self.old.object(old).is_some_and(|object| object.id.0 == Class::Catalog(class))
    }

    fn is_generated(&self, element: Element) -> bool {
        matches!(self.old.kinds[element], Kind::Column(table, index) if !self.old.column(table, index).generated.is_empty())
    }

    fn is_own_column(&self, default: Element, column: Element) -> bool {
        matches!(
            (self.old.kinds[default], self.old.kinds[column]),
            (Kind::Default(table, index), Kind::Column(other, number)) if (table, index) == (other, number)
        )
    }

    /// Whether PostgreSQL rebuilds an object when the type of a column changes. An incomplete index of a partitioned table would
    /// be valid then.
    fn is_rebuilt(&self, object: usize) -> bool {
        let (class, oid) = self.old.objects[object].id;
        match class {
            Class::Catalog(catalog::CLASS) => {
                let index = self.old.model.indexes.get(&oid);
                index.is_some_and(|index| index.is_valid || !index.is_partitioned)
                    || self.old.model.sequences.contains_key(&oid)
            }
            Class::Catalog(catalog::STATISTIC) => true,
            Class::Attached | Class::Marked => true,
            _ => false,
        }
    }
}
