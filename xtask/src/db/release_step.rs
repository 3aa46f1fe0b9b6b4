//! `upgrade` as an action of the pipeline: what it does if a newer release has migrated the database, and in a rollback.
//!
//! The pipeline sets `RELEASE_ROLLBACK`, and for the action `Contract` also `DATABASE_HEADS`, the heads that the action
//! `Database` of the same release has left, and `DATABASE_WAIT_MINUTES`.

use std::time::Duration;

use anyhow::Result;
use migrate::{Locked, Target};
use revision::{Follow, NodeSet, Objects, Operation, Revisions, TargetError};

use super::choose::Database;
use super::task::Db;
use crate::cli::RunArguments;
use crate::release_kind::ReleaseKind;
use crate::report::{EXIT_USAGE, Failure, counted, heads_text};
use crate::supervise::Supervisor;

/// The longest wait before a contraction, in minutes: a build in the VPC may take eight hours.
const LONGEST_WAIT: u16 = 420;

/// A newer release that has migrated the database: it has revisions that follow those of this checkout.
struct NewerRelease {
    /// The database's heads.
    heads: Vec<String>,
    /// When it did, and from which commit, according to the log.
    origin: String,
}

impl Db<'_> {
    /// `upgrade`.
    pub(super) fn upgrade(&mut self, target: &str, arguments: &RunArguments) -> Result<()> {
        let kind = ReleaseKind::of(self.context)?;
        if arguments.sql {
            return self.migrate(Operation::Upgrade, &[target.to_owned()], arguments);
        }
        let is_contraction = self.context.variable("DATABASE_HEADS").is_some();
        if is_contraction && kind != ReleaseKind::Forward {
            self.context.report.message("a rollback contracts nothing");
            return Ok(());
        }
        let (known, objects) = (self.read()?, self.read_objects()?);
        if is_contraction {
            self.wait_for_users()?;
        }
        let database = Database::choose(self)?;
        let locked = self.lock(&known, &database, arguments)?;
        match kind {
            ReleaseKind::Forward => {
                self.upgrade_unless_newer(locked, &known, &objects, target, is_contraction, arguments)
            }
            ReleaseKind::PageBack => self.keep_schema(locked, earlier_target(&known, target)),
            ReleaseKind::DatabaseBack => {
                self.withdraw(locked, &known, &objects, earlier_target(&known, target), arguments)
            }
        }
    }

    /// Upgrades, unless a newer release has migrated the database: it also contracts what this one would, so that is no
    /// failure for a contraction. A release that begins below a newer one is a way back, which needs another command.
    fn upgrade_unless_newer(
        &self,
        locked: Locked<'_>,
        known: &Revisions,
        objects: &Objects,
        target: &str,
        is_contraction: bool,
        arguments: &RunArguments,
    ) -> Result<()> {
        let mut locked = locked.with_objects(objects);
        let error = match locked.plan(Target::Upgrade(target)) {
            Ok(plan) => return self.run(known, plan, arguments),
            Err(error) => error,
        };
        let Some(NewerRelease { heads, origin }) = newer_release(&mut locked, known, &error) else {
            return Err(error.into());
        };
        if is_contraction {
            self.context.report.message(format!(
                "a newer release has migrated the database to {} ({origin}), and contracts it: nothing was changed",
                heads_text(&heads)
            ));
            return Ok(());
        }
        let hint = "release the newest commit; to go back to an earlier one: `cargo xtask rollback --to COMMIT`; without the pipeline, `cargo xtask db downgrade --logged TARGET` reverts with the SQL in the log";
        let message = format!("{error}: a newer release, or an unmerged branch, has applied it {origin}");
        Err(Failure::new(message).state("nothing was changed").hint(hint).into())
    }

    /// A rollback of the page.
    fn keep_schema(&self, mut locked: Locked<'_>, target: &str) -> Result<()> {
        let revisions = locked.with_logged()?;
        let (graph, state) = (revisions.graph(), locked.session().state()?);
        let missing = graph.plan_upgrade(&state.heads(graph)?, target)?.steps.len();
        if missing > 0 {
            let message = format!("the database lacks {} of this commit", counted(missing, "revision"));
            let hint = "a rollback of the page applies no revisions: release this commit instead";
            return Err(Failure::new(message).state("nothing was changed").hint(hint).into());
        }
        let heads = heads_text(&state.rows);
        self.context.report.message(format!("a rollback of the page: the database stays at {heads}"));
        Ok(())
    }

    /// A rollback of the page and the database: reverts, with the SQL in the log, what this checkout does not have.
    fn withdraw(
        &self,
        mut locked: Locked<'_>,
        known: &Revisions,
        objects: &Objects,
        target: &str,
        arguments: &RunArguments,
    ) -> Result<()> {
        let revisions = locked.with_logged()?;
        let (graph, state) = (revisions.graph(), locked.session().state()?);
        let applied = graph.ancestors(state.heads(graph)?, Follow::Dependencies);
        let mut withdrawn: NodeSet = graph.empty_set();
        withdrawn.extend(applied.iter().filter(|&node| known.graph().find(graph.id(node)).is_none()));
        let mut locked = locked.with_revisions(&revisions);
        self.run(&revisions, locked.plan(Target::Withdraw(&withdrawn))?, arguments)?;
        if arguments.dry_run {
            return Ok(());
        }
        // Without steps: only the files of `objects` are those of this commit again.
        let mut locked = locked.with_revisions(known).with_objects(objects);
        self.run(known, locked.plan(Target::Upgrade(target))?, arguments)
    }

    /// Lets users leave the previous page before a contraction, without a session that would keep the database from
    /// pausing.
    fn wait_for_users(&self) -> Result<()> {
        let Some(value) = self.context.variable("DATABASE_WAIT_MINUTES") else { return Ok(()) };
        let minutes: u16 = value.parse().ok().filter(|minutes| *minutes <= LONGEST_WAIT).ok_or_else(|| {
            let hint = format!("it is a number of minutes, up to {LONGEST_WAIT}");
            Failure::new(format!("`DATABASE_WAIT_MINUTES` is `{value}`")).hint(hint).code(EXIT_USAGE)
        })?;
        let reason = format!("waiting for {} before the contraction", counted(minutes.into(), "minute"));
        Supervisor::new(&self.context.report)?.pause(&reason, Duration::from_secs(60 * u64::from(minutes)))
    }
}

