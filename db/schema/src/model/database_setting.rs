//! Settings of the database, which are only listed.

use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// The settings of the database for a role, or for all.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseSetting {
    /// As SQL names it.
    role: Option<String>,
    /// As `name=value`.
    settings: Vec<String>,
}

impl DatabaseSetting {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { role: row.optional(), settings: row.texts() }
    }

    /// The settings, by the OID of the role.
    pub(crate) fn object(&self, oid: u32) -> Object {
        let role = self.role.as_ref().map(|role| format!(" for {role}")).unwrap_or_default();
        let settings = self.settings.join(", ").replace('\n', " ");
        Object {
            id: (Class::Catalog(catalog::SETTING), oid),
            key: (11, "setting".to_owned(), 0, self.role.clone().unwrap_or_default()),
            head: format!("-- setting of the database{role}: {settings}"),
            ..Object::default()
        }
    }
}
