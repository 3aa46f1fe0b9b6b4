//! Tables with parents: partitions and children. PostgreSQL changes them together with their parents.

mod indexes;
mod moved;
mod reordered;

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::diff::column;
use crate::diff::elements::{Element, Elements, Identity, Kind, catalog};
use crate::diff::fate::Fates;
use crate::model::Relation;
use crate::object::Class;

/// What happens to elements because something happens to those of a parent.
pub(crate) struct Parents<'a> {
    fates: &'a Fates<'a>,
    /// Tables that stay, with the names of the parents that they have on both sides.
    staying: HashMap<Element, Vec<String>>,
    /// Tables that stay and get a parent.
    attached: HashSet<Element>,
    /// The names that PostgreSQL gives to the indexes of new partitions; see `indexes.rs`.
    given: OnceCell<HashMap<u32, Vec<(u32, String)>>>,
}

/// A partition with other bounds, and the statements that detach and attach it.
pub(crate) struct Rebound {
    pub(crate) old: Element,
    pub(crate) new: Element,
    pub(crate) detach: String,
    pub(crate) attach: String,
}

impl<'a> Parents<'a> {
    pub(crate) fn new(fates: &'a Fates<'a>) -> Self {
        let mut staying = HashMap::new();
        for pair in &fates.pairs.list {
            if let (Some(old), Some(new)) = (pair.old, pair.new)
                && let (Some(before), Some(after)) = (fates.old.table(old), fates.new.table(new))
            {
                let (before, after) = (parent_names(fates.old, before.1), parent_names(fates.new, after.1));
                staying.insert(new, after.into_iter().filter(|name| before.contains(name)).collect());
            }
        }
        let mut parents = Self { fates, staying, attached: HashSet::new(), given: OnceCell::new() };
        let attachments = parents.attachments().into_iter().filter(|(.., attach)| !attach.is_empty());
        parents.attached = attachments.map(|(_, new, ..)| new).collect();
        parents
    }

    /// The old elements of parents from which PostgreSQL drops this one too.
    pub(crate) fn above(&self, old: Element) -> impl Iterator<Item = Element> {
        let elements = self.fates.old;
        let names = elements
            .owner_of(old)
            .and_then(|owner| self.fates.pairs.new_of(owner))
            .and_then(|new| self.staying.get(&new))
            .cloned()
            .unwrap_or_default();
        names.into_iter().filter_map(move |parent| counterpart(elements, old, &parent))
    }

    /// Whether a child that stays one has an old column only from this one, and keeps it as its own.
    pub(crate) fn is_kept_below(&self, old: Element) -> bool {
        let (elements, pairs) = (self.fates.old, &self.fates.pairs);
        let Identity::Column(table, name) = &elements.identities[old] else { return false };
        let keeps = |child: Element| {
            let child = elements.table(child);
            let own = child.map(|(_, found)| Identity::Column(found.name.clone(), name.clone()));
            let own = own.and_then(|own| elements.by_identity.get(&own));
            own.is_some_and(|&own| self.fates.of_old(own).stays() && !column::is_declared(elements, own))
        };
        let owner = elements.owner_of(old).and_then(|owner| elements.table(owner));
        let below = owner.into_iter().flat_map(|(oid, _)| elements.children_of(oid));
        let mut below = below.filter_map(|&child| elements.relation(child));
        let stays = |child: Element| pairs.new_of(child).and_then(|new| self.staying.get(&new));
        below.any(|child| stays(child).is_some_and(|parents| parents.contains(table)) && keeps(child))
    }

    /// The columns of parents from which a new column of a table that stays a child comes.
    pub(crate) fn columns_above(&self, new: Element) -> impl Iterator<Item = Element> {
        let elements = self.fates.new;
        let names = elements.owner_of(new).and_then(|owner| self.staying.get(&owner)).cloned().unwrap_or_default();
        names.into_iter().filter_map(move |parent| counterpart(elements, new, &parent))
    }

    /// Whether an element is created by what creates another one.
    pub(crate) fn is_made_by_another(&self, new: Element) -> bool {
        self.maker(new).is_some()
    }

    /// Whether a table has a parent that it has on both sides.
    pub(crate) fn keeps_parent(&self, new: Element) -> bool {
        self.staying.get(&new).is_some_and(|parents| !parents.is_empty()) && self.fates.of_new(new).stays()
    }

