//! The version table and the journal, and whether they agree.

use connection::{OWN_PATH, QueryError, Row, first};
use revision::{Checksum, Direction, Follow, Node, Plan, RevisionGraph, Revisions, TargetError};

use crate::error::Error;
use crate::session::Session;
use crate::state_error::{Contradiction, INSUFFICIENT_PRIVILEGE, StateError};

/// A statement of a `Transaction: off` revision that an earlier run started.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalRow {
    pub(crate) revision: String,
    pub(crate) direction: Direction,
    /// The number of the statement, from 1.
    pub statement: usize,
    /// The checksum of the statement, if the row has a valid one.
    pub(crate) checksum: Option<Checksum>,
    /// The line that the statement starts in.
    pub line: u32,
    /// Whether the statement succeeded.
    pub(crate) is_finished: bool,
    /// The server's error. A row without an error that is not finished means that the run died.
    pub(crate) error: Option<String>,
    /// What to inspect to find out what the statement has done. Rows of earlier versions have none.
    pub(crate) before: Option<String>,
    /// The state of the session after the statement, or before it if it is not finished. Rows of an earlier version have
    /// none.
    pub(crate) session: Option<String>,
    /// What is known about the statement that the run stopped in.
    pub(crate) decision: Option<Decision>,
}

/// What the caller knows about the statement that a run stopped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It has run.
    Done,
    /// It has not run, or may run again.
    Again,
}

/// The state of a database: its version rows and its journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct State {
    /// The rows of the version table, sorted.
    pub rows: Vec<String>,
    /// The journal, sorted by revision, direction and statement.
    pub(crate) journal: Vec<JournalRow>,
    pub(crate) has_tables: bool,
    pub(crate) has_log: bool,
    pub(crate) has_objects: bool,
}

/// A partially applied revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartiallyApplied<'a> {
    /// The revision.
    pub revision: &'a str,
    /// The section that ran.
    pub direction: Direction,
    /// The number of statements that have run.
    pub done: usize,
    /// The statement that the run stopped in.
    pub stopped_at: Option<&'a JournalRow>,
}

impl PartiallyApplied<'_> {
    pub(crate) fn error(self) -> StateError {
        StateError::PartiallyApplied { revision: self.revision.to_owned(), direction: self.direction, done: self.done }
    }
}

impl State {
    /// The version rows as nodes of the graph.
    ///
    /// # Errors
    /// A row is not in the graph.
    pub fn heads(&self, graph: &RevisionGraph) -> Result<Vec<Node>, TargetError> {
        graph.rows(self.rows.iter().map(String::as_str))
    }

    /// The partially applied revisions. The engine leaves at most one.
    pub fn partially_applied(&self) -> impl Iterator<Item = PartiallyApplied<'_>> {
        self.journal.chunk_by(|one, other| (&one.revision, one.direction) == (&other.revision, other.direction)).map(
            |rows| PartiallyApplied {
                revision: &rows[0].revision,
                direction: rows[0].direction,
                done: rows.iter().filter(|row| row.is_finished).count(),
                stopped_at: rows.iter().find(|row| !row.is_finished),
            },
        )
    }

    /// Notes what is known about the statement that a run stopped in.
    pub(crate) fn decide(&mut self, decision: Decision) {
        if let Some(row) = self.journal.iter_mut().find(|row| !row.is_finished) {
            row.decision = Some(decision);
        }
    }

    /// Refuses version rows that contradict the journal, which means that something else has changed them since a run
    /// stopped.
    ///
    /// # Errors
    /// [`StateError::JournalContradicted`], or [`StateError::PartiallyAppliedElsewhere`].
    pub(crate) fn check_journal(&self, graph: &RevisionGraph) -> Result<(), StateError> {
        for partial in self.partially_applied() {
            let Some(node) = graph.find(partial.revision) else {
                return Err(StateError::PartiallyAppliedElsewhere { revision: partial.revision.to_owned() });
            };
            if let Some(contradiction) = self.contradiction(graph, node, partial.direction) {
                return Err(StateError::JournalContradicted {
                    revision: partial.revision.to_owned(),
                    direction: partial.direction,
                    done: partial.done,
                    rows: self.rows.clone(),
                    rows_before: match partial.direction {
                        Direction::Upgrade => graph.ids(graph.normalized_down(node).iter().copied()),
                        Direction::Downgrade => vec![partial.revision.to_owned()],
                    },
                    contradiction,
                });
            }
        }
        Ok(())
    }

    fn contradiction(&self, graph: &RevisionGraph, node: Node, direction: Direction) -> Option<Contradiction> {
        let rows: Vec<Node> = self.rows.iter().filter_map(|row| graph.find(row)).collect();
        let applied = graph.ancestors(rows.iter().copied(), Follow::Dependencies);
        match direction {
            Direction::Upgrade if applied.contains(node) => Some(Contradiction::AlreadyApplied),
            Direction::Upgrade => {
                let is_next = graph.normalized_down(node).iter().all(|&down| applied.contains(down));
                (!is_next).then_some(Contradiction::NotNext)
            }
            Direction::Downgrade if !applied.contains(node) => Some(Contradiction::AlreadyReverted),
            Direction::Downgrade => (!rows.contains(&node)).then_some(Contradiction::NotAHead),
        }
    }
}

