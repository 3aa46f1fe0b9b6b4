//! The elements of a schema: what can be created, changed or dropped by a statement of its own, and what they use.

mod building;

use std::collections::{HashMap, HashSet};

use crate::model::{Column, Constraint, Index, Model, Node, Relation};
pub(crate) use crate::object::catalog;
use crate::object::{Class, Id, Key, Note, Object};

/// A name as SQL writes it; only for one that ends like no keyword.
pub(crate) fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if is_plain { name.to_owned() } else { connection::quote_identifier(name) }
}

/// Identifies an element in every schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Identity {
    /// An object, by the name of its class and its key.
    Object(String, Key),
    /// A column, by table and name.
    Column(String, String),
    /// The default of a column.
    Default(String, String),
    /// A constraint, by its table or domain and its name.
    Constraint(String, String),
}

/// What an element is in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The object with this index.
    Object(usize),
    /// A column of a table, by the OID of the table and its index.
    Column(u32, usize),
    /// The default of that column.
    Default(u32, usize),
    /// The constraint with this OID.
    Constraint(u32),
}

/// An element, by its index in a schema.
pub(crate) type Element = usize;

/// A schema: its elements and what they use.
#[derive(Debug)]
pub(crate) struct Elements {
    pub(crate) objects: Vec<Object>,
    pub(crate) model: Model,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) by_identity: HashMap<Identity, Element>,
    by_node: HashMap<Node, Element>,
    by_id: HashMap<Id, usize>,
    /// The OIDs of the children and partitions of each table.
    children_of: HashMap<u32, Vec<u32>>,
    /// The OIDs of the indexes of each table.
    indexes_of: HashMap<u32, Vec<u32>>,
    /// The OIDs of the constraints of each table.
    constraints_of: HashMap<u32, Vec<u32>>,
    /// The OIDs of the foreign keys that refer to each table.
    referring_to: HashMap<u32, Vec<u32>>,
    /// The OID of each index, by its name.
    index_by_name: HashMap<String, u32>,
    /// The OIDs of the indexes that the index of a constraint is attached to.
    above_keys: HashSet<u32>,
    /// The types that values in tables can have, as SQL names them; an array is its elements.
    stored_types: HashSet<String>,
    /// The elements of objects; that of the index of a constraint is not the constraint.
    by_object: HashMap<Id, Element>,
    /// What each element uses, and whether PostgreSQL drops it with that.
    pub(crate) uses: Vec<Vec<(Element, bool)>>,
    /// What parts of partitions use: the parts of their tables.
    pub(crate) parts: HashSet<(Element, Element)>,
    /// What must be created before each element; more than it uses.
    pub(crate) needs: Vec<Vec<Element>>,
    /// The comments of constraints, by OID.
    pub(crate) constraint_notes: HashMap<u32, Vec<Note>>,
}

impl Elements {
    /// What uses each element.
    pub(crate) fn users(&self) -> Vec<Vec<Element>> {
        let mut users: Vec<Vec<Element>> = vec![Vec::new(); self.kinds.len()];
        for (user, uses) in self.uses.iter().enumerate() {
            uses.iter().for_each(|&(used, _)| users[used].push(user));
        }
        users
    }

    /// Whether rows of a table are values in a column, an attribute of a composite type or a domain.
    pub(crate) fn has_stored_rows(&self, table: &Relation) -> bool {
        self.stored_types.contains(&table.name)
    }

    /// The element with this node; a column of a view is the view.
    pub(crate) fn element(&self, (class, oid, column): Node) -> Option<Element> {
        self.by_node.get(&(class, oid, column)).or_else(|| self.by_node.get(&(class, oid, 0))).copied()
    }

    /// The object with this class and OID.
    pub(crate) fn object_with(&self, id: Id) -> Option<&Object> {
        self.by_id.get(&id).map(|&index| &self.objects[index])
    }

