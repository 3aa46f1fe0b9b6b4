//! Which file of `objects` creates each object. Two files that create the same one would take turns.

use std::collections::{BTreeMap, BTreeSet};

use revision::Objects;

use crate::object_state::{AppliedObjects, CatalogObject};

/// The objects of files.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// Of the files that the attempt applies, by catalog and identity: one may drop and create what another has created.
    applied_now: BTreeMap<(&'static str, String), usize>,
    /// Of the other files, by catalog and OID.
    applied_before: BTreeMap<(&'static str, u32), usize>,
}

impl Claims {
    /// Those of the files that an attempt leaves as they are.
    pub(crate) fn of_others(objects: &Objects, applied: &AppliedObjects, attempted: &BTreeSet<usize>) -> Self {
        let others = applied.created().filter_map(|(name, object)| {
            let file = objects.find(name).filter(|file| !attempted.contains(file))?;
            Some(((object.catalog(), object.oid), file))
        });
        Self { applied_before: others.collect(), ..Self::default() }
    }

    /// Adds the objects of a file. Returns the first one that another file creates as well, and that file.
    pub(crate) fn add(&mut self, file: usize, created: &[CatalogObject]) -> Option<(CatalogObject, usize)> {
        created.iter().find_map(|object| {
            let before = self.applied_before.get(&(object.catalog(), object.oid)).copied();
            let now = self.applied_now.insert((object.catalog(), object.identity.clone()), file);
            before.or(now).filter(|&other| other != file).map(|other| (object.clone(), other))
        })
    }
}
