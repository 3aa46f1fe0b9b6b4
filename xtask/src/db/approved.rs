//! `plan --out`, and `upgrade --plan` and `downgrade --plan`: what was approved is what runs.

use std::path::Path;

use anyhow::{Context as _, Result};
use connection::{Connection, QueryError, Row, first};
use migrate::{Locked, LockedPlan, Target};
use revision::{Objects, Operation, Revisions};

use super::check::change_text;
use super::choose::Database;
use super::plan_file::{Identity, Planned, PlannedObject, PlannedSettings, PlannedStep};
use super::task::{Db, one_target};
use crate::cli::RunArguments;
use crate::report::{EXIT_USAGE, Failure};

/// What has to be read before a plan is made: the plan borrows the session.
pub(super) struct Circumstances {
    database: Identity,
    partially_applied: Vec<(String, usize)>,
}

impl Db<'_> {
    /// `plan --out`: plans under the lock, as a run does, and writes the plan to a file.
    pub(super) fn plan_to_file(&mut self, operation: Operation, targets: &[String], path: &Path) -> Result<()> {
        let [target] = targets else { return Err(one_target(operation)) };
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, &RunArguments::default())?.with_objects(&objects);
        let circumstances = Circumstances::read(&mut locked)?;
        let plan = locked.plan(target_of(operation, target)?)?;
        let planned = self.planned(circumstances, &revisions, &objects, target, &plan)?;
        self.show_plan(revisions.graph(), plan.steps(), &plan.objects())?;
        let hash = planned.write(path)?;
        self.context.report.message(format!("wrote {}, hash {hash}", path.display()));
        Ok(())
    }

    /// `upgrade --plan` and `downgrade --plan`.
    pub(super) fn run_plan(&mut self, operation: Operation, path: &Path, arguments: &RunArguments) -> Result<()> {
        let approved = Planned::read(path)?;
        if approved.operation != operation.name() {
            let message = format!("`{}` is the plan of a {}", path.display(), approved.operation);
            let hint = match operation {
                Operation::Upgrade => "`cargo xtask db downgrade --plan FILE` runs it",
                _ => "`cargo xtask db upgrade --plan FILE` runs it",
            };
            return Err(Failure::new(message).hint(hint).code(EXIT_USAGE).into());
        }
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, arguments)?.with_objects(&objects);
        let circumstances = Circumstances::read(&mut locked)?;
        // A database at other heads may have no plan to the target at all.
        circumstances.check(&approved, path, &mut locked)?;
        let plan = locked.plan(target_of(operation, &approved.target)?)?;
        approved.check(path, &self.planned(circumstances, &revisions, &objects, &approved.target, &plan)?)?;
        self.run(&revisions, plan, arguments)
    }

    /// Everything that a run of this plan depends on.
    pub(super) fn planned(
        &self,
        circumstances: Circumstances,
        revisions: &Revisions,
        objects: &Objects,
        target: &str,
        plan: &LockedPlan<'_, '_>,
    ) -> Result<Planned> {
        let (graph, steps) = (revisions.graph(), plan.steps());
        let sorted = |mut ids: Vec<String>| {
            ids.sort_unstable();
            ids
        };
        let direction = steps.operation.direction().context("a plan that runs nothing")?;
        let step = |node| {
            let script = revisions.script(node);
            PlannedStep {
                revision: graph.id(node).to_owned(),
                title: script.header().message.clone(),
                transaction: script.is_transactional(),
                checksum: script.checksum().to_string(),
                sql: script.section(direction).map(|section| section.checksum().to_string()).unwrap_or_default(),
            }
        };
        let object = |(name, change): (&str, _)| {
            let file = objects.files().iter().find(|file| file.name() == name);
            let sql = file.map(|file| file.checksum().to_string()).unwrap_or_default();
            PlannedObject { name: name.to_owned(), change: change_text(change).to_owned(), sql }
        };
        let options = &self.options;
        let milliseconds = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Ok(Planned {
            tool: self.context.provenance().tool_version,
            operation: steps.operation.name().to_owned(),
            target: target.to_owned(),
            database: circumstances.database,
            from: sorted(graph.ids(steps.from.iter().copied())),
            heads: sorted(graph.ids(steps.heads.iter().copied())),
            partially_applied: circumstances.partially_applied.into_iter().collect(),
            squashes: sorted(graph.ids(plan.squashes())),
            steps: steps.steps.iter().filter_map(|step| step.revision).map(step).collect(),
            objects: plan.objects().into_iter().map(object).collect(),
            settings: PlannedSettings {
                lock_timeout_ms: milliseconds(options.lock_timeout),
                statement_timeout_ms: milliseconds(options.statement_timeout),
                attempts: options.attempts,
            },
        })
    }
}

/// Where a plan leads.
pub(super) fn target_of(operation: Operation, target: &str) -> Result<Target<'_>> {
    match operation {
        Operation::Upgrade => Ok(Target::Upgrade(target)),
        Operation::Downgrade => Ok(Target::Downgrade(target)),
        Operation::Stamp => Err(one_target(operation)),
    }
}

impl Circumstances {
    pub(super) fn read(locked: &mut Locked<'_>) -> Result<Self> {
        let session = locked.session();
        let version_table = session.tables().names()[0].to_owned();
        let state = session.state()?;
        let partially_applied =
            state.partially_applied().map(|partial| (partial.revision.to_owned(), partial.done)).collect();
        let rows = identify(session.connection())?;
        let text = |column| first(&rows, column).map(str::to_owned);
        let database = Identity {
            name: text(0).context("the name of the database")?,
            oid: text(1).context("the OID of the database")?,
            system: text(2),
            version_table,
        };
        Ok(Self { database, partially_applied })
    }

    /// Fails if the database is another one, or at other heads.
    fn check(&self, approved: &Planned, path: &Path, locked: &mut Locked<'_>) -> Result<()> {
        let mut from = locked.session().state()?.rows;
        from.sort_unstable();
        let now = Planned { database: self.database.clone(), from, ..approved.clone() };
        approved.check(path, &now)
    }
}

/// The name and OID of the database, and the identifier of the server. Not every service shows that.
fn identify(connection: &mut Connection) -> Result<Vec<Row>, QueryError> {
    const DATABASE: &str = "SELECT datname, oid FROM pg_database WHERE datname = current_database()";
    const WITH_SYSTEM: &str = "SELECT datname, oid, (SELECT system_identifier FROM pg_control_system()) FROM pg_database WHERE datname = current_database()";
    match connection.query(WITH_SYSTEM) {
        Err(QueryError::Server(_)) => connection.query(DATABASE),
        found => found,
    }
}
