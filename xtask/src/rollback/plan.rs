//! What a rollback would do.

use std::path::PathBuf;

use anyhow::Result;
use revision::Revisions;

use super::commit::Commit;
use super::loss::losses;
use crate::clock;
use crate::context::Context;
use crate::execution::Execution;
use crate::release_kind;
use crate::report::{Failure, Report, counted};

/// The branch whose revisions only add.
const EXPAND: &str = "expand";

/// A release: an execution that has read its source.
pub(super) struct Release {
    pub(super) commit: String,
    pub(super) execution: Execution,
}

impl Release {
    pub(super) fn of(execution: Execution) -> Option<Self> {
        Some(Self { commit: execution.commit()?.to_owned(), execution })
    }

    /// The version of the promoted artifact; `None` if the source was a repository.
    pub(super) fn version(&self) -> Option<&str> {
        self.execution.source.as_ref()?.version.as_deref()
    }
}

/// A revision that came with a later release.
pub(super) struct Withdrawn {
    revision: String,
    message: String,
    path: PathBuf,
    is_expansion: bool,
    /// The statements of its downgrade that lose something; `None` if it is irreversible.
    losses: Option<Vec<String>>,
    /// The statements of its upgrade that have lost something.
    gone: Vec<String>,
}

/// A rollback.
pub(super) struct Plan<'a> {
    pub(super) to: Commit,
    /// Newest first.
    pub(super) withdrawn: Vec<Withdrawn>,
    /// The release to go back from.
    execution: &'a Execution,
    from: Commit,
    /// Whether an execution runs or waits.
    is_busy: bool,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// The commit is not in the history of a later release.
    pub(super) fn new(context: &Context, releases: &'a [Release], to: Commit) -> Result<Self> {
        let Some(newest) = releases.first() else {
            return Err(Failure::new("nothing to roll back: the pipeline has released nothing yet").into());
        };
        // A release that failed, or from whose page an earlier rollback went back, may have migrated the database too.
        let furthest = releases.iter().filter(|release| to.is_before(context, &release.commit));
        let furthest = furthest.max_by_key(|release| to.distance(context, &release.commit).unwrap_or_default());
        let Some(furthest) = furthest else {
            Commit::find(context, &newest.commit)?;
            let message = format!("`{to}` is not before any of the last releases");
            let hint = "to release it, push it";
            return Err(Failure::new(message).state("nothing was changed").hint(hint).into());
        };
        let from = Commit::find(context, &furthest.commit)?;
        let withdrawn = withdrawn(&from.revisions(context)?, &to.revisions(context)?)?;
        let is_busy = releases.iter().any(|release| release.execution.is_active());
        Ok(Self { to, withdrawn, execution: &furthest.execution, from, is_busy })
    }

    /// `promoted_from` is the environment whose artifact is released.
    pub(super) fn show(&self, report: &Report, with_database: bool, promoted_from: Option<&str>) {
        let (Execution { started, status, .. }, to) = (self.execution, self.to.short());
        let started = started.map_or_else(|| "?".to_owned(), clock::timestamp);
        report.message(format!("newest release: {}, started {started}, {status}", self.from));
        report.message(format!("back to: {}", self.to));
        report.message(match promoted_from {
            Some(from) => format!(
                "page and functions: those of {to}, which the pipeline publishes again from the artifact that `{from}` has promoted"
            ),
            None => format!("page and functions: those of {to}, which the pipeline verifies and publishes again"),
        });
        if self.is_busy {
            report.warn("an execution is running or waits for approval: the rollback starts after it");
        }
        let count = self.withdrawn.len();
        if count == 0 {
            report.message("database: it stays as it is, since later releases have no revisions of their own");
            return;
        }
        let revisions = counted(count, "revision");
        match with_database {
            true => report.message(format!(
                "database: after a snapshot, {revisions} of later releases are reverted, if applied:"
            )),
            false => report.message(format!("database: it keeps {revisions} of later releases, if applied:")),
        }
        for revision in &self.withdrawn {
            report.message(format!("  {} {} ({})", revision.revision, revision.message, revision.path.display()));
            if with_database {
                revision.fate().into_iter().for_each(|line| report.message(format!("    {line}")));
            }
        }
        match with_database {
            true => report.message(
                "what is written to these until the pipeline reverts them is lost as well, and is not in the snapshot",
            ),
            false => self.show_whether_safe(report),
        }
    }

    /// Whether the earlier page can run on the later schema.
    fn show_whether_safe(&self, report: &Report) {
        let others = self.withdrawn.iter().filter(|revision| !revision.is_expansion);
        let others: Vec<&str> = others.map(|revision| revision.revision.as_str()).collect();
        let to = self.to.short();
        match others.is_empty() {
            true => report.message(format!(
                "{to} runs on this schema: these revisions are on the branch `{EXPAND}`, which only adds"
            )),
            false => report.warn(format!(
                "{to} is not proven on this schema: not on the branch `{EXPAND}`, so it may use what they have changed: {}",
                others.join(", ")
            )),
        }
    }

    /// # Errors
    /// A revision to revert is irreversible, or the tool of the earlier commit knows no rollbacks.
    pub(super) fn check(&self, context: &Context, with_database: bool) -> Result<()> {
        let irreversible = self.withdrawn.iter().filter(|revision| revision.losses.is_none());
        let irreversible: Vec<String> = irreversible.map(|revision| format!("`{}`", revision.revision)).collect();
        if with_database && !irreversible.is_empty() {
            let count = counted(irreversible.len(), "revision");
            let message =
                format!("{count} can't be reverted, without a downgrade section: {}", irreversible.join(", "));
            let hint = "leave the database as it is: `cargo xtask rollback` without `--with-database`; or correct it with a new revision";
            return Err(Failure::new(message).state("nothing was changed").hint(hint).into());
        }
        if !self.to.has(context, release_kind::SOURCE_FILE) {
            let message = format!("the tool in {} knows no rollbacks, and would try to upgrade the database", self.to);
            let hint = "revert the later commits but keep their revisions, and push: `git revert`";
            return Err(Failure::new(message).state("nothing was changed").hint(hint).into());
        }
        Ok(())
    }
}

impl Withdrawn {
    fn fate(&self) -> Vec<String> {
        let Some(losses) = &self.losses else {
            return vec!["irreversible: it has no downgrade section".to_owned()];
        };
        let mut fate: Vec<String> = losses.iter().map(|statement| format!("loses data: {statement}")).collect();
        if fate.is_empty() {
            fate.push("loses no rows and no columns".to_owned());
        }
        // A downgrade can create a column again, but not fill it.
        fate.extend(self.gone.iter().map(|statement| format!("may not bring back what this has lost: {statement}")));
        fate
    }
}

/// The revisions that only the later commit has, newest first.
fn withdrawn(later: &Revisions, earlier: &Revisions) -> Result<Vec<Withdrawn>> {
    let graph = later.graph();
    let plan = graph.plan_upgrade(&[], "heads")?;
    let nodes = plan.steps.iter().rev().filter_map(|step| step.revision);
    let nodes = nodes.filter(|&node| earlier.graph().find(graph.id(node)).is_none());
    nodes
        .map(|node| {
            let script = later.script(node);
            Ok(Withdrawn {
                revision: graph.id(node).to_owned(),
                message: script.header().message.clone(),
                path: script.path().to_owned(),
                is_expansion: graph.branch_labels(node).iter().any(|label| label == EXPAND),
                losses: script.downgrade().map(|section| losses(script, section)).transpose()?,
                gone: losses(script, script.upgrade())?,
            })
        })
        .collect()
}
