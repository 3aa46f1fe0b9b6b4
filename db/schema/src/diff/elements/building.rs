//! Finds the elements of a schema, and what each uses, in its catalog.

use std::collections::{HashMap, HashSet};

use super::{Element, Elements, Identity, Kind};
use crate::catalog::Catalog;
use crate::model::{Model, Node};
use crate::object::{Class, Id, catalog};

impl Elements {
    pub(crate) fn new(catalog: Catalog, model: Model) -> Self {
        let by_id = catalog.objects.iter().enumerate().map(|(index, object)| (object.id, index)).collect();
        let mut children_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for (&oid, relation) in &model.relations {
            relation.parents.iter().for_each(|&parent| children_of.entry(parent).or_default().push(oid));
        }
        let index_by_name = model.indexes.iter().map(|(&oid, index)| (index.name.clone(), oid)).collect();
        let keys = model.indexes.values().filter(|index| index.constraint.is_some());
        let above_keys = keys.filter_map(|index| index.parent).collect();
        let mut indexes_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for (&oid, index) in &model.indexes {
            indexes_of.entry(index.table).or_default().push(oid);
        }
        let (mut constraints_of, mut referring_to) = (HashMap::new(), HashMap::new());
        for constraint in model.constraints.values() {
            let entry = |map: &mut HashMap<u32, Vec<u32>>, table| map.entry(table).or_default().push(constraint.oid);
            if constraint.owner.0 == catalog::CLASS {
                entry(&mut constraints_of, constraint.owner.1);
            }
            if let Some(table) = constraint.referenced {
                entry(&mut referring_to, table);
            }
        }
        let mut elements = Self {
            objects: catalog.objects,
            model,
            by_id,
            children_of,
            indexes_of,
            constraints_of,
            referring_to,
            index_by_name,
            above_keys,
            stored_types: HashSet::new(),
            by_object: HashMap::new(),
            kinds: Vec::new(),
            identities: Vec::new(),
            by_identity: HashMap::new(),
            by_node: HashMap::new(),
            uses: Vec::new(),
            parts: HashSet::new(),
            needs: Vec::new(),
            constraint_notes: HashMap::new(),
        };
        elements.stored_types = elements.stored_types();
        elements.add_objects();
        elements.add_columns();
        elements.add_constraints();
        elements.uses = vec![Vec::new(); elements.kinds.len()];
        elements.needs = vec![Vec::new(); elements.kinds.len()];
        elements.add_uses();
        elements.add_needs(&catalog.needs, &catalog.part_of);
        elements
    }

    fn stored_types(&self) -> HashSet<String> {
        let model = &self.model;
        let is_stored = |class: u32, owner: &u32| {
            class == catalog::TYPE || model.relations.get(owner).is_some_and(|found| found.kind != "v")
        };
        let columns = model.columns.iter().filter(|((class, owner), _)| is_stored(*class, owner));
        let types = columns.flat_map(|(_, columns)| columns).map(|column| column.type_name.as_str());
        let bases = model.types.values().filter_map(|found| found.base.as_deref());
        types.chain(bases).map(|name| name.trim_end_matches("[]").to_owned()).collect()
    }

    fn add(&mut self, identity: Identity, kind: Kind, node: Option<Node>) -> Element {
        let element = self.kinds.len();
        self.kinds.push(kind);
        self.identities.push(identity.clone());
        self.by_identity.insert(identity, element);
        if let Some(node) = node {
            self.by_node.insert(node, element);
        }
        element
    }

    fn add_objects(&mut self) {
        for index in 0..self.objects.len() {
            let object = &self.objects[index];
            let (class, oid) = object.id;
            let (name, node) = match class {
                // Columns, constraints and their defaults are elements of their own kinds.
                Class::Catalog(catalog::ATTRDEF | catalog::CONSTRAINT | catalog::SETTING) => continue,
                Class::Catalog(class) => (class.to_string(), Some((class, oid, 0))),
                other => (format!("{other:?}"), None),
            };
            let key = match self.model.sequences.get(&oid).filter(|_| class == Class::Catalog(catalog::CLASS)) {
                // The dump writes a sequence where its column is.
                Some(sequence) => (4, sequence.name.clone(), 0, String::new()),
                None => object.key.clone(),
            };
            let identity = Identity::Object(name, key);
            let id = object.id;
            let element = self.add(identity, Kind::Object(index), node);
            self.by_object.insert(id, element);
        }
    }

