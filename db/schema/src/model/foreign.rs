//! Foreign-data wrappers, servers and user mappings.

use crate::model::options::clause;
use crate::model::relation::server_options;
use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// Quoted names, with literals. Secrets are masked: the dump is kept in the repository.
pub(crate) type Options = Vec<(String, String)>;

/// A foreign-data wrapper.
#[derive(Debug, Clone)]
pub(crate) struct Wrapper {
    /// Quoted.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// As SQL names it, as the validator.
    pub(crate) handler: Option<String>,
    pub(crate) validator: Option<String>,
    pub(crate) options: Options,
}

/// A foreign server.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    /// Quoted, as the wrapper.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// As a literal, as the version.
    pub(crate) type_name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) wrapper: String,
    pub(crate) options: Options,
}

/// A user mapping. Only its owner and that of the server see its options.
#[derive(Debug, Clone)]
pub(crate) struct UserMapping {
    /// Quoted.
    server: String,
    /// As SQL names it, and without quotes.
    user: String,
    bare_user: String,
    pub(crate) options: Options,
}

impl Wrapper {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (options, name, owner) = (row.pairs(), row.text(), row.optional());
        Self { name, owner, handler: row.optional(), validator: row.optional(), options }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let name = &self.name;
        let (handler, validator) = (clause("HANDLER", &self.handler), clause("VALIDATOR", &self.validator));
        let options = server_options(&self.options);
        Object {
            id: (Class::Catalog(catalog::FOREIGN_DATA_WRAPPER), oid),
            key: (4, unquoted(name), 0, String::new()),
            target: Some(format!("FOREIGN DATA WRAPPER {name}")),
            owner: self.owner.clone(),
            head: format!("CREATE FOREIGN DATA WRAPPER {name}{handler}{validator}{options};"),
            ..Object::default()
        }
    }
}

impl Server {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (options, name, owner) = (row.pairs(), row.text(), row.optional());
        Self { name, owner, type_name: row.optional(), version: row.optional(), wrapper: row.text(), options }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, wrapper, .. } = self;
        let (type_name, version) = (clause("TYPE", &self.type_name), clause("VERSION", &self.version));
        let options = server_options(&self.options);
        Object {
            id: (Class::Catalog(catalog::SERVER), oid),
            key: (4, unquoted(name), 1, String::new()),
            target: Some(format!("SERVER {name}")),
            owner: self.owner.clone(),
            head: format!("CREATE SERVER {name}{type_name}{version} FOREIGN DATA WRAPPER {wrapper}{options};"),
            ..Object::default()
        }
    }
}

impl UserMapping {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { options: row.pairs(), server: row.text(), user: row.text(), bare_user: row.text() }
    }

    /// As statements name it.
    pub(crate) fn target(&self) -> String {
        format!("USER MAPPING FOR {} SERVER {}", self.user, self.server)
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        Object {
            id: (Class::Catalog(catalog::USER_MAPPING), oid),
            key: (4, unquoted(&self.server), 2, self.bare_user.clone()),
            head: format!("CREATE {}{};", self.target(), server_options(&self.options)),
            ..Object::default()
        }
    }
}
