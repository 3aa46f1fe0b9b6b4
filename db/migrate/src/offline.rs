//! `--sql`: a plan as a script for psql that leaves the same database behind as the online run.
//!
//! Pure: text in, text out. The script refuses to run elsewhere than where it was planned for, and stops at the first
//! error. Like the online run it commits revision by revision, so that what needs an earlier commit (a new enum value,
//! an index built concurrently) works; `psql -1` is welcome and changes nothing.

use crate::bookkeeping::{Provenance, RESET_ROLE, RESET_SESSION, Tables, quote_literal};
use crate::error::Error;
use crate::graph::{Node, RevisionGraph};
use crate::plan::{Direction, Operation, Plan, VersionChange};
use crate::script::{CopyData, Script, Section, Statement};

/// What the script is rendered with.
pub struct Rendering<'a> {
    /// The plan's graph.
    pub graph: &'a RevisionGraph,
    /// The plan.
    pub plan: &'a Plan,
    /// Reads the file of a revision; all of the plan have been read and checked before.
    pub read: &'a dyn Fn(Node) -> Result<Script, Error>,
    /// The names of the tables.
    pub tables: &'a Tables,
    /// The name of the version table without its schema.
    pub version_table: &'a str,
    /// `lock_timeout` of the transactions, in milliseconds.
    pub lock_timeout: u128,
    /// Where the run comes from.
    pub provenance: &'a Provenance,
}

/// A part of the script, in order.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// Text as it is.
    Sql(&'a str),
    /// The data of a COPY, which lies in the revision's file.
    Data(&'a Script, &'a CopyData),
}

/// Who takes the parts.
pub type Sink<'a> = dyn FnMut(Piece<'_>) -> Result<(), Error> + 'a;

impl Rendering<'_> {
    /// Hands over the whole script.
    ///
    /// # Errors
    /// The sink fails, or reading a file does.
    pub fn write(&self, out: &mut Sink<'_>) -> Result<(), Error> {
        self.write_preamble(out)?;
        for step in &self.plan.steps {
            match (self.plan.operation, step.revision) {
                (Operation::Stamp, _) | (_, None) => self.write_stamp(out, &step.changes)?,
                (Operation::Upgrade, Some(node)) => self.write_step(out, node, Direction::Upgrade, &step.changes)?,
                (Operation::Downgrade, Some(node)) => {
                    self.write_step(out, node, Direction::Downgrade, &step.changes)?
                }
            }
        }
        // psql -1 ends its own transaction: the warning that there is none would be noise.
        out(Piece::Sql(&format!(
            "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\nDO $$BEGIN PERFORM pg_catalog.pg_advisory_unlock({}); END$$;\nSET client_min_messages = error;\n",
            self.tables.lock_key
        )))
    }

    fn write_preamble(&self, out: &mut Sink<'_>) -> Result<(), Error> {
        let from: Vec<String> = self.plan.from.iter().map(|&node| quote_literal(self.graph.id(node))).collect();
        let names: Vec<&str> = self.plan.from.iter().map(|&node| self.graph.id(node)).collect();
        let from_text = if names.is_empty() { "base".to_owned() } else { names.join(", ") };
        out(Piece::Sql(&format!("-- {} from {from_text}, for psql: psql -f FILE\n", self.plan.operation.name())))?;
        out(Piece::Sql("\\set ON_ERROR_STOP on\n"))?;
        // A transaction is open already under `psql -1`.
        out(Piece::Sql(&format!(
            "SET client_min_messages = error;\nBEGIN;\n{}\n",
            self.tables.create(self.version_table).trim_end()
        )))?;
        out(Piece::Sql(&format!("DO $check$
BEGIN
  IF NOT pg_catalog.pg_try_advisory_lock({key}) THEN
    RAISE EXCEPTION 'another migration is running on this database';
  END IF;
  IF (SELECT coalesce(array_agg(version_num::text ORDER BY version_num::text COLLATE \"C\"), '{{}}') FROM {version}) <> ARRAY[{from}]::text[] THEN
    RAISE EXCEPTION 'this script begins at {message}, and the database is elsewhere: see the table {table}';
  END IF;
  IF EXISTS (SELECT FROM {journal}) THEN
    RAISE EXCEPTION 'a revision is half done: see the table {journal_name}';
  END IF;
END
$check$;
COMMIT;\n",
            key = self.tables.lock_key,
            version = self.tables.version,
            journal = self.tables.journal,
            from = from.join(", "),
            message = from_text,
            table = self.tables.version.replace('\'', "''"),
            journal_name = self.tables.journal.replace('\'', "''"))))
    }

    fn write_step(
        &self,
        out: &mut Sink<'_>,
        node: Node,
        direction: Direction,
        changes: &[VersionChange],
    ) -> Result<(), Error> {
        let script = &(self.read)(node)?;
        let revision = self.graph.id(node);
        out(Piece::Sql(&format!(
            "\n-- {} {revision}: {}\n",
            direction.name(),
            script.header.message.replace('\n', " ")
        )))?;
        out(Piece::Sql(RESET_SESSION))?;
        let empty = Section::default();
        let section = script.section(direction).unwrap_or(&empty);
        let started = if script.is_transactional() {
            out(Piece::Sql(&format!("BEGIN;\nSET LOCAL lock_timeout = {};\n", self.lock_timeout)))?;
            for statement in section.effective() {
                self.write_statement(out, script, statement)?;
            }
            "now()".to_owned()
        } else {
            for (index, statement) in section.effective().enumerate() {
                out(Piece::Sql(&self.tables.journal_start(revision, direction, index + 1, statement)))?;
                self.write_statement(out, script, statement)?;
                out(Piece::Sql(&self.tables.journal_finish(revision, direction, index + 1)))?;
            }
            out(Piece::Sql("BEGIN;\n"))?;
            self.tables.journal_started(revision)
        };
        out(Piece::Sql(RESET_ROLE))?;
        for change in changes {
            out(Piece::Sql(&self.tables.change_version(self.graph, change)))?;
        }
        out(Piece::Sql(&self.tables.log(self.graph, node, direction.name(), script, &started, self.provenance)))?;
        if !script.is_transactional() {
            out(Piece::Sql(&self.tables.journal_clear(revision)))?;
        }
        out(Piece::Sql("COMMIT;\n"))
    }

    fn write_stamp(&self, out: &mut Sink<'_>, changes: &[VersionChange]) -> Result<(), Error> {
        out(Piece::Sql("BEGIN;\n"))?;
        for change in changes {
            let (node, operation) = stamped(change);
            out(Piece::Sql(&self.tables.change_version(self.graph, change)))?;
            let script = (self.read)(node)?;
            out(Piece::Sql(&self.tables.log(self.graph, node, operation, &script, "now()", self.provenance)))?;
        }
        out(Piece::Sql("COMMIT;\n"))
    }

    fn write_statement(&self, out: &mut Sink<'_>, script: &Script, statement: &Statement) -> Result<(), Error> {
        out(Piece::Sql(&statement.text))?;
        out(Piece::Sql(statement.terminator()))?;
        if let Some(copy) = &statement.copy {
            out(Piece::Data(script, copy))?;
            out(Piece::Sql("\\.\n"))?;
        }
        Ok(())
    }
}

/// The revision a stamp's change is logged under, and as what.
pub(crate) fn stamped(change: &VersionChange) -> (Node, &'static str) {
    match *change {
        VersionChange::Insert(node) | VersionChange::Update { to: node, .. } => (node, "stamp"),
        VersionChange::Delete(node) => (node, "unstamp"),
    }
}
