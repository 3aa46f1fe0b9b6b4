//! Two schemas as one: every table, column and reference of either, with what has become of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schema::{Column, Outline, Reference, Table};

/// What has become of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    #[default]
    None,
    Changed,
    Removed,
    Added,
}

impl Change {
    /// The sign that marks it. A color alone is not enough: not everyone sees it.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Changed => "~",
            Self::Removed => "\u{2212}",
            Self::Added => "+",
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Added => "added",
        }
    }
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) column: Column,
    pub(crate) change: Change,
    /// What it was, if it has changed.
    pub(crate) was: Option<Column>,
    /// Whether it is part of a foreign key.
    pub(crate) is_foreign: bool,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) reference: Reference,
    pub(crate) change: Change,
    /// Its definition, before it changed.
    pub(crate) was: Option<String>,
    /// The index of the table that it refers to.
    pub(crate) target: usize,
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Entity {
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) partitions: usize,
    pub(crate) change: Change,
    pub(crate) rows: Vec<Row>,
    pub(crate) links: Vec<Link>,
}

/// The tables, sorted by name.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) entities: Vec<Entity>,
    /// Whether two schemas were compared.
    pub(crate) is_comparison: bool,
}

impl Model {
    pub(crate) fn new(old: Option<&Outline>, new: &Outline) -> Self {
        let is_comparison = old.is_some();
        let mut versions: BTreeMap<&str, (Option<&Table>, Option<&Table>)> = BTreeMap::new();
        for table in old.into_iter().flat_map(|old| &old.tables) {
            versions.entry(&table.name).or_default().0 = Some(table);
        }
        for table in &new.tables {
            versions.entry(&table.name).or_default().1 = Some(table);
        }
        let numbers: HashMap<&str, usize> = versions.keys().enumerate().map(|(number, &name)| (name, number)).collect();
        let entities = versions.values().filter_map(|versions| match *versions {
            (old, Some(new)) if !is_comparison => Some(entity(old.or(Some(new)), new, Change::None, &numbers)),
            (None, Some(new)) => Some(entity(None, new, Change::Added, &numbers)),
            (Some(old), None) => Some(entity(Some(old), old, Change::Removed, &numbers)),
            (Some(old), Some(new)) => Some(entity(Some(old), new, Change::None, &numbers)),
            (None, None) => None,
        });
        Self { entities: entities.collect(), is_comparison }
    }
}

/// A table and what it was. If all of it is new or gone, so are its parts.
fn entity(old: Option<&Table>, new: &Table, whole: Change, numbers: &HashMap<&str, usize>) -> Entity {
    let mut rows = rows(old.map(|old| old.columns.as_slice()).unwrap_or_default(), &new.columns);
    let mut links = links(old.map(|old| old.references.as_slice()).unwrap_or_default(), &new.references, numbers);
    let parts = rows.iter().map(|row| row.change).chain(links.iter().map(|link| link.change));
    let mut change = if parts.clone().any(|part| part != Change::None) { Change::Changed } else { Change::None };
    if old.is_some_and(|old| old.comment != new.comment || old.partitions != new.partitions) {
        change = Change::Changed;
    }
    if whole != Change::None {
        change = whole;
        rows.iter_mut().for_each(|row| row.change = whole);
        links.iter_mut().for_each(|link| link.change = whole);
    }
    let foreign: BTreeSet<&String> = links.iter().flat_map(|link| &link.reference.columns).collect();
    rows.iter_mut().for_each(|row| row.is_foreign = foreign.contains(&row.column.name));
    Entity { name: new.name.clone(), comment: new.comment.clone(), partitions: new.partitions, change, rows, links }
}

/// The columns of both; a removed one is after the one that it was after.
fn rows(old: &[Column], new: &[Column]) -> Vec<Row> {
    let before: HashMap<&str, &Column> = old.iter().map(|column| (column.name.as_str(), column)).collect();
    let mut rows: Vec<Row> = new
        .iter()
        .map(|column| {
            let was = before.get(column.name.as_str()).copied();
            let change = match was {
                None => Change::Added,
                Some(was) if was != column => Change::Changed,
                Some(_) => Change::None,
            };
            let was = was.filter(|_| change == Change::Changed).cloned();
            Row { column: column.clone(), change, was, is_foreign: false }
        })
        .collect();
    for (index, column) in old.iter().enumerate() {
        if rows.iter().any(|row| row.column.name == column.name) {
            continue;
        }
        let above = old[..index].last();
        let place = above.and_then(|above| rows.iter().position(|row| row.column.name == above.name));
        let row = Row { column: column.clone(), change: Change::Removed, was: None, is_foreign: false };
        rows.insert(place.map_or(0, |place| place + 1), row);
    }
    rows
}

/// What makes a reference the same in both schemas: its constraint may be renamed.
fn ends(reference: &Reference) -> (&[String], &str, &[String]) {
    (&reference.columns, &reference.table, &reference.referenced)
}

fn links(old: &[Reference], new: &[Reference], numbers: &HashMap<&str, usize>) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut add = |reference: &Reference, change: Change, was: Option<String>| {
        if let Some(&target) = numbers.get(reference.table.as_str()) {
            links.push(Link { reference: reference.clone(), change, was, target });
        }
    };
    for reference in new {
        let was = old.iter().find(|was| ends(was) == ends(reference));
        let is_same = |was: &Reference| was.definition == reference.definition && was.is_unique == reference.is_unique;
        match was {
            None => add(reference, Change::Added, None),
            Some(was) if is_same(was) && was.is_optional == reference.is_optional => add(reference, Change::None, None),
            Some(was) => add(reference, Change::Changed, Some(was.definition.clone())),
        }
    }
    for reference in old.iter().filter(|old| !new.iter().any(|new| ends(new) == ends(old))) {
        add(reference, Change::Removed, None);
    }
    links
}
