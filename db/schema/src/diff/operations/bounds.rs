//! A table that becomes a partition, or is created as one: checks that are validated before prove that all rows are where
//! they belong, so that PostgreSQL does not scan the table, nor the default partition, under a lock.

use super::{Chain, Operations, Place, Priority};
use crate::diff::elements::{Element, catalog, quoted};
use crate::diff::name::with_suffix;
use crate::diff::online::{Mode, Step, validation};
use crate::diff::parents::Rebound;
use crate::diff::script::{Form, Statement};
use crate::model::{Constraint, Relation};

/// A check that a table has while another one is attached.
struct Check<'a> {
    table: &'a str,
    /// Quoted.
    name: String,
    condition: String,
}

impl Check<'_> {
    fn add(&self) -> Step {
        let Self { table, name, condition } = self;
        let sql = format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID;");
        Step::together(Statement::new(sql))
    }

    fn drop(&self) -> Step {
        Step::together(Statement::replacing(format!("ALTER TABLE {} DROP CONSTRAINT {};", self.table, self.name)))
    }
}

impl<'a> Operations<'a> {
    /// What attaches a table as a partition. `None` if it is not scanned for that, or has to be.
    pub(super) fn attachment_chain(&self, table: Element, attach: &[Statement], place: &Place) -> Option<Chain> {
        let (oid, partition) = self.scanned(table)?;
        // One that refers to the partitioned table is checked when the rows are there.
        let is_upward = |reference: &&Constraint| {
            let element = self.new_side().element((catalog::CONSTRAINT, reference.oid, 0));
            element.is_some_and(|element| self.refers_upward(element, table))
        };
        let (upward, references): (Vec<_>, Vec<_>) = self.references_of_parent(oid).into_iter().partition(is_upward);
        if !references.is_empty() && partition.kind == "p" {
            return None;
        }
        let checks = self.checks(partition, self.default_beside(partition).map(|(_, default)| default))?;
        let mut chain = self.checked(&references, place);
        chain[0].0.extend(checks.iter().map(Check::add));
        chain[1].0.extend(checks.iter().map(|check| validation(check.table, &check.name)));
        let attach = attach.iter().cloned().map(|statement| match upward.is_empty() {
            true => Step::together(statement),
            false => Step::together(self.attaching(table, statement)),
        });
        chain.push((attach.chain(checks.iter().map(Check::drop)).collect(), Priority::Finish(place.clone())));
        Some(chain)
    }

    /// What gives partitions other bounds, all at once: one may take over values of another. The default partition, whose
    /// rows depend on the others, comes last.
    pub(super) fn rebound_chain(&self, mut rebounds: Vec<Rebound>, place: &Place) -> Chain {
        rebounds.sort_by_key(|rebound| self.is_default(rebound.new));
        let (mut checks, mut last): (Vec<Check>, Vec<Statement>) = (Vec::new(), Vec::new());
        last.extend(
            rebounds.iter().map(|rebound| self.detaching(rebound.old, Statement::replacing(rebound.detach.clone()))),
        );
        for Rebound { new, attach, .. } in &rebounds {
            let scanned = self.scanned(*new).filter(|(_, partition)| !self.precedes_others(partition));
            let own = scanned.and_then(|(_, partition)| self.checks(partition, self.kept_default(partition)));
            last.push(if own.is_some() {
                Statement::new(attach.clone())
            } else {
                self.attaching(*new, Statement::new(attach.clone()))
            });
            checks.extend(own.into_iter().flatten());
        }
        let mut last = Step::all(last, Mode::Together);
        last.extend(checks.iter().map(Check::drop));
        if checks.is_empty() {
            return vec![(last, Priority::Make(place.clone()))];
        }
        vec![
            (checks.iter().map(Check::add).collect(), Priority::Make(place.clone())),
            (
                checks.iter().map(|check| validation(check.table, &check.name)).collect(),
                Priority::Validate(place.clone()),
            ),
            (last, Priority::Finish(place.clone())),
        ]
    }

    /// A table that is scanned when it is attached while others use it, with its OID.
    fn scanned(&self, table: Element) -> Option<(u32, &'a Relation)> {
        let is_scanned = |found: &Relation| self.form == Form::Online && matches!(found.kind.as_str(), "r" | "p");
        self.new_side().table(table).filter(|(_, found)| is_scanned(found))
    }

