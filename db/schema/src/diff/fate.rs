//! What happens to each element: it stays, is changed in place, or is dropped and created. An element that uses a dropped
//! one is dropped before it, and created again if the new schema has it.

mod displaced;
mod not_null;
mod spreading;

use std::collections::{HashMap, HashSet};

use crate::diff::column::{ColumnChange, Columns};
use crate::diff::constraint::{self, Origin};
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::equal_indexes;
use crate::diff::pairs::{Pair, Pairs};
use crate::diff::script::{Form, Hazard, Refusal, Statement};
use crate::diff::versions::{Change, Versions};
use crate::model::{Column, Constraint, Index};
use crate::object::Class;

/// What happens to an element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fate {
    Keep,
    Alter(Vec<Statement>),
    Create,
    Drop,
    /// Dropped and created.
    Replace,
}

impl Fate {
    /// Whether the old element is dropped.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, Self::Drop | Self::Replace)
    }

    /// Whether the new element is created.
    pub(crate) fn is_made(&self) -> bool {
        matches!(self, Self::Create | Self::Replace)
    }

    /// Whether the old element is the new one.
    pub(crate) fn stays(&self) -> bool {
        matches!(self, Self::Keep | Self::Alter(_))
    }
}

/// The fates of all pairs.
pub(crate) struct Fates<'a> {
    pub(crate) old: &'a Elements,
    pub(crate) new: &'a Elements,
    form: Form,
    pub(crate) pairs: Pairs,
    pub(crate) list: Vec<Fate>,
    /// How columns change that are not dropped.
    pub(crate) columns: HashMap<usize, ColumnChange>,
    /// Types and collations that are replaced while columns use them: the old one is renamed until the columns have the new
    /// one.
    pub(crate) swapped: HashSet<usize>,
    pub(crate) refusals: Vec<Refusal>,
    /// Old tables that stay, but not as children of a parent that they have.
    leaving: HashSet<Element>,
    /// New indexes of tables that become partitions, each after the one that is to be attached instead.
    pub(crate) displaced: Vec<(Element, Element)>,
    /// Whether views are also replaced if replacing their queries would do.
    replaces_views: bool,
}

impl<'a> Fates<'a> {
    pub(crate) fn new(old: &'a Elements, new: &'a Elements, form: Form, replaces_views: bool) -> Self {
        let pairs = Pairs::new(old, new);
        let list = vec![Fate::Keep; pairs.list.len()];
        let (columns, swapped, refusals) = (HashMap::new(), HashSet::new(), Vec::new());
        let leaving = leaving(old, new, &pairs);
        let displaced = Vec::new();
        let mut fates =
            Self { old, new, form, pairs, list, columns, swapped, refusals, leaving, displaced, replaces_views };
        for pair in 0..fates.list.len() {
            fates.list[pair] = match fates.pairs.list[pair] {
                Pair { old: Some(_), new: None } => Fate::Drop,
                Pair { old: None, .. } => Fate::Create,
                Pair { old: Some(old), new: Some(new) } => fates.compare(pair, old, new),
            };
        }
        fates.detach_indexes();
        fates.displace_indexes();
        fates.spread();
        fates.unswap();
        fates.keep_not_null();
        fates
    }

    pub(crate) fn of_old(&self, old: Element) -> &Fate {
        &self.list[self.pairs.of_old[old]]
    }

    pub(crate) fn of_new(&self, new: Element) -> &Fate {
        &self.list[self.pairs.of_new[new]]
    }

    /// Whether the type of a column changes, which disturbs what uses it.
    pub(crate) fn is_retyped(&self, pair: usize) -> bool {
        self.list[pair] != Fate::Replace && self.columns.get(&pair).is_some_and(|change| change.changes_type)
    }

    /// Whether a table becomes logged, and does not get or leave a type at the same time.
    pub(crate) fn becomes_logged(&self, new: Element) -> bool {
        let old = self.pairs.old_of(new).filter(|_| matches!(self.of_new(new), Fate::Alter(_)));
        let tables = old.and_then(|old| self.old.table(old)).zip(self.new.table(new));
        tables.is_some_and(|((_, before), (_, after))| {
            before.persistence == "u" && after.persistence == "p" && before.of_type == after.of_type
        })
    }

