//! The indexes of partitions, which PostgreSQL creates and names with them.

use std::collections::{HashMap, HashSet};

use super::Parents;
use crate::diff::elements::{Element, Elements, Kind, catalog, quoted};
use crate::diff::name::{qualifier, usual_name, with_suffix};
use crate::model::{Constraint, Index};
use crate::object::{Class, Id};

impl<'a> Parents<'a> {
    /// A partition gets the indexes of a table that exists, also if that got them as a new partition.
    pub(super) fn index_maker(&self, table: Element, index: &Index) -> Option<Element> {
        let parent = index.parent?;
        let is_kept = self.fates.new.relation(parent).is_some_and(|above| self.fates.of_new(above).stays());
        let is_there = || {
            let above = self.fates.new.model.indexes.get(&parent);
            let owner = above.and_then(|above| Some((self.fates.new.relation(above.table)?, above)));
            is_kept || owner.is_some_and(|(owner, above)| self.index_maker(owner, above).is_some())
        };
        (self.is_made(table) && is_there()).then_some(table)
    }

    /// The partitions that are created or attached and would get an index or a key of their table that they are not to have.
    pub(crate) fn with_other_indexes(&self) -> impl Iterator<Item = Element> {
        let attached: HashSet<Element> = self.attached_partitions().into_iter().collect();
        (0..self.fates.new.kinds.len())
            .filter(move |&new| (self.is_made(new) || attached.contains(&new)) && self.gets_other_indexes(new))
    }

    /// The tables that stay and are attached to others, or again to the same.
    pub(crate) fn attached_partitions(&self) -> Vec<Element> {
        let rebound = self.rebounds().into_iter().map(|rebound| rebound.new);
        self.attached.iter().copied().chain(rebound).collect()
    }

    fn gets_other_indexes(&self, new: Element) -> bool {
        let elements = self.fates.new;
        // A foreign table gets none.
        let partition = elements.table(new).filter(|(_, found)| found.kind != "f");
        let Some((oid, parent)) = partition.and_then(|(oid, found)| Some((oid, found.partition_of?))) else {
            return false;
        };
        let own: HashSet<Option<u32>> = elements.indexes_of(oid).map(|index| index.parent).collect();
        let mut missing = elements.indexes_of(parent).filter(|above| !own.contains(&Some(above.oid)));
        let key = |index: &Index| index.constraint.and_then(|oid| elements.model.constraints.get(&oid));
        let timing = |key: &Constraint| (key.is_deferrable, key.is_deferred);
        let has_other_key = |index: &Index| {
            let above = index.parent.and_then(|above| elements.model.indexes.get(&above)).and_then(key);
            // One that is attached keeps its timing.
            let is_given = self.index_maker(new, index).is_some();
            above.is_some_and(|above| {
                key(index).is_none_or(|own| own.kind != above.kind || is_given && timing(own) != timing(above))
            })
        };
        let stays = |index: u32| elements.relation(index).is_some_and(|index| self.fates.of_new(index).stays());
        elements.indexes_of(oid).any(has_other_key) || missing.any(|index| !self.is_made(new) || stays(index.oid))
    }

    /// The statements that rename the indexes that a new partition gets, where the schema has other names. A name is free
    /// before it is given again.
    pub(crate) fn renamed_indexes(&self, table: u32) -> Vec<String> {
        let given = self.given_names(table).into_iter().filter(|(index, _)| !self.is_promoted(index));
        let mut renamed: Vec<(&Index, String)> = given.filter(|(index, given)| index.bare_name != *given).collect();
        renamed.sort_unstable_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        let owner = self.fates.new.model.relations.get(&table).map(|found| found.name.as_str());
        let schema = qualifier(owner.unwrap_or_default());
        let mut statements = Vec::new();
        while !renamed.is_empty() {
            let is_taken = |(index, _): &(&Index, String)| renamed.iter().any(|(_, given)| *given == index.bare_name);
            let (from, to) = match renamed.iter().position(|one| !is_taken(one)) {
                Some(free) => {
                    let (index, given) = renamed.remove(free);
                    (given, index.quoted_name.clone())
                }
                None => {
                    let aside = with_suffix(&renamed[0].1, "__old");
                    (std::mem::replace(&mut renamed[0].1, aside.clone()), quoted(&aside))
                }
            };
            statements.push(format!("ALTER INDEX {schema}{} RENAME TO {to};", quoted(&from)));
        }
        statements
    }

