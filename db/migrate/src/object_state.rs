//! Which files of `objects` have been applied, and which have to be applied again.

use std::collections::{BTreeMap, BTreeSet};

use connection::Row;
use revision::{Checksum, ObjectFile, Objects};

use crate::error::Error;
use crate::session::Session;
use crate::state::State;

/// An object of a file, in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CatalogObject {
    pub(crate) oid: u32,
    /// `view`, `function`, `procedure`, `aggregate`, `trigger` or `policy`.
    pub(crate) kind: String,
    /// The name, quoted and qualified, with arguments or the table.
    pub(crate) identity: String,
}

impl CatalogObject {
    /// Reads `OID KIND IDENTITY`, as the table has it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.splitn(3, ' ');
        let (oid, kind, identity) = (words.next()?.parse().ok()?, words.next()?.to_owned(), words.next()?.to_owned());
        Some(Self { oid, kind, identity })
    }

    /// The same text.
    pub(crate) fn to_text(&self) -> String {
        format!("{} {} {}", self.oid, self.kind, self.identity)
    }

    /// The catalog that contains it.
    pub(crate) fn catalog(&self) -> &'static str {
        match self.kind.as_str() {
            "view" => "pg_class",
            "trigger" => "pg_trigger",
            "policy" => "pg_policy",
            _ => "pg_proc",
        }
    }

    /// Whether it is one of these.
    pub(crate) fn is_in<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> bool {
        others.into_iter().any(|other| other.oid == self.oid && other.catalog() == self.catalog())
    }

    /// Its name in messages.
    pub(crate) fn describe(&self) -> String {
        format!("{} {}", self.kind, self.identity)
    }
}

/// What the table records about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AppliedFile {
    /// The checksum of what was applied.
    pub(crate) checksum: Option<Checksum>,
    /// The objects that it created and that still exist.
    pub(crate) created: Vec<CatalogObject>,
    /// Whether one of its objects, or a relation that its text names, has been dropped, by a run or by something else.
    is_incomplete: bool,
    /// Whether revisions have run since.
    is_before_revisions: bool,
}

/// The files that have been applied, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AppliedObjects(BTreeMap<String, AppliedFile>);

/// Why a file must be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObjectChange {
    /// It has not been applied yet.
    New,
    /// Its text has changed.
    Edited,
    /// An object of it is missing, or a relation that it names was dropped.
    Incomplete,
    /// What it refers to is created again.
    Dependent,
    /// Revisions have run since, and it means whatever columns or tables there are, as `SELECT *` does.
    Wildcard,
}

impl AppliedObjects {
    pub(crate) fn get(&self, name: &str) -> Option<&AppliedFile> {
        self.0.get(name)
    }

    /// All objects, each with its file.
    pub(crate) fn created(&self) -> impl Iterator<Item = (&str, &CatalogObject)> {
        self.0.iter().flat_map(|(name, file)| file.created.iter().map(move |object| (name.as_str(), object)))
    }

    /// Whether another one of these files has created the object.
    pub(crate) fn is_of_other(&self, object: &CatalogObject, name: &str, objects: &Objects) -> bool {
        let others = self.created().filter(|(other, _)| *other != name && objects.find(other).is_some());
        object.is_in(others.map(|(_, own)| own))
    }

    /// The objects of files that no longer exist, unless another file has `created` them now, or before.
    pub(crate) fn removed(&self, objects: &Objects, created: &[CatalogObject]) -> Vec<RemovedFile> {
        let mut seen: Vec<&CatalogObject> = created.iter().collect();
        let mut removed = Vec::new();
        for (name, file) in self.0.iter().filter(|(name, _)| objects.find(name).is_none()) {
            let is_left = |object: &&CatalogObject| {
                !object.is_in(seen.iter().copied()) && !self.is_of_other(object, name, objects)
            };
            let left: Vec<&CatalogObject> = file.created.iter().filter(is_left).collect();
            if !left.is_empty() {
                let objects = left.iter().map(|object| object.describe()).collect();
                removed.push(RemovedFile { name: name.clone(), objects });
            }
            seen.extend(left);
        }
        removed
    }

