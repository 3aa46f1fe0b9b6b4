//! One revision of a run: its statements, its bookkeeping and its errors.

use std::borrow::Cow;

use connection::QueryError;
use revision::{Direction, Excerpt, Node, RevisionGraph, Revisions, Script, Section, Statement, VersionChange};

use crate::bookkeeping::{AS_ENGINE, LOCK_LOST, LOCK_RELEASED, LogRow, UNCLEAN, VERSION_ROW_GONE};
use crate::encoding::without;
use crate::error::Error;
use crate::event::Event;
use crate::managed_objects::ManagedObjects;
use crate::need::Need;
use crate::observer::ObserverError;
use crate::outcome::Outcome;
use crate::provenance::Provenance;
use crate::run_error::{RunError, StatementError};
use crate::tables::{TABLE_CHANGED, Tables};

/// One revision of a run.
pub(crate) struct RevisionRun<'a> {
    pub(crate) revisions: &'a Revisions,
    pub(crate) node: Node,
    pub(crate) direction: Direction,
    /// Its changes to the version table.
    pub(crate) changes: &'a [VersionChange],
    /// The version rows before it.
    pub(crate) heads: &'a [Node],
    pub(crate) provenance: &'a Provenance,
    /// Whether it is the last of the run. Only the last commit waits for its flush: a crash loses the last revisions
    /// together with their version rows.
    pub(crate) is_last: bool,
    /// The characters that the database can't store.
    pub(crate) lacking: Vec<char>,
    pub(crate) objects: ManagedObjects<'a>,
}

impl<'a> RevisionRun<'a> {
    pub(crate) fn graph(&self) -> &'a RevisionGraph {
        self.revisions.graph()
    }

    pub(crate) fn id(&self) -> &'a str {
        self.graph().id(self.node)
    }

    pub(crate) fn script(&self) -> &'a Script {
        self.revisions.script(self.node)
    }

    fn section(&self) -> Option<&'a Section> {
        self.script().section(self.direction)
    }

    /// The statements to run, in order.
    pub(crate) fn statements(&self) -> impl Iterator<Item = Result<Cow<'a, Statement>, revision::Error>> + use<'a> {
        let script = self.script();
        self.section().into_iter().flat_map(|section| script.effective(section))
    }

    pub(crate) fn started(&self, number: usize) -> Event {
        let graph = self.graph();
        let (parents, own) = (graph.ids(graph.down(self.node).iter().copied()), vec![self.id().to_owned()]);
        let (from, to) = match self.direction {
            Direction::Upgrade => (parents, own),
            Direction::Downgrade => (own, parents),
        };
        Event::RevisionStarted {
            number,
            revision: self.id().to_owned(),
            from,
            to,
            message: self.script().header().message.clone(),
            direction: self.direction,
        }
    }

    /// The SQL that records the revision: version rows and log row, as the role that logged in. `started` is an SQL
    /// expression.
    pub(crate) fn bookkeeping(&self, tables: &Tables, started: &str) -> Result<String, revision::Error> {
        let change = |change| tables.change_version_checked(self.graph(), change);
        let changes: String = self.changes.iter().map(change).collect();
        Ok(without(format!("{AS_ENGINE}{changes}{}", tables.log_run(&self.log_row(started))?), &self.lacking))
    }

    /// The same, but if the revision has changed one of the engine's tables, fails with an error that names it.
    pub(crate) fn bookkeeping_checked(&self, tables: &Tables, started: &str) -> Result<String, revision::Error> {
        Ok(format!("{AS_ENGINE}{}{}", tables.check(), self.bookkeeping(tables, started)?))
    }

    /// The same, with prepared statements.
    pub(crate) fn bookkeeping_prepared(&self, tables: &Tables) -> Result<String, revision::Error> {
        let change = |change| tables.change_version_prepared(self.graph(), change);
        let changes: String = self.changes.iter().map(change).collect();
        let log = tables.log_prepared(&self.log_row("now()"))?;
        Ok(without(format!("{AS_ENGINE}{changes}{log}"), &self.lacking))
    }

    fn log_row(&self, started: &'a str) -> LogRow<'a> {
        let operation = self.direction.into();
        let (graph, script) = (self.graph(), self.script());
        LogRow { graph, node: self.node, operation, script, started, provenance: self.provenance }
    }

    /// The version rows until this revision is committed.
    fn heads_before(&self) -> Vec<String> {
        let mut heads = self.graph().ids(self.heads.iter().copied());
        heads.sort_unstable();
        heads
    }

    /// The version rows after this revision.
    pub(crate) fn heads_after(&self) -> Vec<String> {
        let mut heads = self.heads.to_vec();
        apply(&mut heads, self.changes);
        let mut heads = self.graph().ids(heads);
        heads.sort_unstable();
        heads
    }

    pub(crate) fn rolled_back(&self) -> Outcome {
        Outcome::RolledBack { revision: self.id().to_owned(), heads: self.heads_before() }
    }

    /// The state after a failure, given whether the transaction is known to have been rolled back.
    pub(crate) fn after_failure(&self, is_rolled_back: bool) -> Outcome {
        if is_rolled_back { self.rolled_back() } else { Outcome::Unknown { revision: self.id().to_owned() } }
    }

    pub(crate) fn partially_applied(&self, done: usize, of: usize) -> Outcome {
        let (revision, heads) = (self.id().to_owned(), self.heads_before());
        Outcome::PartiallyApplied { revision, direction: self.direction, done, of, heads }
    }

    /// The error for a failure of this revision.
    pub(crate) fn error(&self, failure: Failure, outcome: Outcome) -> Error {
        if failure.is_version_row_gone() {
            return RunError::VersionRowGone { revision: self.id().to_owned(), outcome }.into();
        }
        if let Some((table, problem)) = failure.changed_table() {
            let line = failure.at.as_ref().map(|at| at.place.line);
            let path = self.script().path().to_owned();
            return RunError::TableChanged { path, line, table, problem, outcome }.into();
        }
        if failure.is_lock_lost() {
            return RunError::LockLost { outcome }.into();
        }
        failure.into_error(self.script(), outcome)
    }
}

