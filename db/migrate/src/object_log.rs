//! The SQL that records which files of `objects` were applied or dropped. Pure, as `bookkeeping.rs`.

use connection::quote_literal;
use revision::{CreatedObject, ObjectFile};

use crate::object_state::CatalogObject;
use crate::provenance::Provenance;
use crate::tables::Tables;

impl Tables {
    /// Records that a file has been applied in this transaction, and returns what it created.
    pub(crate) fn log_object(&self, file: &ObjectFile, provenance: &Provenance) -> String {
        let wanted: Vec<String> =
            file.statements().iter().filter_map(|statement| statement.created.as_ref()).map(wanted).collect();
        let nothing = "(NULL, NULL::name, NULL::name, NULL::name)".to_owned();
        let identifiers: Vec<String> = file.identifiers().into_iter().map(quote_literal).collect();
        let text: String = file.statements().iter().map(|statement| format!("{}\n", statement.text())).collect();
        format!(
            include_str!("sql/log_object.sql"),
            objects = self.objects,
            name = quote_literal(file.name()),
            checksum = quote_literal(&file.checksum().to_string()),
            sql = quote_literal(&text),
            wanted = std::iter::once(nothing).chain(wanted).collect::<Vec<_>>().join(", "),
            identifiers = identifiers.join(", "),
            tool_version = quote_literal(&provenance.tool_version),
            commit = optional(provenance.commit.as_deref()),
            build = optional(provenance.build_id.as_deref()),
        )
    }

    /// Records that objects of a file were dropped, to be created again. `rest` are those that were not.
    pub(crate) fn log_dropped(
        &self,
        name: &str,
        checksum: &str,
        rest: &[CatalogObject],
        provenance: &Provenance,
    ) -> String {
        let rest: Vec<String> = rest.iter().map(|object| quote_literal(&object.to_text())).collect();
        format!(
            "INSERT INTO {} (name, operation, checksum, sql, created, relations, tool_version, commit_id, build_id) VALUES ({}, 'drop', {}, '', ARRAY[{}]::pg_catalog.text[], '{{}}', {}, {}, {});\n",
            self.objects,
            quote_literal(name),
            quote_literal(checksum),
            rest.join(", "),
            quote_literal(&provenance.tool_version),
            optional(provenance.commit.as_deref()),
            optional(provenance.build_id.as_deref()),
        )
    }
}

/// Kind, name, schema and relation of an object, where `log_object.sql` looks for it.
fn wanted(object: &CreatedObject) -> String {
    let (kind, own, place) = match object {
        CreatedObject::View(name) => ("view", &name.name, name),
        CreatedObject::Routine(name) => ("routine", &name.name, name),
        CreatedObject::Trigger { name, table, .. } => ("trigger", name, table),
        CreatedObject::Policy { name, table } => ("policy", name, table),
    };
    let name = |text: &str| format!("{}::name", quote_literal(text));
    let schema = place.schema.as_deref().map_or_else(|| "NULL".to_owned(), name);
    format!("('{kind}', {}, {schema}, {})", name(own), name(&place.name))
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), quote_literal)
}