    /// The files that have to be applied, and why. `has_run`: revisions run before them.
    pub(crate) fn pending(&self, objects: &Objects, has_run: bool) -> BTreeMap<usize, ObjectChange> {
        let mut pending: BTreeMap<usize, ObjectChange> =
            (0..).zip(objects.files()).filter_map(|(index, file)| Some((index, self.change(file, has_run)?))).collect();
        let incomplete = pending.iter().filter(|(_, change)| **change == ObjectChange::Incomplete);
        let incomplete: BTreeSet<usize> = incomplete.map(|(&index, _)| index).collect();
        for index in referring_to(objects, &incomplete) {
            pending.entry(index).or_insert(ObjectChange::Dependent);
        }
        pending
    }

    fn change(&self, file: &ObjectFile, has_run: bool) -> Option<ObjectChange> {
        match self.get(file.name()) {
            None => Some(ObjectChange::New),
            Some(applied) if applied.is_incomplete => Some(ObjectChange::Incomplete),
            Some(applied) if applied.checksum != Some(file.checksum()) => Some(ObjectChange::Edited),
            Some(applied) => {
                let is_older = has_run || applied.is_before_revisions;
                (file.has_wildcard() && is_older).then_some(ObjectChange::Wildcard)
            }
        }
    }
}

/// The files that refer to one of these.
pub(crate) fn referring_to(objects: &Objects, files: &BTreeSet<usize>) -> Vec<usize> {
    let refers = |&index: &usize| objects.references(index).iter().any(|other| files.contains(other));
    (0..objects.files().len()).filter(refers).collect()
}

/// A file that has been applied and no longer exists, with the objects that it has left.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemovedFile {
    /// The name of the file.
    pub name: String,
    /// Its objects, such as `view public.v`.
    pub objects: Vec<String>,
}

/// What the database has of `objects`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectStatus {
    /// The files that remain to be applied, by name, in order, and why.
    pub pending: Vec<(String, ObjectChange)>,
    /// The files that have been applied and no longer exist.
    pub removed: Vec<RemovedFile>,
}

impl Session {
    /// What the database has of these files.
    ///
    /// # Errors
    /// The table can't be read.
    pub fn object_status(&mut self, state: &State, objects: &Objects) -> Result<ObjectStatus, Error> {
        let applied = self.applied_objects(state)?;
        let pending = applied.pending(objects, false).into_iter();
        let pending = pending.map(|(file, change)| (objects.files()[file].name().to_owned(), change)).collect();
        Ok(ObjectStatus { pending, removed: applied.removed(objects, &[]) })
    }

    /// Reads which files have been applied. A database without such files has no table of them.
    pub(crate) fn applied_objects(&mut self, state: &State) -> Result<AppliedObjects, Error> {
        if state.has_objects { self.objects_in_table() } else { Ok(AppliedObjects::default()) }
    }

    /// The same, if there is a table of them.
    pub(crate) fn objects_in_table(&mut self) -> Result<AppliedObjects, Error> {
        let query = self.tables.applied_objects();
        Ok(AppliedObjects(self.query(&query)?.iter().filter_map(applied_file).collect()))
    }
}

fn applied_file(row: &Row) -> Option<(String, AppliedFile)> {
    let text = |column: usize| row.get(column).and_then(Option::as_deref);
    let file = AppliedFile {
        checksum: text(2).and_then(|checksum| checksum.parse().ok()),
        created: text(3).unwrap_or_default().lines().filter_map(CatalogObject::parse).collect(),
        is_incomplete: text(1) == Some("drop") || text(4) != Some("t"),
        is_before_revisions: text(5) == Some("t"),
    };
    Some((text(0)?.to_owned(), file))
}
