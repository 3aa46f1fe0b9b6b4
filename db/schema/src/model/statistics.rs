//! Extended statistics.

use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// Statistics of several columns or of expressions.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    /// As SQL names it.
    table: String,
    /// With the schema, as SQL names them.
    name: String,
    bare_name: String,
    /// As `pg_get_statisticsobjdef` writes it, with the columns sorted by name.
    definition: String,
    /// `None` if it is that of the columns.
    target: Option<u32>,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
}

impl Statistics {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            table: row.text(),
            name: row.text(),
            bare_name: row.text(),
            definition: row.definition().unwrap_or_default(),
            target: row.optional().and_then(|target| target.parse().ok()),
            owner: row.optional(),
        }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, definition, .. } = self;
        let target = self.target.map(|target| format!("\nALTER STATISTICS {name} SET STATISTICS {target};"));
        Object {
            id: (Class::Catalog(catalog::STATISTIC), oid),
            key: (5, self.table.clone(), 6, self.bare_name.clone()),
            target: Some(format!("STATISTICS {name}")),
            owner: self.owner.clone(),
            head: format!("{definition};{}", target.unwrap_or_default()),
            ..Object::default()
        }
    }
}
