//! Finds what must be dropped before an object of `objects`, or something that one of them depends on, can be changed.
//!
//! Dependencies are read from the catalog. An object that no file creates is never dropped; instead, an error names it.

use std::collections::{BTreeMap, BTreeSet};

use connection::{Connection, QueryError, Row, quote_literal};
use revision::identifiers;

use crate::object_state::{AppliedObjects, CatalogObject};
use crate::provenance::Provenance;
use crate::tables::Tables;

/// Objects to drop, those that depend on others first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Drops {
    objects: Vec<CatalogObject>,
    /// Their files.
    pub(crate) files: BTreeSet<String>,
}

/// Why nothing can be dropped.
#[derive(Debug)]
pub(crate) enum Refusal {
    Query(QueryError),
    /// Objects that no file creates depend on what would be dropped.
    Foreign {
        objects: Vec<String>,
        dependents: Vec<String>,
    },
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

/// What a revision may need dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach<'a> {
    /// What has a name that is in this text, and what depends on it.
    Named(&'a str),
    /// What depends on something that this text names.
    Dependents(&'a str),
    /// Everything: the text may not name it, as in dynamic SQL or `DROP SCHEMA`.
    All,
}

impl Drops {
    /// What a revision needs dropped, in addition to what it is known to need.
    pub(crate) fn for_revision(
        connection: &mut Connection,
        in_transaction: bool,
        applied: &AppliedObjects,
        known: impl Fn(&str) -> bool,
        reach: Reach<'_>,
        before: &Self,
    ) -> Result<Self, Refusal> {
        let all = start(applied.created().map(|(_, object)| object));
        let start_sql = match reach {
            Reach::Named(text) => {
                let names: Vec<String> = identifiers(text).iter().map(|name| quote_literal(name)).collect();
                format!(include_str!("sql/objects_named.sql"), names = names.join(", "), own = all)
            }
            Reach::Dependents(text) => {
                let text = quote_literal(&text.to_lowercase());
                format!(include_str!("sql/named_objects.sql"), text = text)
            }
            Reach::All => all,
        };
        let graph = Graph::read(connection, &start_sql, in_transaction)?;
        // The revision may drop what it names itself.
        let is_wanted = |key: &str| !matches!(reach, Reach::Dependents(_)) || !graph.nodes[key].is_start;
        let drops = graph.drops(applied, &known, is_wanted)?;
        if before.objects.iter().all(|object| drops.objects.contains(object)) {
            return Ok(drops);
        }
        let both = start(before.objects.iter().chain(&drops.objects));
        Graph::read(connection, &both, in_transaction)?.drops(applied, known, |_| true)
    }

    /// These objects, and what must be dropped before them. Must be called in a transaction.
    pub(crate) fn of<'a>(
        connection: &mut Connection,
        applied: &AppliedObjects,
        known: impl Fn(&str) -> bool,
        objects: impl Iterator<Item = &'a CatalogObject>,
    ) -> Result<Self, Refusal> {
        Graph::read(connection, &start(objects), true)?.drops(applied, known, |_| true)
    }

    pub(crate) fn len(&self) -> usize {
        self.objects.len()
    }

    /// Their names in messages.
    pub(crate) fn described(&self) -> Vec<String> {
        self.objects.iter().map(CatalogObject::describe).collect()
    }

    /// Drops them, and records it.
    pub(crate) fn sql(&self, applied: &AppliedObjects, tables: &Tables, provenance: &Provenance) -> String {
        let mut sql: String = self.objects.iter().map(drop_sql).collect();
        for (name, file) in self.files.iter().filter_map(|name| Some((name, applied.get(name)?))) {
            let rest: Vec<CatalogObject> =
                file.created.iter().filter(|object| !self.objects.contains(object)).cloned().collect();
            let checksum = file.checksum.map(|checksum| checksum.to_string()).unwrap_or_default();
            sql.push_str(&tables.log_dropped(name, &checksum, &rest, provenance));
        }
        sql
    }
}

/// Drops one object, on which nothing depends.
pub(crate) fn drop_sql(object: &CatalogObject) -> String {
    format!("DROP {} {};\n", object.kind.to_uppercase(), object.identity)
}

fn key(object: &CatalogObject) -> String {
    format!("{} {}", object.catalog(), object.oid)
}

fn start<'a>(objects: impl Iterator<Item = &'a CatalogObject>) -> String {
    let rows: Vec<String> =
        objects.map(|object| format!("('{}'::regclass::oid, {}::oid)", object.catalog(), object.oid)).collect();
    match rows.is_empty() {
        true => "SELECT NULL::oid, NULL::oid WHERE false".to_owned(),
        false => format!("VALUES {}", rows.join(", ")),
    }
}

