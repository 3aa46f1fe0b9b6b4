//! Runs a plan: revision by revision, each with its version row and its log row.
//!
//! A revision that runs in a transaction is one message to the server: begin, its statements, the bookkeeping, commit.
//! Only if it fails without saying where, or holds COPY data, is it run statement by statement, in a transaction too.
//! `journal.rs` runs the revisions with `Transaction: off`.

use std::io::{Read, Write};
use std::thread::sleep;
use std::time::{Duration, Instant};

use postgres::error::{DbError, ErrorPosition, SqlState};

use crate::bookkeeping::{Provenance, RESET_ROLE};
use crate::database::{Locked, Session, State};
use crate::error::{Aftermath, DatabaseError, Error, StatementError};
use crate::event::Event;
use crate::graph::{Node, RevisionGraph};
use crate::offline::stamped;
use crate::plan::{Direction, Operation, Plan, Step, VersionChange};
use crate::script::{CopyData, Script, Section, Statement};

/// What is to be run, planned under the lock and checked before it.
pub struct Run<'a> {
    /// The plan's graph.
    pub graph: &'a RevisionGraph,
    /// The plan.
    pub plan: &'a Plan,
    /// Where the run comes from.
    pub provenance: &'a Provenance,
}

impl Locked {
    /// Runs the plan.
    ///
    /// # Errors
    /// The first revision that fails; the error says what state the database is in. What was applied before stays.
    pub fn execute(&mut self, run: &Run<'_>, state: &State) -> Result<(), Error> {
        let direction = match run.plan.operation {
            Operation::Upgrade => Some(Direction::Upgrade),
            Operation::Downgrade => Some(Direction::Downgrade),
            Operation::Stamp => None,
        };
        refuse_other_work(run, direction, state)?;
        if direction == Some(Direction::Downgrade) {
            refuse_irreversible(run)?;
        }
        if !state.has_tables {
            self.ensure_tables()?;
        }
        let steps = run.plan.steps.len();
        (self.session.listener)(Event::Planned { operation: run.plan.operation, steps });
        let mut heads: Vec<Node> = run.plan.from.clone();
        for (index, step) in run.plan.steps.iter().enumerate() {
            let (Some(node), Some(direction)) = (step.revision, direction) else {
                self.session.stamp(run, step)?;
                continue;
            };
            let script = Script::read(&run.graph.revision(node).path)?;
            script.check_transactions()?;
            let mut work =
                Work { run, node, direction, step, script: &script, heads: &heads, is_last: index + 1 == steps };
            work.announce(&self.session, index + 1);
            let start = Instant::now();
            if script.is_transactional() {
                self.session.run_in_transaction(&work)?;
            } else {
                work.is_last = true;
                self.session.run_journaled(&work, state)?;
            }
            let revision = run.graph.id(node).to_owned();
            (self.session.listener)(Event::RevisionFinished { number: index + 1, revision, elapsed: start.elapsed() });
            apply(&mut heads, &step.changes);
        }
        Ok(())
    }

    /// Empties version table and journal: what `stamp --purge` does before it stamps.
    ///
    /// # Errors
    /// The server refuses.
    pub fn purge(&mut self) -> Result<(), Error> {
        self.ensure_tables()?;
        let tables = &self.session.tables;
        let sql = format!("BEGIN; DELETE FROM {}; DELETE FROM {}; COMMIT;", tables.version, tables.journal);
        self.session.run(&sql)
    }
}

/// A half-done revision has to be finished before anything else happens.
fn refuse_other_work(run: &Run<'_>, direction: Option<Direction>, state: &State) -> Result<(), Error> {
    for row in &state.journal {
        let continues = direction.is_some_and(|direction| direction.name() == row.direction)
            && run.plan.steps.iter().any(|step| step.revision.is_some_and(|node| run.graph.id(node) == row.revision));
        if !continues {
            let done = state.journal.iter().filter(|other| other.revision == row.revision && other.finished).count();
            let (revision, direction) = (row.revision.clone(), row.direction.clone());
            return Err(DatabaseError::HalfDone { revision, direction, done }.into());
        }
    }
    Ok(())
}

