//! Schemas.

use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// The schema that every new database has.
const USUAL: &str = "public";

/// A schema.
#[derive(Debug, Clone)]
pub(crate) struct Namespace {
    /// Quoted.
    name: String,
    /// `None` if it is the usual one: the role that migrates, or that of `public` in a new database.
    owner: Option<String>,
}

impl Namespace {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { name: row.text(), owner: row.optional() }
    }

    /// The schema, or that `public` is missing if there is no OID.
    pub(crate) fn object(&self, oid: u32) -> Object {
        let name = &self.name;
        Object {
            id: (Class::Catalog(catalog::NAMESPACE), oid),
            key: (0, unquoted(name), 0, String::new()),
            target: (oid != 0).then(|| format!("SCHEMA {name}")),
            owner: self.owner.clone(),
            head: match name.as_str() {
                _ if oid == 0 => format!("DROP SCHEMA IF EXISTS {name};"),
                USUAL => String::new(),
                _ => format!("CREATE SCHEMA {name};"),
            },
            ..Object::default()
        }
    }
}