    /// An object as ALTER and DROP name it.
    pub(crate) fn target(&self, object: &Object) -> Option<String> {
        match object.id {
            (Class::Catalog(catalog::USER_MAPPING), oid) => Some(self.model.user_mappings.get(&oid)?.target()),
            _ => object.target.clone(),
        }
    }

    /// Whether a table has children or partitions.
    pub(crate) fn has_children(&self, table: u32) -> bool {
        self.children_of.contains_key(&table)
    }

    /// The OIDs of the children and partitions of a table.
    pub(crate) fn children_of(&self, table: u32) -> &[u32] {
        self.children_of.get(&table).map(Vec::as_slice).unwrap_or_default()
    }

    /// The index with a name, qualified and quoted as SQL writes it.
    pub(crate) fn index_named(&self, name: &str) -> Option<&Index> {
        self.model.indexes.get(self.index_by_name.get(name)?)
    }

    /// Whether the key of a partition is part of an index.
    pub(crate) fn is_above_key(&self, index: u32) -> bool {
        self.above_keys.contains(&index)
    }

    /// The element of an object; that of the index of a constraint is not the constraint.
    pub(crate) fn element_of(&self, id: Id) -> Option<Element> {
        self.by_object.get(&id).copied()
    }

    /// The indexes of a table.
    pub(crate) fn indexes_of(&self, table: u32) -> impl Iterator<Item = &Index> {
        self.indexes_of.get(&table).into_iter().flatten().filter_map(|oid| self.model.indexes.get(oid))
    }

    /// The constraints of a table.
    pub(crate) fn constraints_of(&self, table: u32) -> impl Iterator<Item = &Constraint> {
        self.constraints(self.constraints_of.get(&table))
    }

    /// The foreign keys that refer to a table, also those of partitions.
    pub(crate) fn referring_to(&self, table: u32) -> impl Iterator<Item = &Constraint> {
        self.constraints(self.referring_to.get(&table))
    }

    /// The constraints that partitions have because their table has one.
    pub(crate) fn constraints_below(&self, above: &Constraint) -> impl Iterator<Item = &Constraint> {
        let (oid, tables) = (above.oid, self.children_of(above.owner.1));
        tables.iter().flat_map(|&table| self.constraints_of(table)).filter(move |found| found.parent == Some(oid))
    }

    fn constraints<'s>(&'s self, oids: Option<&'s Vec<u32>>) -> impl Iterator<Item = &'s Constraint> {
        oids.into_iter().flatten().filter_map(|oid| self.model.constraints.get(oid))
    }

    /// The element of an object of `pg_class`; that of the index of a constraint is the constraint.
    pub(crate) fn relation(&self, oid: u32) -> Option<Element> {
        self.element((catalog::CLASS, oid, 0))
    }

    /// The OID and the relation of an element that is a table, partitioned or foreign ones included.
    pub(crate) fn table(&self, element: Element) -> Option<(u32, &Relation)> {
        let (Class::Catalog(catalog::CLASS), oid) = self.object(element)?.id else { return None };
        let found = self.model.relations.get(&oid)?;
        matches!(found.kind.as_str(), "r" | "p" | "f").then_some((oid, found))
    }

    /// The index that an element is, or that of a key, with the key.
    pub(crate) fn own_index(&self, element: Element) -> Option<(&Index, Option<&Constraint>)> {
        self.index_of(element).filter(|(_, constraint)| constraint.is_none_or(Constraint::is_key))
    }

    /// The index that an element is, or that of a key or an exclusion constraint, with the constraint.
    pub(crate) fn index_of(&self, element: Element) -> Option<(&Index, Option<&Constraint>)> {
        match self.kinds[element] {
            Kind::Constraint(oid) => {
                let constraint = self.model.constraints.get(&oid)?;
                let index = self.model.indexes.get(&constraint.index?)?;
                (index.constraint == Some(oid)).then_some((index, Some(constraint)))
            }
            Kind::Object(index) => {
                let (class, oid) = self.objects[index].id;
                let found = self.model.indexes.get(&oid).filter(|_| class == Class::Catalog(catalog::CLASS))?;
                found.constraint.is_none().then_some((found, None))
            }
            _ => None,
        }
    }

