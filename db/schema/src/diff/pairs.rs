//! Which elements of two schemas are versions of each other.

use std::collections::HashMap;

use crate::diff::elements::{Element, Elements, Identity, Kind};
use crate::diff::sequence;

/// An element of the old schema, the new schema or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) old: Option<Element>,
    pub(crate) new: Option<Element>,
}

/// All pairs, with the pair of each element.
#[derive(Debug)]
pub(crate) struct Pairs {
    pub(crate) list: Vec<Pair>,
    pub(crate) of_old: Vec<usize>,
    pub(crate) of_new: Vec<usize>,
}

impl Pairs {
    /// Pairs elements by identity, and then indexes, constraints and sequences of a table that differ by name only.
    pub(crate) fn new(old: &Elements, new: &Elements) -> Self {
        let mut pairs =
            Self { list: Vec::new(), of_old: vec![0; old.kinds.len()], of_new: vec![usize::MAX; new.kinds.len()] };
        let mut renamed = renamed(old, new);
        for element in 0..old.kinds.len() {
            let same = new.by_identity.get(&old.identities[element]).copied();
            pairs.add(Some(element), same.or_else(|| renamed.remove(&element)));
        }
        for element in 0..new.kinds.len() {
            if pairs.of_new[element] == usize::MAX {
                pairs.add(None, Some(element));
            }
        }
        pairs
    }

    fn add(&mut self, old: Option<Element>, new: Option<Element>) {
        let pair = self.list.len();
        self.list.push(Pair { old, new });
        if let Some(old) = old {
            self.of_old[old] = pair;
        }
        if let Some(new) = new {
            self.of_new[new] = pair;
        }
    }

    pub(crate) fn new_of(&self, old: Element) -> Option<Element> {
        self.list[self.of_old[old]].new
    }

    pub(crate) fn old_of(&self, new: Element) -> Option<Element> {
        self.list[self.of_new[new]].old
    }
}

/// What an index, a constraint or the sequence of an identity column is apart from its name.
#[derive(PartialEq, Eq, Hash)]
struct Nameless {
    table: String,
    definition: String,
}

/// Elements that differ only by name, if there is just one such on either side.
fn renamed(old: &Elements, new: &Elements) -> HashMap<Element, Element> {
    let (mut before, mut after) = (nameless(old, new), nameless(new, old));
    let mut renamed = HashMap::new();
    for (key, elements) in before.drain() {
        if let ([one], Some([other])) = (elements.as_slice(), after.remove(&key).as_deref()) {
            renamed.insert(*one, *other);
        }
    }
    renamed
}

/// The indexes, constraints and sequences that the other schema does not have under the same name.
fn nameless(elements: &Elements, other: &Elements) -> HashMap<Nameless, Vec<Element>> {
    let mut found: HashMap<Nameless, Vec<Element>> = HashMap::new();
    for (element, identity) in elements.identities.iter().enumerate() {
        if other.by_identity.contains_key(identity) {
            continue;
        }
        if let Some(key) = key(elements, element, identity) {
            found.entry(key).or_default().push(element);
        }
    }
    found
}

fn key(elements: &Elements, element: Element, identity: &Identity) -> Option<Nameless> {
    match (elements.kinds[element], identity) {
        (Kind::Constraint(oid), Identity::Constraint(table, _)) => {
            let constraint = elements.model.constraints.get(&oid).filter(|found| !found.is_inherited)?;
            Some(Nameless {
                table: table.clone(),
                definition: format!("{} {}", constraint.kind, constraint.definition),
            })
        }
        (Kind::Object(index), Identity::Object(..)) => {
            if let Some(sequence) = elements.model.sequences.get(&elements.objects[index].id.1) {
                let (table, column) = sequence::identity_column(elements, sequence)?;
                return Some(Nameless { table: table.to_owned(), definition: format!("IDENTITY {column}") });
            }
            let index = elements.model.indexes.get(&elements.objects[index].id.1)?;
            if index.constraint.is_some() || index.parent.is_some() || !index.is_valid {
                return None;
            }
            let table = elements.model.relations.get(&index.table)?;
            let (start, rest) = index.nameless_definition()?;
            Some(Nameless { table: table.name.clone(), definition: format!("{start} ON {rest}") })
        }
        _ => None,
    }
}