impl Session {
    /// Reads the version rows and the journal. Without the lock, they may change at any time.
    ///
    /// # Errors
    /// The tables can't be read.
    pub fn state(&mut self) -> Result<State, Error> {
        let existing = self.existing()?;
        self.read(&existing)
    }

    /// The same before a run, which writes to the tables.
    ///
    /// # Errors
    /// The tables can't be read, or one belongs to a role that is not trusted.
    pub(crate) fn state_to_change(&mut self) -> Result<State, Error> {
        let existing = self.existing()?;
        existing.check_owner()?;
        self.read(&existing)
    }

    fn read(&mut self, existing: &Existing) -> Result<State, Error> {
        let &Existing { has_tables, has_version, has_log, has_journal, has_objects, .. } = existing;
        let mut state = State { has_tables, has_log, has_objects, ..State::default() };
        let mut queries = Vec::new();
        if has_version {
            queries.push(format!(include_str!("sql/version_rows.sql"), version = self.tables.version));
        }
        if has_journal {
            queries.push(format!(include_str!("sql/journal.sql"), journal = self.tables.journal));
        }
        // One message for both: version rows have one column, journal rows have more.
        for row in self.connection.query(&queries.join(";"))? {
            match row.len() {
                1 => state.rows.push(text(&row, 0)),
                _ => state.journal.extend(journal_row(&row)),
            }
        }
        Ok(state)
    }

    /// Creates the version table, the log and the journal if they are missing.
    pub(crate) fn ensure_tables(&mut self) -> Result<(), Error> {
        self.create_tables(&self.tables.create())
    }

    /// Creates the table of the objects, if it is missing.
    pub(crate) fn ensure_objects_table(&mut self) -> Result<(), Error> {
        self.create_tables(&self.tables.create_objects())
    }

    fn create_tables(&mut self, sql: &str) -> Result<(), Error> {
        self.check_writable()?;
        let (begin, commit) = self.begin_and_commit();
        let sql = format!("{begin}{OWN_PATH}SET LOCAL client_min_messages = warning;\n{sql}{commit}");
        if let Err(source) = self.connection.send(&sql) {
            let _ = self.roll_back();
            return Err(self.not_created(source)?.into());
        }
        // Another role may have created one of them in the meantime.
        Ok(self.existing()?.check_owner()?)
    }

    /// The error for tables that could not be created.
    fn not_created(&mut self, source: QueryError) -> Result<StateError, QueryError> {
        let schema = self.tables.schema.clone();
        let is_denied = matches!(&source, QueryError::Server(error) if error.code == INSUFFICIENT_PRIVILEGE);
        let foreign = if is_denied { self.query(&self.tables.foreign())? } else { Vec::new() };
        Ok(match foreign.first().map(Vec::as_slice) {
            Some([Some(table), Some(owner), Some(role)]) => {
                let (table, owner, role) = (table.clone(), owner.clone(), role.clone());
                StateError::NotOwner { table, owner, role, source }
            }
            _ => StateError::CreateTables { schema, source },
        })
    }

    /// Which of the engine's tables exist. Refuses an object that has the name of one but is something else.
    fn existing(&mut self) -> Result<Existing, Error> {
        let found = self.query(&self.tables.existing())?;
        let text = |column: usize| first(&found, column).map(str::to_owned);
        let mut not_trusted = None;
        for (table, column) in self.tables.names().into_iter().zip([1, 4, 7, 12]) {
            let table = table.to_owned();
            if let Some(problem) = text(column) {
                return Err(StateError::NameTaken { table, problem }.into());
            }
            if let Some(owner) = text(column + 1) {
                not_trusted.get_or_insert((table, owner, text(10).unwrap_or_default()));
            }
        }
        let [has_version, has_log, has_journal, has_columns, has_objects] =
            [0, 3, 6, 9, 11].map(|column| first(&found, column) == Some("t"));
        let has_tables = has_version && has_log && has_journal && has_columns;
        Ok(Existing { has_tables, has_version, has_log, has_journal, has_objects, not_trusted })
    }
}