    /// The names, as SQL writes them, that the indexes of new partitions have until they are renamed, with the partitions.
    pub(crate) fn passing_names(&self) -> Vec<(Element, String)> {
        let given = self.given.get_or_init(|| self.all_given_names());
        let names =
            given.iter().flat_map(|(&table, names)| names.iter().map(move |(index, name)| (table, index, name)));
        let names = names.filter_map(|(table, index, name)| {
            let index = self.fates.new.model.indexes.get(index).filter(|index| index.bare_name != *name)?;
            Some((self.fates.new.relation(table)?, format!("{}{}", qualifier(&index.name), quoted(name))))
        });
        names.collect()
    }

    /// The indexes that a new partition gets from its table, with the names that PostgreSQL gives to them.
    fn given_names(&self, table: u32) -> Vec<(&'a Index, String)> {
        let given = self.given.get_or_init(|| self.all_given_names());
        let names = given.get(&table).into_iter().flatten();
        let names = names.filter_map(|(oid, name)| Some((self.fates.new.model.indexes.get(oid)?, name.clone())));
        names.collect()
    }

    /// The indexes that a new partition gets from its table, and that are no keys, each with its place among the objects.
    pub(crate) fn given_objects(&self, table: u32) -> Vec<(&'a Index, usize)> {
        let elements = self.fates.new;
        let given = self.given_names(table).into_iter();
        let objects = given.filter_map(|(index, _)| match elements.kinds[elements.relation(index.oid)?] {
            Kind::Object(place) => Some((index, place)),
            _ => None,
        });
        objects.collect()
    }

    /// The names of the indexes that new partitions get, by the OIDs of the partitions. PostgreSQL takes the indexes of the
    /// partitioned table in the order of their OIDs (RelationGetIndexList), and the first free name (ChooseRelationName).
    fn all_given_names(&self) -> HashMap<u32, Vec<(u32, String)>> {
        let (elements, pairs) = (self.fates.new, &self.fates.pairs);
        let old_oid = |index: &Index| {
            let above = std::iter::successors(index.parent, |above| elements.model.indexes.get(above)?.parent);
            let mut kept = above.filter_map(|above| pairs.old_of(elements.relation(above)?));
            self.fates.old.index_of(kept.next()?).map(|(old, _)| old.oid)
        };
        let mut given: HashMap<u32, Vec<(u32, String)>> = HashMap::new();
        let mut indexes: Vec<(&str, u32, u32, &Index)> = Vec::new();
        for (&oid, index) in &elements.model.indexes {
            let owner = elements.relation(index.table).filter(|&owner| elements.object(owner).is_some());
            if owner.is_some_and(|owner| self.index_maker(owner, index).is_some())
                && let Some(table) = elements.model.relations.get(&index.table)
            {
                indexes.push((&table.name, index.table, oid, index));
            }
        }
        if indexes.is_empty() {
            return given;
        }
        indexes.sort_by_cached_key(|(table, _, _, index)| (table.to_string(), old_oid(index), index.name.clone()));
        let (mut relations, keys) = (self.kept_names(), self.kept_constraint_names());
        for (_, table, oid, index) in indexes {
            let schema = qualifier(&index.name);
            let is_key = index.constraint.is_some() && !self.is_promoted(index);
            let mut names = (0_u32..).filter_map(|number| self.usual_index_name(index, number));
            let free = names.find(|name| {
                let name = format!("{schema}{}", quoted(name));
                !(relations.contains(&name) || is_key && keys.contains(&name))
            });
            if let Some(name) = free {
                relations.insert(format!("{schema}{}", quoted(&name)));
                given.entry(table).or_default().push((oid, name));
            }
        }
        given
    }