    /// The tables that stay below a table, and those below them.
    pub(crate) fn kept_below(&self, top: Element) -> Vec<Element> {
        let (mut found, mut open) = (Vec::new(), vec![top]);
        let mut seen = HashSet::new();
        while let Some((oid, above)) = open.pop().and_then(|above| self.fates.new.table(above)) {
            let below = self.fates.new.children_of(oid).iter().filter_map(|&below| self.fates.new.relation(below));
            let stays = |below: &Element| self.staying.get(below).is_some_and(|names| names.contains(&above.name));
            let below: Vec<Element> = below
                .filter(|below| stays(below) && self.fates.of_new(*below).stays() && seen.insert(*below))
                .collect();
            found.extend(&below);
            open.extend(below);
        }
        found.sort_unstable_by_key(|&below| self.fates.new.table(below).map(|(_, found)| &found.name));
        found
    }

    /// The element whose creation creates this one too.
    pub(crate) fn maker(&self, new: Element) -> Option<Element> {
        let elements = self.fates.new;
        match elements.kinds[new] {
            Kind::Object(index) => self.object_maker(new, index),
            Kind::Column(..) => {
                let owner = elements.owner_of(new)?;
                if self.is_made(owner) {
                    return Some(owner);
                }
                if let Some(of_type) = self.kept_type(owner) {
                    return Some(of_type);
                }
                self.columns_above(new).find(|&above| self.is_made(above))
            }
            Kind::Default(table, index) => {
                let column = elements.column_of(new)?;
                let oid = elements.column(table, index).default?;
                // The attributes of a type have none.
                let is_apart = elements.object_with((Class::Catalog(catalog::ATTRDEF), oid)).is_some()
                    || elements.owner_of(column).is_some_and(|owner| self.kept_type(owner).is_some());
                (self.is_made(column) && !is_apart).then_some(column)
            }
            Kind::Constraint(oid) => self.constraint_maker(new, oid),
        }
    }

    /// The type, in the new schema, that a table has on both sides: PostgreSQL changes its columns with that.
    pub(crate) fn kept_type(&self, table_element: Element) -> Option<Element> {
        let (old, new) = (self.fates.pairs.old_of(table_element)?, table_element);
        let of_type = |elements: &Elements, element| elements.table(element)?.1.of_type.clone();
        let name = of_type(self.fates.new, new).filter(|name| of_type(self.fates.old, old).as_ref() == Some(name))?;
        let (&oid, _) = self.fates.new.model.types.iter().find(|(_, found)| found.name == name)?;
        self.fates.new.element((catalog::TYPE, oid, 0)).filter(|&element| self.fates.of_new(element).stays())
    }

    fn is_made(&self, new: Element) -> bool {
        self.fates.of_new(new).is_made()
    }

    fn constraint_maker(&self, new: Element, oid: u32) -> Option<Element> {
        let elements = self.fates.new;
        let constraint = &elements.model.constraints[&oid];
        let owner = elements.owner_of(new)?;
        if self.is_made(owner) {
            let object = elements.object(owner)?;
            let part = (Class::Catalog(catalog::CONSTRAINT), oid);
            if object.items.iter().any(|item| item.part == Some(part)) {
                return Some(owner);
            }
        }
        match constraint.kind.as_str() {
            "p" | "u" => self.index_maker(owner, elements.model.indexes.get(&constraint.index?)?),
            _ if !constraint.is_inherited => None,
            _ if self.is_made(owner) => Some(owner),
            "c" => self.columns_above(new).find(|&above| self.is_made(above)),
            _ => self.columns_above(new).find(|&above| self.is_made(above)).or(Some(owner)),
        }
    }

    fn object_maker(&self, new: Element, index: usize) -> Option<Element> {
        let elements = self.fates.new;
        let (class, oid) = elements.objects[index].id;
        match class {
            Class::Catalog(catalog::CLASS) => {
                let index = elements.model.indexes.get(&oid)?;
                if index.constraint.is_some() {
                    return None;
                }
                self.index_maker(elements.relation(index.table)?, index)
            }
            // Attaching a table attaches its indexes.
            Class::Attached => {
                let index = elements.model.indexes.get(&oid)?;
                let owner = elements.relation(index.table)?;
                let becomes_child = !self.is_made(owner) && self.is_attached(owner);
                if becomes_child {
                    return Some(owner);
                }
                self.index_maker(owner, index).filter(|&maker| maker != new)
            }
            _ => None,
        }
    }

