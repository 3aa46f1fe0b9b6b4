//! The one path of every run: lock, then read, then plan, then act, on one session.

use std::time::{Duration, Instant};

use revision::{Node, Operation, Revisions, TargetError};

use crate::bookkeeping::LogRow;
use crate::error::Error;
use crate::event::Event;
use crate::execute::execute;
use crate::history;
use crate::lock;
use crate::logged_operation::LoggedOperation;
use crate::observer::Observer;
use crate::provenance::Provenance;
use crate::session::{Canceller, Session};
use crate::stamp::stamp;
use crate::state::State;
use crate::state_error::StateError;

/// Revisions and a session that they are to be run on.
pub struct Migrator<'r> {
    revisions: &'r Revisions,
    session: Session,
}

/// Where a run is to lead.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Target<'a> {
    /// Apply revisions until the database is there: `heads`, an id, `+1`, `label@head` ….
    Upgrade(&'a str),
    /// Revert revisions until the database is there: `base`, an id, `-1`, `label@-1` ….
    Downgrade(&'a str),
    /// Revert this one revision, which has to be a head.
    Revert(Node),
    /// Run the rest of a partially applied revision.
    Resume,
    /// Set the version rows.
    Stamp {
        /// The revisions.
        targets: &'a [String],
        /// Empty version table and journal first.
        purge: bool,
    },
}

impl<'r> Migrator<'r> {
    /// Revisions that have been read and checked, and a session.
    pub fn new(revisions: &'r Revisions, session: Session) -> Self {
        Self { revisions, session }
    }

    /// A handle that stops the run from another thread.
    pub fn canceller(&self) -> Canceller {
        self.session.canceller()
    }

    /// Waits for the lock that only one migration of a database's tables holds.
    ///
    /// # Errors
    /// `lock_wait` has passed, or the connection goes through a pooler that hands out other backends.
    pub fn lock(mut self) -> Result<Locked<'r>, Error> {
        let acquired = lock::acquire(&mut self.session);
        self.session.unless_interrupted(acquired)?;
        Ok(Locked { revisions: self.revisions, session: self.session })
    }

    /// Checks the database without the lock: every applied file is what was applied, and nothing is partially applied.
    ///
    /// # Errors
    /// One of these does not hold, or the server refuses.
    pub fn check(&mut self) -> Result<State, Error> {
        let state = self.session.state()?;
        history::check(&mut self.session, self.revisions, &state, false)?;
        state.check_journal(self.revisions.graph())?;
        if let Some(half_done) = state.half_done().next() {
            return Err(half_done.error().into());
        }
        Ok(state)
    }
}

/// The lock, with the session that holds it. Dropping it ends the session and frees the lock.
pub struct Locked<'r> {
    revisions: &'r Revisions,
    session: Session,
}

impl<'r> Locked<'r> {
    /// Plans from what the tables say now. The plan borrows the lock that it was made under, and runs once:
    ///
    /// ```compile_fail,E0382
    /// # fn run(plan: migrate::LockedPlan<'_, '_>) -> Result<(), migrate::Error> {
    /// plan.run(&Default::default())?;
    /// plan.run(&Default::default())?;
    /// # Ok(()) }
    /// ```
    ///
    /// ```compile_fail,E0505
    /// # fn run(mut locked: migrate::Locked<'_>) -> Result<(), migrate::Error> {
    /// let plan = locked.plan(migrate::Target::Upgrade("heads"))?;
    /// drop(locked);
    /// plan.run(&Default::default())?;
    /// # Ok(()) }
    /// ```
    ///
    /// ```compile_fail,E0499
    /// # fn run(mut locked: migrate::Locked<'_>) -> Result<(), migrate::Error> {
    /// let plan = locked.plan(migrate::Target::Upgrade("heads"))?;
    /// locked.plan(migrate::Target::Downgrade("base"))?.run(&Default::default())?;
    /// plan.run(&Default::default())?; // the rows are no longer those it was planned from
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The target can't be planned from here, an applied file was edited, a partially applied revision is in the way, or a revision
    /// to be reverted has no way back.
    pub fn plan(&mut self, target: Target<'_>) -> Result<LockedPlan<'_, 'r>, Error> {
        let planned = self.read_and_plan(target);
        let (state, plan) = self.session.unless_interrupted(planned)?;
        let purge = matches!(target, Target::Stamp { purge: true, .. });
        Ok(LockedPlan { locked: self, state, plan, purge, observer: None })
    }