/// Refuses the whole downgrade if one of its revisions can't go back.
fn refuse_irreversible(run: &Run<'_>) -> Result<(), Error> {
    for node in run.plan.steps.iter().filter_map(|step| step.revision) {
        let path = &run.graph.revision(node).path;
        if Script::read(path)?.downgrade.is_none() {
            let revision = run.graph.id(node).to_owned();
            return Err(DatabaseError::Irreversible { revision, path: path.clone() }.into());
        }
    }
    Ok(())
}

fn apply(heads: &mut Vec<Node>, changes: &[VersionChange]) {
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

/// One revision of a run.
pub(crate) struct Work<'a> {
    pub(crate) run: &'a Run<'a>,
    pub(crate) node: Node,
    pub(crate) direction: Direction,
    pub(crate) step: &'a Step,
    pub(crate) script: &'a Script,
    pub(crate) heads: &'a [Node],
    /// Only the last commit of a run waits for its flush: a crash loses a tail of revisions with their rows.
    pub(crate) is_last: bool,
}

impl Work<'_> {
    pub(crate) fn revision(&self) -> &str {
        self.run.graph.id(self.node)
    }

    pub(crate) fn statements(&self) -> Vec<&Statement> {
        self.script.section(self.direction).into_iter().flat_map(Section::effective).collect()
    }

    /// The statements that end a revision: version rows and log, as the role that logged in.
    pub(crate) fn bookkeeping(&self, session: &Session, started: &str) -> String {
        let graph = self.run.graph;
        let mut sql = RESET_ROLE.to_owned();
        for change in &self.step.changes {
            sql.push_str(&session.tables.change_version_surely(graph, change));
        }
        let operation = self.direction.name();
        sql.push_str(&session.tables.log(graph, self.node, operation, self.script, started, self.run.provenance));
        sql
    }

    fn announce(&self, session: &Session, number: usize) {
        let graph = self.run.graph;
        let (parents, own) = (graph.ids(graph.down(self.node).iter().copied()), vec![self.revision().to_owned()]);
        let (from, to) = match self.direction {
            Direction::Upgrade => (parents, own),
            Direction::Downgrade => (own, parents),
        };
        (session.listener)(Event::RevisionStarted {
            number,
            revision: self.revision().to_owned(),
            from,
            to,
            message: self.script.header.message.clone(),
            direction: self.direction,
        });
    }

    /// The heads the database is at as long as this revision is not committed.
    pub(crate) fn heads_before(&self) -> Vec<String> {
        let mut heads = self.run.graph.ids(self.heads.iter().copied());
        heads.sort_unstable();
        heads
    }

    fn rolled_back(&self) -> Aftermath {
        Aftermath::RolledBack { revision: self.revision().to_owned(), heads: self.heads_before() }
    }
}

/// Why a revision failed: a statement, or something between them.
enum Failure {
    /// The server's error, and where in the message it points.
    Server { error: Box<DbError>, statement: Option<usize>, position: Option<usize> },
    /// Anything else: the connection, a file.
    Other(Error),
}

impl Failure {
    fn from_driver(error: postgres::Error, statement: Option<usize>) -> Self {
        match error.as_db_error() {
            Some(server) => Self::Server {
                error: Box::new(server.clone()),
                statement,
                position: match server.position() {
                    Some(ErrorPosition::Original(position)) => Some(*position as usize),
                    _ => None,
                },
            },
            None => Self::Other(DatabaseError::from_driver(&error).into()),
        }
    }

    /// Lock timeout or deadlock: trying again may help.
    fn is_contention(&self) -> bool {
        matches!(self, Self::Server { error, .. }
            if [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE].contains(error.code()))
    }
}

impl Session {
    fn run_in_transaction(&mut self, work: &Work<'_>) -> Result<(), Error> {
        let statements = work.statements();
        let has_copy = statements.iter().any(|statement| statement.copy.is_some());
        let mut attempt = 1;
        loop {
            self.check_interrupted().map_err(|_| interrupted(work.rolled_back()))?;
            let failure =
                match if has_copy { self.send_singly(work, &statements) } else { self.send_whole(work, &statements) } {
                    Ok(()) => return Ok(()),
                    Err(failure) => failure,
                };
            let alive = self.roll_back();
            if self.check_interrupted().is_err() {
                return Err(interrupted(work.rolled_back()));
            }
            if failure.is_contention() && attempt < self.options.attempts {
                let pause = pause_before(attempt);
                let Failure::Server { error, .. } = &failure else { unreachable!("contention is told by the server") };
                (self.listener)(Event::Retrying {
                    revision: work.revision().to_owned(),
                    reason: error.message().to_owned(),
                    attempt,
                    pause,
                });
                sleep(pause);
                attempt += 1;
                continue;
            }
            return self.explain(work, &statements, failure, alive);
        }
    }

