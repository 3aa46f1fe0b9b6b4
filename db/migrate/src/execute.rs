//! Runs a plan: revision by revision, each with its version row and its log row.
//!
//! A revision that runs in a transaction is one message to the server: begin, its statements, the bookkeeping, commit.
//! Only if it fails without saying where, or holds COPY data, is it run statement by statement, in a transaction too.
//! `journal.rs` runs the revisions with `Transaction: off`.

use std::sync::{Arc, mpsc};
use std::thread::{self, Scope, sleep};
use std::time::{Duration, Instant};

use crate::bookkeeping::{AS_SESSION_USER, Provenance, RESET_ROLE, Tables};
use crate::database::{SendError, Session};
use crate::directory::Checksums;
use crate::error::{Aftermath, DatabaseError, Error, StatementError};
use crate::event::Event;
use crate::graph::{Node, RevisionGraph};
use crate::lock::Locked;
use crate::offline::stamped;
use crate::plan::{Direction, Operation, Plan, Step, VersionChange};
use crate::retry::{lock_timeout, pause_before};
use crate::script::{Script, Section, Statement};
use crate::state::State;
use crate::transaction::takes_a_note;

/// What is to be run, planned under the lock and checked before it.
pub struct Run<'a> {
    /// The plan's graph.
    pub graph: &'a RevisionGraph,
    /// The plan.
    pub plan: &'a Plan,
    /// What the files said when they were checked; none for a stamp, which runs no file.
    pub checksums: Option<&'a Checksums>,
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
            run.graph.refuse_irreversible(run.plan)?;
        }
        if !state.has_tables {
            self.ensure_tables()?;
        }
        let steps = run.plan.steps.len();
        (self.session.listener)(Event::Planned { operation: run.plan.operation, steps });
        let Some(direction) = direction else {
            return run.plan.steps.iter().try_for_each(|step| self.session.stamp(run, step));
        };
        if steps >= WORTH_PREPARING {
            self.session.prepare()?;
        }
        thread::scope(|scope| {
            let scripts = read_ahead(scope, run);
            let mut heads: Vec<Node> = run.plan.from.clone();
            for (index, step) in run.plan.steps.iter().enumerate() {
                let Some(node) = step.revision else { continue };
                let script = scripts.recv().expect("a script comes for each step, or an error")?;
                if run.checksums.is_some_and(|checked| checked[node as usize] != script.upgrade.checksum()) {
                    return Err(DatabaseError::ChangedMeanwhile { path: script.path }.into());
                }
                let is_last = index + 1 == steps;
                let work = Work { run, node, direction, step, script: &script, heads: &heads, is_last };
                work.announce(&self.session, index + 1);
                let start = Instant::now();
                if script.is_transactional() {
                    self.session.run_in_transaction(&work)?;
                } else {
                    self.session.run_journaled(&work, state)?;
                }
                let revision = run.graph.id(node).to_owned();
                let elapsed = start.elapsed();
                (self.session.listener)(Event::RevisionFinished { number: index + 1, revision, elapsed });
                apply(&mut heads, &step.changes);
            }
            Ok(())
        })
    }
}

/// From so many revisions on, preparing the statements that end each costs less than it saves.
const WORTH_PREPARING: usize = 10;

/// How many scripts are read before their turn, while the server works.
const AHEAD: usize = 4;

/// The scripts of a plan in its order. The thread ends when nobody wants another.
fn read_ahead<'scope, 'run>(
    scope: &'scope Scope<'scope, 'run>,
    run: &'run Run<'run>,
) -> mpsc::Receiver<Result<Script, Error>> {
    let (sender, scripts) = mpsc::sync_channel(AHEAD);
    scope.spawn(move || {
        for node in run.plan.steps.iter().filter_map(|step| step.revision) {
            let script = Script::read(&run.graph.revision(node).path);
            if sender.send(script).is_err() {
                break;
            }
        }
    });
    scripts
}

