//! How two versions of an object differ, and which statements change one to the other in place.

use crate::diff::elements::{Elements, catalog};
use crate::diff::script::{Hazard, Refusal, Statement};
use crate::diff::versions::{Change, Versions};
use crate::diff::{foreign, publication, routine, sequence, subscription, table, types, view};
use crate::object::Class;

/// What default privileges are about.
pub(crate) const NEW_OBJECTS: &str = "objects that are created from now on";

impl Versions<'_> {
    /// What creates the object is compared without what has statements of its own.
    pub(crate) fn change(&self) -> Change {
        let (Class::Catalog(class), old) = self.old_object.id else { return self.text() };
        let new = self.new_object.id.1;
        match class {
            catalog::CLASS => self.relation(old, new),
            catalog::PROC => routine::change(self, old, new),
            catalog::TYPE => types::change(self, old, new),
            catalog::EXTENSION => self.extension(old, new),
            catalog::POLICY => self.policy(old, new),
            catalog::TRIGGER | catalog::REWRITE | catalog::EVENT_TRIGGER => self.switched(),
            catalog::DEFAULT_ACL => self.default_privileges(),
            catalog::PUBLICATION => publication::change(self),
            catalog::SUBSCRIPTION => subscription::change(self),
            catalog::FOREIGN_DATA_WRAPPER | catalog::SERVER | catalog::USER_MAPPING => foreign::change(self),
            _ => self.text(),
        }
    }

    fn relation(&self, old: u32, new: u32) -> Change {
        if let (Some(_), Some(_)) = (self.old.facts.indexes.get(&old), self.new.facts.indexes.get(&new)) {
            return self.index(old, new);
        }
        let (Some(old_facts), Some(new_facts)) =
            (self.old.facts.relations.get(&old), self.new.facts.relations.get(&new))
        else {
            return self.text();
        };
        match (old_facts.kind.as_str(), new_facts.kind.as_str()) {
            ("S", "S") => sequence::change(self, old, new),
            ("v", "v") => view::change(self, old, new),
            ("m", "m") => self.text(),
            ("r" | "p" | "f", "r" | "p" | "f") => table::change(self, old_facts, new_facts),
            _ => Change::Replace,
        }
    }

    /// An index whose definition is the same may have other settings, which are statements after its definition.
    fn index(&self, old: u32, new: u32) -> Change {
        let (before, after) = (&self.old.facts.indexes[&old], &self.new.facts.indexes[&new]);
        let (old_text, new_text) = (self.old_object.definition(), self.new_object.definition());
        if before.constraint.is_some() != after.constraint.is_some() {
            return Change::Replace;
        }
        if old_text == new_text {
            return Change::None;
        }
        if before.name != after.name {
            let sql = format!("ALTER INDEX {} RENAME TO {};", before.name, after.quoted_name);
            return Change::Alter(vec![Statement::new(sql)]);
        }
        if before.definition != after.definition || before.is_valid != after.is_valid {
            return Change::Replace;
        }
        let old_settings: Vec<&str> = old_text.lines().filter(|line| line.starts_with("ALTER INDEX ")).collect();
        let settings = new_text.lines().filter(|line| line.starts_with("ALTER INDEX "));
        let missing = old_settings.iter().any(|line| !new_text.contains(*line));
        if missing && before.constraint.is_none() {
            return Change::Replace;
        }
        Change::of(settings.filter(|line| !old_settings.contains(line)).map(Statement::new).collect())
    }

    /// A trigger, an event trigger or a rule, and whether it is enabled.
    fn switched(&self) -> Change {
        let (old, new) = (self.old_object.definition(), self.new_object.definition());
        if old == new {
            return Change::None;
        }
        let is_state = |line: &str| line.starts_with("ALTER TABLE ") || line.starts_with("ALTER EVENT TRIGGER ");
        let split = |text: &str| match text.rsplit_once('\n') {
            Some((definition, state)) if is_state(state) => (definition.to_owned(), Some(state.to_owned())),
            _ if text.starts_with("ALTER TABLE ") => (String::new(), Some(text.to_owned())),
            _ => (text.to_owned(), None),
        };
        let ((old_definition, old_state), (new_definition, new_state)) = (split(&old), split(&new));
        let is_other = old_definition != new_definition;
        let replaced = is_other.then(|| self.replaced(&old_definition, &new_definition)).flatten();
        if is_other && replaced.is_none() {
            return Change::Replace;
        }
        let enabled = |state: &str| {
            // That of an event trigger is at the end.
            let modes = ["DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"];
            let enable = |state: String, mode: &str| {
                let last = state.strip_suffix(&format!(" {mode};")).map(|start| format!("{start} ENABLE;"));
                last.unwrap_or_else(|| state.replacen(&format!(" {mode} "), " ENABLE ", 1))
            };
            modes.into_iter().fold(state.to_owned(), enable)
        };
        // A rule that is replaced is enabled as it was, and a trigger always.
        let state = match (new_state, old_state) {
            (Some(new), Some(old)) if new == old && !new_definition.starts_with("CREATE TRIGGER ") => None,
            (Some(new), _) => Some(new),
            (None, old) => old.map(|old| enabled(&old)),
        };
        Change::of(replaced.into_iter().chain(state.map(Statement::new)).collect())
    }

    /// Makes one trigger or rule the other, so that there always is one. `None` if PostgreSQL can't: for constraint triggers
    /// and event triggers. A trigger of a partitioned table would enable those of its partitions again.
    fn replaced(&self, old: &str, new: &str) -> Option<Statement> {
        let table = &self.new_object.key.1;
        let is_partitioned = self.new.facts.relations.values().any(|found| found.name == *table && found.kind == "p");
        let is_possible = |start: &str| old.starts_with(start) && new.starts_with(start);
        let is_kept = is_possible("CREATE TRIGGER ") && !is_partitioned || is_possible("CREATE RULE ");
        is_kept.then(|| Statement::new(new.replacen("CREATE ", "CREATE OR REPLACE ", 1)))
    }

    fn extension(&self, oid: u32, new_oid: u32) -> Change {
        let (old, new) = (self.old_object.definition(), self.new_object.definition());
        let split = |text: &str| -> Option<(String, String, String)> {
            let (start, version) = text.rsplit_once(" VERSION ")?;
            let (name, schema) = start.strip_prefix("CREATE EXTENSION ")?.rsplit_once(" SCHEMA ")?;
            Some((name.to_owned(), schema.to_owned(), version.trim_end_matches(';').to_owned()))
        };
        if old == new {
            let members = |elements: &Elements, oid: u32| elements.facts.members.get(&oid).cloned();
            return match members(self.old, oid) == members(self.new, new_oid) {
                true => Change::None,
                false => Change::Refused(Refusal::Unsupported {
                    object: self.new_object.describe(),
                    reason: "it has other members, by ALTER EXTENSION … ADD or DROP",
                }),
            };
        }
        let (Some((name, old_schema, old_version)), Some((_, schema, version))) = (split(&old), split(&new)) else {
            return Change::Replace;
        };
        if old_schema != schema && !self.old.facts.relocatable.contains(&oid) {
            return Change::Replace;
        }
        let mut statements = Vec::new();
        if old_version != version {
            if !self.old.facts.updates.get(&oid).is_some_and(|versions| versions.contains(&version)) {
                return Change::Replace;
            }
            let hazard = Hazard::ExtensionVersion(format!("version {version} of extension {name}"));
            statements.push(Statement::new(format!("ALTER EXTENSION {name} UPDATE TO {version};")).with(hazard));
        }
        if old_schema != schema {
            statements.push(Statement::new(format!("ALTER EXTENSION {name} SET SCHEMA {schema};")));
        }
        Change::of(statements)
    }

    /// ALTER POLICY changes roles and expressions, but can't remove an expression.
    fn policy(&self, old: u32, new: u32) -> Change {
        let (Some(before), Some(after)) = (self.old.facts.policies.get(&old), self.new.facts.policies.get(&new)) else {
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
            clauses += &format!(" TO {}", after.roles);
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
        let table = self.new.facts.relations.get(&after.table).map(|table| table.name.as_str()).unwrap_or_default();
        let hazard = Hazard::AuthorizationChange(table.to_owned());
        let statement = Statement::new(format!("ALTER POLICY {} ON {table}{clauses};", after.name)).with(hazard);
        Change::Alter(vec![statement])
    }

    fn default_privileges(&self) -> Change {
        let (old, new) = (self.old_object.definition(), self.new_object.definition());
        let before = undone_default_privileges(&old, &new);
        let after = new.lines().filter(|line| !old.lines().any(|other| other == *line)).map(str::to_owned);
        let hazard = || Hazard::AuthorizationChange(NEW_OBJECTS.to_owned());
        Change::of(before.into_iter().chain(after).map(|sql| Statement::new(sql).with(hazard())).collect())
    }
}

/// The statements that undo default privileges, the last first, except those that are also in `kept`.
pub(crate) fn undone_default_privileges(old: &str, kept: &str) -> Vec<String> {
    let undone = old.lines().rev().filter(|line| !kept.lines().any(|other| other == *line));
    undone.filter_map(undo_default_privilege).collect()
}

fn undo_default_privilege(statement: &str) -> Option<String> {
    let text = statement.trim_end_matches(';').trim_end_matches(" WITH GRANT OPTION");
    let (verb, other, preposition, opposite) = if text.contains(" GRANT ") {
        (" GRANT ", " REVOKE ", " TO ", " FROM ")
    } else {
        (" REVOKE ", " GRANT ", " FROM ", " TO ")
    };
    let (start, rest) = text.split_once(verb)?;
    let (what, role) = rest.rsplit_once(preposition)?;
    Some(format!("{start}{other}{what}{opposite}{role};"))
}
