//! The sequence of every run on one session: lock, read the state, plan, run.

use std::time::{Duration, Instant};

use revision::{Node, NodeSet, Objects, Operation, Revisions, TargetError};

use crate::adopt::{Adoption, LockedAdoption};
use crate::error::Error;
use crate::event::Event;
use crate::execute::{Run, execute};
use crate::history;
use crate::lock;
use crate::logged::check_dependencies;
use crate::managed_objects::ManagedObjects;
use crate::object_run::{Extent, ObjectRun, pending};
use crate::object_state::{AppliedObjects, ObjectChange, ObjectStatus};
use crate::observer::{Observer, lend};
use crate::provenance::Provenance;
use crate::session::{Canceller, Session};
use crate::squashed::{self, Unrecorded};
use crate::stamp::run_stamp;
use crate::state::{Decision, State, check_partially_applied, check_stamp};

/// Revisions and a session of the database to migrate, before the lock is taken.
pub struct Migrator<'r> {
    revisions: &'r Revisions,
    objects: Option<&'r Objects>,
    session: Session,
}

/// Where a run leads.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Target<'a> {
    /// Apply revisions up to this target: `heads`, an id, `+1`, `label@head` and so on.
    Upgrade(&'a str),
    /// Revert revisions down to this target: `base`, an id, `-1`, `label@-1` and so on.
    Downgrade(&'a str),
    /// Revert this revision, which must be a head.
    Revert(Node),
    /// Revert these revisions, all of them applied.
    Withdraw(&'a NodeSet),
    /// Run the rest of a partially applied revision.
    Resume,
    /// The same, given what is known about the statement that the run stopped in.
    ResumeKnowing(Decision),
    /// Set the version rows, without running anything.
    Stamp {
        /// The targets.
        targets: &'a [String],
        /// Whether to empty the version table and the journal first.
        purge: bool,
    },
}

impl<'r> Migrator<'r> {
    /// Combines revisions, which have been read and checked, with a session.
    pub fn new(revisions: &'r Revisions, session: Session) -> Self {
        Self { revisions, objects: None, session }
    }

    /// Also applies the files of `objects`, after the revisions. Without this, they are left alone.
    #[must_use]
    pub fn with_objects(self, objects: &'r Objects) -> Self {
        Self { objects: Some(objects), ..self }
    }

    /// A handle that cancels the run from another thread.
    pub fn canceller(&self) -> Canceller {
        self.session.canceller()
    }

    /// Waits for the migration lock. Only one session at a time holds it for the same version table.
    ///
    /// # Errors
    /// [`Options::lock_wait`](crate::Options::lock_wait) has passed, or the connection goes through a transaction
    /// pooler.
    pub fn lock(mut self) -> Result<Locked<'r>, Error> {
        let acquired = lock::acquire(&mut self.session);
        self.session.unless_interrupted(acquired)?;
        Ok(Locked { revisions: self.revisions, objects: self.objects, session: self.session })
    }

    /// What remains to be applied of `objects`, without the lock.
    ///
    /// # Errors
    /// The table can't be read.
    pub fn objects(&mut self, state: &State) -> Result<ObjectStatus, Error> {
        self.objects.map_or_else(|| Ok(ObjectStatus::default()), |objects| self.session.object_status(state, objects))
    }

    /// Checks, without the lock, that no file of an applied revision has been edited and that no revision is partially
    /// applied.
    ///
    /// # Errors
    /// One of the checks fails, or the tables can't be read.
    pub fn check(&mut self) -> Result<State, Error> {
        let state = self.session.state()?;
        history::check(&mut self.session, self.revisions, &state, false)?;
        state.check_journal(self.revisions.graph())?;
        if let Some(partial) = state.partially_applied().next() {
            return Err(partial.error().into());
        }
        Ok(state)
    }
}

/// A session that holds the migration lock. Dropping it ends the session, which releases the lock.
pub struct Locked<'r> {
    pub(crate) revisions: &'r Revisions,
    pub(crate) objects: Option<&'r Objects>,
    pub(crate) session: Session,
}

