//! Triggers and rules.

use crate::model::firing::Firing;
use crate::model::relation::Relation;
use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// A trigger or a rule of a table or view.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) table: u32,
    /// Quoted.
    name: String,
    /// As the server writes it, with a semicolon; `None` if it comes with a trigger of the partitioned table.
    pub(crate) definition: Option<String>,
    firing: Firing,
    /// When it fires without being altered: as the one of the partitioned table.
    usual: Firing,
}

impl Trigger {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            table: row.number(),
            name: row.text(),
            definition: row.definition(),
            firing: Firing::read(row).unwrap_or(Firing::Origin),
            usual: Firing::read(row).unwrap_or(Firing::Origin),
        }
    }

    /// When it fires, if that has to be altered.
    pub(crate) fn altered(&self) -> Option<Firing> {
        (self.firing != self.usual).then_some(self.firing)
    }

    /// The statement that makes it fire when it does.
    pub(crate) fn enable(&self, class: u32, table: &str) -> String {
        format!("ALTER TABLE {table} {} {} {};", self.firing.action(), keyword(class), self.name)
    }

    /// The trigger or rule, by its catalog.
    pub(crate) fn object(&self, (class, oid): (u32, u32), table: &Relation) -> Object {
        let place = if class == catalog::REWRITE { 6 } else { 7 };
        let enable = self.altered().map(|_| self.enable(class, &table.name));
        Object {
            id: (Class::Catalog(class), oid),
            key: (table.rank(), table.name.clone(), place, unquoted(&self.name)),
            target: Some(format!("{} {} ON {}", keyword(class), self.name, table.name)),
            head: self.definition.iter().cloned().chain(enable).collect::<Vec<_>>().join("\n"),
            ..Object::default()
        }
    }
}

fn keyword(class: u32) -> &'static str {
    if class == catalog::REWRITE { "RULE" } else { "TRIGGER" }
}
