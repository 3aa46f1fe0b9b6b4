//! Storage and compression of columns. A new child has them from its parents; one that exists is changed by itself, because
//! PostgreSQL applies a change of the one to children and of the other not. Another type resets both.

use crate::diff::column;
use crate::diff::elements::{Elements, catalog};
use crate::diff::facts::Column;
use crate::object::{Class, Setting};

/// As ALTER COLUMN … SET names them.
pub(crate) const PROPERTIES: [&str; 2] = ["STORAGE", "COMPRESSION"];

/// What a column has instead of the default of its type.
#[derive(PartialEq)]
pub(crate) struct Stored {
    pub(crate) value: String,
    /// The default of the type.
    pub(crate) usual: String,
}

/// Whether a setting is one of these.
pub(crate) fn is_storage(setting: &Setting) -> bool {
    setting.column != 0 && PROPERTIES.iter().any(|property| value(&setting.statement, property).is_some())
}

/// A property of a column, unless it is the default of its type.
pub(crate) fn stored(elements: &Elements, table: u32, column: &Column, property: &str) -> Option<Stored> {
    let object = elements.object_with((Class::Catalog(catalog::CLASS), table))?;
    let own = object.more.iter().filter(|setting| setting.column == column.number).find_map(|setting| {
        let value = value(&setting.statement, property)?;
        Some((value, self::value(setting.undo.as_deref()?, property)?))
    });
    let above = || {
        let parents = &elements.facts.relations.get(&table)?.parents;
        parents.iter().find_map(|&parent| {
            let columns = elements.facts.columns.get(&(catalog::CLASS, parent))?;
            stored(elements, parent, columns.iter().find(|above| above.name == column.name)?, property)
        })
    };
    let is_inherited = column::item(elements, table, column.number).is_none();
    let found = match (own, is_inherited.then(above).flatten()) {
        (Some((value, _)), Some(above)) => Stored { value: value.to_owned(), ..above },
        (Some((value, usual)), None) => Stored { value: value.to_owned(), usual: usual.to_owned() },
        (None, above) => above?,
    };
    (found.value != found.usual).then_some(found)
}

fn value<'a>(statement: &'a str, property: &str) -> Option<&'a str> {
    let (_, value) = statement.strip_suffix(';')?.rsplit_once(&format!(" SET {property} "))?;
    (!value.contains(' ')).then_some(value)
}
