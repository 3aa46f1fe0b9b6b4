//! The names that operations free and take.

use std::collections::{HashMap, HashSet};

use super::Operations;
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::name::usual_name;
use crate::model::Constraint;
use crate::model::values::unquoted;
use crate::object::Class;

impl<'a> Operations<'a> {
    /// A name is free before it is used again.
    pub(super) fn connect_names(&mut self) {
        let mut freed: HashMap<String, usize> = HashMap::new();
        let mut renamed: Vec<(Element, usize)> = Vec::new();
        for (index, pair) in self.fates.pairs.list.iter().enumerate() {
            let (Some(old), Some(new)) = (pair.old, pair.new) else { continue };
            let (before, after) = (names(self.old(), old), names(self.new_side(), new));
            if before == after || !self.fates.of_new(new).stays() {
                continue;
            }
            if let Some(operation) = self.renamer(new).or_else(|| self.contract_of(index, old)) {
                freed.extend(before.into_iter().map(|name| (name, operation)));
                renamed.push((new, operation));
            }
        }
        let removed = self.removers.iter().map(|(&old, &operation)| (old, operation));
        for (old, operation) in removed.chain(self.attached_sequences.iter().copied()) {
            if self.fates.of_old(old).is_gone() && !self.fates.swapped.contains(&self.fates.pairs.of_old[old]) {
                freed.extend(names(self.old(), old).into_iter().map(|name| (name, operation)));
            }
        }
        let mut taken: HashMap<String, Vec<usize>> = HashMap::new();
        let made = self.makers.iter().filter(|(new, _)| self.fates.of_new(**new).is_made());
        for (new, operation) in made.map(|(&new, &operation)| (new, operation)).chain(renamed) {
            for name in names(self.new_side(), new) {
                let remover = freed.get(&name).filter(|&&remover| remover != operation);
                self.edges.extend(remover.filter(|_| !self.besides.contains_key(&new)).map(|&one| (one, operation)));
                taken.entry(name).or_default().push(operation);
            }
        }
        for (partition, name) in self.parents.passing_names() {
            let Some(&operation) = self.makers.get(&partition) else { continue };
            let takers = taken.get(&name).into_iter().flatten().filter(|&&taker| taker != operation);
            self.edges.extend(takers.map(|&taker| (operation, taker)));
            let remover = freed.get(&name).filter(|&&remover| remover != operation);
            self.edges.extend(remover.map(|&remover| (remover, operation)));
        }
    }

    /// What renames an element, or that of a parent with which it is renamed.
    fn renamer(&self, new: Element) -> Option<usize> {
        let (elements, mut open, mut seen) = (self.new_side(), vec![new], HashSet::new());
        while let Some(element) = open.pop().filter(|&element| seen.insert(element)) {
            if let Some(&operation) = self.makers.get(&element) {
                return Some(operation);
            }
            open.extend(elements.constraint_above(element).into_iter().chain(elements.checks_above(element)));
        }
        None
    }

    /// What drops the old one of an index or a key that is exchanged with its columns.
    fn contract_of(&self, pair: usize, old: Element) -> Option<usize> {
        let columns = self.old().uses[old].iter().map(|&(used, _)| self.fates.pairs.of_old[used]);
        let exchange = columns.filter_map(|column| self.exchanges.of.get(&column)).next();
        let parts = exchange.filter(|_| self.exchanges.absorb(pair)).and_then(|index| self.exchanges.parts.get(index));
        parts.map(|parts| parts.contract)
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
            let has_copies =
                |constraint: &Constraint| constraint.referenced.is_some_and(|referenced| new.has_children(referenced));
            let usual = self.usual_reference_name(reference).filter(|_| has_copies(reference));
            let is_usual =
                |name: &str| Some(unquoted(name).trim_end_matches(|c: char| c.is_ascii_digit())) == usual.as_deref();
            let is_before = |one: &Constraint| is_usual(&one.name) && !(is_usual(&reference.name) && has_copies(one));
            let own = by_table[&table].iter().filter(|(one, _)| is_before(one));
            let family = new.family(table);
            let parts = family.iter().filter_map(|child| by_table.get(child)).flatten();
            let parts = parts.filter(|(one, _)| one.name == reference.name && one.kind != "f");
            edges.extend(own.chain(parts).map(|&(_, other)| (other, maker)).filter(|(other, maker)| other != maker));
        }
        self.preferred.extend(edges);
    }

    /// The name that PostgreSQL gives to a foreign key without one.
    fn usual_reference_name(&self, reference: &Constraint) -> Option<String> {
        let (elements, table) = (self.new_side(), reference.owner.1);
        let columns = elements.column_names(table, &reference.columns)?;
        let columns: Vec<String> = columns.into_iter().map(unquoted).collect();
        Some(usual_name(&elements.model.relations.get(&table)?.bare_name, &columns.join("_"), "fkey"))
    }
}

/// The names of an element, of which PostgreSQL allows each once.
fn names(elements: &Elements, element: Element) -> Vec<String> {
    let model = &elements.model;
    let index_name = |oid: &u32| model.indexes.get(oid).map(|index| index.name.clone());
    let found = match elements.kinds[element] {
        Kind::Constraint(oid) => {
            // The index of a foreign key is another one's.
            let constraint = &model.constraints[&oid];
            let index = constraint.index.filter(|_| constraint.kind != "f").as_ref().and_then(index_name);
            let owner = (constraint.owner.0 == catalog::CLASS).then(|| elements.owner_name(constraint));
            [index, owner.map(|owner| format!("CONSTRAINT {} ON {owner}", constraint.name))]
        }
        // That of its sequence, which can be the one of another column.
        Kind::Column(table, index) => {
            let sequence = elements.column(table, index).sequence.as_ref();
            [sequence.and_then(|sequence| model.sequences.get(sequence)).map(|sequence| sequence.name.clone()), None]
        }
        Kind::Object(index) => {
            let (class, oid) = elements.objects[index].id;
            let name = match class {
                Class::Catalog(catalog::CLASS) => (model.relations.get(&oid).map(|found| found.name.clone()))
                    .or_else(|| index_name(&oid))
                    .or_else(|| model.sequences.get(&oid).map(|found| found.name.clone())),
                Class::Catalog(catalog::TYPE) => model.types.get(&oid).map(|found| found.name.clone()),
                Class::Catalog(catalog::PROC) => model.routines.get(&oid).map(|found| found.signature.clone()),
                Class::Catalog(_) => elements.objects[index].target.clone(),
                _ => None,
            };
            [name, None]
        }
        Kind::Default(..) => [None, None],
    };
    found.into_iter().flatten().collect()
}