/// Why a revision failed, and where in its file, if known.
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    pub(crate) at: Option<Box<Excerpt>>,
}

/// Why a statement failed.
pub(crate) enum Cause {
    Query(QueryError),
    /// Its text or data can't be read.
    Reading(revision::Error),
    /// The observer stopped the run.
    Observer(ObserverError),
    /// The run was cancelled while no statement was running.
    Interrupted,
}

impl From<QueryError> for Cause {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<revision::Error> for Cause {
    fn from(error: revision::Error) -> Self {
        Self::Reading(error)
    }
}

impl Failure {
    /// A failure outside of the statements.
    pub(crate) fn between(cause: impl Into<Cause>) -> Self {
        Self { cause: cause.into(), at: None }
    }

    /// A failure of a statement that was sent by itself, with this text.
    pub(crate) fn of(statement: &Statement, text: &str, cause: impl Into<Cause>) -> Self {
        let cause = cause.into();
        let byte = match &cause {
            Cause::Query(error) => position(error, text),
            _ => None,
        };
        Self { cause, at: Some(Box::new(statement.place.excerpt(text, byte.unwrap_or(0)))) }
    }

    /// The error for a failure in a file.
    pub(crate) fn into_error(self, script: &Script, outcome: Outcome) -> Error {
        let server = match self.cause {
            // If the server ended the session, there is no position in the file, unless a statement was sent by itself.
            Cause::Query(QueryError::Server(server)) if !server.is_fatal || self.at.is_some() => server,
            Cause::Query(source) => return RunError::During { source, outcome }.into(),
            Cause::Reading(source) => return RunError::Reading { source, outcome }.into(),
            Cause::Observer(source) => return RunError::Observer { source }.into(),
            Cause::Interrupted => return RunError::Interrupted { outcome: Some(outcome) }.into(),
        };
        RunError::Statement(Box::new(StatementError::new(script.path().to_owned(), self.at, *server, outcome))).into()
    }