    fn compare(&mut self, pair: usize, old: Element, new: Element) -> Fate {
        let change = match (self.old.kinds[old], self.new.kinds[new]) {
            (Kind::Object(one), Kind::Object(other)) => {
                let (old_object, new_object) = (&self.old.objects[one], &self.new.objects[other]);
                Versions { old: self.old, new: self.new, old_object, new_object }.change()
            }
            (Kind::Column(..), Kind::Column(..)) => return self.compare_columns(pair, old, new),
            (Kind::Default(table, index), Kind::Default(new_table, new_index)) => {
                let (before, after) = (self.old.column(table, index), self.new.column(new_table, new_index));
                if before.expression == after.expression { Change::None } else { Change::Alter(Vec::new()) }
            }
            (Kind::Constraint(one), Kind::Constraint(other)) => {
                let above = self.check_above(old, new);
                let mut chain = std::iter::successors(above, |&(old, new)| self.check_above(old, new));
                let is_invalid = |elements: &Elements, check: Element| match elements.kinds[check] {
                    Kind::Constraint(oid) => !elements.model.constraints[&oid].is_valid,
                    _ => false,
                };
                let is_below_invalid = chain.any(|(old, new)| is_invalid(self.old, old) && is_invalid(self.new, new));
                let origin = Origin { has_parent: above.is_some(), is_below_invalid };
                let (before, after) = (&self.old.model.constraints[&one], &self.new.model.constraints[&other]);
                match self.refers_to_another(before, after) {
                    true => Change::Replace,
                    false => constraint::change(self.old, self.new, one, other, &origin),
                }
            }
            _ => Change::Replace,
        };
        match change {
            Change::None => Fate::Keep,
            Change::Alter(statements) => Fate::Alter(statements),
            Change::Replace => self.replace(pair),
            Change::Refused(refusal) => {
                self.refusals.push(refusal);
                Fate::Keep
            }
        }
    }

    /// Whether a foreign key is to refer to another one of equal keys.
    fn refers_to_another(&self, before: &Constraint, after: &Constraint) -> bool {
        let key = before.index.and_then(|index| self.old.relation(index)).and_then(|key| self.pairs.new_of(key));
        let mut rivals = equal_indexes::rivals(self.new, after).map(|rival| self.new.relation(rival.oid));
        !after.is_inherited && key.is_some() && rivals.any(|rival| rival == key)
    }

    /// The check of a parent, in both schemas, with which a check of a table that has this parent in both comes.
    fn check_above(&self, old: Element, new: Element) -> Option<(Element, Element)> {
        self.old.checks_above(old).find_map(|above| {
            let new_above = self.pairs.new_of(above)?;
            self.new.checks_above(new).any(|one| one == new_above).then_some((above, new_above))
        })
    }

    /// Compares two columns, whose type or collation may be another one with the same name.
    fn compare_columns(&mut self, pair: usize, old: Element, new: Element) -> Fate {
        let (Kind::Column(old_table, index), Kind::Column(table, new_index)) =
            (self.old.kinds[old], self.new.kinds[new])
        else {
            return Fate::Replace;
        };
        let (before, after) = (self.old.column(old_table, index), self.new.column(table, new_index));
        let has_other = |class: u32| {
            let mut uses = self.old.uses[old].iter().map(|&(used, _)| used);
            uses.any(|used| self.is_of(used, class) && self.is_remade_for(used, new))
        };
        let columns = Columns {
            old_elements: self.old,
            new_elements: self.new,
            table,
            old_table,
            old: before,
            new: after,
            has_other_type: has_other(catalog::TYPE),
            has_other_collation: has_other(catalog::COLLATION),
            rebuilt: (before.type_name != after.type_name)
                .then(|| self.rebuilt(old_table, before, &self.new.model.relations[&table].name))
                .flatten(),
        };
        let change = columns.change();
        let fate = match (&change.replaces, change.actions.is_empty()) {
            (true, _) => Fate::Replace,
            (false, true) => Fate::Keep,
            (false, false) => Fate::Alter(Vec::new()),
        };
        self.columns.insert(pair, change);
        fate
    }

    /// What is blocked while PostgreSQL builds indexes again because a column of an old table gets another type, even if the
    /// rows stay as they are: those with an expression or a condition that uses it, those whose operator classes become others
    /// (CheckIndexCompatible in PostgreSQL's indexcmds.c), and those of partitioned tables, unless they are dropped.
    fn rebuilt(&self, table: u32, column: &Column, name: &str) -> Option<Hazard> {
        let relation = self.old.model.relations.get(&table)?;
        let mut columns = self.old.model.columns.get(&(catalog::CLASS, table))?.iter();
        let own = columns.find(|own| own.name == column.name)?;
        let own = self.old.element((catalog::CLASS, table, own.number))?;
        let is_rebuilt = |index: &Index| {
            let Some(user) = self.old.relation(index.oid) else { return false };
            let Some(new_user) = self.pairs.new_of(user) else { return false };
            let classes = self.new.index_of(new_user).map(|(index, _)| &index.operator_classes);
            let is_other = classes != Some(&index.operator_classes);
            (relation.kind == "p" || index.has_expressions || is_other)
                && self.old.uses[user].iter().any(|&(used, _)| used == own)
        };
        if self.old.indexes_of(table).any(is_rebuilt) {
            let is_partitioned = relation.kind == "p";
            let what = if is_partitioned { format!("each partition of {name}") } else { name.to_owned() };
            return Some(Hazard::BlockingLock(what));
        }
        let mut below = self.old.children_of(table).iter();
        below.find_map(|&child| self.rebuilt(child, column, &self.old.model.relations.get(&child)?.name))
    }

