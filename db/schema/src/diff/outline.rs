//! The tables of a schema with their columns, keys and references: what a diagram shows. A partition is part of its table.

use std::collections::{BTreeMap, HashMap};

use crate::diff::elements::{Elements, catalog};
use crate::model;
use crate::object::{Class, NoteKind};

/// The tables of a schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Sorted by name.
    pub tables: Vec<Table>,
}

/// A table, or a foreign one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// As SQL writes it: quoted if necessary, and with its schema unless that is `public`.
    pub name: String,
    /// The comment on it.
    pub comment: Option<String>,
    /// In their order.
    pub columns: Vec<Column>,
    /// Its foreign keys, sorted by name.
    pub references: Vec<Reference>,
    /// How many partitions it has, on all levels.
    pub partitions: usize,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// As SQL writes it.
    pub name: String,
    /// As SQL writes it.
    pub type_name: String,
    /// Whether it can be NULL.
    pub is_nullable: bool,
    /// Its default, or what generates it.
    pub default: Option<String>,
    /// Whether it is part of the primary key.
    pub is_primary: bool,
    /// Whether its value alone identifies a row, other than as the primary key.
    pub is_unique: bool,
    /// The comment on it.
    pub comment: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// As SQL writes it.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The name of the table that it refers to.
    pub table: String,
    /// The names of the columns that it refers to, in the order of its own.
    pub referenced: Vec<String>,
    /// Whether no two rows refer to the same row.
    pub is_unique: bool,
    /// Whether a row may refer to none.
    pub is_optional: bool,
    /// As SQL writes it.
    pub definition: String,
}

impl Outline {
    /// The tables of a schema.
    pub(crate) fn of(elements: &Elements) -> Self {
        let reader = Reader::new(elements);
        let mut tables: BTreeMap<u32, Table> =
            reader.roots.iter().filter(|&(oid, root)| oid == root).map(|(&oid, _)| (oid, reader.table(oid))).collect();
        for (oid, root) in &reader.roots {
            if oid != root
                && let Some(table) = tables.get_mut(root)
            {
                table.partitions += usize::from(elements.model.relations[oid].partition_key.is_none());
            }
        }
        for constraint in elements.model.constraints.values() {
            if let Some((owner, reference)) = reader.reference(constraint)
                && let Some(table) = tables.get_mut(&owner)
            {
                table.references.push(reference);
            }
        }
        for table in tables.values_mut() {
            table.references.sort_by(|a, b| (&a.name, &a.definition).cmp(&(&b.name, &b.definition)));
        }
        let mut tables: Vec<Table> = tables.into_values().collect();
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        Self { tables }
    }
}

/// A model, with what tables are made of.
struct Reader<'e> {
    elements: &'e Elements,
    /// The table that each table or partition is shown as.
    roots: BTreeMap<u32, u32>,
    /// The columns of each index that makes them unique, by table.
    unique: HashMap<u32, Vec<&'e [u32]>>,
    /// The columns of each primary key, by table.
    primary: HashMap<u32, &'e [u32]>,
}

impl<'e> Reader<'e> {
    fn new(elements: &'e Elements) -> Self {
        let model = &elements.model;
        let tables = model.relations.iter().filter(|(_, relation)| matches!(relation.kind.as_str(), "r" | "p" | "f"));
        let root = |mut oid: u32| {
            while let Some(above) = model.relations.get(&oid).and_then(|relation| relation.partition_of) {
                oid = above;
            }
            oid
        };
        let mut unique: HashMap<u32, Vec<&[u32]>> = HashMap::new();
        for index in model.indexes.values().filter(|index| index.is_valid && !index.unique_columns.is_empty()) {
            unique.entry(index.table).or_default().push(&index.unique_columns);
        }
        let keys = model.constraints.values().filter(|constraint| constraint.kind == "p");
        let primary = keys.map(|key| (key.owner.1, key.columns.as_slice())).collect();
        Self { elements, roots: tables.map(|(&oid, _)| (oid, root(oid))).collect(), unique, primary }
    }

    fn columns(&self, table: u32) -> &'e [model::Column] {
        self.elements.model.columns.get(&(catalog::CLASS, table)).map(Vec::as_slice).unwrap_or_default()
    }

    fn table(&self, oid: u32) -> Table {
        let name = self.elements.model.relations[&oid].name.clone();
        let primary = self.primary.get(&oid).copied().unwrap_or_default();
        let is_unique = |number: u32| {
            let mut keys = self.unique.get(&oid).into_iter().flatten();
            primary != [number] && keys.any(|&key| key == [number])
        };
        let column = |column: &model::Column| Column {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
            is_nullable: !column.not_null,
            default: value(column),
            is_primary: primary.contains(&column.number),
            is_unique: is_unique(column.number),
            comment: self.comment(oid, column.number),
        };
        let columns = self.columns(oid).iter().map(column).collect();
        let comment = self.comment(oid, 0);
        Table { name, comment, columns, references: Vec::new(), partitions: 0 }
    }

    /// The text of the comment on a table or column.
    fn comment(&self, table: u32, column: u32) -> Option<String> {
        let object = self.elements.object_with((Class::Catalog(catalog::CLASS), table))?;
        let mut notes = object.comments.iter();
        notes.find(|note| note.kind == NoteKind::Comment && note.column == column)?.text.clone()
    }

    /// A foreign key, and the OID of the table that it is shown with. The copies that belong to partitions are not shown.
    fn reference(&self, constraint: &model::Constraint) -> Option<(u32, Reference)> {
        let (own, other) = (constraint.owner.1, constraint.referenced?);
        if constraint.kind != "f" || constraint.parent.is_some() {
            return None;
        }
        let (owner, target) = (*self.roots.get(&own)?, *self.roots.get(&other)?);
        let columns = self.named(own, &constraint.columns);
        let is_optional = columns.iter().any(|column| !column.not_null);
        let mut keys = self.unique.get(&own).into_iter().flatten();
        let is_unique = keys.any(|key| key.iter().all(|number| constraint.columns.contains(number)));
        let names = |columns: Vec<&model::Column>| columns.into_iter().map(|column| column.name.clone()).collect();
        let reference = Reference {
            name: constraint.name.clone(),
            columns: names(columns),
            table: self.elements.model.relations.get(&target)?.name.clone(),
            referenced: names(self.named(other, &constraint.referenced_columns)),
            is_unique,
            is_optional,
            definition: constraint.definition.clone(),
        };
        Some((owner, reference))
    }

    fn named(&self, table: u32, numbers: &[u32]) -> Vec<&'e model::Column> {
        let columns = self.columns(table);
        numbers.iter().filter_map(|&number| columns.iter().find(|column| column.number == number)).collect()
    }
}

/// What a column contains if nothing is inserted.
fn value(column: &model::Column) -> Option<String> {
    match (column.identity.as_str(), &column.expression) {
        ("a", _) => Some("GENERATED ALWAYS AS IDENTITY".to_owned()),
        ("d", _) => Some("GENERATED BY DEFAULT AS IDENTITY".to_owned()),
        (_, Some(expression)) if !column.generated.is_empty() => Some(format!("GENERATED ALWAYS AS ({expression})")),
        (_, Some(expression)) => Some(format!("DEFAULT {expression}")),
        (_, None) => None,
    }
}