    /// The names of indexes, tables and the like that have them before and after.
    fn kept_names(&self) -> HashSet<String> {
        self.kept(|elements, element| match elements.kinds[element] {
            Kind::Object(index) => {
                let oid = elements.objects[index].id.1;
                let relation = elements.model.relations.get(&oid).map(|found| found.name.clone());
                relation.or_else(|| elements.model.indexes.get(&oid).map(|found| found.name.clone()))
            }
            _ => elements.index_of(element).map(|(index, _)| index.name.clone()),
        })
    }

    /// Those of the constraints of tables, with their schemas: PostgreSQL gives none of them to a key.
    fn kept_constraint_names(&self) -> HashSet<String> {
        self.kept(|elements, element| {
            let Kind::Constraint(oid) = elements.kinds[element] else { return None };
            let found = &elements.model.constraints[&oid];
            let owner = elements.model.relations.get(&found.owner.1)?;
            Some(format!("{}{}", qualifier(&owner.name), found.name))
        })
    }

    fn kept(&self, name: impl Fn(&Elements, Element) -> Option<String>) -> HashSet<String> {
        let stays = |&(old, new): &(Element, Element)| {
            self.fates.of_old(old).stays() && name(self.fates.old, old) == name(self.fates.new, new)
        };
        let pairs = self.fates.pairs.list.iter().filter_map(|pair| pair.old.zip(pair.new));
        pairs.filter(stays).filter_map(|(old, _)| name(self.fates.old, old)).collect()
    }

    /// Whether a constraint of a new partition has an index that it gets from its table.
    pub(crate) fn is_index_of_parent(&self, table: u32, (class, oid): Id) -> bool {
        let elements = self.fates.new;
        if class != Class::Catalog(catalog::CONSTRAINT) {
            return false;
        }
        let index =
            elements.model.constraints.get(&oid).filter(|found| found.kind != "f").and_then(|found| found.index);
        let index = index.and_then(|index| elements.model.indexes.get(&index));
        elements.relation(table).zip(index).is_some_and(|(owner, index)| self.index_maker(owner, index).is_some())
    }

    /// The constraints of a new partition whose index is part of an index that the partitioned table has: their parts, and
    /// the statements that make them from the index that the partition gets.
    pub(crate) fn promoted_indexes(&self, table: u32) -> Vec<(Id, String)> {
        let elements = self.fates.new;
        let given = self.given_names(table).into_iter().filter(|(index, _)| self.is_promoted(index));
        let promoted = given.filter_map(|(index, given)| {
            let constraint = elements.model.constraints.get(&index.constraint?)?;
            let kind = if constraint.kind == "p" { "PRIMARY KEY" } else { "UNIQUE" };
            let (name, given) = (&elements.model.relations.get(&table)?.name, quoted(&given));
            let sql = format!("ALTER TABLE {name} ADD CONSTRAINT {} {kind} USING INDEX {given};", constraint.name);
            Some(((Class::Catalog(catalog::CONSTRAINT), constraint.oid), sql))
        });
        promoted.collect()
    }

    /// Whether an index belongs to a constraint and is part of one that does not.
    fn is_promoted(&self, index: &Index) -> bool {
        let above = index.parent.and_then(|parent| self.fates.new.model.indexes.get(&parent));
        index.constraint.is_some() && above.is_some_and(|above| above.constraint.is_none())
    }

    /// The name that PostgreSQL gives to an index of a partition, with a number if that is not 0.
    fn usual_index_name(&self, index: &Index, number: u32) -> Option<String> {
        let elements = self.fates.new;
        let table = &elements.model.relations.get(&index.table)?.bare_name;
        let constraint = index.constraint.filter(|_| !self.is_promoted(index));
        let kind = constraint.and_then(|oid| elements.model.constraints.get(&oid)).map(|found| found.kind.as_str());
        let (columns, label) = match kind {
            Some("p") => ("", "pkey"),
            Some("u") => (index.column_names.as_str(), "key"),
            Some("x") => (index.column_names.as_str(), "excl"),
            _ => (index.column_names.as_str(), "idx"),
        };
        let number = if number == 0 { String::new() } else { number.to_string() };
        Some(usual_name(table, columns, &format!("{label}{number}")))
    }
}
