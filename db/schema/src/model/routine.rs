//! Functions, procedures and aggregates.

use crate::flattened::flattened;
use crate::model::aggregate::Aggregate;
use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// A function, procedure or aggregate; for a diff also a function that constructs a range.
#[derive(Debug, Clone)]
pub(crate) struct Routine {
    /// As in `pg_proc.prokind`.
    pub(crate) kind: String,
    /// The name and the types of the arguments, as SQL writes them.
    pub(crate) signature: String,
    pub(crate) bare_name: String,
    pub(crate) schema: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// As `pg_get_functiondef` writes it; `None` for an aggregate, and for what PostgreSQL creates with a range type.
    definition: Option<String>,
    aggregate: Option<Box<Aggregate>>,
    /// Read only for a diff, as what follows.
    pub(crate) result: String,
    pub(crate) argument_names: Vec<String>,
    pub(crate) argument_modes: String,
    /// The types of the arguments, if some are for output.
    pub(crate) argument_types: Vec<String>,
    /// How many arguments have a default.
    pub(crate) defaults: u32,
    pub(crate) language: String,
    /// The body, if it is text.
    pub(crate) body: Option<String>,
    /// Whether PostgreSQL has a function of this name, too.
    pub(crate) is_overload: bool,
}

impl Routine {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (kind, signature, bare_name) = (row.text(), row.text(), row.text());
        let (schema, owner) = (row.text(), row.optional());
        // The body of a function is the user's own.
        let definition = row.optional().map(|text| flattened(&text).into_owned());
        let aggregate = row.group();
        Self {
            aggregate: (kind == "a").then(|| Box::new(Aggregate::read(aggregate))),
            kind,
            signature,
            bare_name,
            schema,
            owner,
            definition,
            result: row.text(),
            argument_names: row.texts(),
            argument_modes: row.text(),
            argument_types: row.texts(),
            defaults: row.number(),
            language: row.text(),
            body: row.optional(),
            is_overload: row.flag(),
        }
    }

    /// The statement that creates it, or replaces it unless it is an aggregate.
    pub(crate) fn creation(&self) -> Option<String> {
        let definition =
            || self.definition.as_ref().map(|definition| format!("{};", definition.trim_end_matches('\n')));
        self.aggregate.as_ref().map(|aggregate| aggregate.creation()).or_else(definition)
    }

    /// Whether it runs with the privileges of its owner: a word in a line of the definition that has neither a type nor a
    /// setting, before the body.
    pub(crate) fn is_security_definer(&self) -> bool {
        let header = self.definition.iter().flat_map(|definition| definition.lines());
        let header =
            header.take_while(|line| !["AS ", "RETURN ", "BEGIN ATOMIC"].iter().any(|body| line.starts_with(body)));
        let mut clauses =
            header.filter(|line| line.starts_with(' ') && !line.starts_with(" RETURNS ") && !line.starts_with(" SET "));
        clauses.any(|line| line.contains(" SECURITY DEFINER"))
    }

    pub(crate) fn object(&self, oid: u32) -> Option<Object> {
        let head = self.creation()?;
        let target = match (self.kind.as_str(), self.signature.strip_suffix("()")) {
            ("a", Some(name)) => format!("AGGREGATE {name}(*)"),
            ("a", None) => format!("AGGREGATE {}", self.signature),
            ("p", _) => format!("PROCEDURE {}", self.signature),
            _ => format!("FUNCTION {}", self.signature),
        };
        Some(Object {
            id: (Class::Catalog(catalog::PROC), oid),
            key: (3, self.signature.clone(), 0, String::new()),
            target: Some(target),
            owner: self.owner.clone(),
            head,
            ..Object::default()
        })
    }
}
