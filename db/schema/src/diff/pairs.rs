//! Which elements of two schemas are versions of each other.

use std::collections::{HashMap, HashSet};

use crate::diff::elements::{Element, Elements, Identity, Kind, catalog};
use crate::diff::sequence;
use crate::object::Class;

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
    /// Pairs elements by identity, and then indexes, constraints and sequences of a table that differ by name only, and what
    /// partitions and children have from these.
    pub(crate) fn new(old: &Elements, new: &Elements) -> Self {
        let mut pairs =
            Self { list: Vec::new(), of_old: vec![0; old.kinds.len()], of_new: vec![usize::MAX; new.kinds.len()] };
        let mut renamed = renamed(old, new);
        for element in 0..old.kinds.len() {
            let same = || same(old, new, element);
            pairs.add(Some(element), renamed.remove(&element).or_else(same));
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
    /// In the new schema.
    above: Option<Element>,
}

/// The element of another schema with the same identity, unless one of them is the sequence of an identity column that has
/// another sequence in the other schema, or they are constraints of different kinds, or belong to indexes of different tables.
fn same(elements: &Elements, other: &Elements, element: Element) -> Option<Element> {
    let found = *other.by_identity.get(&elements.identities[element])?;
    if let (Kind::Constraint(one), Kind::Constraint(another)) = (elements.kinds[element], other.kinds[found])
        && elements.model.constraints[&one].kind != other.model.constraints[&another].kind
    {
        return None;
    }
    if table_of_part(elements, element) != table_of_part(other, found) {
        return None;
    }
    let one = elements.identity_column(element).map(|column| &elements.identities[column]);
    let another = other.identity_column(found).map(|column| &other.identities[column]);
    let has_identity = |elements: &Elements, column: &Identity| {
        let kind = elements.by_identity.get(column).map(|&column| elements.kinds[column]);
        matches!(kind, Some(Kind::Column(table, index)) if !elements.column(table, index).identity.is_empty())
    };
    let is_elsewhere = one != another
        && (one.is_some_and(|column| has_identity(other, column))
            || another.is_some_and(|column| has_identity(elements, column)));
    (!is_elsewhere).then_some(found)
}

/// The name of the table whose index an element belongs to without being one: its place in another index, its marks, and what
/// the index of a constraint has beyond that.
fn table_of_part(elements: &Elements, element: Element) -> Option<&str> {
    let (class, oid) = elements.object(element)?.id;
    let is_relation = matches!(class, Class::Catalog(catalog::CLASS) | Class::Attached | Class::Marked);
    let index = elements.model.indexes.get(&oid).filter(|_| is_relation)?;
    let is_part = class != Class::Catalog(catalog::CLASS) || index.constraint.is_some();
    elements.model.relations.get(&index.table).filter(|_| is_part).map(|table| table.name.as_str())
}

/// Elements that differ only by name, if there is just one such on either side.
fn renamed(old: &Elements, new: &Elements) -> HashMap<Element, Element> {
    let left = |elements: &Elements, other: &Elements| -> Vec<Element> {
        (0..elements.identities.len()).filter(|&element| same(elements, other, element).is_none()).collect()
    };
    let (before, after) = (left(old, new), left(new, old));
    let mut renamed = HashMap::new();
    // One level of partitions or children after the other.
    loop {
        let new_of = |element| renamed.get(&element).copied().or_else(|| same(old, new, element));
        let is_paired: HashSet<Element> = renamed.values().copied().collect();
        let olds = before.iter().filter(|&element| !renamed.contains_key(element));
        let olds = grouped(olds.filter_map(|&element| Some((key(old, element, new_of)?, element))));
        let news = after.iter().filter(|&element| !is_paired.contains(element));
        let mut news = grouped(news.filter_map(|&element| Some((key(new, element, Some)?, element))));
        let found: Vec<(Element, Element)> = olds
            .into_iter()
            .filter_map(|(key, elements)| match (elements.as_slice(), news.remove(&key).as_deref()) {
                ([one], Some([other])) => Some((*one, *other)),
                _ => None,
            })
            .collect();
        let found: HashMap<Element, Element> = found.into_iter().collect();
        let count = renamed.len();
        renamed.extend(found.iter().filter(|(one, _)| !exchanges_names(old, new, &found, **one)));
        if renamed.len() == count {
            return renamed;
        }
    }
}

/// Whether an element would get the name of one that is renamed, too, and so on, up to one that would get its own name.
/// These are dropped and created again.
fn exchanges_names(old: &Elements, new: &Elements, renamed: &HashMap<Element, Element>, one: Element) -> bool {
    let next = |element: &Element| old.by_identity.get(&new.identities[*renamed.get(element)?]).copied();
    std::iter::successors(next(&one), next).take(renamed.len()).any(|element| element == one)
}

fn grouped(elements: impl Iterator<Item = (Nameless, Element)>) -> HashMap<Nameless, Vec<Element>> {
    let mut found: HashMap<Nameless, Vec<Element>> = HashMap::new();
    for (key, element) in elements {
        found.entry(key).or_default().push(element);
    }
    found
}

/// What an element is apart from its name; `None` if it is nothing that can be renamed, or comes from something that is not
/// in both schemas.
fn key(elements: &Elements, element: Element, new_of: impl Fn(Element) -> Option<Element>) -> Option<Nameless> {
    match (elements.kinds[element], &elements.identities[element]) {
        (Kind::Constraint(oid), Identity::Constraint(table, _)) => {
            let constraint = &elements.model.constraints[&oid];
            if !constraint.is_inherited && has_other_origin(elements, element) {
                return None;
            }
            // What a child has itself, too, gets another name only with that of the parent.
            let above = elements.constraint_above(element).or_else(|| elements.checks_above(element).next());
            let above = match above {
                Some(above) => Some(new_of(above)?),
                None if constraint.is_inherited => return None,
                None => None,
            };
            let definition = format!("{} {}", constraint.kind, constraint.definition);
            Some(Nameless { table: table.clone(), definition, above })
        }
        (Kind::Object(index), Identity::Object(..)) => {
            let (class, oid) = elements.objects[index].id;
            if class == Class::ChangesOf(catalog::CONSTRAINT) {
                let constraint = new_of(elements.element((catalog::CONSTRAINT, oid, 0))?)?;
                return Some(Nameless { table: String::new(), definition: String::new(), above: Some(constraint) });
            }
            if let Some(sequence) = elements.model.sequences.get(&oid) {
                let (table, column) = sequence::identity_column(elements, sequence)?;
                let definition = format!("IDENTITY {column}");
                return Some(Nameless { table: table.to_owned(), definition, above: None });
            }
            let index = elements.model.indexes.get(&oid)?;
            let above = match index.parent {
                Some(parent) => Some(new_of(elements.relation(parent)?)?),
                None => None,
            };
            let table = elements.model.relations.get(&index.table)?.name.clone();
            if matches!(class, Class::Attached | Class::Marked) {
                let definition = format!("{class:?} {}", new_of(elements.relation(oid)?)?);
                return Some(Nameless { table, definition, above });
            }
            // What it has beyond its constraint.
            if index.constraint.is_some() {
                let definition = format!("INDEX OF {}", new_of(elements.relation(oid)?)?);
                return Some(Nameless { table, definition, above });
            }
            if !index.is_valid {
                return None;
            }
            let (start, rest) = index.nameless_definition()?;
            Some(Nameless { table, definition: format!("{start} ON {rest}"), above })
        }
        _ => None,
    }
}

/// Whether a table below that of a check has it from another table too. PostgreSQL then renames neither
/// (rename_constraint_internal in tablecmds.c).
fn has_other_origin(elements: &Elements, check: Element) -> bool {
    let Identity::Constraint(_, name) = &elements.identities[check] else { return false };
    let Some((top, _)) = elements.owner_of(check).and_then(|owner| elements.table(owner)) else { return false };
    let family: HashSet<Element> =
        elements.family(top).into_iter().filter_map(|table| elements.relation(table)).collect();
    let checks = family.iter().filter_map(|&table| {
        let own = Identity::Constraint(elements.table(table)?.1.name.clone(), name.clone());
        elements.by_identity.get(&own).copied()
    });
    let mut origins = checks.filter(|&own| own != check).flat_map(|own| elements.checks_above(own));
    origins.any(|above| elements.owner_of(above).is_none_or(|owner| !family.contains(&owner)))
}
