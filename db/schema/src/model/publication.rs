//! Publications.

use crate::array_cast::without_implicit_casts;
use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// What a publication of all tables has.
pub(crate) const ALL_TABLES: &str = "ALL TABLES";

/// A publication.
#[derive(Debug, Clone)]
pub(crate) struct Publication {
    /// Quoted.
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    has_all_tables: bool,
    /// Tables, with columns and filters, and schemas, as CREATE PUBLICATION takes them, sorted.
    contents: Vec<String>,
    /// The commands that it publishes.
    actions: Vec<String>,
    is_of_root: bool,
    has_generated_columns: bool,
}

impl Publication {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            owner: row.optional(),
            has_all_tables: row.flag(),
            contents: row.texts().iter().map(|text| without_implicit_casts(text).into_owned()).collect(),
            actions: row.texts(),
            is_of_root: row.flag(),
            has_generated_columns: row.flag(),
        }
    }

    /// What it has, after FOR; `None` for nothing.
    pub(crate) fn content(&self) -> Option<String> {
        match self.has_all_tables {
            true => Some(ALL_TABLES.to_owned()),
            false => (!self.contents.is_empty()).then(|| self.contents.join(", ")),
        }
    }

    /// The options that it has, with their values.
    pub(crate) fn options(&self) -> Vec<(&'static str, String)> {
        let publish = ("publish", format!("'{}'", self.actions.join(", ")));
        let root = self.is_of_root.then(|| ("publish_via_partition_root", "true".to_owned()));
        let generated = self.has_generated_columns.then(|| ("publish_generated_columns", "stored".to_owned()));
        [Some(publish), root, generated].into_iter().flatten().collect()
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let name = &self.name;
        let content = self.content().map(|content| format!(" FOR {content}")).unwrap_or_default();
        let option = |(name, value): (&str, String)| match value.as_str() {
            "true" => name.to_owned(),
            _ => format!("{name} = {value}"),
        };
        let options: Vec<String> = self.options().into_iter().map(option).collect();
        Object {
            id: (Class::Catalog(catalog::PUBLICATION), oid),
            key: (7, unquoted(name), 0, String::new()),
            target: Some(format!("PUBLICATION {name}")),
            owner: self.owner.clone(),
            head: format!("CREATE PUBLICATION {name}{content} WITH ({});", options.join(", ")),
            ..Object::default()
        }
    }
}
