//! Parsers, templates, dictionaries and configurations of text search.

use std::collections::BTreeMap;

use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// What there is for text search, by OID.
#[derive(Debug, Default)]
pub(crate) struct TextSearch {
    pub(crate) parsers: BTreeMap<u32, Parser>,
    pub(crate) templates: BTreeMap<u32, Template>,
    pub(crate) dictionaries: BTreeMap<u32, Dictionary>,
    pub(crate) configurations: BTreeMap<u32, Configuration>,
}

impl TextSearch {
    pub(crate) fn objects(&self) -> impl Iterator<Item = Object> {
        let parsers = self.parsers.iter().map(|(&oid, found)| found.object(oid));
        let templates = self.templates.iter().map(|(&oid, found)| found.object(oid));
        let dictionaries = self.dictionaries.iter().map(|(&oid, found)| found.object(oid));
        let configurations = self.configurations.iter().map(|(&oid, found)| found.object(oid));
        parsers.chain(templates).chain(dictionaries).chain(configurations)
    }
}

/// A parser. Functions are as SQL names them.
#[derive(Debug, Clone)]
pub(crate) struct Parser {
    /// With the schema, as SQL names them.
    name: String,
    start: String,
    token: String,
    end: String,
    token_types: String,
    headline: Option<String>,
}

impl Parser {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            start: row.text(),
            token: row.text(),
            end: row.text(),
            token_types: row.text(),
            headline: row.optional(),
        }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, start, token, end, token_types, .. } = self;
        let headline = self.headline.as_ref().map(|function| format!(", HEADLINE = {function}")).unwrap_or_default();
        Object {
            id: (Class::Catalog(catalog::PARSER), oid),
            key: (4, name.clone(), 0, String::new()),
            target: Some(format!("TEXT SEARCH PARSER {name}")),
            head: format!(
                "CREATE TEXT SEARCH PARSER {name} \
                 (START = {start}, GETTOKEN = {token}, END = {end}, LEXTYPES = {token_types}{headline});"
            ),
            ..Object::default()
        }
    }
}

/// A template. Functions are as SQL names them.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// With the schema, as SQL names them.
    name: String,
    init: Option<String>,
    lexize: String,
}

impl Template {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { name: row.text(), init: row.optional(), lexize: row.text() }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, lexize, .. } = self;
        let init = self.init.as_ref().map(|function| format!("INIT = {function}, ")).unwrap_or_default();
        Object {
            id: (Class::Catalog(catalog::TEMPLATE), oid),
            key: (4, name.clone(), 0, String::new()),
            target: Some(format!("TEXT SEARCH TEMPLATE {name}")),
            head: format!("CREATE TEXT SEARCH TEMPLATE {name} ({init}LEXIZE = {lexize});"),
            ..Object::default()
        }
    }
}

/// A dictionary.
#[derive(Debug, Clone)]
pub(crate) struct Dictionary {
    /// As SQL names it.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// With the schema, as SQL names them.
    template: String,
    /// As the server writes them.
    options: Option<String>,
}

impl Dictionary {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { name: row.text(), owner: row.optional(), template: row.text(), options: row.sql() }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, template, .. } = self;
        let options = self.options.as_ref().map(|options| format!(", {options}")).unwrap_or_default();
        Object {
            id: (Class::Catalog(catalog::DICTIONARY), oid),
            key: (4, name.clone(), 0, String::new()),
            target: Some(format!("TEXT SEARCH DICTIONARY {name}")),
            owner: self.owner.clone(),
            head: format!("CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = {template}{options});"),
            ..Object::default()
        }
    }
}

/// A configuration.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    /// As SQL names it.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// With the schema, as SQL names them.
    parser: String,
    /// The quoted names of token types, each with its dictionaries, sorted.
    mappings: Vec<(String, String)>,
}

impl Configuration {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { name: row.text(), owner: row.optional(), parser: row.text(), mappings: row.pairs() }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, parser, .. } = self;
        let target = format!("TEXT SEARCH CONFIGURATION {name}");
        let mapping = |(token, dictionaries): &(String, String)| {
            format!("\nALTER {target} ADD MAPPING FOR {token} WITH {dictionaries};")
        };
        let mappings: String = self.mappings.iter().map(mapping).collect();
        Object {
            id: (Class::Catalog(catalog::CONFIGURATION), oid),
            key: (4, name.clone(), 1, String::new()),
            head: format!("CREATE {target} (PARSER = {parser});{mappings}"),
            target: Some(target),
            owner: self.owner.clone(),
            ..Object::default()
        }
    }
}