    /// A table and all tables below it, by their OIDs.
    pub(crate) fn family(&self, table: u32) -> HashSet<u32> {
        let (mut family, mut open) = (HashSet::from([table]), vec![table]);
        while let Some(above) = open.pop() {
            open.extend(self.children_of(above).iter().filter(|&&child| family.insert(child)));
        }
        family
    }

    /// The names, quoted, of columns of a table, in the order of these numbers.
    pub(crate) fn column_names(&self, table: u32, numbers: &[u32]) -> Option<Vec<&str>> {
        let columns = self.model.columns.get(&(catalog::CLASS, table))?;
        let name = |number| columns.iter().find(|column| column.number == number).map(|column| column.name.as_str());
        numbers.iter().map(|&number| name(number)).collect()
    }

    /// What marks an index, or that of a key, as the one to cluster on or to identify rows by.
    pub(crate) fn mark_of(&self, index: Element) -> Option<Element> {
        self.element_of((Class::Marked, self.index_of(index)?.0.oid))
    }

    /// The name of the table or domain of a constraint.
    pub(crate) fn owner_name(&self, constraint: &Constraint) -> String {
        match constraint.owner {
            (catalog::TYPE, oid) => self.model.types.get(&oid).map(|found| found.name.clone()),
            (_, oid) => self.model.relations.get(&oid).map(|found| found.name.clone()),
        }
        .unwrap_or_default()
    }

    /// The table that an element belongs to, if it is not one itself.
    pub(crate) fn owner_of(&self, element: Element) -> Option<Element> {
        match self.kinds[element] {
            Kind::Column(table, _) | Kind::Default(table, _) => self.relation(table),
            Kind::Constraint(oid) => {
                let (class, owner) = self.model.constraints[&oid].owner;
                self.element((class, owner, 0))
            }
            Kind::Object(index) => {
                let object = &self.objects[index];
                let found = match object.id.0 {
                    Class::Catalog(catalog::CLASS) => self.model.indexes.get(&object.id.1).map(|index| index.table),
                    Class::Catalog(catalog::POLICY) => self.model.policies.get(&object.id.1).map(|policy| policy.table),
                    Class::Attached | Class::Marked => self.model.indexes.get(&object.id.1).map(|index| index.table),
                    _ => None,
                };
                found.and_then(|table| self.relation(table))
            }
        }
    }

    /// The column of a default.
    pub(crate) fn column_of(&self, default: Element) -> Option<Element> {
        match self.kinds[default] {
            Kind::Default(table, index) => self.element((catalog::CLASS, table, self.column(table, index).number)),
            _ => None,
        }
    }

    /// Whether the second element is a sequence that is dropped with the first, but created before it.
    pub(crate) fn is_owner_of_sequence(&self, column: Element, sequence: Element) -> bool {
        let oid = self.object(sequence).map(|object| object.id.1).unwrap_or_default();
        matches!(self.kinds[column], Kind::Column(..))
            && self.model.sequences.get(&oid).is_some_and(|found| found.owner.is_some() && !found.is_identity)
    }

    /// The identity column of a sequence.
    pub(crate) fn identity_column(&self, sequence: Element) -> Option<Element> {
        let (class, oid) = self.object(sequence)?.id;
        let found = self.model.sequences.get(&oid).filter(|found| found.is_identity)?;
        let (table, column) = found.owner.filter(|_| class == Class::Catalog(catalog::CLASS))?;
        self.element((catalog::CLASS, table, column))
    }

    /// The default of a column.
    pub(crate) fn default_of(&self, column: Element) -> Option<Element> {
        match &self.identities[column] {
            Identity::Column(table, name) => {
                self.by_identity.get(&Identity::Default(table.clone(), name.clone())).copied()
            }
            _ => None,
        }
    }

