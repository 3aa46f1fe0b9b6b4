//! Views and materialized views.

use crate::model::column::Column;
use crate::model::relation::Relation;
use crate::model::sequence::{self, Sequence};
use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// What a view is defined by.
#[derive(Debug, Clone)]
pub(crate) struct View {
    /// As `pg_get_viewdef` writes it, without the semicolon.
    pub(crate) definition: String,
    /// The columns of a view that selects nothing, for a circle of views and functions.
    pub(crate) placeholder: Option<String>,
}

impl View {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self { definition: row.sql().unwrap_or_default(), placeholder: row.optional() }
    }

    /// The view, and the defaults of its columns.
    pub(crate) fn objects(
        &self,
        oid: u32,
        relation: &Relation,
        columns: &[Column],
        sequences: &[&Sequence],
    ) -> Vec<Object> {
        let name = &relation.name;
        let tablespace = relation.tablespace.as_ref().map(|space| format!(" TABLESPACE {space}")).unwrap_or_default();
        let is_materialized = relation.kind == "m";
        let end = if is_materialized { "\nWITH NO DATA" } else { "" };
        let mut view = Object {
            id: (Class::Catalog(catalog::CLASS), oid),
            key: (6, name.clone(), 1, String::new()),
            target: Some(relation.target()),
            owner: relation.owner.clone(),
            head: format!("CREATE {}", relation.target()),
            middle: relation.using(),
            options: relation.options.clone(),
            tail: format!("{tablespace} AS\n{}{end};", self.definition),
            more: sequence::ownerships(sequences, name, columns),
            placeholder: self.placeholder.as_ref().map(|columns| format!("CREATE VIEW {name} AS\n SELECT {columns};")),
            ..Object::default()
        };
        if is_materialized {
            view.more.extend(relation.settings());
            view.more.extend(columns.iter().flat_map(|column| column.settings(name, None)));
        }
        let default = |column: &Column| {
            let expression = column.bare_expression()?;
            Some(Object {
                id: (Class::Catalog(catalog::ATTRDEF), column.default?),
                key: (6, name.clone(), 2, column.bare_name()),
                head: format!("ALTER VIEW {name} ALTER COLUMN {} SET DEFAULT {expression};", column.name),
                ..Object::default()
            })
        };
        std::iter::once(view).chain(columns.iter().filter_map(default)).collect()
    }
}