    fn is_attached(&self, new: Element) -> bool {
        self.attached.contains(&new)
    }

    /// The tables above a table, on one side.
    pub(crate) fn tables_above(&self, elements: &Elements, table_element: Element) -> Vec<Element> {
        let Some((_, found)) = elements.table(table_element) else { return Vec::new() };
        found.parents.iter().filter_map(|&parent| elements.relation(parent)).collect()
    }

    /// Partitions that stay ones of the same table with other bounds.
    pub(crate) fn rebounds(&self) -> Vec<Rebound> {
        let mut found = Vec::new();
        for pair in &self.fates.pairs.list {
            let (Some(old), Some(new)) = (pair.old, pair.new) else { continue };
            let (Some((_, before)), Some((_, after))) = (self.fates.old.table(old), self.fates.new.table(new)) else {
                continue;
            };
            let parent = parent_names(self.fates.new, after).into_iter().next();
            let (Some(bound), Some(parent)) = (&after.bound, parent) else { continue };
            let stays = self.fates.of_new(new).stays()
                && before.bound.is_some()
                && parent_names(self.fates.old, before).contains(&parent);
            if stays && before.bound != after.bound {
                let detach = format!("ALTER TABLE {parent} DETACH PARTITION {};", before.name);
                let attach = format!("ALTER TABLE {parent} ATTACH PARTITION {} {bound};", after.name);
                found.push(Rebound { old, new, detach, attach });
            }
        }
        found
    }

    /// Tables that stay, with the statements that detach them from parents and attach them to others.
    pub(crate) fn attachments(&self) -> Vec<(Element, Element, Vec<String>, Vec<String>)> {
        let mut found = Vec::new();
        for pair in &self.fates.pairs.list {
            let (Some(old), Some(new)) = (pair.old, pair.new) else { continue };
            let (Some((_, before)), Some((_, after))) = (self.fates.old.table(old), self.fates.new.table(new)) else {
                continue;
            };
            // A new table is created with its parents.
            if !self.fates.of_new(new).stays() {
                continue;
            }
            let (names_before, names_after) =
                (parent_names(self.fates.old, before), parent_names(self.fates.new, after));
            let detach = names_before.iter().filter(|name| !names_after.contains(name));
            let detach = detach.map(|parent| match before.partition_of {
                Some(_) => format!("ALTER TABLE {parent} DETACH PARTITION {};", before.name),
                None => format!("ALTER TABLE {} NO INHERIT {parent};", before.name),
            });
            let staying = Self::staying(&names_before, &names_after);
            let attach = names_after[staying..].iter().flat_map(|parent| match &after.bound {
                Some(bound) => vec![format!("ALTER TABLE {parent} ATTACH PARTITION {} {bound};", after.name)],
                None => {
                    let again = names_before.contains(parent).then_some("NO INHERIT");
                    let actions = again.into_iter().chain(["INHERIT"]);
                    actions.map(|action| format!("ALTER TABLE {} {action} {parent};", after.name)).collect()
                }
            });
            let (detach, attach): (Vec<String>, Vec<String>) = (detach.collect(), attach.collect());
            if !detach.is_empty() || !attach.is_empty() {
                found.push((old, new, detach, attach));
            }
        }
        found
    }
}

fn parent_names(elements: &Elements, relation: &Relation) -> Vec<String> {
    let name = |oid: &u32| elements.model.relations.get(oid).map(|parent| parent.name.clone());
    relation.parents.iter().filter_map(name).collect()
}

/// The column or constraint of a parent from which one comes.
fn counterpart(elements: &Elements, element: Element, parent: &str) -> Option<Element> {
    let identity = match (&elements.identities[element], elements.kinds[element]) {
        (Identity::Column(_, name), Kind::Column(table, index)) if elements.column(table, index).inherited > 0 => {
            Identity::Column(parent.to_owned(), name.clone())
        }
        (Identity::Constraint(_, name), Kind::Constraint(oid)) => {
            let constraint = elements.model.constraints.get(&oid).filter(|found| found.is_inherited)?;
            if let Some(above) = constraint.parent {
                return elements.element((catalog::CONSTRAINT, above, 0));
            }
            Identity::Constraint(parent.to_owned(), name.clone())
        }
        _ => return None,
    };
    elements.by_identity.get(&identity).copied()
}
