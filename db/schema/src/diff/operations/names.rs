//! The names that operations free and take.

use std::collections::{HashMap, HashSet};

use super::Operations;
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::fate::Fate;
use crate::diff::name::usual_name;
use crate::model::Constraint;
use crate::model::values::unquoted;
use crate::object::Class;

impl<'a> Operations<'a> {
    /// A name is free before it is used again.
    pub(super) fn connect_names(&mut self) {
        let names = |elements: &Elements, element: Element| -> Option<String> {
            let name = match elements.kinds[element] {
                Kind::Constraint(oid) => {
                    // That of a foreign key is another one's.
                    let constraint = &elements.model.constraints[&oid];
                    let index = constraint.index.filter(|_| constraint.kind != "f")?;
                    elements.model.indexes.get(&index).map(|index| &index.name)
                }
                // That of its sequence, which can be the one of another column.
                Kind::Column(table, index) => {
                    let sequence = elements.column(table, index).sequence.as_ref()?;
                    elements.model.sequences.get(sequence).map(|sequence| &sequence.name)
                }
                Kind::Object(index) => {
                    let (class, oid) = elements.objects[index].id;
                    match class {
                        Class::Catalog(catalog::CLASS) => (elements.model.relations.get(&oid).map(|found| &found.name))
                            .or_else(|| elements.model.indexes.get(&oid).map(|found| &found.name))
                            .or_else(|| elements.model.sequences.get(&oid).map(|found| &found.name)),
                        Class::Catalog(catalog::TYPE) => elements.model.types.get(&oid).map(|found| &found.name),
                        Class::Catalog(catalog::PROC) => {
                            elements.model.routines.get(&oid).map(|found| &found.signature)
                        }
                        Class::Catalog(_) => elements.objects[index].target.as_ref(),
                        _ => None,
                    }
                }
                _ => None,
            };
            name.cloned()
        };
        let mut freed: HashMap<String, usize> = HashMap::new();
        let mut renamed = HashSet::new();
        for pair in &self.fates.pairs.list {
            if let (Some(old), Some(new)) = (pair.old, pair.new)
                && matches!(self.fates.of_new(new), Fate::Alter(_))
                && let (Some(before), Some(after)) = (names(self.old(), old), names(self.new_side(), new))
                && before != after
                && let Some(&operation) = self.makers.get(&new)
            {
                freed.insert(before, operation);
                renamed.insert(new);
            }
        }
        for (&old, &operation) in &self.removers {
            if self.fates.of_old(old).is_gone()
                && !self.fates.swapped.contains(&self.fates.pairs.of_old[old])
                && let Some(name) = names(self.old(), old)
            {
                freed.insert(name, operation);
            }
        }
        for (&new, &operation) in &self.makers {
            if (self.fates.of_new(new).is_made() || renamed.contains(&new))
                && !self.besides.contains_key(&new)
                && let Some(name) = names(self.new_side(), new)
                && let Some(&remover) = freed.get(&name)
                && remover != operation
            {
                self.edges.push((remover, operation));
            }
        }
        for (partition, name) in self.parents.passing_names() {
            let Some(&operation) = self.makers.get(&partition) else { continue };
            let takes = |&(&new, &other): &(&Element, &usize)| {
                let takes = self.fates.of_new(new).is_made() || renamed.contains(&new);
                other != operation && takes && names(self.new_side(), new).as_ref() == Some(&name)
            };
            let takers: Vec<usize> = self.makers.iter().filter(takes).map(|(_, &taker)| taker).collect();
            self.edges.extend(freed.get(&name).map(|&remover| (remover, operation)));
            self.edges.extend(takers.into_iter().map(|taker| (operation, taker)));
        }
        // The name of a check or a foreign key is one of its table, and may be free only when a column of it is dropped.
        let pairs = self.fates.list.iter().zip(&self.fates.pairs.list);
        for (_, pair) in pairs.filter(|(fate, _)| **fate == Fate::Replace) {
            let (Some(old), Some(new)) = (pair.old, pair.new) else { continue };
            let Kind::Constraint(oid) = self.old().kinds[old] else { continue };
            let is_own =
                self.old().model.constraints[&oid].owner.0 == catalog::CLASS && !self.besides.contains_key(&new);
            let ends = self.removers.get(&old).zip(self.makers.get(&new)).filter(|(remover, maker)| remover != maker);
            let ends = ends.filter(|_| is_own);
            self.edges.extend(ends.map(|(&remover, &maker)| (remover, maker)));
        }
    }

    /// Constraints get their names before foreign keys for which PostgreSQL would take them: for the copies that refer to
    /// partitions (ChooseForeignKeyConstraintNameAddition in tablecmds.c), and for those of the table's own partitions.
    pub(super) fn connect_reference_names(&mut self) {
        let new = self.new_side();
        let constraints = new.model.constraints.values().filter(|constraint| constraint.owner.0 == catalog::CLASS);
        let made = constraints.filter_map(|constraint| {
            let element = new.element((catalog::CONSTRAINT, constraint.oid, 0))?;
            let is_own = self.fates.of_new(element).is_made() && self.parents.maker(element).is_none();
            Some((constraint, *self.makers.get(&element).filter(|_| is_own)?))
        });
        let mut by_table: HashMap<u32, Vec<(&Constraint, usize)>> = HashMap::new();
        made.for_each(|one| by_table.entry(one.0.owner.1).or_default().push(one));
        let mut edges = Vec::new();
        for &(reference, maker) in by_table.values().flatten().filter(|(one, _)| one.kind == "f" && !one.is_inherited) {
            let table = reference.owner.1;
            let copies = reference.referenced.filter(|&referenced| new.has_children(referenced));
            let usual = copies.and_then(|_| self.usual_reference_name(reference));
            let is_usual =
                |name: &str| Some(unquoted(name).trim_end_matches(|c: char| c.is_ascii_digit())) == usual.as_deref();
            let own = by_table[&table].iter().filter(|(one, _)| is_usual(&one.name) && !is_usual(&reference.name));
            let (mut below, mut open) = (Vec::new(), vec![table]);
            while let Some(above) = open.pop() {
                below.extend(new.children_of(above));
                open.extend(new.children_of(above));
            }
            let parts = below.iter().filter_map(|child| by_table.get(child)).flatten();
            let parts = parts.filter(|(one, _)| one.name == reference.name && one.kind != "f");
            edges.extend(own.chain(parts).map(|&(_, other)| (other, maker)).filter(|(other, maker)| other != maker));
        }
        self.preferred.extend(edges);
    }

    /// The name that PostgreSQL gives to a foreign key without one.
    fn usual_reference_name(&self, reference: &Constraint) -> Option<String> {
        let model = &self.new_side().model;
        let columns = model.columns.get(&reference.owner)?;
        let name =
            |number: &u32| columns.iter().find(|column| column.number == *number).map(|column| unquoted(&column.name));
        let names: Option<Vec<String>> = reference.columns.iter().map(name).collect();
        Some(usual_name(&model.relations.get(&reference.owner.1)?.bare_name, &names?.join("_"), "fkey"))
    }
}
