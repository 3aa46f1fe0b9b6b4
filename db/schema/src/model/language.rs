//! Languages, access methods and transforms.

use std::collections::BTreeMap;

use crate::model::options::clause;
use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// Languages, access methods and transforms, by OID.
#[derive(Debug, Default)]
pub(crate) struct Languages {
    pub(crate) languages: BTreeMap<u32, Language>,
    pub(crate) access_methods: BTreeMap<u32, AccessMethod>,
    pub(crate) transforms: BTreeMap<u32, Transform>,
}

impl Languages {
    pub(crate) fn objects(&self) -> impl Iterator<Item = Object> {
        let languages = self.languages.iter().map(|(&oid, found)| found.object(oid));
        let access_methods = self.access_methods.iter().map(|(&oid, found)| found.object(oid));
        let transforms = self.transforms.iter().map(|(&oid, found)| found.object(oid));
        languages.chain(access_methods).chain(transforms)
    }
}

/// A language for functions.
#[derive(Debug, Clone)]
pub(crate) struct Language {
    /// Quoted.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    is_trusted: bool,
    /// Functions, as SQL names them.
    handler: String,
    inline: Option<String>,
    validator: Option<String>,
}

impl Language {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            owner: row.optional(),
            is_trusted: row.flag(),
            handler: row.text(),
            inline: row.optional(),
            validator: row.optional(),
        }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, handler, .. } = self;
        let trusted = if self.is_trusted { " TRUSTED" } else { "" };
        let (inline, validator) = (clause("INLINE", &self.inline), clause("VALIDATOR", &self.validator));
        Object {
            id: (Class::Catalog(catalog::LANGUAGE), oid),
            key: (2, unquoted(name), 0, String::new()),
            target: Some(format!("LANGUAGE {name}")),
            owner: self.owner.clone(),
            head: format!("CREATE{trusted} LANGUAGE {name} HANDLER {handler}{inline}{validator};"),
            ..Object::default()
        }
    }
}

/// An access method of tables or indexes.
#[derive(Debug, Clone)]
pub(crate) struct AccessMethod {
    /// Quoted.
    name: String,
    is_of_tables: bool,
    /// As SQL names it.
    handler: String,
}

impl AccessMethod {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { name: row.text(), is_of_tables: row.flag(), handler: row.text() }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, handler, .. } = self;
        let kind = if self.is_of_tables { "TABLE" } else { "INDEX" };
        Object {
            id: (Class::Catalog(catalog::ACCESS_METHOD), oid),
            key: (2, unquoted(name), 0, String::new()),
            target: Some(format!("ACCESS METHOD {name}")),
            head: format!("CREATE ACCESS METHOD {name} TYPE {kind} HANDLER {handler};"),
            ..Object::default()
        }
    }
}

/// How a language takes and returns the values of a type.
#[derive(Debug, Clone)]
pub(crate) struct Transform {
    /// Quoted.
    language: String,
    /// As SQL names it.
    type_name: String,
    /// Functions, as SQL names them with their arguments.
    from_sql: Option<String>,
    to_sql: Option<String>,
}

impl Transform {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { language: row.text(), type_name: row.text(), from_sql: row.optional(), to_sql: row.optional() }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { language, type_name, .. } = self;
        let target = format!("TRANSFORM FOR {type_name} LANGUAGE {language}");
        let from = self.from_sql.as_ref().map(|function| format!("FROM SQL WITH FUNCTION {function}"));
        let to = self.to_sql.as_ref().map(|function| format!("TO SQL WITH FUNCTION {function}"));
        let functions: Vec<String> = from.into_iter().chain(to).collect();
        Object {
            id: (Class::Catalog(catalog::TRANSFORM), oid),
            key: (3, format!("{} {type_name}", unquoted(language)), 0, String::new()),
            head: format!("CREATE {target} ({});", functions.join(", ")),
            target: Some(target),
            ..Object::default()
        }
    }
}
