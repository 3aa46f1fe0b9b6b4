//! The operations on each object and on what belongs to it.

use std::collections::HashMap;

use crate::diff::elements::{Element, Elements};

/// Operations by the object that their elements are or belong to.
#[derive(Debug, Default)]
pub(super) struct Families(HashMap<Element, Vec<(Element, usize)>>);

impl Families {
    pub(super) fn new(elements: &Elements, operations: &HashMap<Element, usize>) -> Self {
        let mut families = Self::default();
        for (&element, &operation) in operations {
            for owner in std::iter::once(element).chain(elements.owner_of(element)) {
                families.0.entry(owner).or_default().push((element, operation));
            }
        }
        families
    }

    /// The elements that are an object or belong to it, with their operations.
    pub(super) fn of(&self, object: Element) -> &[(Element, usize)] {
        self.0.get(&object).map(Vec::as_slice).unwrap_or_default()
    }
}