impl<'r> Locked<'r> {
    /// Reads the state of the database and plans from it. Plans run one after the other:
    ///
    /// ```no_run
    /// # use migrate::{Error, Locked, Provenance, Target};
    /// # fn run(mut locked: Locked<'_>, provenance: Provenance) -> Result<(), Error> {
    /// let plan = locked.plan(Target::Downgrade("base"))?;
    /// plan.run(&provenance)?;
    /// let plan = locked.plan(Target::Upgrade("heads"))?;
    /// plan.run(&provenance)?;
    /// drop(locked);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A plan runs only once:
    ///
    /// ```compile_fail,E0382
    /// # use migrate::{Error, Locked, Provenance, Target};
    /// # fn run(mut locked: Locked<'_>, provenance: Provenance) -> Result<(), Error> {
    /// let plan = locked.plan(Target::Upgrade("heads"))?;
    /// plan.run(&provenance)?;
    /// plan.run(&provenance)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It does not outlive the lock that it was made under:
    ///
    /// ```compile_fail,E0505
    /// # use migrate::{Error, Locked, Provenance, Target};
    /// # fn run(mut locked: Locked<'_>, provenance: Provenance) -> Result<(), Error> {
    /// let plan = locked.plan(Target::Upgrade("heads"))?;
    /// drop(locked);
    /// plan.run(&provenance)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// And it does not run after another plan has changed the version rows:
    ///
    /// ```compile_fail,E0499
    /// # use migrate::{Error, Locked, Provenance, Target};
    /// # fn run(mut locked: Locked<'_>, provenance: Provenance) -> Result<(), Error> {
    /// let plan = locked.plan(Target::Upgrade("heads"))?;
    /// locked.plan(Target::Downgrade("base"))?.run(&provenance)?;
    /// plan.run(&provenance)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// One of the engine's tables belongs to a role that is not trusted, there is no plan to the target, the file of an
    /// applied revision has been edited, a partially applied revision must be finished first, or a revision to revert
    /// is irreversible.
    pub fn plan(&mut self, target: Target<'_>) -> Result<LockedPlan<'_, 'r>, Error> {
        let planned = self.read_and_plan(target);
        let (state, plan, squashes) = self.session.unless_interrupted(planned)?;
        let applied = match self.objects {
            Some(_) => self.session.applied_objects(&state),
            None => Ok(AppliedObjects::default()),
        };
        let applied = self.session.unless_interrupted(applied)?;
        let purge = matches!(target, Target::Stamp { purge: true, .. });
        Ok(LockedPlan { locked: self, state, plan, squashes, applied, purge, observer: None })
    }

    fn read_and_plan(&mut self, target: Target<'_>) -> Result<(State, revision::Plan, Vec<Unrecorded>), Error> {
        let mut state = self.session.state_to_change()?;
        if let Target::ResumeKnowing(decision) = target {
            state.decide(decision);
        }
        let revisions = self.revisions;
        let graph = revisions.graph();
        if let Target::Stamp { targets, purge } = target {
            let heads = if purge { Vec::new() } else { self.session.heads(&state, graph)? };
            let plan = graph.plan_stamp(&heads, targets.iter().map(String::as_str))?;
            if !purge {
                check_stamp(revisions, &state, &plan)?;
            }
            return Ok((state, plan, Vec::new()));
        }
        let squashes = history::check(&mut self.session, revisions, &state, true)?;
        state.check_journal(graph)?;
        let heads = self.session.heads(&state, graph)?;
        let plan = self.plan_run(&state, heads, target)?;
        check_partially_applied(revisions, &state, &plan)?;
        history::check_reversible(revisions, &plan)?;
        // The statements that a partially applied revision still has to run are those of the earlier files.
        let squashes = if state.partially_applied().next().is_none() { squashes } else { Vec::new() };
        Ok((state, plan, squashes))
    }

