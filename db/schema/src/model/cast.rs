//! Casts.

use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// A cast between two types; for a diff also one that PostgreSQL or an extension has.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    oid: u32,
    /// As SQL writes its function.
    function: Option<String>,
    /// `f`unction, `i`nput and output, or `b`inary.
    method: String,
    /// Whether it is used `i`mplicitly, on `a`ssignment, or `e`xplicitly.
    pub(crate) context: String,
    is_written: bool,
}

impl Cast {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            oid: row.number(),
            function: row.optional(),
            method: row.text(),
            context: row.text(),
            is_written: row.flag(),
        }
    }

    /// Whether the values have the same bytes in both types.
    pub(crate) fn is_binary(&self) -> bool {
        self.method == "b"
    }

    pub(crate) fn object(&self, source: &str, target: &str) -> Option<Object> {
        let method = match (self.method.as_str(), &self.function) {
            ("f", Some(function)) => format!("WITH FUNCTION {function}"),
            ("i", _) => "WITH INOUT".to_owned(),
            _ => "WITHOUT FUNCTION".to_owned(),
        };
        let context = match self.context.as_str() {
            "a" => " AS ASSIGNMENT",
            "i" => " AS IMPLICIT",
            _ => "",
        };
        self.is_written.then(|| Object {
            id: (Class::Catalog(catalog::CAST), self.oid),
            key: (3, format!("{source} AS {target}"), 0, String::new()),
            target: Some(format!("CAST ({source} AS {target})")),
            head: format!("CREATE CAST ({source} AS {target}) {method}{context};"),
            ..Object::default()
        })
    }
}