    /// Replaces an element; a type or a collation that columns use is swapped.
    fn replace(&mut self, pair: usize) -> Fate {
        if let Some(old) = self.pairs.list[pair].old
            && let Some(object) = self.old.object(old)
        {
            let is_used = match object.id {
                (Class::Catalog(catalog::TYPE), oid) => {
                    self.old.model.types.get(&oid).is_some_and(|found| found.uses > 0)
                }
                (Class::Catalog(catalog::COLLATION), _) => {
                    let columns = self.old.kinds.iter().zip(&self.old.uses);
                    let mut columns = columns.filter(|(kind, _)| matches!(kind, Kind::Column(..)));
                    columns.any(|(_, uses)| uses.iter().any(|&(used, _)| used == old))
                }
                _ => false,
            };
            let is_type = object.id.0 == Class::Catalog(catalog::TYPE);
            let found = self.old.model.types.get(&object.id.1).filter(|_| is_type);
            let is_range = found.is_some_and(|found| found.kind == "r");
            if is_used && is_range {
                let reason =
                    "columns have this range, and there can't be two with the same constructors and multirange";
                self.refusals.push(Refusal::Unsupported { object: object.describe(), reason });
            }
            if is_used {
                self.swapped.insert(pair);
            }
        }
        Fate::Replace
    }

    /// The pairs of what an element of one side uses and what is replaced or changes its type; indexes apart.
    pub(crate) fn unsteady<'f>(
        &'f self,
        elements: &'f Elements,
        element: Element,
        of: &'f [usize],
    ) -> impl Iterator<Item = usize> + 'f {
        let used = elements.uses[element].iter().filter(|(used, _)| !elements.is_index_like(*used));
        let pairs = used.map(|&(used, _)| of[used]);
        pairs.filter(|&pair| self.list[pair] == Fate::Replace || self.is_retyped(pair))
    }

    /// Whether an old element is replaced by one that a new element uses.
    fn is_remade_for(&self, used: Element, new: Element) -> bool {
        let pair = self.pairs.of_old[used];
        let is_used = |made: Element| self.new.uses[new].iter().any(|&(other, _)| other == made);
        self.list[pair] == Fate::Replace && self.pairs.list[pair].new.is_some_and(is_used)
    }

    /// PostgreSQL neither takes an index out of another one, nor drops a part of one: that is replaced.
    fn detach_indexes(&mut self) {
        let attached: HashMap<u32, Element> = (0..self.old.kinds.len())
            .filter_map(|element| Some((self.old.object(element)?.id, element)))
            .filter_map(|((class, oid), element)| (class == Class::Attached).then_some((oid, element)))
            .collect();
        let parts: Vec<&Index> = self.old.model.indexes.values().filter(|index| index.parent.is_some()).collect();
        // One level of partitions after the other.
        loop {
            let is_gone = |index: &Index| {
                let is_detached = attached.get(&index.oid).is_some_and(|&element| *self.of_old(element) == Fate::Drop);
                is_detached || self.old.relation(index.oid).is_some_and(|part| self.of_old(part).is_gone())
            };
            let stays = |table: Element| self.of_old(table).stays() && !self.leaving.contains(&table);
            let gone = parts.iter().filter(|index| self.old.relation(index.table).is_some_and(stays) && is_gone(index));
            let above = gone.filter_map(|index| self.old.relation(index.parent?));
            let above = above.filter(|&above| self.pairs.new_of(above).is_some() && self.of_old(above).stays());
            let replaced: Vec<usize> = above.map(|above| self.pairs.of_old[above]).collect();
            if replaced.is_empty() {
                return;
            }
            replaced.into_iter().for_each(|pair| self.list[pair] = Fate::Replace);
        }
    }

    /// Whether an old element is part of a partition that leaves its table with what it has.
    pub(crate) fn is_taken_along(&self, user: Element, used: Element) -> bool {
        self.old.parts.contains(&(user, used)) && self.leaves(user)
    }

    /// Whether an old element belongs to a table that leaves a parent.
    pub(crate) fn leaves(&self, old: Element) -> bool {
        self.old.owner_of(old).is_some_and(|owner| self.leaving.contains(&owner))
    }
}

/// The old tables that stay, but not as children of all their parents.
fn leaving(old: &Elements, new: &Elements, pairs: &Pairs) -> HashSet<Element> {
    let names = |elements: &Elements, element: Element| -> Option<Vec<String>> {
        let (Class::Catalog(catalog::CLASS), oid) = elements.object(element)?.id else { return None };
        let parents = &elements.model.relations.get(&oid)?.parents;
        Some(parents.iter().filter_map(|parent| Some(elements.model.relations.get(parent)?.name.clone())).collect())
    };
    let leaves = |element: &Element| {
        let Some(other) = pairs.new_of(*element) else { return false };
        let (Some(before), Some(after)) = (names(old, *element), names(new, other)) else { return false };
        before.iter().any(|name| !after.contains(name))
    };
    (0..old.kinds.len()).filter(leaves).collect()
}
