//! What the bodies of functions mention. PostgreSQL does not record it, but checks it when it creates the function.

use std::collections::HashMap;

use crate::diff::elements::{Element, Elements, catalog};
use crate::diff::name::qualifier;
use crate::model::values::unquoted;
use crate::object::Class;

/// What the body of a function may mention of a schema, by its name in lower case.
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
            let model = &elements.model;
            let name = match class {
                Class::Catalog(catalog::CLASS) => model.relations.get(&oid).map(|found| found.bare_name.clone()),
                Class::Catalog(catalog::TYPE) => model.types.get(&oid).map(|found| found.bare_name.clone()),
                Class::Catalog(catalog::PROC) => model.routines.get(&oid).map(|found| found.bare_name.clone()),
                Class::Catalog(catalog::OPERATOR) => {
                    model.operators.operators.get(&oid).map(|found| found.symbol().to_owned())
                }
                Class::Catalog(catalog::COLLATION | catalog::CONFIGURATION | catalog::DICTIONARY) => {
                    object.target.as_deref().map(bare_name)
                }
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
        let body = body.unwrap_or_default();
        let words = body.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
        let symbols = body.split(|c: char| !"+-*/<>=~!@#%^&|`?".contains(c)).flat_map(|run| {
            // A comment or a sign may follow.
            let end = [run.find("--"), run.find("/*")].into_iter().flatten().min().unwrap_or(run.len());
            [&run[..end], run[..end].trim_end_matches(['+', '-'])]
        });
        let mut found: Vec<Element> = words
            .chain(symbols)
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

/// The name of an object, without its schema and without quotes, as COMMENT ON names it.
fn bare_name(target: &str) -> String {
    let name = &target[qualifier(target).len()..];
    unquoted(&name[name.find('"').or_else(|| Some(name.rfind(' ')? + 1)).unwrap_or_default()..])
}