    fn read_and_plan(&mut self, target: Target<'_>) -> Result<(State, revision::Plan), Error> {
        let state = self.session.state()?;
        let revisions = self.revisions;
        let graph = revisions.graph();
        if let Target::Stamp { targets, purge } = target {
            let heads = if purge { Vec::new() } else { state.heads(graph)? };
            let plan = graph.plan_stamp(&heads, targets.iter().map(String::as_str))?;
            if !purge {
                check_stamp(revisions, &state, &plan)?;
            }
            return Ok((state, plan));
        }
        history::check(&mut self.session, revisions, &state, true)?;
        state.check_journal(graph)?;
        let plan = self.plan_run(&state, target)?;
        check_half_done(revisions, &state, &plan)?;
        history::check_reversible(revisions, &plan)?;
        Ok((state, plan))
    }

    fn plan_run(&self, state: &State, target: Target<'_>) -> Result<revision::Plan, TargetError> {
        let graph = self.revisions.graph();
        let heads = state.heads(graph)?;
        match target {
            Target::Upgrade(target) => graph.plan_upgrade(&heads, target),
            Target::Downgrade(target) => graph.plan_downgrade(&heads, target),
            Target::Revert(node) => graph.plan_one_back(&heads, node),
            Target::Resume => {
                let found = state.half_done().find_map(|half_done| Some((graph.find(half_done.revision)?, half_done)));
                match found {
                    Some((node, half_done)) => match half_done.direction {
                        revision::Direction::Upgrade => graph.plan_upgrade(&heads, half_done.revision),
                        revision::Direction::Downgrade => graph.plan_one_back(&heads, node),
                    },
                    None => Ok(revision::Plan {
                        operation: Operation::Upgrade,
                        from: heads.clone(),
                        steps: Vec::new(),
                        heads,
                    }),
                }
            }
            Target::Stamp { .. } => unreachable!("a stamp runs nothing: it is planned before the rest is checked"),
        }
    }

    /// Records that an applied revision's file differs from what was applied on purpose, and why. From then on the file counts as
    /// what was applied. `false` if it does not differ.
    ///
    /// # Errors
    /// The server refuses; nothing is recorded then.
    pub fn accept(&mut self, node: Node, reason: &str, provenance: &Provenance) -> Result<bool, Error> {
        let state = self.session.state()?;
        let applied = self.session.applied_checksums(&state)?;
        if !history::edited(self.revisions, &state, &applied).contains(&node) {
            return Ok(false);
        }
        let (graph, script) = (self.revisions.graph(), self.revisions.script(node));
        let tables = &self.session.tables;
        let operation = LoggedOperation::Accept;
        let row = tables.log(&LogRow { graph, node, operation, script, started: "now()", provenance })?;
        let sql =
            format!("BEGIN;\nSET LOCAL client_min_messages = warning;\n{row}{}COMMIT;", tables.log_reason(reason));
        self.session.connection.send(&sql).inspect_err(|_| _ = self.session.connection.roll_back())?;
        Ok(true)
    }

    /// Creates the version table, the log and the journal where they are missing.
    ///
    /// # Errors
    /// The role may not.
    pub fn ensure_tables(&mut self) -> Result<(), Error> {
        self.session.ensure_tables()
    }