    fn plan_run(&self, state: &State, heads: Vec<Node>, target: Target<'_>) -> Result<revision::Plan, TargetError> {
        let graph = self.revisions.graph();
        match target {
            Target::Upgrade(target) => graph.plan_upgrade(&heads, target),
            Target::Downgrade(target) => graph.plan_downgrade(&heads, target),
            Target::Revert(node) => graph.plan_one_back(&heads, node),
            Target::Withdraw(revisions) => graph.plan_without(&heads, revisions.clone()),
            Target::Resume | Target::ResumeKnowing(_) => {
                let found =
                    state.partially_applied().find_map(|partial| Some((graph.find(partial.revision)?, partial)));
                match found {
                    Some((node, partial)) => match partial.direction {
                        revision::Direction::Upgrade => graph.plan_upgrade(&heads, partial.revision),
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
            Target::Stamp { .. } => unreachable!("a stamp is planned by the caller"),
        }
    }

    /// Records that the file of an applied revision was edited on purpose, and why. From then on, the file counts as
    /// what was applied. Returns `false` if it has not been edited.
    ///
    /// # Errors
    /// The tables can't be read or written. Nothing has been recorded.
    pub fn accept(&mut self, node: Node, reason: &str, provenance: &Provenance) -> Result<bool, Error> {
        let state = self.session.state_to_change()?;
        let applied = self.session.applied_checksums(&state)?;
        if !history::edited(self.revisions, &state, &applied).iter().any(|(edited, _)| *edited == node) {
            return Ok(false);
        }
        let accepted = Unrecorded::of(self.revisions, node, &applied);
        squashed::record(&mut self.session, self.revisions, accepted.as_slice(), Some(reason), provenance)?;
        Ok(true)
    }

    /// Checks that what another tool has applied can be recorded. Nothing is written until [`LockedAdoption::run`].
    ///
    /// # Errors
    /// The database has version rows already, a revision is partially applied, or nothing is left to record.
    pub fn plan_adoption(&mut self, adoption: Adoption) -> Result<LockedAdoption<'_, 'r>, Error> {
        LockedAdoption::check(&mut self.session, self.revisions, adoption)
    }

    /// Creates the version table, the log and the journal if they are missing.
    ///
    /// # Errors
    /// The role lacks a privilege.
    pub fn ensure_tables(&mut self) -> Result<(), Error> {
        self.session.ensure_tables()
    }

    /// The revisions, extended with those that are applied to the database but have no file here. The log contains
    /// enough to revert them.
    ///
    /// # Errors
    /// [`HistoryError::NotLogged`](crate::HistoryError::NotLogged): the log does not have such a revision either.
    /// [`HistoryError::DependenciesNotLogged`](crate::HistoryError::DependenciesNotLogged): an earlier version has logged it without its dependencies, and another
    /// applied revision may be one.
    pub fn with_logged(&mut self) -> Result<Revisions, Error> {
        let state = self.session.state_to_change()?;
        let known = |id: &str| self.revisions.graph().find(id).is_some();
        let (scripts, without_dependencies) = self.session.logged_scripts(&state, state.rows.clone(), known)?;
        let revisions = self.revisions.with(scripts)?;
        if !without_dependencies.is_empty() {
            let applied = self.session.applied_checksums(&state)?;
            check_dependencies(revisions.graph(), &without_dependencies, applied.keys().map(String::as_str))?;
        }
        Ok(revisions)
    }

    /// Keeps the lock, and also applies the files of `objects`: see [`Migrator::with_objects`].
    #[must_use]
    pub fn with_objects(self, objects: &'r Objects) -> Self {
        Self { objects: Some(objects), ..self }
    }

    /// Keeps the lock, and replaces the revisions.
    #[must_use]
    pub fn with_revisions<'other>(self, revisions: &'other Revisions) -> Locked<'other>
    where
        'r: 'other,
    {
        Locked { revisions, objects: self.objects, session: self.session }
    }

    /// The session.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}

/// A plan that borrows the lock that it was made under.
pub struct LockedPlan<'lock, 'r> {
    pub(crate) locked: &'lock mut Locked<'r>,
    pub(crate) state: State,
    pub(crate) plan: revision::Plan,
    /// The squashes that the log has as several revisions.
    squashes: Vec<Unrecorded>,
    /// The files of `objects` that have been applied, if this run applies them.
    pub(crate) applied: AppliedObjects,
    purge: bool,
    observer: Option<&'lock mut dyn Observer>,
}

/// A finished run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Done {
    /// The plan that ran.
    pub plan: revision::Plan,
    /// How many files of `objects` were applied.
    pub objects: usize,
    /// The duration.
    pub elapsed: Duration,
}

impl<'lock> LockedPlan<'lock, '_> {
    /// What [`run`](Self::run) will do.
    pub fn steps(&self) -> &revision::Plan {
        &self.plan
    }

    /// The applied squashes that the log has as several revisions. [`run`](Self::run) records them before the first step.
    pub fn squashes(&self) -> impl Iterator<Item = Node> {
        self.squashes.iter().map(|squash| squash.node)
    }

    /// The files of `objects` that [`run`](Self::run) will apply after these steps, by name, and why. A revision may need more
    /// of them dropped and created again.
    pub fn objects(&self) -> Vec<(&str, ObjectChange)> {
        let (Some(objects), Some(extent)) = (self.locked.objects, self.extent()) else { return Vec::new() };
        let pending = pending(objects, &self.applied, extent, !self.plan.steps.is_empty());
        pending.into_iter().map(|(file, change)| (objects.files()[file].name(), change)).collect()
    }

    /// Which files the run applies; `None` for a stamp.
    pub(crate) fn extent(&self) -> Option<Extent> {
        let graph = self.locked.revisions.graph();
        match self.plan.operation {
            Operation::Stamp => None,
            Operation::Downgrade => Some(Extent::Restored),
            Operation::Upgrade if graph.real_heads().all(|head| self.plan.heads.contains(&head)) => Some(Extent::All),
            Operation::Upgrade => Some(Extent::Loadable),
        }
    }

    /// Calls an observer before and after each statement.
    #[must_use]
    pub fn observed_by(self, observer: &'lock mut dyn Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Runs the plan. `provenance` is recorded in the log.
    ///
    /// # Errors
    /// A revision fails. The revisions before it stay applied; the error describes the state of the database.
    pub fn run(self, provenance: &Provenance) -> Result<Done, Error> {
        let (start, extent) = (Instant::now(), self.extent());
        let Self { locked, state, plan, squashes, applied, purge, mut observer } = self;
        let Locked { revisions, objects, session } = locked;
        let created = if state.has_tables { Ok(()) } else { session.ensure_tables() };
        session.unless_interrupted(created)?;
        if !plan.steps.is_empty() {
            session.check_writable()?;
        }
        let recorded = squashed::record(session, revisions, &squashes, None, provenance);
        session.unless_interrupted(recorded)?;
        session.report(Event::Planned { operation: plan.operation, steps: plan.steps.len() });
        let ran = match plan.operation.direction() {
            Some(direction) => {
                let (revisions, objects) = (*revisions, ManagedObjects { objects: *objects, applied: &applied });
                let run = Run { revisions, plan: &plan, direction, state: &state, provenance, objects };
                execute(session, &run, lend(&mut observer))
            }
            None => run_stamp(session, revisions, &plan, purge, provenance),
        };
        session.unless_interrupted(ran)?;
        let count = match (objects, extent) {
            (Some(objects), Some(extent)) => {
                let heads = revisions.graph().ids(plan.heads.iter().copied());
                let run = ObjectRun { objects, applied, extent, heads, provenance };
                let ran = run.after(session, state.has_objects, !plan.steps.is_empty(), observer);
                session.unless_interrupted(ran)?
            }
            _ => 0,
        };
        Ok(Done { plan, objects: count, elapsed: start.elapsed() })
    }
}
