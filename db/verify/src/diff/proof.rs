//! Whether two databases are equal: by the SQL of their objects, and by every row of the catalog.

use anyhow::Result;

use super::state::{State, at_once};
use crate::catalog::Catalog;
use crate::difference::changed_objects;
use crate::server::Server;

/// What databases are compared with.
pub(super) struct Judge<'j> {
    pub(super) server: &'j Server,
    pub(super) catalog: &'j Catalog,
}

impl Judge<'_> {
    /// The lines of a diff: `-` as expected, `+` as found. None if both are equal.
    pub(super) fn differences(&self, expected: &mut State<'_>, found: &mut State<'_>) -> Result<Vec<String>> {
        let (schema, other) = at_once(|| expected.schema(), || found.schema())?;
        let lines = changed_objects(schema, other);
        if !lines.is_empty() {
            return Ok(lines);
        }
        let (server, catalog) = (self.server, self.catalog);
        let (expected, found) =
            at_once(|| expected.fingerprint(server, catalog), || found.fingerprint(server, catalog))?;
        Ok(self.catalog.schema_differences(&expected, &found))
    }

    /// The objects with secrets that differ between databases that are equal apart from those.
    pub(super) fn secrets(&self, expected: &mut State<'_>, found: &mut State<'_>) -> Result<Vec<String>> {
        let expected = expected.fingerprint(self.server, self.catalog)?;
        Ok(self.catalog.secrets(&expected, &*found.fingerprint(self.server, self.catalog)?))
    }
}