    /// These revisions and those that the database has applied and they lack, as the log has them: enough to revert them.
    ///
    /// # Errors
    /// A revision that the log has not either.
    pub fn with_logged(&mut self) -> Result<Revisions, Error> {
        let state = self.session.state()?;
        let known = |id: &str| self.revisions.graph().find(id).is_some();
        let scripts = self.session.logged_scripts(&state, state.rows.clone(), known)?;
        Ok(self.revisions.with(scripts)?)
    }

    /// The same lock, for other revisions.
    #[must_use]
    pub fn with_revisions<'other>(self, revisions: &'other Revisions) -> Locked<'other> {
        Locked { revisions, session: self.session }
    }

    /// The session, for reading.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}

/// A partially applied revision has to be finished before anything else happens.
fn check_half_done(revisions: &Revisions, state: &State, plan: &revision::Plan) -> Result<(), StateError> {
    for half_done in state.half_done() {
        let runs = |node: Node| revisions.graph().id(node) == half_done.revision;
        let is_continued = plan.operation.direction() == Some(half_done.direction)
            && plan.steps.iter().any(|step| step.revision.is_some_and(runs));
        if !is_continued {
            return Err(half_done.error());
        }
    }
    Ok(())
}

/// A partially applied revision has to be finished before the version rows are set, unless setting them is what makes them agree
/// with its journal again.
fn check_stamp(revisions: &Revisions, state: &State, plan: &revision::Plan) -> Result<(), StateError> {
    let Some(half_done) = state.half_done().next() else { return Ok(()) };
    let Err(contradiction) = state.check_journal(revisions.graph()) else { return Err(half_done.error()) };
    let rows = revisions.graph().ids(plan.heads.iter().copied());
    let stamped = State { rows, journal: state.journal.clone(), ..State::default() };
    stamped.check_journal(revisions.graph()).map_err(|_| contradiction)
}

/// A plan, with the lock that it was made under.
pub struct LockedPlan<'lock, 'r> {
    locked: &'lock mut Locked<'r>,
    state: State,
    plan: revision::Plan,
    purge: bool,
    observer: Option<&'lock mut dyn Observer>,
}

/// What a run has done.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Done {
    /// The plan that was run.
    pub plan: revision::Plan,
    /// How long it took.
    pub elapsed: Duration,
}

impl<'lock> LockedPlan<'lock, '_> {
    /// What would run.
    pub fn steps(&self) -> &revision::Plan {
        &self.plan
    }

    /// With an observer of each statement.
    #[must_use]
    pub fn observed_by(self, observer: &'lock mut dyn Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Runs it. `provenance` goes into the log.
    ///
    /// # Errors
    /// The first revision that fails; the error contains what state the database is in. What was applied before stays.
    pub fn run(self, provenance: &Provenance) -> Result<Done, Error> {
        let start = Instant::now();
        let Self { locked: Locked { revisions, session }, state, plan, purge, observer } = self;
        let created = if state.has_tables { Ok(()) } else { session.ensure_tables() };
        session.unless_interrupted(created)?;
        session.report(Event::Planned { operation: plan.operation, steps: plan.steps.len() });
        let ran = match plan.operation.direction() {
            Some(direction) => execute(session, revisions, &plan, direction, &state, provenance, observer),
            None => run_stamp(session, revisions, &plan, purge, provenance),
        };
        session.unless_interrupted(ran)?;
        Ok(Done { plan, elapsed: start.elapsed() })
    }
}

fn run_stamp(
    session: &mut Session,
    revisions: &Revisions,
    plan: &revision::Plan,
    purge: bool,
    provenance: &Provenance,
) -> Result<(), Error> {
    session.check_interrupted()?;
    let tables = &session.tables;
    let mut sql = "BEGIN;\n".to_owned();
    if purge {
        sql.push_str(&tables.purge());
    }
    for step in &plan.steps {
        let change = |change: &_| tables.change_version_checked(revisions.graph(), change);
        sql.push_str(&stamp(revisions, &step.changes, tables, provenance, change)?);
    }
    sql.push_str("COMMIT;");
    Ok(session.connection.send(&sql).inspect_err(|_| _ = session.connection.roll_back())?)
}