/// The target of an earlier commit: one from before the first expand has no branch of that name.
fn earlier_target<'a>(known: &Revisions, target: &'a str) -> &'a str {
    match known.graph().resolve(target) {
        Err(TargetError::NoSuchRevision { .. } | TargetError::NoSuchBranch { .. }) => "heads",
        _ => target,
    }
}

/// The newer release, if that is why there is no plan: each unknown row follows a revision of this checkout.
fn newer_release(locked: &mut Locked<'_>, known: &Revisions, error: &migrate::Error) -> Option<NewerRelease> {
    let migrate::Error::Revision(revision::Error::Target(TargetError::UnknownRows { rows, .. })) = error else {
        return None;
    };
    // Whatever fails here, the error that is reported stays the one at hand.
    let all = locked.with_logged().ok()?;
    let graph = all.graph();
    let follows = |row: &String| {
        let ancestors = graph.ancestors(graph.find(row), Follow::Dependencies);
        ancestors.iter().any(|node| known.graph().find(graph.id(node)).is_some())
    };
    let session = locked.session();
    let state = session.state().ok()?;
    let logged = session.logged(&state, rows.first()?).ok()??;
    let commit = logged.commit.map_or_else(|| "an unknown commit".to_owned(), |commit| format!("commit {commit}"));
    let origin = format!("at {}, from {commit}", logged.finished_at);
    rows.iter().all(follows).then_some(NewerRelease { heads: state.rows, origin })
}
