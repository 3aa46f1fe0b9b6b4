//! What a run knows about `objects`: the files, and what is applied to the database.

use revision::Objects;

use crate::object_state::AppliedObjects;

/// The files, and what is applied to the database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ManagedObjects<'a> {
    /// None if this run leaves them alone.
    pub(crate) objects: Option<&'a Objects>,
    pub(crate) applied: &'a AppliedObjects,
}

impl ManagedObjects<'_> {
    /// Whether there is a file with this name, so that what it has created can be created again.
    pub(crate) fn is_known(&self, name: &str) -> bool {
        self.objects.is_some_and(|objects| objects.find(name).is_some())
    }
}
