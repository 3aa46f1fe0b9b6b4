//! Whether two databases are equal: by the SQL of their objects, and by every row of the catalog.

use anyhow::Result;

use crate::catalog::Catalog;
use crate::difference::changed_objects;
use crate::scratch::ScratchDatabase;
use crate::server::Server;

/// What databases are compared with.
pub(super) struct Judge<'j> {
    pub(super) server: &'j Server,
    pub(super) catalog: &'j mut Catalog,
}

impl Judge<'_> {
    /// The lines of a diff: `-` as expected, `+` as found. None if both are equal.
    pub(super) fn differences(
        &mut self,
        expected: &mut ScratchDatabase<'_>,
        found: &mut ScratchDatabase<'_>,
    ) -> Result<Vec<String>> {
        let lines = changed_objects(&expected.dump()?, &found.dump()?);
        if !lines.is_empty() {
            return Ok(lines);
        }
        let expected = self.catalog.read(self.server, expected.probe()?)?;
        let found = self.catalog.read(self.server, found.probe()?)?;
        Ok(self.catalog.differences(&expected, &found))
    }
}
