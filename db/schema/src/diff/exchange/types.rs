//! An enum that is exchanged with all columns that have it. The new one has another name until the names are exchanged, and
//! the old one after that, until its columns are dropped.

use super::names::{retyped, suffixed};
use super::sides::{Both, Side};
use crate::diff::name::qualifier;

/// An enum and the one that takes its place.
#[derive(Debug, Clone)]
pub(crate) struct TypeExchange {
    /// As SQL names both.
    pub(crate) name: String,
    /// What creates each under that name.
    pub(crate) definitions: Both<String>,
    /// What else the new one has, once it has its name.
    pub(crate) properties: Vec<String>,
}

impl TypeExchange {
    /// The name without the schema, quoted.
    fn bare_name(&self) -> &str {
        &self.name[qualifier(&self.name).len()..]
    }

    /// The name of the type of a side, without the schema, while the other type has the name.
    fn beside(&self, side: Side) -> String {
        suffixed(self.bare_name(), side.suffix())
    }

    /// The names that the exchange uses for a time, each with its origin.
    pub(super) fn temporary_names(&self) -> [(String, &str); 2] {
        [Side::Old, Side::New].map(|side| (self.beside(side), self.bare_name()))
    }

    fn qualified_beside(&self, side: Side) -> String {
        format!("{}{}", qualifier(&self.name), self.beside(side))
    }

    /// Creates the type of a side beside the one that has the name.
    pub(super) fn added(&self, side: Side) -> String {
        let start = format!("CREATE TYPE {}", self.name);
        self.definitions.of(side).replacen(&start, &format!("CREATE TYPE {}", self.qualified_beside(side)), 1)
    }

    /// Drops the type of a side, which does not have the name.
    pub(super) fn removed(&self, side: Side) -> String {
        format!("DROP TYPE {};", self.qualified_beside(side))
    }

    /// Gives the type of a side the name.
    pub(super) fn named(&self, side: Side) -> Vec<String> {
        let (away, from) = (self.beside(side.other()), self.qualified_beside(side));
        let mut statements = vec![
            format!("ALTER TYPE {} RENAME TO {away};", self.name),
            format!("ALTER TYPE {from} RENAME TO {};", self.bare_name()),
        ];
        if side == Side::New {
            statements.extend(self.properties.iter().cloned());
        }
        statements
    }

    /// The type of a column of a side, or an array of it, while the other type has the name. `None` if it is another type.
    pub(super) fn column_type(&self, type_name: &str, side: Side) -> Option<String> {
        let rest = type_name.strip_prefix(&self.name).filter(|rest| matches!(*rest, "" | "[]"))?;
        Some(self.qualified_beside(side) + rest)
    }

    /// An expression with the type of a side while the other type has the name.
    pub(super) fn retyped(&self, text: &str, side: Side) -> String {
        let beside = self.qualified_beside(side);
        let text = retyped(text, &self.name, &beside);
        // A trigger's function has a search path without `public`.
        match qualifier(&self.name) {
            "" => retyped(&text, &format!("public.{}", self.name), &format!("public.{beside}")),
            _ => text,
        }
    }
}
