//! The operations that drop elements, and what PostgreSQL drops with them.

use std::cmp::Reverse;

use super::{Apart, Operations, Priority, place};
use crate::diff::elements::{Element, Kind, catalog};
use crate::diff::fate::Fate;
use crate::diff::removal;
use crate::diff::script::{Hazard, Statement};
use crate::model::Constraint;
use crate::object::Class;

impl Operations<'_> {
    /// Adds what drops an old element, unless PostgreSQL drops it with another one.
    pub(super) fn remove(&mut self, pair: usize, old: Element) -> Option<usize> {
        let is_inherited =
            self.old().is_inherited_reference(old) && (!self.fates.leaves(old) || self.old().is_copy(old));
        if self.implied_removal(old).is_some() || is_inherited {
            return None;
        }
        let is_swapped = self.fates.swapped.contains(&pair);
        let mut statements = vec![removal::statement(self.old(), old, is_swapped)?];
        statements[0].replaces = self.is_rechecked(old);
        if self.parents.is_kept_below(old) {
            statements[0].sql = statements[0].sql.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1);
        }
        // PostgreSQL keeps the comment of a subscription that is dropped.
        if let Some(object) =
            self.old().object(old).filter(|object| object.id.0 == Class::Catalog(catalog::SUBSCRIPTION))
        {
            statements.splice(0..0, object.comments.iter().map(|note| Statement::new(note.undo())));
        }
        if let Some(detach) = self.detachment(old) {
            statements.insert(0, detach);
        }
        let (place, label) = (place(self.old(), old), self.old().describe(old));
        let operation = self.push(statements, Priority::Remove(Reverse(place)), label);
        self.removers.insert(old, operation);
        Some(operation)
    }

    /// Whether an old check is added again as it was.
    fn is_rechecked(&self, old: Element) -> bool {
        let (Kind::Constraint(oid), Some(new)) = (self.old().kinds[old], self.fates.pairs.new_of(old)) else {
            return false;
        };
        let Kind::Constraint(new) = self.new_side().kinds[new] else { return false };
        let (before, after) = (&self.old().model.constraints[&oid], &self.new_side().model.constraints[&new]);
        before.kind == "c" && before.definition == after.definition
    }

    /// A partition that a foreign key refers to can't be dropped while it is one.
    fn detachment(&self, old: Element) -> Option<Statement> {
        let (_, oid) = self.old().object(old)?.id;
        let model = &self.old().model;
        let relation = model.relations.get(&oid)?;
        let parent = model.relations.get(&relation.partition_of?)?;
        let is_referenced = self.copies_for(oid).any(|constraint| {
            self.old().relation(constraint.owner.1).is_some_and(|owner| *self.fates.of_old(owner) != Fate::Drop)
        });
        is_referenced.then(|| {
            let sql = format!("ALTER TABLE {} DETACH PARTITION {};", parent.name, relation.name);
            self.detaching(old, Statement::new(sql))
        })
    }

    /// The rows that refer to a partitioned table are checked when a partition leaves it.
    pub(super) fn detaching(&self, old: Element, detach: Statement) -> Statement {
        let elements = self.old();
        // One that is dropped is so before, unless it goes with its table, or is one of the partition, too.
        let above = self.parents.tables_above(elements, old);
        let is_dropped = |&found: &Element| {
            let owner = elements.owner_of(found).filter(|owner| !above.contains(owner));
            self.fates.of_old(found).is_gone() && owner.is_some_and(|owner| self.fates.of_old(owner).stays())
        };
        let kept = self.references_to_partition(old).filter(|found| !is_dropped(found));
        let owners = kept.filter_map(|found| elements.table(elements.owner_of(found)?));
        let mut names: Vec<&String> = owners.map(|(_, owner)| &owner.name).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().fold(detach, |detach, name| {
            detach.with(Hazard::DependsOnRows(name.clone())).with(Hazard::BlockingLock(name.clone()))
        })
    }

    /// The foreign keys that refer to a partition because they refer to its table.
    pub(super) fn references_to_partition(&self, old: Element) -> impl Iterator<Item = Element> {
        let elements = self.old();
        let partition = elements.table(old).map(|(oid, _)| oid);
        let copies = partition.into_iter().flat_map(|oid| self.copies_for(oid));
        copies.filter_map(|found| elements.element((catalog::CONSTRAINT, found.parent?, 0)))
    }

    /// The copies of foreign keys for a partition that they refer to.
    fn copies_for(&self, partition: u32) -> impl Iterator<Item = &Constraint> {
        self.old().referring_to(partition).filter(|found| found.is_inherited)
    }

    /// The old element with which PostgreSQL drops this one.
    pub(super) fn implied_removal(&self, old: Element) -> Option<Element> {
        let is_gone = |element: Element| self.fates.of_old(element).is_gone();
        if self.goes_apart(old) {
            return None;
        }
        // A foreign key of a partition goes with that of the partitioned table.
        if self.old().is_inherited_reference(old)
            && !self.fates.leaves(old)
            && let Some(above) = self.old().constraint_above(old).filter(|&above| is_gone(above))
        {
            return Some(above);
        }
        if matches!(self.old().kinds[old], Kind::Column(..))
            && let Some(owner) = self.old().owner_of(old)
            && let Some(of_type) = self.fates.pairs.new_of(owner).and_then(|table| self.parents.kept_type(table))
        {
            return self.fates.pairs.old_of(of_type);
        }
        let automatic = self.old().uses[old].iter().filter(|(_, is_automatic)| *is_automatic).map(|&(used, _)| used);
        let automatic = automatic.filter(|&used| !self.fates.is_taken_along(old, used) && !self.outlives(old, used));
        automatic.chain(self.parents.above(old)).find(|&used| used != old && is_gone(used))
    }

    /// Whether an old element is dropped before its table.
    fn goes_apart(&self, old: Element) -> bool {
        let is_whole = self.apart == Apart::Parts;
        match self.old().kinds[old] {
            Kind::Constraint(oid) => {
                let found = &self.old().model.constraints[&oid];
                let is_apart = found.kind == "f" && self.apart != Apart::Nothing || found.kind == "c" && is_whole;
                is_apart && !found.is_inherited && self.old().checks_above(old).next().is_none()
            }
            Kind::Default(..) => is_whole,
            Kind::Object(index) => {
                let parts = [catalog::POLICY, catalog::REWRITE, catalog::TRIGGER].map(Class::Catalog);
                is_whole && parts.contains(&self.old().objects[index].id.0)
            }
            Kind::Column(..) => false,
        }
    }

    /// Whether an old element is a replica identity, which its table keeps when the index is dropped: it then has none.
    fn outlives(&self, old: Element, index: Element) -> bool {
        let is_mark = self.old().object(old).is_some_and(|object| {
            let index = self.old().model.indexes.get(&object.id.1);
            object.id.0 == Class::Marked && index.is_some_and(|index| index.is_replica_identity)
        });
        let owner = self.old().owner_of(old).filter(|&owner| is_mark && owner != index);
        owner.is_some_and(|owner| self.fates.of_old(owner).stays())
    }
}