    /// `BEGIN` and the settings that hold for one transaction.
    fn begin(&self, work: &Work<'_>) -> String {
        let mut sql =
            format!("{}BEGIN;\nSET LOCAL lock_timeout = {};\n", self.reset, self.options.lock_timeout.as_millis());
        if !self.options.statement_timeout.is_zero() {
            sql.push_str(&format!("SET LOCAL statement_timeout = {};\n", self.options.statement_timeout.as_millis()));
        }
        if !work.is_last {
            sql.push_str("SET LOCAL synchronous_commit = off;\n");
        }
        sql
    }

    /// The whole revision as one message.
    fn send_whole(&mut self, work: &Work<'_>, statements: &[&Statement]) -> Result<(), Failure> {
        let mut message = self.begin(work);
        let mut starts = Vec::with_capacity(statements.len());
        for statement in statements {
            starts.push(message.len());
            message.push_str(&statement.text);
            message.push_str(if statement.text.ends_with(';') { "\n" } else { ";\n" });
        }
        let end = message.len();
        message.push_str(&work.bookkeeping(self, "now()"));
        message.push_str("COMMIT;");
        self.client.batch_execute(&message).map_err(|error| {
            let failure = Failure::from_driver(error, None);
            let Failure::Server { error, position: Some(position), .. } = failure else { return failure };
            // The server counts characters of the message, from 1.
            let byte = message.char_indices().nth(position - 1).map_or(message.len(), |(byte, _)| byte);
            let statement = starts.iter().rposition(|&start| start <= byte).filter(|_| byte < end);
            let position = statement.map(|index| 1 + message[starts[index]..byte].chars().count());
            Failure::Server { error, statement, position }
        })
    }

    /// The revision statement by statement, in one transaction too: for COPY data, and to see which one fails.
    fn send_singly(&mut self, work: &Work<'_>, statements: &[&Statement]) -> Result<(), Failure> {
        let begin = self.begin(work);
        self.client.batch_execute(&begin).map_err(|error| Failure::from_driver(error, None))?;
        for (index, statement) in statements.iter().enumerate() {
            match &statement.copy {
                Some(copy) => self.copy_in(work.script, statement, copy, index)?,
                None => {
                    let sent = self.client.batch_execute(&statement.text);
                    sent.map_err(|error| Failure::from_driver(error, Some(index)))?;
                }
            }
        }
        let end = format!("{}COMMIT;", work.bookkeeping(self, "now()"));
        self.client.batch_execute(&end).map_err(|error| match Failure::from_driver(error, None) {
            Failure::Server { error, .. } => Failure::Server { error, statement: None, position: None },
            other => other,
        })
    }

