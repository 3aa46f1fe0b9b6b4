//! Whether two databases are equal: by the SQL of their objects, and by every row of the catalog.

use anyhow::Result;

use super::state::State;
use crate::catalog::Catalog;
use crate::difference::changed_objects;
use crate::server::Server;

/// What databases are compared with.
pub(super) struct Judge<'j> {
    pub(super) server: &'j Server,
    pub(super) catalog: &'j mut Catalog,
}

impl Judge<'_> {
    /// The lines of a diff: `-` as expected, `+` as found. None if both are equal.
    pub(super) fn differences(&mut self, expected: &mut State<'_>, found: &mut State<'_>) -> Result<Vec<String>> {
        let lines = changed_objects(expected.schema()?, found.schema()?);
        if !lines.is_empty() {
            return Ok(lines);
        }
        let expected = expected.fingerprint(self.server, self.catalog)?;
        let found = found.fingerprint(self.server, self.catalog)?;
        Ok(self.catalog.schema_differences(&expected, &found))
    }
}