/// A half-done revision has to be finished before anything else happens.
fn refuse_other_work(run: &Run<'_>, direction: Option<Direction>, state: &State) -> Result<(), Error> {
    for row in &state.journal {
        let continues = direction.is_some_and(|direction| direction.name() == row.direction)
            && run.plan.steps.iter().any(|step| step.revision.is_some_and(|node| run.graph.id(node) == row.revision));
        if !continues {
            return Err(state.half_done(row).into());
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
    pub(crate) fn bookkeeping(&self, tables: &Tables, started: &str) -> String {
        let (graph, operation) = (self.run.graph, self.direction.name());
        let log = tables.log(graph, self.node, operation, self.script, started, self.run.provenance);
        self.as_who_logged_in(|change| tables.change_version_surely(graph, change), &log)
    }

    /// The same, with the statements that the session has prepared.
    fn bookkeeping_prepared(&self, tables: &Tables) -> String {
        let (graph, operation) = (self.run.graph, self.direction.name());
        let log = tables.log_prepared(graph, self.node, operation, self.script, self.run.provenance);
        self.as_who_logged_in(|change| tables.change_version_prepared(graph, change), &log)
    }

    fn as_who_logged_in(&self, change: impl Fn(&VersionChange) -> String, log: &str) -> String {
        let changes: String = self.step.changes.iter().map(change).collect();
        format!("{RESET_ROLE}{changes}{log}")
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

    fn after_failure(&self, alive: bool) -> Aftermath {
        if alive { self.rolled_back() } else { Aftermath::Unknown { revision: self.revision().to_owned() } }
    }

    fn rolled_back(&self) -> Aftermath {
        Aftermath::RolledBack { revision: self.revision().to_owned(), heads: self.heads_before() }
    }
}

/// Why a revision failed, and at which of its statements, if that is known.
struct Failure {
    error: SendError,
    statement: Option<usize>,
}

impl Failure {
    /// What `change_version_surely` divides by zero for, between the statements and the commit.
    fn is_version_row_gone(&self) -> bool {
        self.statement.is_none() && matches!(&self.error, SendError::Server(error) if error.code == "22012")
    }

    /// A revision has thrown away what the session had prepared (DEALLOCATE ALL).
    fn is_unprepared(&self) -> bool {
        matches!(&self.error, SendError::Server(error) if error.code == "26000")
    }

    /// Lock timeout, deadlock or serialization failure: trying again may help.
    fn is_contention(&self) -> bool {
        matches!(&self.error, SendError::Server(error) if ["55P03", "40P01", "40001"].contains(&error.code.as_str()))
    }
}

impl Session {
    /// Prepares the statements that end each revision.
    fn prepare(&mut self) -> Result<(), Error> {
        if !self.is_prepared {
            let sql = self.tables.prepare();
            self.send(&sql)?;
            self.is_prepared = true;
        }
        Ok(())
    }

    fn run_in_transaction(&mut self, work: &Work<'_>) -> Result<(), Error> {
        let statements = work.statements();
        let has_copy = statements.iter().any(|statement| statement.copy.is_some());
        let mut attempt = 1;
        let mut lost = Duration::ZERO;
        loop {
            self.check_interrupted().map_err(|_| interrupted(work.rolled_back()))?;
            let lock_timeout = lock_timeout(&self.options, attempt, lost);
            let begin = self.begin(work, lock_timeout);
            self.watch.begin();
            let start = Instant::now();
            let sent = match has_copy {
                true => self.send_singly(work, &begin, &statements),
                false => self.send_whole(work, &begin, &statements),
            };
            let blocker = self.watch.end();
            let Err(failure) = sent else { return Ok(()) };
            let alive = self.roll_back();
            if self.check_interrupted().is_err() {
                return Err(interrupted(work.after_failure(alive)));
            }
            if self.is_prepared && failure.is_unprepared() {
                self.is_prepared = false;
                continue;
            }
            if let (true, SendError::Server(error)) =
                (failure.is_contention() && attempt < self.options.attempts, &failure.error)
            {
                let pause = pause_before(attempt);
                (self.listener)(Event::Retrying {
                    revision: work.revision().to_owned(),
                    reason: error.message.clone(),
                    blocker,
                    attempt,
                    pause,
                });
                lost = start.elapsed().saturating_sub(lock_timeout);
                self.wait(pause);
                attempt += 1;
                continue;
            }
            // What was sent singly knows its statement; what was sent whole may have to be looked for.
            let failure = if has_copy { Some(failure) } else { self.locate(work, &statements, failure, alive) };
            return failure
                .map_or(Ok(()), |failure| Err(describe(work, &statements, failure, work.after_failure(alive))));
        }
    }

    /// `BEGIN` and the settings that hold for one transaction.
    fn begin(&self, work: &Work<'_>, lock_timeout: Duration) -> String {
        let mut sql = format!("{}BEGIN;\nSET LOCAL lock_timeout = {};\n", self.reset, lock_timeout.as_millis());
        if !self.options.statement_timeout.is_zero() {
            sql.push_str(&format!("SET LOCAL statement_timeout = {};\n", self.options.statement_timeout.as_millis()));
        }
        if !work.is_last {
            sql.push_str("SET LOCAL synchronous_commit = off;\n");
        }
        sql
    }

    /// The whole revision as one message.
    fn send_whole(&mut self, work: &Work<'_>, begin: &str, statements: &[&Statement]) -> Result<(), Failure> {
        let mut message = begin.to_owned();
        let mut starts = Vec::with_capacity(statements.len());
        for statement in statements {
            starts.push(message.len());
            message.push_str(&statement.text);
            message.push_str(statement.terminator());
        }
        let end = message.len();
        message.push_str(&match self.is_prepared {
            true => work.bookkeeping_prepared(&self.tables),
            false => work.bookkeeping(&self.tables, "now()"),
        });
        message.push_str("COMMIT;");
        self.send(&message).map_err(|error| {
            let SendError::Server(mut server) = error else { return Failure { error, statement: None } };
            // The server counts characters of the message, from 1; wanted is the place in one statement.
            let byte = server
                .position
                .and_then(|position| message.char_indices().nth(position.saturating_sub(1)))
                .map(|(byte, _)| byte);
            let statement = byte
                .filter(|&byte| byte < end)
                .and_then(|byte| starts.iter().rposition(|&start| start <= byte).map(|index| (index, byte)));
            server.position = statement.map(|(index, byte)| 1 + message[starts[index]..byte].chars().count());
            Failure { error: SendError::Server(server), statement: statement.map(|(index, _)| index) }
        })
    }

    /// The revision statement by statement, in one transaction too: for COPY data, and to see which one fails.
    fn send_singly(&mut self, work: &Work<'_>, begin: &str, statements: &[&Statement]) -> Result<(), Failure> {
        let between = |error| Failure { error, statement: None };
        self.send(begin).map_err(between)?;
        for (index, statement) in statements.iter().enumerate() {
            let sent = self.send_one(work.script, statement);
            sent.map_err(|error| Failure { error, statement: Some(index) })?;
        }
        let end = format!("{}COMMIT;", work.bookkeeping(&self.tables, "now()"));
        self.send(&end).map_err(between)
    }

    fn send_one(&mut self, script: &Script, statement: &Statement) -> Result<(), SendError> {
        match &statement.copy {
            None => self.send(&statement.text),
            Some(copy) => {
                let data = copy.open(&script.path).map_err(|error| SendError::Data(Arc::new(error)))?;
                self.copy_in(statement.command(), data)
            }
        }
    }

    /// One statement of a revision without a transaction, and the note that it is done: in one transaction with it where that can
    /// be, else after it.
    pub(crate) fn send_noted(
        &mut self,
        work: &Work<'_>,
        statement: &Statement,
        note: &str,
        aftermath: Aftermath,
    ) -> Result<(), Error> {
        let is_noted = takes_a_note(statement);
        let sent = match (is_noted, &statement.copy) {
            // Sent as one, they are one transaction. The statement may end in a comment, or without its semicolon.
            (true, None) => self.send(&format!("{}\n;{AS_SESSION_USER}{note}", statement.text)),
            (true, Some(_)) => self
                .send("BEGIN")
                .and_then(|()| self.send_one(work.script, statement))
                .and_then(|()| self.send(&format!("{AS_SESSION_USER}{note}COMMIT;")))
                .inspect_err(|_| _ = self.roll_back()),
            (false, _) => self.send_one(work.script, statement),
        };
        if let Err(error) = sent {
            return Err(match self.check_interrupted() {
                Err(_) => interrupted(aftermath),
                Ok(()) => describe(work, &[statement], Failure { error, statement: Some(0) }, aftermath),
            });
        }
        match is_noted {
            true => Ok(()),
            false => self.note(note).map_err(|error| during(error, aftermath)),
        }
    }

    /// Writes into the journal, as the role that logged in, whatever the revision has set.
    pub(crate) fn note(&mut self, note: &str) -> Result<(), SendError> {
        self.send(&format!("BEGIN;\n{AS_SESSION_USER}{note}COMMIT;")).inspect_err(|_| _ = self.roll_back())
    }

    /// Finds out which statement failed, if the server did not say: the revision is run again, singly. It was rolled back
    /// whole, so that is one more try, and if it now succeeds the revision is applied: then there is no failure any more.
    fn locate(&mut self, work: &Work<'_>, statements: &[&Statement], failure: Failure, alive: bool) -> Option<Failure> {
        if !alive || failure.statement.is_some() || statements.is_empty() {
            return Some(failure);
        }
        if statements.len() == 1 && !failure.is_version_row_gone() {
            return Some(Failure { statement: Some(0), ..failure });
        }
        (self.listener)(Event::Locating { revision: work.revision().to_owned() });
        let begin = self.begin(work, self.options.lock_timeout);
        let located = self.send_singly(work, &begin, statements).err()?;
        self.roll_back();
        Some(located)
    }

    /// Sleeps, unless interrupted.
    fn wait(&self, pause: Duration) {
        let end = Instant::now() + pause;
        while Instant::now() < end && self.check_interrupted().is_ok() {
            sleep(Duration::from_millis(20).min(pause));
        }
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
        self.send(&format!("{sql}COMMIT;")).map_err(|error| {
            self.roll_back();
            error.into()
        })
    }
}

/// A journal that can't be written.
pub(crate) fn during(error: SendError, state: Aftermath) -> Error {
    DatabaseError::During { error: Box::new(error.into()), state }.into()
}

fn interrupted(state: Aftermath) -> Error {
    DatabaseError::Interrupted { state: Some(state) }.into()
}

fn describe(work: &Work<'_>, statements: &[&Statement], failure: Failure, aftermath: Aftermath) -> Error {
    if failure.is_version_row_gone() {
        return DatabaseError::VersionRowGone { revision: work.revision().to_owned() }.into();
    }
    let server = match failure.error {
        SendError::Server(server) => server,
        error => return DatabaseError::During { error: Box::new(error.into()), state: aftermath }.into(),
    };
    let statement = failure.statement.and_then(|index| statements.get(index));
    let place = statement.map(|statement| place_in(statement, server.position));
    let (line, column, source_line) = place.unwrap_or((1, 1, String::new()));
    Error::Statement(Box::new(StatementError {
        path: work.script.path.clone(),
        line,
        column,
        source_line,
        code: server.code,
        message: server.message,
        detail: server.detail,
        hint: server.hint,
        context: server.context,
        at_commit: failure.statement.is_none(),
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