    /// The checks with which a table is attached without a scan of it or of the default partition.
    fn checks(&self, partition: &'a Relation, default: Option<&'a Relation>) -> Option<Vec<Check<'a>>> {
        let condition = self.condition(partition)?;
        let mut checks = vec![Check { table: &partition.name, name: named(partition, "belongs"), condition }];
        if let Some(default) = default {
            checks.push(self.elsewhere(default, partition)?);
        }
        Some(checks)
    }

    /// The check that the default partition of a table has no rows that belong to another partition.
    fn elsewhere(&self, default: &'a Relation, partition: &Relation) -> Option<Check<'a>> {
        let own = own_condition(partition, &self.new_side().model.relations[&partition.partition_of?])?;
        Some(Check { table: &default.name, name: named(partition, "is_elsewhere"), condition: format!("NOT {own}") })
    }

    /// What creates a partition next to the default partition, without scanning that under a lock. `None` if it is not
    /// scanned for that.
    pub(super) fn partition_chain(&self, new: Element, statements: &[Statement], place: &Place) -> Option<Chain> {
        let (_, partition) = self.new_side().table(new).filter(|_| self.form == Form::Online)?;
        let check = self.elsewhere(self.default_beside(partition)?.1, partition)?;
        let mut create = Step::all(statements.to_vec(), Mode::Together);
        create.push(check.drop());
        Some(vec![
            (vec![check.add()], Priority::Make(place.clone())),
            (vec![validation(check.table, &check.name)], Priority::Validate(place.clone())),
            (create, Priority::Finish(place.clone())),
        ])
    }

    /// The foreign keys that a table gets from the one that it becomes a partition of, and does not have yet.
    fn references_of_parent(&self, table: u32) -> Vec<&'a Constraint> {
        let elements = self.new_side();
        let is_new = |found: &&Constraint| {
            let element = elements.element((catalog::CONSTRAINT, found.oid, 0));
            element.is_some_and(|element| self.fates.of_new(element).is_made())
        };
        let inherited = elements.constraints_of(table).filter(|found| {
            let above = found.parent.and_then(|above| elements.model.constraints.get(&above));
            found.kind == "f" && above.is_some_and(|above| above.owner != found.owner)
        });
        let mut found: Vec<&Constraint> = inherited.filter(is_new).collect();
        found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        found
    }

    /// What PostgreSQL requires of the rows of a partition. That of a hash names the table above. `None` if it does not
    /// recognize a check with the same text: the hash of a text has no collation in a bound, but one in a check.
    fn condition(&self, partition: &Relation) -> Option<String> {
        let relations = &self.new_side().model.relations;
        let mut condition = partition.condition.clone()?;
        let mut above = partition.partition_of;
        while let Some((oid, found)) = above.and_then(|oid| Some((oid, relations.get(&oid)?))) {
            if found.partition_key.as_deref().is_some_and(|key| self.hashes_text(oid, key)) {
                return None;
            }
            let name = connection::quote_literal(&found.name);
            let (from, to) = (
                format!("satisfies_hash_partition('{oid}'::oid,"),
                format!("satisfies_hash_partition({name}::regclass,"),
            );
            condition = condition.replace(&from, &to);
            above = found.partition_of;
        }
        Some(condition)
    }

    /// Whether a key of partitions may hash values with a collation.
    fn hashes_text(&self, table: u32, key: &str) -> bool {
        let Some(columns) = key.strip_prefix("HASH (") else { return false };
        let own = self.new_side().model.columns.get(&(catalog::CLASS, table)).into_iter().flatten();
        let mut collatable = own.filter(|column| matches!(column.category.as_str(), "S" | "A" | "X"));
        columns.contains('(') || collatable.any(|column| columns.contains(&column.name))
    }

    /// The default partition beside another one, if it is a partition already, also one with other bounds, and is scanned for
    /// rows that belong to others.
    fn default_beside(&self, partition: &Relation) -> Option<(Element, &'a Relation)> {
        let elements = self.new_side();
        let partitions = elements.children_of(partition.partition_of?).iter();
        let partitions = partitions.map(|&oid| (oid, &elements.model.relations[&oid]));
        let (oid, default) = partitions.into_iter().find(|(_, found)| found.is_default_partition())?;
        let is_scanned = matches!(default.kind.as_str(), "r" | "p") && default.name != partition.name;
        let table = elements.relation(oid).filter(|&table| is_scanned && self.parents.keeps_parent(table))?;
        Some((table, default))
    }

    /// Whether a partition becomes the default one before others are there: its condition is not yet the one that a check
    /// could say.
    fn precedes_others(&self, partition: &Relation) -> bool {
        let elements = self.new_side();
        let siblings = partition.partition_of.into_iter().flat_map(|parent| elements.children_of(parent));
        let mut siblings = siblings.filter_map(|&sibling| elements.relation(sibling));
        partition.is_default_partition() && siblings.any(|sibling| !self.parents.keeps_parent(sibling))
    }

    /// The same as [`Self::default_beside`], if it has been the default partition before.
    fn kept_default(&self, partition: &Relation) -> Option<&'a Relation> {
        let (table, default) = self.default_beside(partition)?;
        let (_, before) = self.old().table(self.fates.pairs.old_of(table)?)?;
        before.is_default_partition().then_some(default)
    }

    fn is_default(&self, new: Element) -> bool {
        self.new_side().table(new).is_some_and(|(_, found)| found.is_default_partition())
    }
}

/// The part of the condition of a partition that comes from its own bound.
fn own_condition(partition: &Relation, parent: &Relation) -> Option<String> {
    let condition = partition.condition.as_deref()?;
    let Some(above) = &parent.condition else { return Some(condition.to_owned()) };
    let inner = condition.strip_prefix('(')?.strip_suffix(')')?;
    let list = above.strip_prefix('(').and_then(|above| above.strip_suffix(')'));
    let starts = [list, Some(above.as_str())].into_iter().flatten();
    let own = starts.filter_map(|start| inner.strip_prefix(start)?.strip_prefix(" AND ")).next()?;
    Some(format!("({own})"))
}

/// The name of a check, from that of the partition.
fn named(partition: &Relation, what: &str) -> String {
    quoted(&with_suffix(&partition.bare_name, &format!("_{what}")))
}
