//! Extensions.

use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// The one that every new database has.
const USUAL: &str = "plpgsql";

/// An extension.
#[derive(Debug, Clone)]
pub(crate) struct Extension {
    /// Quoted, as the schema.
    pub(crate) name: String,
    pub(crate) schema: String,
    /// As a literal.
    pub(crate) version: String,
    /// Whether it can be moved to another schema.
    pub(crate) is_relocatable: bool,
    /// The versions, quoted, to which it can be updated. Read only for a diff, as what follows.
    pub(crate) updates: Vec<String>,
    /// A digest of the objects that it has.
    pub(crate) members: String,
}

impl Extension {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            schema: row.text(),
            version: row.text(),
            is_relocatable: row.flag(),
            updates: row.texts(),
            members: row.text(),
        }
    }

    fn is_usual(&self) -> bool {
        self.name == USUAL
    }

    fn object(&self, oid: u32) -> Object {
        let Self { name, schema, version, .. } = self;
        Object {
            id: (Class::Catalog(catalog::EXTENSION), oid),
            key: (1, unquoted(name), 0, String::new()),
            target: Some(format!("EXTENSION {name}")),
            head: format!("CREATE EXTENSION {name} SCHEMA {schema} VERSION {version};"),
            ..Object::default()
        }
    }
}

/// The extensions, without the usual one; or that it is missing.
pub(crate) fn objects<'a>(extensions: impl Iterator<Item = (&'a u32, &'a Extension)> + Clone) -> Vec<Object> {
    let missing = extensions.clone().all(|(_, extension)| !extension.is_usual()).then(|| Object {
        id: (Class::Catalog(catalog::EXTENSION), 0),
        key: (1, USUAL.to_owned(), 0, String::new()),
        head: format!("DROP EXTENSION IF EXISTS {USUAL};"),
        ..Object::default()
    });
    let written = extensions.filter(|(_, extension)| !extension.is_usual());
    written.map(|(&oid, extension)| extension.object(oid)).chain(missing).collect()
}
