//! The names that two schemas have: an exchange can't use them for a time.

use std::collections::{HashMap, HashSet};

use crate::diff::elements::{Elements, Kind, catalog, quoted};
use crate::diff::exchange::{Exchange, Reference, TableExchange};
use crate::object::Class;

/// Names, quoted.
#[derive(Default)]
pub(super) struct Taken {
    /// Of relations, indexes and types, in any schema.
    relations: HashSet<String>,
    /// Of the columns and the constraints of each table.
    parts: HashMap<String, HashSet<String>>,
    /// Of triggers, each with its table.
    triggers: HashSet<(String, String)>,
    /// Functions with the types of their arguments.
    routines: HashSet<String>,
}

impl Taken {
    pub(super) fn new(sides: [&Elements; 2]) -> Self {
        let mut taken = Self::default();
        sides.into_iter().for_each(|elements| taken.add(elements));
        taken
    }

    fn add(&mut self, elements: &Elements) {
        let model = &elements.model;
        for &kind in &elements.kinds {
            let (table, name) = match kind {
                Kind::Column(table, index) => (table, &elements.column(table, index).name),
                Kind::Constraint(oid) if model.constraints[&oid].owner.0 == catalog::CLASS => {
                    (model.constraints[&oid].owner.1, &model.constraints[&oid].name)
                }
                _ => continue,
            };
            if let Some(table) = model.relations.get(&table) {
                self.parts.entry(table.name.clone()).or_default().insert(name.clone());
            }
        }
        self.relations.extend(model.indexes.values().map(|index| index.quoted_name.clone()));
        self.relations.extend(model.relations.values().map(|found| quoted(&found.bare_name)));
        self.relations.extend(model.types.values().map(|found| quoted(&found.bare_name)));
        let triggers = elements.objects.iter().filter(|object| object.id.0 == Class::Catalog(catalog::TRIGGER));
        self.triggers.extend(triggers.map(|object| (object.key.1.clone(), quoted(&object.key.3))));
        self.routines.extend(model.routines.values().map(|routine| routine.signature.clone()));
    }

    /// Whether a name that the exchange uses for a time is the name of something else.
    pub(super) fn has_one_of(&self, exchange: &Exchange) -> bool {
        let mut names: HashMap<String, &str> = HashMap::new();
        for (name, original) in exchange.temporary_names() {
            // Long names are cut.
            if names.insert(name, original).is_some_and(|other| other != original) {
                return true;
            }
        }
        let tables = exchange.tables.iter().flat_map(TableExchange::all_tables);
        let tables = tables.chain(exchange.references.iter().flat_map(Reference::tables));
        let own: Vec<&HashSet<String>> = tables.filter_map(|table| self.parts.get(table)).collect();
        let is_taken = |name: &String| self.relations.contains(name) || own.iter().any(|parts| parts.contains(name));
        names.keys().any(is_taken)
            || exchange.tables.iter().any(|table| self.has_trigger(table))
            || exchange.temporary_functions().any(|name| self.routines.contains(&format!("{name}()")))
    }

    fn has_trigger(&self, exchange: &TableExchange) -> bool {
        exchange.all_tables().any(|table| self.triggers.contains(&(table.clone(), exchange.trigger_name())))
    }
}
