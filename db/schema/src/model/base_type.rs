//! Base types, whose values are read and written by functions.

use crate::model::options::{flag, list, option, value};
use crate::model::values::Values;

/// What a base type is made of. Functions and types are as SQL names them, and the rest is as in `pg_type`.
#[derive(Debug, Clone)]
pub(crate) struct BaseType {
    input: String,
    output: String,
    receive: Option<String>,
    send: Option<String>,
    modifier_input: Option<String>,
    modifier_output: Option<String>,
    analyze: Option<String>,
    subscript: Option<String>,
    length: String,
    is_by_value: bool,
    alignment: String,
    storage: String,
    /// As a literal; `None` if it is the usual one, as for the delimiter.
    category: Option<String>,
    is_preferred: bool,
    /// As a literal, if it is no expression.
    default: Option<String>,
    element: Option<String>,
    delimiter: Option<String>,
    is_collatable: bool,
}

impl BaseType {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            input: row.text(),
            output: row.text(),
            receive: row.optional(),
            send: row.optional(),
            modifier_input: row.optional(),
            modifier_output: row.optional(),
            analyze: row.optional(),
            subscript: row.optional(),
            length: row.text(),
            is_by_value: row.flag(),
            alignment: row.text(),
            storage: row.text(),
            category: row.optional(),
            is_preferred: row.flag(),
            default: row.optional(),
            element: row.optional(),
            delimiter: row.optional(),
            is_collatable: row.flag(),
        }
    }

    /// The statement that creates it, with its default if that is an expression.
    pub(crate) fn creation(&self, name: &str, default: Option<&str>) -> String {
        let length = if self.length == "-1" { "VARIABLE" } else { &self.length };
        let alignment = match self.alignment.as_str() {
            "c" => Some("char"),
            "s" => Some("int2"),
            "d" => Some("double"),
            _ => None,
        };
        let storage = match self.storage.as_str() {
            "e" => Some("external"),
            "x" => Some("extended"),
            "m" => Some("main"),
            _ => None,
        };
        let options = [
            value("INPUT", Some(&self.input)),
            value("OUTPUT", Some(&self.output)),
            option("RECEIVE", &self.receive),
            option("SEND", &self.send),
            option("TYPMOD_IN", &self.modifier_input),
            option("TYPMOD_OUT", &self.modifier_output),
            option("ANALYZE", &self.analyze),
            option("SUBSCRIPT", &self.subscript),
            value("INTERNALLENGTH", Some(length)),
            flag("PASSEDBYVALUE", self.is_by_value),
            value("ALIGNMENT", alignment),
            value("STORAGE", storage),
            option("CATEGORY", &self.category),
            flag("PREFERRED = true", self.is_preferred),
            value("DEFAULT", default.or(self.default.as_deref())),
            option("ELEMENT", &self.element),
            option("DELIMITER", &self.delimiter),
            flag("COLLATABLE = true", self.is_collatable),
        ];
        format!("CREATE TYPE {name} ({});", list(options))
    }
}