    fn copy_in(
        &mut self,
        script: &Script,
        statement: &Statement,
        copy: &CopyData,
        index: usize,
    ) -> Result<(), Failure> {
        let io = |source| Failure::Other(Error::Io { path: script.path.clone(), source });
        let mut data = copy.open(&script.path).map_err(io)?;
        let text = statement.text.trim_end().trim_end_matches(';');
        let mut writer = self.client.copy_in(text).map_err(|error| Failure::from_driver(error, Some(index)))?;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            let length = data.read(&mut chunk).map_err(io)?;
            if length == 0 {
                break;
            }
            if let Err(error) = writer.write_all(&chunk[..length]) {
                // The server's own complaint comes with the driver's error inside this one.
                let inner = error.into_inner().and_then(|error| error.downcast::<postgres::Error>().ok());
                return Err(match inner {
                    Some(error) => Failure::from_driver(*error, Some(index)),
                    None => {
                        Failure::Other(DatabaseError::Lost { reason: "writing COPY data failed".to_owned() }.into())
                    }
                });
            }
        }
        writer.finish().map_err(|error| Failure::from_driver(error, Some(index)))?;
        Ok(())
    }

    /// One statement on its own, outside any transaction.
    pub(crate) fn send_statement(
        &mut self,
        work: &Work<'_>,
        statement: &Statement,
        aftermath: Aftermath,
    ) -> Result<(), Error> {
        let sent = match &statement.copy {
            Some(copy) => self.copy_in(work.script, statement, copy, 0),
            None => self.client.batch_execute(&statement.text).map_err(|error| Failure::from_driver(error, Some(0))),
        };
        sent.map_err(|failure| {
            if self.check_interrupted().is_err() {
                interrupted(aftermath)
            } else {
                describe(work, &[statement], failure, aftermath)
            }
        })
    }

    /// The error for people. If it is not known which statement failed, the revision is run again, singly: it was
    /// rolled back whole, so that is one more try, and if it now succeeds the revision is applied.
    fn explain(
        &mut self,
        work: &Work<'_>,
        statements: &[&Statement],
        failure: Failure,
        alive: bool,
    ) -> Result<(), Error> {
        let failure = match failure {
            Failure::Server { error, statement: None, .. } if statements.len() == 1 && alive => {
                Failure::Server { error, statement: Some(0), position: None }
            }
            Failure::Server { statement: None, .. } if statements.len() > 1 && alive => {
                (self.listener)(Event::Locating { revision: work.revision().to_owned() });
                let located = self.send_singly(work, statements);
                let Err(located) = located else { return Ok(()) };
                self.roll_back();
                located
            }
            other => other,
        };
        let aftermath =
            if alive { work.rolled_back() } else { Aftermath::Unknown { revision: work.revision().to_owned() } };
        Err(describe(work, statements, failure, aftermath))
    }

    /// Rewrites version rows, with a log row for each.
    fn stamp(&mut self, run: &Run<'_>, step: &Step) -> Result<(), Error> {
        let mut sql = "BEGIN;\n".to_owned();
        for change in &step.changes {
            let (node, operation) = stamped(change);
            let script = Script::read(&run.graph.revision(node).path)?;
            sql.push_str(&self.tables.change_version_surely(run.graph, change));
            sql.push_str(&self.tables.log(run.graph, node, operation, &script, "now()", run.provenance));
        }
        self.run(&format!("{sql}COMMIT;")).inspect_err(|_| {
            self.roll_back();
        })
    }
}

fn interrupted(state: Aftermath) -> Error {
    DatabaseError::Interrupted { state: Some(state) }.into()
}

/// 100 ms, doubled with each attempt up to 5 s, and up to half as much again at random: two that collided part.
fn pause_before(attempt: u32) -> Duration {
    let base = Duration::from_millis(100 << attempt.min(6)).min(Duration::from_secs(5));
    let nanos = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.subsec_nanos());
    base + base * (nanos % 1000) / 2000
}

fn describe(work: &Work<'_>, statements: &[&Statement], failure: Failure, aftermath: Aftermath) -> Error {
    let (error, statement, position) = match failure {
        Failure::Server { error, statement, position } => (error, statement, position),
        Failure::Other(Error::Database(error)) => return DatabaseError::During { error, state: aftermath }.into(),
        Failure::Other(error) => return error,
    };
    let place = statement.and_then(|index| statements.get(index)).map(|statement| place_in(statement, position));
    let (line, column, source_line) = place.unwrap_or((1, 1, String::new()));
    Error::Statement(Box::new(StatementError {
        path: work.script.path.clone(),
        line,
        column,
        source_line,
        code: error.code().code().to_owned(),
        message: error.message().to_owned(),
        detail: error.detail().map(str::to_owned),
        hint: error.hint().map(str::to_owned),
        context: error.where_().map(str::to_owned),
        at_commit: statement.is_none(),
        aftermath,
    }))
}

/// Line, column and text of the line that a position in a statement (in characters, from 1) falls on.
fn place_in(statement: &Statement, position: Option<usize>) -> (u32, u32, String) {
    let before: String = statement.text.chars().take(position.unwrap_or(1).saturating_sub(1)).collect();
    let newlines = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32;
    let indent = if newlines == 0 { statement.column as usize - 1 } else { 0 };
    let text = statement.text.lines().nth(newlines).unwrap_or_default();
    (statement.line + newlines as u32, indent as u32 + column + 1, format!("{}{text}", " ".repeat(indent)))
}
