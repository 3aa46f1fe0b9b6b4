//! Records revisions that another tool has applied: the version rows, and a log row with checksum and SQL for each, so
//! that later edits of their files are detected and a downgrade does not need the files.

use std::collections::{BTreeMap, HashMap};

use connection::{QueryError, quote_literal};
use revision::{Follow, Node, Objects, Operation, Plan, RevisionGraph, Revisions, VersionChange};

use crate::bookkeeping::{AS_ENGINE, LogRow};
use crate::encoding::{lacking, without};
use crate::error::Error;
use crate::history;
use crate::logged_operation::LoggedOperation;
use crate::provenance::Provenance;
use crate::session::Session;
use crate::state_error::StateError;
use crate::tables::Tables;

/// The approximate length of a message in bytes. To parse a message, the server needs many times its memory.
const MESSAGE: usize = 1024 * 1024;

/// Part of the message of the error that is raised if the other tool's table has changed since it was read.
const CHANGED: &str = "migrate: the table has changed";

/// What another tool has applied to the database.
#[derive(Debug, Clone, Default)]
pub struct Adoption {
    /// The version rows. These revisions and their ancestors count as applied.
    pub heads: Vec<Node>,
    /// Whether the other tool has written these rows to the engine's version table itself, as Alembic does.
    pub has_rows: bool,
    /// When revisions were applied, where it is known: a `timestamptz` as text.
    pub applied_at: HashMap<Node, String>,
    /// A query for a single value, and the value that it returned. If the value has changed by the time the rows are
    /// written, the other tool is still migrating.
    pub unchanged: Option<(String, Option<String>)>,
    /// The reason in the log.
    pub reason: String,
}

/// An adoption that borrows the lock that it was checked under.
pub struct LockedAdoption<'lock, 'r> {
    session: &'lock mut Session,
    revisions: &'r Revisions,
    adoption: Adoption,
    has_tables: bool,
    nodes: Vec<Node>,
    /// The rows of files of `objects` that count as applied.
    objects: Option<AdoptedObjects<'r>>,
}

/// Files of `objects` that count as applied, with what they have created, by name.
struct AdoptedObjects<'r> {
    objects: &'r Objects,
    existing: BTreeMap<String, Vec<String>>,
}

impl<'lock, 'r> LockedAdoption<'lock, 'r> {
    pub(crate) fn check(
        session: &'lock mut Session,
        revisions: &'r Revisions,
        adoption: Adoption,
    ) -> Result<Self, Error> {
        let checked = check(session, revisions, &adoption);
        let (has_tables, nodes) = session.unless_interrupted(checked)?;
        Ok(Self { session, revisions, adoption, has_tables, nodes, objects: None })
    }

    /// The revisions that will be logged, parents first.
    pub fn revisions(&self) -> &[Node] {
        &self.nodes
    }

    /// The session.
    pub fn session(&mut self) -> &mut Session {
        self.session
    }

    /// The version rows before and after the adoption. No revision runs.
    pub fn plan(&self) -> Plan {
        let heads = self.adoption.heads.clone();
        let from = if self.adoption.has_rows { heads.clone() } else { Vec::new() };
        Plan { operation: Operation::Stamp, from, steps: Vec::new(), heads }
    }

    /// The SQL, without BEGIN and COMMIT.
    pub(crate) fn sql(&self, tables: &Tables, provenance: &Provenance) -> Result<Vec<String>, revision::Error> {
        let mut parts = adoption_sql(self.revisions, &self.adoption, &self.nodes, tables, provenance)?;
        parts.extend(self.objects.as_ref().map(|objects| objects.sql(tables, provenance)));
        Ok(parts)
    }

    /// Whether it records files of `objects`.
    pub(crate) fn has_objects(&self) -> bool {
        self.objects.is_some()
    }

    /// Also records that files of `objects` have been applied: those with these names, each with what the database has of it,
    /// as `KIND IDENTITY` of `pg_identify_object`.
    pub fn add_objects(&mut self, objects: &'r Objects, existing: BTreeMap<String, Vec<String>>) {
        self.objects = Some(AdoptedObjects { objects, existing }).filter(|objects| !objects.existing.is_empty());
    }

    /// Appends to the reason in the log.
    pub fn add_reason(&mut self, reason: &str) {
        self.adoption.reason.push_str("; ");
        self.adoption.reason.push_str(reason);
    }

    /// Writes the version rows and the log rows in one transaction. `provenance` is recorded in the log.
    ///
    /// # Errors
    /// The other tool's table has changed since it was read, or the tables can't be written. Nothing has been recorded.
    pub fn run(self, provenance: &Provenance) -> Result<(), Error> {
        self.session.check_writable()?;
        let created = if self.has_tables { Ok(()) } else { self.session.ensure_tables() };
        self.session.unless_interrupted(created)?;
        if self.objects.is_some() {
            let created = self.session.ensure_objects_table();
            self.session.unless_interrupted(created)?;
        }
        let parts = self.sql(&self.session.tables, provenance)?;
        let adopted = adopt(self.session, parts);
        self.session.unless_interrupted(adopted)
    }
}