    fn add_columns(&mut self) {
        let tables: Vec<u32> = self.model.relations.keys().copied().collect();
        for table in tables {
            let relation = &self.model.relations[&table];
            let (name, has_elements) = (relation.name.clone(), matches!(relation.kind.as_str(), "r" | "p" | "f"));
            let columns = self.model.columns.get(&(catalog::CLASS, table)).cloned().unwrap_or_default();
            for (index, column) in columns.iter().enumerate() {
                if has_elements {
                    let identity = Identity::Column(name.clone(), column.name.clone());
                    let node = (catalog::CLASS, table, column.number);
                    let element = self.add(identity, Kind::Column(table, index), Some(node));
                    if !column.generated.is_empty()
                        && let Some(oid) = column.default
                    {
                        self.by_node.insert((catalog::ATTRDEF, oid, 0), element);
                    }
                }
                if let Some(oid) = column.default.filter(|_| column.generated.is_empty()) {
                    let identity = Identity::Default(name.clone(), column.name.clone());
                    self.add(identity, Kind::Default(table, index), Some((catalog::ATTRDEF, oid, 0)));
                }
            }
        }
    }

    fn add_constraints(&mut self) {
        let oids: Vec<u32> = self.model.constraints.keys().copied().collect();
        for oid in oids {
            let constraint = &self.model.constraints[&oid];
            let (owner, index, kind) = (self.owner_name(constraint), constraint.index, constraint.kind.clone());
            let identity = Identity::Constraint(owner, constraint.name.clone());
            let element = self.add(identity, Kind::Constraint(oid), Some((catalog::CONSTRAINT, oid, 0)));
            if let Some(index) = index.filter(|_| kind != "f") {
                self.by_node.insert((catalog::CLASS, index, 0), element);
            }
        }
        for object in &self.objects {
            if let (Class::Catalog(catalog::CONSTRAINT), oid) = object.id {
                self.constraint_notes.entry(oid).or_default().extend(object.comments.iter().cloned());
            }
            for item in &object.items {
                if let Some((Class::Catalog(catalog::CONSTRAINT), oid)) = item.part {
                    self.constraint_notes.entry(oid).or_default().extend(item.comments.iter().cloned());
                }
            }
        }
    }

    fn add_uses(&mut self) {
        for index in 0..self.model.dependencies.len() {
            let dependency = self.model.dependencies[index];
            if let (Some(from), Some(to)) = (self.element(dependency.from), self.element(dependency.to))
                && from != to
            {
                self.uses[from].push((to, dependency.is_automatic));
                if dependency.is_of_partition {
                    self.parts.insert((from, to));
                }
            }
        }
        for element in 0..self.kinds.len() {
            // What an index has beyond its constraint, or as part of another index.
            if let Kind::Object(index) = self.kinds[element]
                && let (class, oid) = self.objects[index].id
                && matches!(class, Class::Catalog(catalog::CLASS) | Class::Attached | Class::Marked)
                && self.model.indexes.contains_key(&oid)
                && let Some(owner) = self.relation(oid)
                && owner != element
            {
                self.uses[element].push((owner, true));
            }
            // A column goes with its table, and a default with its column.
            let above = match self.kinds[element] {
                Kind::Column(table, _) => self.relation(table),
                _ => self.column_of(element),
            };
            if let Some(above) = above.filter(|&above| above != element) {
                self.uses[element].push((above, true));
            }
        }
        for uses in &mut self.uses {
            uses.sort_unstable();
            uses.dedup();
        }
    }

    fn add_needs(&mut self, needs: &[(Id, Id)], part_of: &HashMap<Id, Id>) {
        let resolve = |mut id: Id| {
            for _ in 0..8 {
                // The index of a constraint is the constraint.
                if let (Class::Catalog(class), oid) = id
                    && let Some(&element) = self.by_node.get(&(class, oid, 0))
                {
                    return Some(element);
                }
                if let Some(element) = self.element_of(id) {
                    return Some(element);
                }
                id = *part_of.get(&id)?;
            }
            None
        };
        let pairs: Vec<(Element, Element)> = needs
            .iter()
            .filter_map(|&(from, to)| Some((resolve(from)?, resolve(to)?)))
            .filter(|(from, to)| from != to)
            .collect();
        for (from, to) in pairs {
            self.needs[from].push(to);
            // The privileges or the comment of an object go with it.
            if self.object(from).is_some_and(|object| matches!(object.id.0, Class::ChangesOf(_))) {
                self.uses[from].push((to, true));
            }
        }
    }
}
