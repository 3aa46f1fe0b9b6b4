//! What the bodies of functions mention. PostgreSQL does not record it, but checks it when it creates the function.

use std::collections::HashMap;

use crate::diff::elements::{Element, Elements, catalog};
use crate::object::Class;

/// The relations, types and functions of a schema by their names in lower case.
pub(crate) struct Mentions<'a> {
    elements: &'a Elements,
    by_name: HashMap<String, Vec<Element>>,
}

impl<'a> Mentions<'a> {
    pub(crate) fn new(elements: &'a Elements) -> Self {
        let mut by_name: HashMap<String, Vec<Element>> = HashMap::new();
        for element in 0..elements.kinds.len() {
            let Some(object) = elements.object(element) else { continue };
            let (class, oid) = object.id;
            let name = match class {
                Class::Catalog(catalog::CLASS) => elements.model.relations.get(&oid).map(|found| &found.bare_name),
                Class::Catalog(catalog::TYPE) => elements.model.types.get(&oid).map(|found| &found.bare_name),
                Class::Catalog(catalog::PROC) => elements.model.routines.get(&oid).map(|found| &found.bare_name),
                _ => None,
            };
            if let Some(name) = name {
                by_name.entry(name.to_lowercase()).or_default().push(element);
            }
        }
        Self { elements, by_name }
    }

    /// The elements that the body of a function mentions.
    pub(crate) fn of(&self, function: Element) -> Vec<Element> {
        let Some((Class::Catalog(catalog::PROC), oid)) = self.elements.object(function).map(|object| object.id) else {
            return Vec::new();
        };
        let body = self.elements.model.routines.get(&oid).and_then(|routine| {
            matches!(routine.language.as_str(), "sql" | "plpgsql").then_some(routine.body.as_deref()?)
        });
        let words = body.unwrap_or_default().split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
        let mut found: Vec<Element> = words
            .filter_map(|word| self.by_name.get(&word.to_lowercase()))
            .flatten()
            .copied()
            .filter(|&element| element != function)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
