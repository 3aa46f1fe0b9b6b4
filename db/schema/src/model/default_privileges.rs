//! Default privileges: what new objects get that a role creates.

use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, Terms, catalog};

/// The default privileges of one kind of objects, where they differ from the usual ones.
#[derive(Debug, Clone)]
pub(crate) struct DefaultPrivileges {
    /// The role that creates the objects, as SQL names it.
    pub(crate) role: String,
    /// Whether it is the role that migrates.
    pub(crate) is_of_migrator: bool,
    /// The quoted name; `None` for all schemas.
    schema: Option<String>,
    /// As in `pg_default_acl.defaclobjtype`.
    kind: String,
    /// Without an object.
    pub(crate) terms: Vec<Terms>,
}

impl DefaultPrivileges {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (role, is_of_migrator, schema, kind) = (row.text(), row.flag(), row.optional(), row.text());
        let changes = row.texts();
        let terms = changes.chunks_exact(4).map(|change| Terms {
            is_granted: change[0] == "true",
            privileges: change[3].split(", ").map(str::to_owned).collect(),
            grantee: change[1].clone(),
            option: if change[0] == "true" && change[2] == "true" { " WITH GRANT OPTION" } else { "" }.to_owned(),
            ..Terms::default()
        });
        Self { role, is_of_migrator, schema, kind, terms: terms.collect() }
    }

    /// What ALTER DEFAULT PRIVILEGES calls the objects.
    pub(crate) fn objects(&self) -> &'static str {
        match self.kind.as_str() {
            "r" => "TABLES",
            "S" => "SEQUENCES",
            "f" => "FUNCTIONS",
            "T" => "TYPES",
            "L" => "LARGE OBJECTS",
            _ => "SCHEMAS",
        }
    }

    /// Whether objects of a schema get them.
    pub(crate) fn are_in(&self, schema: &str) -> bool {
        self.schema.as_ref().is_none_or(|own| unquoted(own) == schema)
    }

    fn statement(&self, terms: &Terms) -> String {
        let role = if self.is_of_migrator { String::new() } else { format!(" FOR ROLE {}", self.role) };
        let schema = self.schema.as_ref().map(|schema| format!(" IN SCHEMA {schema}")).unwrap_or_default();
        let (verb, preposition) = if terms.is_granted { ("GRANT", "TO") } else { ("REVOKE", "FROM") };
        let (privileges, objects) = (terms.privileges.join(", "), self.objects());
        let Terms { grantee, option, .. } = terms;
        format!(
            "ALTER DEFAULT PRIVILEGES{role}{schema} {verb} {privileges} ON {objects} {preposition} {grantee}{option};"
        )
    }

    /// The statements that make them, in their order.
    pub(crate) fn statements(&self) -> Vec<String> {
        self.terms.iter().map(|terms| self.statement(terms)).collect()
    }

    /// The statements that undo them, the last first, except those that are also in `kept`.
    pub(crate) fn undone(&self, kept: &[String]) -> Vec<String> {
        let undone = self.terms.iter().rev().filter(|terms| !kept.contains(&self.statement(terms)));
        let opposite = |terms: &Terms| Terms { is_granted: !terms.is_granted, option: String::new(), ..terms.clone() };
        undone.map(|terms| self.statement(&opposite(terms))).collect()
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let schema = self.schema.as_deref().unwrap_or("-");
        Object {
            id: (Class::Catalog(catalog::DEFAULT_ACL), oid),
            // Last, so that they do not apply to what the script creates.
            key: (9, String::new(), 0, format!("{} {schema} {}", self.role, self.kind)),
            head: self.statements().join("\n"),
            ..Object::default()
        }
    }
}
