//! How two versions of an object differ, and which statements change one to the other in place.

use crate::diff::elements::{Elements, catalog};
use crate::diff::script::{Hazard, Refusal, Statement};
use crate::diff::versions::{Change, Versions};
use crate::diff::{foreign, publication, routine, sequence, subscription, table, types, view};
use crate::model::Index;
use crate::model::extension::Extension;
use crate::model::trigger::Trigger;
use crate::object::Class;

/// What default privileges are about.
pub(crate) const NEW_OBJECTS: &str = "objects that are created from now on";

impl Versions<'_> {
    /// What creates the object is compared without what has statements of its own.
    pub(crate) fn change(&self) -> Change {
        let (old, new) = (self.old_object.id.1, self.new_object.id.1);
        let class = match self.old_object.id.0 {
            Class::Catalog(class) => class,
            // The index may have another name, and the one above it, too.
            Class::Attached => return Change::None,
            Class::Marked => return self.marks(old, new),
            _ => return self.text(),
        };
        match class {
            catalog::CLASS => self.relation(old, new),
            catalog::PROC => routine::change(self, old, new),
            catalog::TYPE => types::change(self, old, new),
            catalog::EXTENSION => self.extension(old, new),
            catalog::POLICY => self.policy(old, new),
            catalog::TRIGGER | catalog::REWRITE => self.trigger(class, old, new),
            catalog::EVENT_TRIGGER => self.event_trigger(old, new),
            catalog::DEFAULT_ACL => self.default_privileges(old, new),
            catalog::PUBLICATION => publication::change(self, old, new),
            catalog::SUBSCRIPTION => subscription::change(self, old, new),
            catalog::FOREIGN_DATA_WRAPPER | catalog::SERVER | catalog::USER_MAPPING => {
                foreign::change(self, class, old, new)
            }
            catalog::OPERATOR => self.operator(old, new),
            _ => self.text(),
        }
    }

    fn operator(&self, old: u32, new: u32) -> Change {
        let [before, after] = [&self.old.model, &self.new.model].map(|model| &model.operators.operators);
        let (before, after) = (&before[&old], &after[&new]);
        match after.filling(before) {
            Some(sql) => Change::Alter(vec![Statement::new(sql)]),
            None if after.creates_shell(before) => Change::Replace,
            None => self.text(),
        }
    }

    fn relation(&self, old: u32, new: u32) -> Change {
        if let (Some(_), Some(_)) = (self.old.model.indexes.get(&old), self.new.model.indexes.get(&new)) {
            return self.index(old, new);
        }
        let (Some(before), Some(after)) = (self.old.model.relations.get(&old), self.new.model.relations.get(&new))
        else {
            return self.text();
        };
        match (before.kind.as_str(), after.kind.as_str()) {
            ("S", "S") => sequence::change(self, old, new),
            ("v", "v") => view::change(self, old, new),
            ("m", "m") => view::change_materialized(self),
            ("r" | "p" | "f", "r" | "p" | "f") => table::change(self, before, after),
            _ => Change::Replace,
        }
    }

    /// The marks of an index that may have another name.
    fn marks(&self, old: u32, new: u32) -> Change {
        let marks = |elements: &Elements, oid: u32| {
            elements.model.indexes.get(&oid).map(|index| (index.is_clustered, index.is_replica_identity))
        };
        if marks(self.old, old) == marks(self.new, new) { Change::None } else { self.text() }
    }

    /// An index whose definition is the same may have other settings, and another name.
    fn index(&self, old: u32, new: u32) -> Change {
        let (before, after) = (&self.old.model.indexes[&old], &self.new.model.indexes[&new]);
        let key = |elements: &Elements, index: &Index| {
            let found = index.constraint.and_then(|oid| elements.model.constraints.get(&oid));
            found.map(|constraint| constraint.definition.clone())
        };
        let is_same = match (key(self.old, before), key(self.new, after)) {
            // Its own definition has settings, too.
            (Some(one), Some(other)) => one == other,
            (None, None) => before.fixed_definition() == after.fixed_definition() || before.name != after.name,
            _ => false,
        };
        if !is_same || before.is_valid != after.is_valid {
            return Change::Replace;
        }
        let renamed = (before.name != after.name && before.constraint.is_none())
            .then(|| format!("ALTER INDEX {} RENAME TO {};", before.name, after.quoted_name));
        Change::of(renamed.into_iter().chain(after.changed_settings(before)).map(Statement::new).collect())
    }

    /// A trigger or a rule, and when it fires.
    fn trigger(&self, class: u32, old: u32, new: u32) -> Change {
        let (old, new) = (self.old.model.triggers.get(&(class, old)), self.new.model.triggers.get(&(class, new)));
        let (Some(before), Some(after)) = (old, new) else { return self.text() };
        let is_other = before.definition != after.definition;
        let replaced = is_other.then(|| self.replaced(before, after)).flatten();
        if is_other && replaced.is_none() {
            return Change::Replace;
        }
        let table = self.new.model.relations.get(&after.table).map(|table| table.name.as_str()).unwrap_or_default();
        // A rule that is replaced is enabled as it was, and a trigger always.
        let is_enabled = replaced.is_some() && class == catalog::TRIGGER && after.altered().is_some();
        let is_altered = is_enabled || before.altered() != after.altered();
        let enable = is_altered.then(|| Statement::new(after.enable(class, table)));
        Change::of(replaced.into_iter().chain(enable).collect())
    }

    /// Makes one trigger or rule the other, so that there always is one. `None` if PostgreSQL can't, as for constraint
    /// triggers. A trigger of a partitioned table would enable those of its partitions again.
    fn replaced(&self, old: &Trigger, new: &Trigger) -> Option<Statement> {
        let (old, definition) = (old.definition.as_ref()?, new.definition.as_ref()?);
        let is_partitioned = self.new.model.relations.get(&new.table).is_some_and(|table| table.kind == "p");
        let is_possible = |start: &str| old.starts_with(start) && definition.starts_with(start);
        let is_kept = is_possible("CREATE TRIGGER ") && !is_partitioned || is_possible("CREATE RULE ");
        is_kept.then(|| Statement::new(definition.replacen("CREATE ", "CREATE OR REPLACE ", 1)))
    }

    fn event_trigger(&self, old: u32, new: u32) -> Change {
        let (before, after) = (self.old.model.event_triggers.get(&old), self.new.model.event_triggers.get(&new));
        let (Some(before), Some(after)) = (before, after) else { return self.text() };
        if before.creation() != after.creation() {
            return Change::Replace;
        }
        let differs = before.firing != after.firing;
        Change::of(differs.then(|| Statement::new(after.enable())).into_iter().collect())
    }

    fn extension(&self, old: u32, new: u32) -> Change {
        let (before, after) = (self.old.model.extensions.get(&old), self.new.model.extensions.get(&new));
        let (Some(before), Some(after)) = (before, after) else { return self.text() };
        let Extension { name, schema, version, .. } = after;
        if (&before.schema, &before.version) == (schema, version) {
            return match before.members == after.members {
                true => Change::None,
                false => Change::Refused(Refusal::Unsupported {
                    object: self.new_object.describe(),
                    reason: "it has other members, by ALTER EXTENSION … ADD or DROP",
                }),
            };
        }
        if before.schema != *schema && !before.is_relocatable {
            return Change::Replace;
        }
        let mut statements = Vec::new();
        if before.version != *version {
            if !before.updates.contains(version) {
                return Change::Replace;
            }
            let hazard = Hazard::ExtensionVersion(format!("version {version} of extension {name}"));
            statements.push(Statement::new(format!("ALTER EXTENSION {name} UPDATE TO {version};")).with(hazard));
        }
        if before.schema != *schema {
            statements.push(Statement::new(format!("ALTER EXTENSION {name} SET SCHEMA {schema};")));
        }
        Change::of(statements)
    }

    /// ALTER POLICY changes roles and expressions, but can't remove an expression.
    fn policy(&self, old: u32, new: u32) -> Change {
        let (Some(before), Some(after)) = (self.old.model.policies.get(&old), self.new.model.policies.get(&new)) else {
            return self.text();
        };
        if before.is_permissive != after.is_permissive
            || before.command != after.command
            || (before.using.is_some() && after.using.is_none())
            || (before.check.is_some() && after.check.is_none())
        {
            return Change::Replace;
        }
        let mut clauses = String::new();
        if before.roles != after.roles {
            clauses += &format!(" TO {}", after.roles.join(", "));
        }
        for (keyword, before, after) in
            [("USING", &before.using, &after.using), ("WITH CHECK", &before.check, &after.check)]
        {
            if let Some(after) = after.as_ref().filter(|_| before != after) {
                clauses += &format!(" {keyword} ({after})");
            }
        }
        if clauses.is_empty() {
            return Change::None;
        }
        let table = self.new.model.relations.get(&after.table).map(|table| table.name.as_str()).unwrap_or_default();
        let hazard = Hazard::AuthorizationChange(table.to_owned());
        let statement = Statement::new(format!("ALTER POLICY {} ON {table}{clauses};", after.name)).with(hazard);
        Change::Alter(vec![statement])
    }

    fn default_privileges(&self, old: u32, new: u32) -> Change {
        let (before, after) =
            (self.old.model.default_privileges.get(&old), self.new.model.default_privileges.get(&new));
        let (Some(before), Some(after)) = (before, after) else { return self.text() };
        let (old, new) = (before.statements(), after.statements());
        let undone = before.undone(&new);
        let added = new.into_iter().filter(|statement| !old.contains(statement));
        let hazard = || Hazard::AuthorizationChange(NEW_OBJECTS.to_owned());
        Change::of(undone.into_iter().chain(added).map(|sql| Statement::new(sql).with(hazard())).collect())
    }
}
