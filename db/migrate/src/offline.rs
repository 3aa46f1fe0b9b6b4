//! Renders a plan as a script for psql that has the same effect as the run.
//!
//! Pure: text in, text out. The script refuses to run on a database in another state, and stops at the first error.
//! Like a run, it commits revision by revision, so that revisions can depend on an earlier commit (a new enum value, an
//! index built concurrently). `psql -1` is allowed and changes nothing.

use connection::quote_literal;
use revision::{
    CopyData, CreatedObject, Direction, Node, Objects, Operation, Plan, Revisions, Script, Statement, VersionChange,
};

use crate::adopt::LockedAdoption;
use crate::bookkeeping::{AS_ENGINE, AS_ENGINE_LOCALLY, DISCARD, LogRow, Note, RESET, TOGETHER, entry};
use crate::error::Error;
use crate::history;
use crate::object_log::drop_before;
use crate::options::Options;
use crate::provenance::Provenance;
use crate::stamp::stamp;
use crate::tables::{TRUSTED_OWNER, TRUSTED_SCHEMA, Tables, find_version_table};

/// Renders a plan as a script for psql that has the same effect as the run.
#[derive(Debug, Clone)]
pub struct Rendering<'a> {
    revisions: &'a Revisions,
    plan: &'a Plan,
    options: &'a Options,
    tables: Tables,
    provenance: &'a Provenance,
    objects: Option<&'a Objects>,
}

/// A part of a script.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum ScriptPart<'a> {
    /// SQL.
    Sql(&'a str),
    /// The data of a COPY statement, to be read from the file of the revision.
    Data(&'a Script, &'a CopyData),
}

/// Disables the timeouts of the role and the database, as the first query of a run does. psql sends statements that are
/// separated by `\;` as one message.
const TIMEOUTS: &str = include_str!("sql/offline_timeouts.sql");

/// Receives the parts in order.
type Sink<'a> = dyn FnMut(ScriptPart<'_>) -> Result<(), Error> + 'a;

impl<'a> Rendering<'a> {
    /// A rendering of a plan. `options` name the tables and the lock timeout; `provenance` is recorded in the log.
    pub fn new(revisions: &'a Revisions, plan: &'a Plan, options: &'a Options, provenance: &'a Provenance) -> Self {
        Self { revisions, plan, options, tables: Tables::of_script(&options.version_table), provenance, objects: None }
    }

    /// Also applies the files of `objects` after an upgrade to all heads, those that have changed or are incomplete. A script
    /// drops nothing: if a revision or a file needs that, psql stops there.
    #[must_use]
    pub fn with_objects(self, objects: &'a Objects) -> Self {
        Self { objects: Some(objects), ..self }
    }

