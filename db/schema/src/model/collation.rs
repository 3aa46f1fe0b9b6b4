//! Collations and conversions.

use std::collections::BTreeMap;

use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// Collations and conversions, by OID.
#[derive(Debug, Default)]
pub(crate) struct Collations {
    pub(crate) collations: BTreeMap<u32, Collation>,
    pub(crate) conversions: BTreeMap<u32, Conversion>,
}

impl Collations {
    pub(crate) fn objects(&self) -> impl Iterator<Item = Object> {
        let collations = self.collations.iter().map(|(&oid, found)| found.object(oid));
        let conversions = self.conversions.iter().map(|(&oid, found)| found.object(oid));
        collations.chain(conversions)
    }
}

/// A collation.
#[derive(Debug, Clone)]
pub(crate) struct Collation {
    /// As SQL names it.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// The quoted name of the one that it is a copy of: only a copy is for every encoding.
    template: Option<String>,
    /// As in `pg_collation.collprovider`.
    provider: String,
    /// As a literal; `None` if what follows differs.
    locale: Option<String>,
    collate: String,
    character_type: String,
    /// As a literal.
    rules: Option<String>,
    is_deterministic: bool,
}

impl Collation {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            owner: row.optional(),
            template: row.optional(),
            provider: row.text(),
            locale: row.optional(),
            collate: row.text(),
            character_type: row.text(),
            rules: row.optional(),
            is_deterministic: row.flag(),
        }
    }

    fn creation(&self) -> String {
        let name = &self.name;
        if let Some(template) = &self.template {
            return format!("CREATE COLLATION {name} FROM pg_catalog.{template};");
        }
        let provider = match self.provider.as_str() {
            "i" => "icu",
            "b" => "builtin",
            "d" => "default",
            _ => "libc",
        };
        let locale = match &self.locale {
            Some(locale) => format!(", LOCALE = {locale}"),
            None => format!(", LC_COLLATE = {}, LC_CTYPE = {}", self.collate, self.character_type),
        };
        let rules = self.rules.as_ref().map(|rules| format!(", RULES = {rules}")).unwrap_or_default();
        let is_deterministic = if self.is_deterministic { "" } else { ", DETERMINISTIC = false" };
        format!("CREATE COLLATION {name} (PROVIDER = {provider}{locale}{rules}{is_deterministic});")
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        Object {
            id: (Class::Catalog(catalog::COLLATION), oid),
            key: (2, self.name.clone(), 0, String::new()),
            target: Some(format!("COLLATION {}", self.name)),
            owner: self.owner.clone(),
            head: self.creation(),
            ..Object::default()
        }
    }
}

/// A conversion from one encoding to another.
#[derive(Debug, Clone)]
pub(crate) struct Conversion {
    /// With the schema, as SQL names them.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    is_default: bool,
    /// Encodings as literals.
    from: String,
    to: String,
    /// As SQL names it.
    function: String,
}

impl Conversion {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            owner: row.optional(),
            is_default: row.flag(),
            from: row.text(),
            to: row.text(),
            function: row.text(),
        }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, from, to, function, .. } = self;
        let default = if self.is_default { "DEFAULT " } else { "" };
        Object {
            id: (Class::Catalog(catalog::CONVERSION), oid),
            key: (3, name.clone(), 0, String::new()),
            target: Some(format!("CONVERSION {name}")),
            owner: self.owner.clone(),
            head: format!("CREATE {default}CONVERSION {name} FOR {from} TO {to} FROM {function};"),
            ..Object::default()
        }
    }
}