/// An object of the catalog.
struct Node {
    description: String,
    /// Whether its dependents were requested.
    is_start: bool,
    /// Whether it is a part of another one, and dropped with it, such as the constraint of a constraint trigger.
    is_part: bool,
    /// The keys of what it depends on.
    references: Vec<String>,
}

/// Objects and what depends on them, by key.
struct Graph {
    nodes: BTreeMap<String, Node>,
}

impl Graph {
    fn read(connection: &mut Connection, start: &str, in_transaction: bool) -> Result<Self, QueryError> {
        let query = format!(include_str!("sql/dependents.sql"), start = start);
        let rows = match in_transaction {
            true => connection.query_in_transaction(&query)?,
            false => connection.query(&query)?,
        };
        Ok(Self { nodes: rows.iter().map(node).collect() })
    }

    fn drops(
        &self,
        applied: &AppliedObjects,
        known: impl Fn(&str) -> bool,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Drops, Refusal> {
        let own: BTreeMap<String, (&str, &CatalogObject)> = applied
            .created()
            .filter(|(file, _)| known(file))
            .map(|(file, object)| (key(object), (file, object)))
            .collect();
        let wanted: BTreeSet<&str> =
            self.nodes.keys().map(String::as_str).filter(|key| own.contains_key(*key) && is_wanted(key)).collect();
        let all = self.with_dependents(wanted);
        let foreign: Vec<String> = all
            .iter()
            .filter(|key| !own.contains_key(**key) && !self.nodes[**key].is_part)
            .map(|key| self.nodes[*key].description.clone())
            .collect();
        let mut drops = Drops::default();
        for key in self.dependents_first(&all) {
            if let Some((file, object)) = own.get(key) {
                drops.objects.push((*object).clone());
                drops.files.insert((*file).to_owned());
            }
        }
        match foreign.is_empty() {
            true => Ok(drops),
            false => Err(Refusal::Foreign { objects: drops.described(), dependents: foreign }),
        }
    }

    fn with_dependents<'g>(&'g self, start: BTreeSet<&'g str>) -> BTreeSet<&'g str> {
        let mut found = start;
        loop {
            let refers = |node: &Node| node.references.iter().any(|key| found.contains(key.as_str()));
            let more: Vec<&str> =
                self.nodes.iter().filter(|(_, node)| refers(node)).map(|(key, _)| key.as_str()).collect();
            let before = found.len();
            found.extend(more);
            if found.len() == before {
                return found;
            }
        }
    }

    /// Sorts these, each before what it depends on.
    fn dependents_first<'g>(&'g self, keys: &BTreeSet<&'g str>) -> Vec<&'g str> {
        let mut left = keys.clone();
        let mut sorted = Vec::new();
        while let Some(&next) = left.iter().find(|key| !self.is_needed_by(key, &left)).or_else(|| left.first()) {
            left.remove(next);
            sorted.push(next);
        }
        sorted
    }

    fn is_needed_by(&self, key: &str, others: &BTreeSet<&str>) -> bool {
        others.iter().any(|other| self.nodes[*other].references.iter().any(|reference| reference == key))
    }
}

fn node(row: &Row) -> (String, Node) {
    let text = |column: usize| row.get(column).cloned().flatten().unwrap_or_default();
    let references = text(6).split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    let node = Node { description: text(4), is_start: text(5) == "t", is_part: text(7) == "t", references };
    (format!("{} {}", text(0), text(1)), node)
}
