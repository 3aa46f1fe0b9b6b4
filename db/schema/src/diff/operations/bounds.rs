//! A table that becomes a partition, or is created as one: checks that are validated before prove that all rows are where
//! they belong, so that PostgreSQL does not scan the table, nor the default partition, under a lock.

use super::{Operations, Place, Priority};
use crate::diff::elements::{Element, catalog, quoted};
use crate::diff::name::with_suffix;
use crate::diff::online::{Mode, Step, validation};
use crate::diff::script::{Form, Statement};
use crate::model::{Constraint, Relation};
use crate::object::Class;

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
        Step::together(Statement::new(format!("ALTER TABLE {} DROP CONSTRAINT {};", self.table, self.name)))
    }
}

impl<'a> Operations<'a> {
    /// What attaches a table as a partition. `None` if it is not scanned for that, or has to be.
    pub(super) fn attachment_chain(
        &self,
        table: Element,
        attach: &[String],
        place: &Place,
    ) -> Option<Vec<(Vec<Step>, Priority)>> {
        let model = &self.new_side().model;
        let oid = self.new_side().object(table).filter(|_| self.form == Form::Online)?.id.1;
        let partition = model.relations.get(&oid).filter(|found| matches!(found.kind.as_str(), "r" | "p"))?;
        let parent = partition.partition_of?;
        let references = self.references_of_parent(oid);
        if !references.is_empty() && partition.kind == "p" {
            return None;
        }
        let condition = self.condition(partition)?;
        let mut checks = vec![Check { table: &partition.name, name: named(partition, "belongs"), condition }];
        if let Some(default) = self.default_partition(parent).filter(|default| default.name != partition.name) {
            let own = own_condition(partition, &model.relations[&parent])?;
            let condition = format!("NOT {own}");
            checks.push(Check { table: &default.name, name: named(partition, "is_elsewhere"), condition });
        }
        let mut chain = self.checked(&references, place);
        chain[0].0.extend(checks.iter().map(Check::add));
        chain[1].0.extend(checks.iter().map(|check| validation(check.table, &check.name)));
        let attach = attach.iter().map(|sql| Step::together(Statement::new(sql.clone())));
        chain.push((attach.chain(checks.iter().map(Check::drop)).collect(), Priority::Finish(place.clone())));
        Some(chain)
    }

    /// What creates a partition next to the default partition, without scanning that under a lock. `None` if it is not
    /// scanned for that.
    pub(super) fn partition_chain(
        &self,
        new: Element,
        statements: &[Statement],
        place: &Place,
    ) -> Option<Vec<(Vec<Step>, Priority)>> {
        let model = &self.new_side().model;
        let id = self.new_side().object(new).filter(|_| self.form == Form::Online)?.id;
        let partition = model.relations.get(&id.1).filter(|_| id.0 == Class::Catalog(catalog::CLASS))?;
        let parent = partition.partition_of?;
        let default = self.default_partition(parent).filter(|default| matches!(default.kind.as_str(), "r" | "p"))?;
        let condition = format!("NOT {}", own_condition(partition, &model.relations[&parent])?);
        let check = Check { table: &default.name, name: named(partition, "is_elsewhere"), condition };
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
        let own = elements.model.constraints.values().filter(|found| found.owner == (catalog::CLASS, table));
        let inherited = own.filter(|found| {
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

    /// The default partition of a table, if it may have rows.
    fn default_partition(&self, parent: u32) -> Option<&'a Relation> {
        let elements = self.new_side();
        let mut partitions = elements.model.relations.iter().filter(|(_, found)| found.partition_of == Some(parent));
        let (&oid, default) = partitions.find(|(_, found)| found.bound.as_deref() == Some("DEFAULT"))?;
        elements.relation(oid).filter(|&table| self.parents.keeps_parent(table)).map(|_| default)
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