    /// Passes the parts of the script to `out`, in order.
    ///
    /// # Errors
    /// A revision to revert is irreversible (reported before the first part), `out` fails, or a file can't be read.
    pub fn write(&self, out: &mut dyn FnMut(ScriptPart<'_>) -> Result<(), Error>) -> Result<(), Error> {
        history::check_reversible(self.revisions, self.plan)?;
        self.write_preamble(out)?;
        for step in &self.plan.steps {
            match (self.plan.operation.direction(), step.revision) {
                (Some(direction), Some(node)) => self.write_step(out, node, direction, &step.changes)?,
                _ => self.write_stamp(out, &step.changes)?,
            }
        }
        if let Some(objects) = self.objects.filter(|objects| !objects.is_empty() && self.reaches_all_heads()) {
            self.write_objects(out, objects)?;
        }
        // `psql -1` ends with its own COMMIT, which would warn that no transaction is open.
        out(ScriptPart::Sql(include_str!("sql/offline_end.sql")))
    }

    /// The same for an adoption, whose plan has the version rows from before and after it.
    ///
    /// # Errors
    /// `out` fails, or a file can't be read.
    pub fn write_adoption(
        &self,
        adoption: &LockedAdoption<'_, '_>,
        out: &mut dyn FnMut(ScriptPart<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.write_preamble(out)?;
        if adoption.has_objects() {
            out(ScriptPart::Sql(&self.tables.create_objects()))?;
        }
        out(ScriptPart::Sql(&format!("BEGIN;\n{AS_ENGINE}")))?;
        for part in adoption.sql(&self.tables, self.provenance)? {
            out(ScriptPart::Sql(&part))?;
        }
        out(ScriptPart::Sql("COMMIT;\n"))?;
        out(ScriptPart::Sql(include_str!("sql/offline_end.sql")))
    }

    fn write_preamble(&self, out: &mut Sink<'_>) -> Result<(), Error> {
        let ids = self.revisions.graph().ids(self.plan.from.iter().copied());
        let from: Vec<String> = ids.iter().map(|id| quote_literal(id)).collect();
        let from_text = if ids.is_empty() { "base".to_owned() } else { ids.join(", ") };
        out(ScriptPart::Sql(&format!("-- {} from {from_text}, for psql: psql -f FILE\n", self.plan.operation)))?;
        out(ScriptPart::Sql("\\set ON_ERROR_STOP on\n"))?;
        let table = quote_literal(&self.options.version_table);
        let is_path_given = "(current_setting('migrate.path_source') IN ('client', 'session'))";
        let find = find_version_table(self.options, is_path_given);
        out(ScriptPart::Sql(TIMEOUTS))?;
        out(ScriptPart::Sql(&format!(include_str!("sql/offline_begin.sql"), table = table, find = find)))?;
        out(ScriptPart::Sql(&self.tables.create()))?;
        out(ScriptPart::Sql(&format!(
            include_str!("sql/offline_check.sql"),
            table = table,
            from = from.join(", "),
            from_text = from_text,
            trusted_owner = TRUSTED_OWNER,
            trusted_schema = TRUSTED_SCHEMA,
        )))
    }

    fn write_step(
        &self,
        out: &mut Sink<'_>,
        node: Node,
        direction: Direction,
        changes: &[VersionChange],
    ) -> Result<(), Error> {
        let (graph, script) = (self.revisions.graph(), self.revisions.script(node));
        let revision = graph.id(node);
        let message = script.header().message.replace('\n', " ");
        out(ScriptPart::Sql(&format!("\n-- {direction} {revision}: {message}\n")))?;
        // RESET ALL returns to the settings of the role and the database. In the same message as the timeouts, none of
        // them can end the session in between.
        let reset = RESET.trim_end().trim_end_matches(';');
        out(ScriptPart::Sql(&format!("{reset}\\; {TIMEOUTS}")))?;
        out(ScriptPart::Sql(DISCARD))?;
        out(ScriptPart::Sql(include_str!("sql/offline_clean.sql")))?;
        let statements = script.section(direction).into_iter().flat_map(|section| script.effective(section));
        let started = if script.is_transactional() {
            let lock_timeout = self.options.lock_timeout.as_millis();
            out(ScriptPart::Sql(&format!("BEGIN;\nSET LOCAL lock_timeout = {lock_timeout};\n")))?;
            if !self.options.statement_timeout.is_zero() {
                let timeout = self.options.statement_timeout.as_millis();
                out(ScriptPart::Sql(&format!("SET LOCAL statement_timeout = {timeout};\n")))?;
            }
            for statement in statements {
                self.write_statement(out, script, &*statement?)?;
            }
            "now()".to_owned()
        } else {
            for (index, statement) in statements.enumerate() {
                let statement = &*statement?;
                let note = Note { revision, direction, number: index + 1 };
                // psql can't try a transaction first, so only what is known to run in one shares it with its entry.
                let is_together = statement.nature.journals_atomically;
                let before = if is_together { TOGETHER } else { "unknown" };
                out(ScriptPart::Sql(&entry(&self.tables.journal_start(&note, statement, before, "NULL"))))?;
                out(ScriptPart::Sql(if is_together { "BEGIN;\n" } else { "" }))?;
                self.write_statement(out, script, statement)?;
                let finish = self.tables.journal_finish(&note, "NULL");
                out(ScriptPart::Sql(&match is_together {
                    true => format!("{AS_ENGINE_LOCALLY}{finish}COMMIT;\n"),
                    false => entry(&finish),
                }))?;
            }
            out(ScriptPart::Sql("BEGIN READ WRITE;\n"))?;
            self.tables.journal_started(revision)
        };
        out(ScriptPart::Sql(AS_ENGINE))?;
        for change in changes {
            out(ScriptPart::Sql(&self.tables.change_version(graph, change)))?;
        }
        let (operation, started) = (direction.into(), started.as_str());
        let row = LogRow { graph, node, operation, script, started, provenance: self.provenance };
        out(ScriptPart::Sql(&self.tables.log(&row)?))?;
        if !script.is_transactional() {
            out(ScriptPart::Sql(&self.tables.journal_clear(revision)))?;
        }
        out(ScriptPart::Sql("COMMIT;\n"))
    }

    fn write_stamp(&self, out: &mut Sink<'_>, changes: &[VersionChange]) -> Result<(), Error> {
        let change = |change: &_| self.tables.change_version(self.revisions.graph(), change);
        let sql = stamp(self.revisions, changes, &self.tables, self.provenance, change)?;
        out(ScriptPart::Sql(&format!("BEGIN;\n{AS_ENGINE}{sql}COMMIT;\n")))
    }

    fn reaches_all_heads(&self) -> bool {
        let mut heads = self.revisions.graph().real_heads();
        self.plan.operation == Operation::Upgrade && heads.all(|head| self.plan.heads.contains(&head))
    }

    fn write_objects(&self, out: &mut Sink<'_>, objects: &Objects) -> Result<(), Error> {
        let reset = RESET.trim_end().trim_end_matches(';');
        out(ScriptPart::Sql(&format!("\n-- objects\n{reset}\\; {TIMEOUTS}COMMIT;\n")))?;
        out(ScriptPart::Sql(&format!("SET client_min_messages = error;\n{}", self.tables.create_objects())))?;
        let lock_timeout = self.options.lock_timeout.as_millis();
        out(ScriptPart::Sql(&format!("BEGIN;\nSET LOCAL lock_timeout = {lock_timeout};\n")))?;
        for (number, file) in objects.files().iter().enumerate() {
            out(ScriptPart::Sql(&format!("\n-- apply {}\n", file.name().replace('\n', " "))))?;
            out(ScriptPart::Sql(&self.tables.begin_object_in_script(file, number, objects.references(number))))?;
            let mut is_first = true;
            for statement in file.statements() {
                let drop =
                    statement.created.as_ref().and_then(drop_before).map(|drop| drop + ";\n").unwrap_or_default();
                out(ScriptPart::Sql(&format!("{drop}{}\n;\n", statement.text())))?;
                if let Some(CreatedObject::Routine(name)) = &statement.created {
                    out(ScriptPart::Sql(&self.tables.note_routine_in_script(name, is_first)))?;
                    is_first = false;
                }
            }
            out(ScriptPart::Sql(&self.tables.log_object_in_script(file, self.provenance)))?;
            out(ScriptPart::Sql("\\endif\n"))?;
        }
        out(ScriptPart::Sql("COMMIT;\n"))
    }

    fn write_statement(&self, out: &mut Sink<'_>, script: &Script, statement: &Statement) -> Result<(), Error> {
        out(ScriptPart::Sql(&script.text(statement)?))?;
        out(ScriptPart::Sql(statement.terminator()))?;
        if let Some(copy) = &statement.copy {
            out(ScriptPart::Data(script, copy))?;
            out(ScriptPart::Sql("\\.\n"))?;
        }
        Ok(())
    }
}