/// Refuses a plan that does not finish the partially applied revision.
pub(crate) fn check_partially_applied(revisions: &Revisions, state: &State, plan: &Plan) -> Result<(), StateError> {
    for partial in state.partially_applied() {
        let runs = |node: Node| revisions.graph().id(node) == partial.revision;
        let is_continued = plan.operation.direction() == Some(partial.direction)
            && plan.steps.iter().any(|step| step.revision.is_some_and(runs));
        if !is_continued {
            return Err(partial.error());
        }
        let script = revisions.graph().find(partial.revision).map(|node| revisions.script(node));
        if let Some(script) = script.filter(|script| script.is_transactional()) {
            let (revision, path) = (partial.revision.to_owned(), script.path().to_owned());
            return Err(StateError::ModeChanged { revision, path, done: partial.done });
        }
    }
    Ok(())
}

/// Refuses a stamp while a revision is partially applied, unless it makes the version rows agree with the journal
/// again.
pub(crate) fn check_stamp(revisions: &Revisions, state: &State, plan: &Plan) -> Result<(), StateError> {
    let Some(partial) = state.partially_applied().next() else { return Ok(()) };
    let Err(contradiction) = state.check_journal(revisions.graph()) else { return Err(partial.error()) };
    let rows = revisions.graph().ids(plan.heads.iter().copied());
    let stamped = State { rows, journal: state.journal.clone(), ..State::default() };
    stamped.check_journal(revisions.graph()).map_err(|_| contradiction)
}

/// Which of the engine's tables exist.
struct Existing {
    /// Whether all do, with all columns of this version.
    has_tables: bool,
    has_version: bool,
    has_log: bool,
    has_journal: bool,
    has_objects: bool,
    /// A table of an owner that is not trusted, the owner, and the role that has logged in.
    not_trusted: Option<(String, String, String)>,
}

impl Existing {
    fn check_owner(&self) -> Result<(), StateError> {
        self.not_trusted
            .clone()
            .map_or(Ok(()), |(table, owner, role)| Err(StateError::OwnerNotTrusted { table, owner, role }))
    }
}

fn text(row: &Row, column: usize) -> String {
    row.get(column).cloned().flatten().unwrap_or_default()
}

fn journal_row(row: &Row) -> Option<JournalRow> {
    Some(JournalRow {
        revision: text(row, 0),
        direction: Direction::named(&text(row, 1))?,
        statement: text(row, 2).parse().unwrap_or_default(),
        checksum: text(row, 3).parse().ok(),
        line: text(row, 4).parse().unwrap_or_default(),
        is_finished: text(row, 5) == "t",
        error: row.get(6).cloned().flatten(),
        before: row.get(7).cloned().flatten(),
        session: row.get(8).cloned().flatten(),
        decision: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use revision::{Files, RevisionFile};

    fn graph() -> RevisionGraph {
        let file = |id: &str, revises: &str| {
            let text = format!("-- m\n--\n-- Revision ID: {id}\n-- Revises: {revises}\n\n-- migrate:upgrade\n");
            RevisionFile::in_memory(format!("{id}.sql"), text)
        };
        let files: Files = [file("a", ""), file("b", "a"), file("c", "b")].into_iter().collect();
        RevisionGraph::read(&files).expect("a graph")
    }

    fn contradiction(rows: &[&str], revision: &str, direction: Direction) -> Option<Contradiction> {
        let row = JournalRow {
            revision: revision.to_owned(),
            direction,
            statement: 1,
            checksum: None,
            line: 1,
            is_finished: true,
            error: None,
            before: None,
            session: None,
            decision: None,
        };
        let rows = rows.iter().map(|&row| row.to_owned()).collect();
        let state = State { rows, journal: vec![row], ..State::default() };
        match state.check_journal(&graph()) {
            Ok(()) => None,
            Err(StateError::JournalContradicted { contradiction, .. }) => Some(contradiction),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn version_rows_must_agree_with_the_journal() {
        use Contradiction::{AlreadyApplied, AlreadyReverted, NotAHead, NotNext};
        let up = |rows: &[&str]| contradiction(rows, "b", Direction::Upgrade);
        assert_eq!(
            (up(&["a"]), up(&["b"]), up(&["c"]), up(&[])),
            (None, Some(AlreadyApplied), Some(AlreadyApplied), Some(NotNext))
        );
        let down = |rows: &[&str]| contradiction(rows, "b", Direction::Downgrade);
        assert_eq!((down(&["b"]), down(&["a"]), down(&["c"])), (None, Some(AlreadyReverted), Some(NotAHead)));
    }
}
