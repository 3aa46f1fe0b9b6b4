//! The elements of a schema: what can be created, changed or dropped by a statement of its own, and what they use.

use std::collections::{HashMap, HashSet};

use crate::catalog::Catalog;
use crate::diff::facts::{Column, Constraint, Facts, Index, Node};
use crate::object::{Class, Id, Key, Note, Object};

/// A name as SQL writes it; only for one that ends like no keyword.
pub(crate) fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if is_plain { name.to_owned() } else { connection::quote_identifier(name) }
}

/// The OIDs of catalogs, which are the same on every server.
pub(crate) mod catalog {
    pub(crate) const TYPE: u32 = 1247;
    pub(crate) const PROC: u32 = 1255;
    pub(crate) const CLASS: u32 = 1259;
    pub(crate) const ATTRDEF: u32 = 2604;
    pub(crate) const CONSTRAINT: u32 = 2606;
    pub(crate) const REWRITE: u32 = 2618;
    pub(crate) const TRIGGER: u32 = 2620;
    pub(crate) const EXTENSION: u32 = 3079;
    pub(crate) const POLICY: u32 = 3256;
    pub(crate) const COLLATION: u32 = 3456;
    pub(crate) const DEFAULT_ACL: u32 = 826;
    pub(crate) const SERVER: u32 = 1417;
    pub(crate) const USER_MAPPING: u32 = 1418;
    pub(crate) const FOREIGN_DATA_WRAPPER: u32 = 2328;
    pub(crate) const NAMESPACE: u32 = 2615;
    pub(crate) const EVENT_TRIGGER: u32 = 3466;
    pub(crate) const SUBSCRIPTION: u32 = 6100;
    pub(crate) const PUBLICATION: u32 = 6104;
    pub(crate) const SETTING: u32 = 2964;
    pub(crate) const STATISTIC: u32 = 3381;
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
    pub(crate) facts: Facts,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) by_identity: HashMap<Identity, Element>,
    by_node: HashMap<Node, Element>,
    by_id: HashMap<Id, usize>,
    /// The OIDs of the tables that have children.
    with_children: HashSet<u32>,
    /// The OIDs of the indexes of each table.
    indexes_of: HashMap<u32, Vec<u32>>,
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

    pub(crate) fn new(catalog: Catalog, facts: Facts) -> Self {
        let by_id = catalog.objects.iter().enumerate().map(|(index, object)| (object.id, index)).collect();
        let with_children = facts.relations.values().flat_map(|relation| relation.parents.iter().copied()).collect();
        let mut indexes_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for (&oid, index) in &facts.indexes {
            indexes_of.entry(index.table).or_default().push(oid);
        }
        let mut elements = Self {
            objects: catalog.objects,
            facts,
            by_id,
            with_children,
            indexes_of,
            kinds: Vec::new(),
            identities: Vec::new(),
            by_identity: HashMap::new(),
            by_node: HashMap::new(),
            uses: Vec::new(),
            parts: HashSet::new(),
            needs: Vec::new(),
            constraint_notes: HashMap::new(),
        };
        elements.add_objects();
        elements.add_columns();
        elements.add_constraints();
        elements.uses = vec![Vec::new(); elements.kinds.len()];
        elements.needs = vec![Vec::new(); elements.kinds.len()];
        elements.add_uses();
        elements.add_needs(&catalog.needs, &catalog.part_of);
        elements
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
            let key = match self.facts.sequences.get(&oid).filter(|_| class == Class::Catalog(catalog::CLASS)) {
                // The dump writes a sequence where its column is.
                Some(sequence) => (4, sequence.name.clone(), 0, String::new()),
                None => object.key.clone(),
            };
            let identity = Identity::Object(name, key);
            self.add(identity, Kind::Object(index), node);
        }
    }

    fn add_columns(&mut self) {
        let mut tables: Vec<u32> = self.facts.relations.keys().copied().collect();
        tables.sort_unstable();
        for table in tables {
            let relation = &self.facts.relations[&table];
            let (name, has_elements) = (relation.name.clone(), matches!(relation.kind.as_str(), "r" | "p" | "f"));
            let columns = self.facts.columns.get(&(catalog::CLASS, table)).cloned().unwrap_or_default();
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
        let mut oids: Vec<u32> = self.facts.constraints.keys().copied().collect();
        oids.sort_unstable();
        for oid in oids {
            let constraint = &self.facts.constraints[&oid];
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
        for index in 0..self.facts.edges.len() {
            let edge = self.facts.edges[index];
            if let (Some(from), Some(to)) = (self.element(edge.from), self.element(edge.to))
                && from != to
            {
                self.uses[from].push((to, edge.is_automatic));
                if edge.is_of_partition {
                    self.parts.insert((from, to));
                }
            }
        }
        for element in 0..self.kinds.len() {
            // What an index has beyond its constraint, or as part of another index.
            if let Kind::Object(index) = self.kinds[element]
                && let (class, oid) = self.objects[index].id
                && matches!(class, Class::Catalog(catalog::CLASS) | Class::Attached | Class::Marked)
                && self.facts.indexes.contains_key(&oid)
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
        let by_id: HashMap<Id, Element> = self
            .kinds
            .iter()
            .enumerate()
            .filter_map(|(element, kind)| match kind {
                Kind::Object(index) => Some((self.objects[*index].id, element)),
                _ => None,
            })
            .collect();
        let resolve = |mut id: Id| {
            for _ in 0..8 {
                // The index of a constraint is the constraint.
                if let (Class::Catalog(class), oid) = id
                    && let Some(&element) = self.by_node.get(&(class, oid, 0))
                {
                    return Some(element);
                }
                if let Some(&element) = by_id.get(&id) {
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
            // The privileges of an extension's object go with the extension.
            if self.object(from).is_some_and(|object| matches!(object.id.0, Class::PrivilegesOf(_))) {
                self.uses[from].push((to, true));
            }
        }
    }

    /// The element with this node; a column of a view is the view.
    pub(crate) fn element(&self, (class, oid, column): Node) -> Option<Element> {
        self.by_node.get(&(class, oid, column)).or_else(|| self.by_node.get(&(class, oid, 0))).copied()
    }

    /// The object with this class and OID.
    pub(crate) fn object_with(&self, id: Id) -> Option<&Object> {
        self.by_id.get(&id).map(|&index| &self.objects[index])
    }

    /// Whether a table has children or partitions.
    pub(crate) fn has_children(&self, table: u32) -> bool {
        self.with_children.contains(&table)
    }

    /// The indexes of a table.
    pub(crate) fn indexes_of(&self, table: u32) -> impl Iterator<Item = (u32, &Index)> {
        self.indexes_of.get(&table).into_iter().flatten().filter_map(|&oid| Some((oid, self.facts.indexes.get(&oid)?)))
    }

    /// The element of an object of `pg_class`.
    pub(crate) fn relation(&self, oid: u32) -> Option<Element> {
        self.element((catalog::CLASS, oid, 0))
    }

    /// The name of the table or domain of a constraint.
    pub(crate) fn owner_name(&self, constraint: &Constraint) -> String {
        match constraint.owner {
            (catalog::TYPE, oid) => self.facts.types.get(&oid).map(|found| found.name.clone()),
            (_, oid) => self.facts.relations.get(&oid).map(|found| found.name.clone()),
        }
        .unwrap_or_default()
    }

    /// The table that an element belongs to, if it is not one itself.
    pub(crate) fn owner_of(&self, element: Element) -> Option<Element> {
        match self.kinds[element] {
            Kind::Column(table, _) | Kind::Default(table, _) => self.relation(table),
            Kind::Constraint(oid) => {
                let (class, owner) = self.facts.constraints[&oid].owner;
                self.element((class, owner, 0))
            }
            Kind::Object(index) => {
                let object = &self.objects[index];
                let found = match object.id.0 {
                    Class::Catalog(catalog::CLASS) => self.facts.indexes.get(&object.id.1).map(|index| index.table),
                    Class::Catalog(catalog::POLICY) => self.facts.policies.get(&object.id.1).map(|policy| policy.table),
                    Class::Attached | Class::Marked => self.facts.indexes.get(&object.id.1).map(|index| index.table),
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
            && self.facts.sequences.get(&oid).is_some_and(|found| found.owner.is_some() && !found.is_identity)
    }

    /// The identity column of a sequence.
    pub(crate) fn identity_column(&self, sequence: Element) -> Option<Element> {
        let (class, oid) = self.object(sequence)?.id;
        let found = self.facts.sequences.get(&oid).filter(|found| found.is_identity)?;
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
                let constraint = &self.facts.constraints[&oid];
                constraint.is_inherited && matches!(constraint.kind.as_str(), "f" | "x")
            }
            _ => false,
        }
    }

    /// The constraint of a partitioned table that this one belongs to.
    pub(crate) fn constraint_above(&self, element: Element) -> Option<Element> {
        match self.kinds[element] {
            Kind::Constraint(oid) => self.element((catalog::CONSTRAINT, self.facts.constraints[&oid].parent?, 0)),
            _ => None,
        }
    }

    /// Whether an element is an index, or a constraint with one.
    pub(crate) fn is_index_like(&self, element: Element) -> bool {
        match self.kinds[element] {
            Kind::Constraint(oid) => matches!(self.facts.constraints[&oid].kind.as_str(), "p" | "u" | "x"),
            Kind::Object(index) => {
                let (class, oid) = self.objects[index].id;
                matches!(class, Class::Attached | Class::Marked)
                    || class == Class::Catalog(catalog::CLASS) && self.facts.indexes.contains_key(&oid)
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
        &self.facts.columns[&(catalog::CLASS, table)][index]
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