    /// Whether the server has reported an error in the transaction, and so can't have committed it, even if the session
    /// is lost afterwards: the driver loses it if COPY is refused before it reads data.
    pub(crate) fn has_aborted(&self) -> bool {
        matches!(&self.cause, Cause::Query(QueryError::Server(error)) if !error.is_fatal)
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        matches!(&self.cause, Cause::Query(QueryError::Server(error)) if codes.contains(&error.code.as_str()))
    }

    /// Whether the version row that the bookkeeping changes is missing.
    pub(crate) fn is_version_row_gone(&self) -> bool {
        self.at.is_none() && self.raises(VERSION_ROW_GONE)
    }

    /// Whether the server refuses to run the statement in a transaction: it is not allowed in one, or it ends one
    /// itself.
    pub(crate) fn is_about_transaction(&self) -> bool {
        self.has_code(&["25001", "2D000"])
    }

    /// Whether another session has taken the lock, which the revision has released.
    pub(crate) fn is_lock_lost(&self) -> bool {
        self.raises(LOCK_LOST)
    }

    /// Whether a statement outside a transaction has released the lock.
    pub(crate) fn is_lock_released(&self) -> bool {
        self.raises(LOCK_RELEASED)
    }

    /// What has to be dropped before the statement can run.
    pub(crate) fn need(&self) -> Option<Need> {
        match &self.cause {
            Cause::Query(QueryError::Server(error)) => Need::of(&error.code),
            _ => None,
        }
    }

    /// Whether an earlier revision has left prepared statements.
    pub(crate) fn is_unclean(&self) -> bool {
        self.raises(UNCLEAN)
    }

    /// The engine's table that the revision has changed, and how it differs.
    pub(crate) fn changed_table(&self) -> Option<(String, String)> {
        let (_, changed) = self.raised()?.split_once(TABLE_CHANGED)?;
        let (table, problem) = changed.trim_end_matches('"').rsplit_once('|')?;
        Some((table.to_owned(), problem.to_owned()))
    }

    /// Whether one of the engine's tables, or a column that may be in one, is missing.
    pub(crate) fn may_lack_table(&self, tables: &Tables) -> bool {
        match &self.cause {
            Cause::Query(QueryError::Server(error)) => match error.code.as_str() {
                "42703" => true,
                "42P01" | "42809" => tables.is_named_in(&error.message),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the engine itself has raised this error.
    pub(crate) fn is_of_engine(&self) -> bool {
        self.is_version_row_gone() || self.is_lock_lost() || self.changed_table().is_some()
    }

    /// Whether this is an error that the engine raises with this text.
    fn raises(&self, text: &str) -> bool {
        self.raised().is_some_and(|message| message.contains(text))
    }

    /// The message of an error that the engine may have raised, by reading a text as a number.
    fn raised(&self) -> Option<&str> {
        match &self.cause {
            Cause::Query(QueryError::Server(error)) if error.code == "22P02" => Some(&error.message),
            _ => None,
        }
    }

    /// Whether a prepared statement is missing: a revision may run DEALLOCATE ALL.
    pub(crate) fn is_unprepared(&self) -> bool {
        self.has_code(&["26000"])
    }

    /// The server's message, if this is a lock timeout, a deadlock or a serialization failure, which a retry may
    /// resolve.
    pub(crate) fn contention(&self) -> Option<&str> {
        match &self.cause {
            Cause::Query(QueryError::Server(error)) if ["55P03", "40P01", "40001"].contains(&error.code.as_str()) => {
                Some(&error.message)
            }
            _ => None,
        }
    }
}

/// The byte of the sent text that the server's error points at.
pub(crate) fn position(error: &QueryError, text: &str) -> Option<usize> {
    match error {
        QueryError::Server(error) => error.byte_in(text),
        _ => None,
    }
}

/// Changes version rows.
pub(crate) fn apply(heads: &mut Vec<Node>, changes: &[VersionChange]) {
    for change in changes {
        match *change {
            VersionChange::Insert(node) => heads.push(node),
            VersionChange::Delete(node) => heads.retain(|&head| head != node),
            VersionChange::Update { from, to } => {
                heads.retain(|&head| head != from);
                heads.push(to);
            }
        }
    }
}
