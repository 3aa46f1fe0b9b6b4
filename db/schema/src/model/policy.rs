//! Policies of row-level security.

use crate::model::relation::Relation;
use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// A policy of a table.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) table: u32,
    /// Quoted.
    pub(crate) name: String,
    pub(crate) is_permissive: bool,
    /// As in `pg_policy.polcmd`.
    pub(crate) command: String,
    /// As SQL names them, sorted.
    pub(crate) roles: Vec<String>,
    pub(crate) using: Option<String>,
    pub(crate) check: Option<String>,
}

impl Policy {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            table: row.number(),
            name: row.text(),
            is_permissive: row.flag(),
            command: row.text(),
            roles: row.texts(),
            using: row.sql(),
            check: row.sql(),
        }
    }

    pub(crate) fn object(&self, oid: u32, table: &Relation) -> Object {
        let Self { name, using, check, roles, .. } = self;
        let mut head = format!("CREATE POLICY {name} ON {}", table.name);
        if !self.is_permissive {
            head += " AS RESTRICTIVE";
        }
        head += match self.command.as_str() {
            "r" => " FOR SELECT",
            "a" => " FOR INSERT",
            "w" => " FOR UPDATE",
            "d" => " FOR DELETE",
            _ => "",
        };
        if *roles != ["PUBLIC"] {
            head += &format!(" TO {}", roles.join(", "));
        }
        head.extend(using.iter().map(|expression| format!(" USING ({expression})")));
        head.extend(check.iter().map(|expression| format!(" WITH CHECK ({expression})")));
        Object {
            id: (Class::Catalog(catalog::POLICY), oid),
            key: (table.rank(), table.name.clone(), 8, unquoted(name)),
            target: Some(format!("POLICY {name} ON {}", table.name)),
            head: head + ";",
            ..Object::default()
        }
    }
}