    /// Whether an element is a foreign key or an exclusion constraint that comes with that of a partitioned table.
    pub(crate) fn is_inherited_reference(&self, element: Element) -> bool {
        match self.kinds[element] {
            Kind::Constraint(oid) => {
                let constraint = &self.model.constraints[&oid];
                constraint.is_inherited && matches!(constraint.kind.as_str(), "f" | "x")
            }
            _ => false,
        }
    }

    /// The constraint of a partitioned table that this one belongs to.
    pub(crate) fn constraint_above(&self, element: Element) -> Option<Element> {
        match self.kinds[element] {
            Kind::Constraint(oid) => self.element((catalog::CONSTRAINT, self.model.constraints[&oid].parent?, 0)),
            _ => None,
        }
    }

    /// Whether an element is the copy of a foreign key for a partition that it refers to.
    pub(crate) fn is_copy(&self, element: Element) -> bool {
        let above = self.constraint_above(element);
        above.is_some_and(|above| self.owner_of(above) == self.owner_of(element))
    }

    /// The checks of parents that are the same as that of a table: with the same name, PostgreSQL merges them.
    pub(crate) fn checks_above(&self, element: Element) -> impl Iterator<Item = Element> {
        let check = match (&self.identities[element], self.kinds[element]) {
            (Identity::Constraint(_, name), Kind::Constraint(oid)) => {
                let constraint = &self.model.constraints[&oid];
                (constraint.kind == "c").then_some((name, constraint.owner.1))
            }
            _ => None,
        };
        let table = check.and_then(|(_, table)| self.model.relations.get(&table));
        let parents = table.into_iter().flat_map(|table| &table.parents);
        let parents = parents.filter_map(|parent| self.model.relations.get(parent));
        parents.zip(check.into_iter().cycle()).filter_map(|(parent, (name, _))| {
            self.by_identity.get(&Identity::Constraint(parent.name.clone(), name.clone())).copied()
        })
    }

    /// The primary key of a table.
    pub(crate) fn primary_key(&self, table: Element) -> Option<Element> {
        let (oid, _) = self.table(table)?;
        self.indexes_of(oid).filter_map(|index| self.relation(index.oid)).find(|&key| self.is_primary(key))
    }

    /// Whether an element is a primary key.
    pub(crate) fn is_primary(&self, element: Element) -> bool {
        matches!(self.kinds[element], Kind::Constraint(oid) if self.model.constraints[&oid].kind == "p")
    }

    /// Whether an element is an index, or a constraint with one.
    pub(crate) fn is_index_like(&self, element: Element) -> bool {
        match self.kinds[element] {
            Kind::Constraint(oid) => matches!(self.model.constraints[&oid].kind.as_str(), "p" | "u" | "x"),
            Kind::Object(index) => {
                let (class, oid) = self.objects[index].id;
                matches!(class, Class::Attached | Class::Marked)
                    || class == Class::Catalog(catalog::CLASS) && self.model.indexes.contains_key(&oid)
            }
            _ => false,
        }
    }

    pub(crate) fn object(&self, element: Element) -> Option<&Object> {
        match self.kinds[element] {
            Kind::Object(index) => Some(&self.objects[index]),
            _ => None,
        }
    }

    pub(crate) fn column(&self, table: u32, index: usize) -> &Column {
        &self.model.columns[&(catalog::CLASS, table)][index]
    }

    /// The object as SQL names it, or the element in words.
    pub(crate) fn describe(&self, element: Element) -> String {
        match &self.identities[element] {
            Identity::Object(..) => self.object(element).map(Object::describe).unwrap_or_default(),
            Identity::Column(table, name) => format!("COLUMN {table}.{}", name),
            Identity::Default(table, name) => {
                format!("the default of {table}.{}", name)
            }
            Identity::Constraint(table, name) => {
                format!("CONSTRAINT {} ON {table}", name)
            }
        }
    }
}
