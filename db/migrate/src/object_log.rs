//! The SQL that records which files of `objects` were applied or dropped. Pure, as `bookkeeping.rs`.

use connection::{quote_identifier, quote_literal};
use revision::{CreatedObject, ObjectFile, ObjectName};

use crate::object_state::CatalogObject;
use crate::provenance::Provenance;
use crate::tables::Tables;

/// Notes the user's `search_path` for `log_object.sql`.
const NOTE_PATH: &str =
    "pg_catalog.set_config('migrate.path', pg_catalog.current_schemas(false)::pg_catalog.text, true)";

impl Tables {
    /// Records that a file has been applied in this transaction, and returns what it created.
    pub(crate) fn log_object(&self, file: &ObjectFile, provenance: &Provenance) -> String {
        let log =
            self.log_object_as(file, provenance, &self.written(file), " RETURNING array_to_string(created, E'\\n')");
        format!("SELECT {NOTE_PATH};\n{log}")
    }

    /// The same in a script for psql, which prints nothing.
    pub(crate) fn log_object_in_script(&self, file: &ObjectFile, provenance: &Provenance) -> String {
        self.log_silently(file, provenance, &self.written(file))
    }

    /// Notes which routine the last statement has written, for `log_object`. `is_first` of the file.
    pub(crate) fn note_routine(&self, name: &ObjectName, is_first: bool) -> String {
        note_routine(name, is_first, "SELECT", "")
    }

    /// The same in a script for psql, which prints nothing.
    pub(crate) fn note_routine_in_script(&self, name: &ObjectName, is_first: bool) -> String {
        note_routine(name, is_first, "DO $migrate$BEGIN PERFORM", " END$migrate$;")
    }

    /// Records that a file counts as applied, because the database has these objects: `KIND IDENTITY`.
    pub(crate) fn log_existing_object(
        &self,
        file: &ObjectFile,
        provenance: &Provenance,
        existing: &[String],
    ) -> String {
        let existing: Vec<String> = existing.iter().map(|object| quote_literal(object)).collect();
        let created = format!(include_str!("sql/existing_objects.sql"), existing = existing.join(", "));
        self.log_silently(file, provenance, &created)
    }

    fn log_silently(&self, file: &ObjectFile, provenance: &Provenance, created: &str) -> String {
        format!("DO $$BEGIN PERFORM {NOTE_PATH}; END$$;\n{}", self.log_object_as(file, provenance, created, ""))
    }

    /// What the statements of a file have written, as an SQL expression.
    fn written(&self, file: &ObjectFile) -> String {
        let wanted: Vec<String> =
            file.statements().iter().filter_map(|statement| statement.created.as_ref()).map(wanted).collect();
        let nothing = "(NULL, NULL::name, NULL::name, NULL::name)".to_owned();
        format!(
            include_str!("sql/written_objects.sql"),
            wanted = std::iter::once(nothing).chain(wanted).collect::<Vec<_>>().join(", "),
        )
    }

    fn log_object_as(&self, file: &ObjectFile, provenance: &Provenance, created: &str, returning: &str) -> String {
        let identifiers: Vec<String> = file.identifiers().into_iter().map(quote_literal).collect();
        let text: String = file.statements().iter().map(|statement| format!("{}\n", statement.text())).collect();
        format!(
            include_str!("sql/log_object.sql"),
            objects = self.objects,
            name = quote_literal(file.name()),
            checksum = quote_literal(&file.checksum().to_string()),
            sql = quote_literal(&text),
            created = created,
            identifiers = identifiers.join(", "),
            tool_version = quote_literal(&provenance.tool_version),
            commit = optional(provenance.commit.as_deref()),
            build = optional(provenance.build_id.as_deref()),
            returning = returning,
        )
    }

    /// Begins a file in a script for psql, which skips it up to its `\endif` if it need not be applied.
    /// `number` is that of the file, `references` those of the files that it refers to, which come before it.
    pub(crate) fn begin_object_in_script(&self, file: &ObjectFile, number: usize, references: &[usize]) -> String {
        let variable = |number: usize| format!("migrate_object_{number}");
        let before = references.iter().filter(|&&other| other < number);
        let referenced: String =
            before.map(|&other| format!(" OR :'{}_incomplete'::boolean", variable(other))).collect();
        format!(
            include_str!("sql/offline_object.sql"),
            name = quote_literal(file.name()),
            checksum = quote_literal(&file.checksum().to_string()),
            applied = self.applied_objects(),
            or_older = if file.has_wildcard() { " OR is_before_revisions" } else { "" },
            or_referenced = referenced,
            variable = variable(number),
        )
    }

    /// The query for what has been applied.
    pub(crate) fn applied_objects(&self) -> String {
        format!(include_str!("sql/objects.sql"), objects = self.objects, log = self.log)
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
            include_str!("sql/log_drop.sql"),
            objects = self.objects,
            name = quote_literal(name),
            checksum = quote_literal(checksum),
            rest = rest.join(", "),
            tool_version = quote_literal(&provenance.tool_version),
            commit_id = optional(provenance.commit.as_deref()),
            build_id = optional(provenance.build_id.as_deref()),
        )
    }
}

fn note_routine(name: &ObjectName, is_first: bool, run: &str, end: &str) -> String {
    let before = if is_first { "''" } else { "current_setting('migrate.routines', true)" };
    format!(
        include_str!("sql/note_routine.sql"),
        run = run,
        before = before,
        name = quote_literal(&name.name),
        end = end
    )
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

/// Drops a policy, or a trigger that the statement does not replace. Nothing depends on either.
pub(crate) fn drop_before(object: &CreatedObject) -> Option<String> {
    let (kind, name, table) = match object {
        CreatedObject::Policy { name, table } => ("POLICY", name, table),
        CreatedObject::Trigger { name, table, replaces: false } => ("TRIGGER", name, table),
        _ => return None,
    };
    Some(format!("DROP {kind} IF EXISTS {} ON {}", quote_identifier(name), qualified(table)))
}

fn qualified(name: &ObjectName) -> String {
    let own = quote_identifier(&name.name);
    name.schema.as_ref().map_or(own.clone(), |schema| format!("{}.{own}", quote_identifier(schema)))
}