impl AdoptedObjects<'_> {
    /// The rows, with names resolved in the user's `search_path`.
    fn sql(&self, tables: &Tables, provenance: &Provenance) -> String {
        let row = |file: &revision::ObjectFile| {
            let existing = self.existing.get(file.name())?;
            Some(format!("RESET search_path;\n{}", tables.log_existing_object(file, provenance, existing)))
        };
        self.objects.files().iter().filter_map(row).collect()
    }
}

/// Checks that an adoption is possible. Returns whether the engine's tables exist, and the revisions to log, parents first.
fn check(session: &mut Session, revisions: &Revisions, adoption: &Adoption) -> Result<(bool, Vec<Node>), Error> {
    let graph = revisions.graph();
    let state = &session.state_to_change()?;
    history::check(session, revisions, state, true)?;
    state.check_journal(graph)?;
    if let Some(partial) = state.partially_applied().next() {
        return Err(partial.error().into());
    }
    let rows = session.heads(state, graph)?;
    let mut nodes = parents_first(graph, &adoption.heads);
    if adoption.has_rows {
        let logged = session.applied_checksums(state)?;
        nodes.retain(|&node| !logged.contains_key(graph.id(node)));
        if nodes.is_empty() {
            return Err(StateError::NothingToAdopt { rows: state.rows.clone() }.into());
        }
    }
    let heads = if adoption.has_rows { graph.ids(adoption.heads.iter().copied()) } else { Vec::new() };
    if graph.ids(rows) != sorted(heads) {
        let table = session.tables.version.clone();
        return Err(StateError::HasVersionRows { table, rows: state.rows.clone() }.into());
    }
    Ok((state.has_tables, nodes))
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_unstable();
    ids
}

/// Revisions and their ancestors, each after its parents and dependencies.
fn parents_first(graph: &RevisionGraph, heads: &[Node]) -> Vec<Node> {
    let mut rest: Vec<Node> = graph.ancestors(heads.iter().copied(), Follow::Dependencies).iter().collect();
    let mut seen = graph.empty_set();
    let mut order = Vec::new();
    rest.reverse();
    while let Some(&node) = rest.last() {
        let before = rest.len();
        rest.extend(graph.normalized_down(node).iter().filter(|&&down| !seen.contains(down)));
        if rest.len() == before {
            rest.pop();
            if seen.insert(node) {
                order.push(node);
            }
        }
    }
    order
}

/// The SQL of an adoption, in parts of about [`MESSAGE`] bytes, without BEGIN and COMMIT.
///
/// # Errors
/// A file can't be read.
fn adoption_sql(
    revisions: &Revisions,
    adoption: &Adoption,
    nodes: &[Node],
    tables: &Tables,
    provenance: &Provenance,
) -> Result<Vec<String>, revision::Error> {
    let graph = revisions.graph();
    let mut parts = Vec::new();
    let mut sql = adoption.unchanged.as_ref().map(is_unchanged).unwrap_or_default();
    if !adoption.has_rows {
        sql.extend(adoption.heads.iter().map(|&head| tables.change_version(graph, &VersionChange::Insert(head))));
    }
    for &node in nodes {
        let started = adoption.applied_at.get(&node).map(|at| format!("CAST({} AS timestamptz)", quote_literal(at)));
        let started = started.as_deref().unwrap_or("now()");
        let (script, operation) = (revisions.script(node), LoggedOperation::Stamp);
        sql.push_str(&tables.log(&LogRow { graph, node, operation, script, started, provenance })?);
        if sql.len() > MESSAGE {
            parts.push(std::mem::take(&mut sql));
        }
    }
    sql.push_str(&tables.log_reason(&adoption.reason, nodes.len()));
    parts.push(sql);
    Ok(parts)
}

/// A query that fails unless another query still returns the same value.
fn is_unchanged((query, value): &(String, Option<String>)) -> String {
    let value = value.as_deref().map_or_else(|| "NULL".to_owned(), quote_literal);
    format!(include_str!("sql/unchanged.sql"), query = query, value = value, changed = CHANGED)
}

/// Writes the rows in one transaction.
fn adopt(session: &mut Session, mut parts: Vec<String>) -> Result<(), Error> {
    for part in &mut parts {
        let lacking = lacking(session, part)?;
        *part = without(std::mem::take(part), &lacking);
    }
    let written = write(session, &parts);
    written.map_err(|error| {
        session.connection.roll_back();
        match error {
            Error::Query(QueryError::Server(error)) if error.message.contains(CHANGED) => {
                StateError::OtherToolRuns.into()
            }
            error => error,
        }
    })
}

fn write(session: &mut Session, parts: &[String]) -> Result<(), Error> {
    session.connection.send(&format!("BEGIN;\n{AS_ENGINE}SET LOCAL client_min_messages = warning;"))?;
    for part in parts {
        session.check_interrupted()?;
        session.connection.send(part)?;
    }
    Ok(session.connection.send("COMMIT")?)
}
