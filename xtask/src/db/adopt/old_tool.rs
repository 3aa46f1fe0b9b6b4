//! Finds, chooses and reads the table of another tool in the database.

use std::fmt::{self, Display, Formatter};

use anyhow::Result;
use connection::{Row, first, quote_literal};
use import::{AdoptError, Adopted, Layout, OldTable, Record};
use migrate::{Adoption, Session};
use revision::{Objects, RevisionGraph};

use crate::report::Failure;

/// The tables of other tools in a database.
pub(super) struct Found {
    tables: Vec<OldTable>,
    /// The engine's own version table is among them, because Alembic uses the same table.
    own: Option<OldTable>,
}

/// The chosen table.
pub(super) struct Chosen {
    table: OldTable,
    /// Whether it is also the engine's own version table.
    is_own: bool,
}

impl Found {
    /// Finds the tables, or the table of the given name.
    pub(super) fn in_database(session: &mut Session, name: Option<&str>) -> Result<Self> {
        let candidates = rows(session, &OldTable::find(name, quote_literal))?;
        let mut tables: Vec<OldTable> = candidates.iter().filter_map(OldTable::of_row).collect();
        if let (Some(name), true) = (name, tables.is_empty()) {
            let message = match candidates.is_empty() {
                true => format!("no table `{name}`"),
                false => format!("`{name}` does not have the columns of a known tool"),
            };
            return Err(Failure::new(message).hint("`--table SCHEMA.NAME` names the table of the other tool").into());
        }
        let own_name = quote_literal(session.tables().names()[0]);
        let mut own = None;
        for index in (0..tables.len()).rev() {
            let other = quote_literal(&tables[index].name);
            let query = format!("SELECT to_regclass({own_name}) = to_regclass({other})");
            if first(&rows(session, &query)?, 0) == Some("t") {
                own = Some(tables.remove(index));
            }
        }
        // Without rows, it provides no information.
        if session.state()?.rows.is_empty() {
            own = None;
        }
        Ok(Self { tables, own })
    }

    /// The tables in words, if there are any.
    pub(super) fn describe(&self) -> Option<String> {
        let all: Vec<String> = self.own.iter().chain(&self.tables).map(ToString::to_string).collect();
        match all.len() {
            0 => None,
            1 => Some(format!("the table {}", all[0])),
            _ => Some(format!("the tables {}", all.join(", "))),
        }
    }

    /// The names of all tables of these tools, quoted and qualified.
    pub(super) fn own(&self) -> Vec<String> {
        self.tables.iter().flat_map(OldTable::own).collect()
    }

    /// The only table.
    pub(super) fn only(mut self, session: &mut Session) -> Result<Chosen> {
        // Version rows in the log are the engine's.
        if !self.tables.is_empty() && self.own.is_some() && has_logged_rows(session)? {
            self.own = None;
        }
        let several = self.describe();
        match (self.own, &self.tables[..]) {
            (Some(table), []) => Ok(Chosen { table, is_own: true }),
            (None, [table]) => Ok(Chosen { table: table.clone(), is_own: false }),
            (None, []) => Err(Failure::new("no table of another tool found")
                .hint("`--table SCHEMA.NAME` names a renamed one; if no tool has migrated the database, `cargo xtask db adopt --baseline REV` records REV and its ancestors")
                .into()),
            _ => Err(Failure::new(format!("the database has {}", several.unwrap_or_default()))
                .hint("choose one with `--table SCHEMA.NAME`")
                .code(2)
                .into()),
        }
    }
}

impl Chosen {
    /// The names of the tool's tables, quoted and qualified.
    pub(super) fn own(&self) -> Vec<String> {
        self.table.own()
    }

    /// What the table records as applied.
    pub(super) fn read(&self, session: &mut Session, graph: &RevisionGraph, objects: &Objects) -> Result<Adoption> {
        let digest = self.table.digest();
        // The digest is read first, so that a change before the rows are read is detected.
        let value = first(&rows(session, &digest)?, 0).map(str::to_owned);
        let record = Record::of_rows(&rows(session, &self.table.rows())?);
        let is_object = |name: &str| objects.files().iter().any(|file| file.name() == name);
        let found = Adopted::find(&self.table, &record, graph, is_object);
        let Adopted { heads, applied_at } = found.map_err(refusal)?;
        let reason = format!("adopted from {}", self.table);
        Ok(Adoption { heads, has_rows: self.is_own, applied_at, unchanged: Some((digest, value)), reason })
    }
}

impl Display for Chosen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.table.fmt(f)
    }
}

/// Whether the log has one of the version rows.
fn has_logged_rows(session: &mut Session) -> Result<bool> {
    let state = session.state()?;
    for row in &state.rows {
        if session.logged(&state, row)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The rows of a query that only reads.
fn rows(session: &mut Session, query: &str) -> Result<Vec<Row>, migrate::Error> {
    Ok(session.connection().query(&format!("SET TRANSACTION READ ONLY;\n{query}"))?)
}

/// The error with what to do about it.
fn refusal(error: AdoptError) -> Failure {
    Failure::new(error.to_string()).hint(hint(&error))
}

fn hint(error: &AdoptError) -> &'static str {
    match error {
        AdoptError::Failed { table, .. } => match table.layout {
            Layout::GolangMigrate => {
                "finish or undo that migration by hand, record the version with `migrate force VERSION`, and run the command again"
            }
            Layout::Flyway => "undo what that migration has done, run `flyway repair`, and run the command again",
            Layout::Liquibase => "fix the changeset, run `liquibase update`, and run the command again",
            _ => "undo what that migration has done, delete its row in the table, and run the command again",
        },
        AdoptError::Unknown { .. } => {
            "is `--dir` the right directory, and was every file imported (docs/import.md)? If files were deleted since, `cargo xtask db adopt --baseline REV --ignore-tables` records REV and its ancestors"
        }
        AdoptError::Missing { .. } => {
            "apply them with the other tool first; if the database has what they create, record them with that tool"
        }
        AdoptError::Empty { .. } => "there is nothing to adopt: `cargo xtask db upgrade` applies the revisions",
    }
}
