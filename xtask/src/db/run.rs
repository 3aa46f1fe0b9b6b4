//! The commands that run or record revisions: `upgrade`, `downgrade`, `resume`, `stamp`, `accept`; and `--sql`.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use migrate::{Decision, Done, Locked, LockedPlan, Migrator, Provenance, Rendering, ScriptPart, Target};
use revision::{Objects, Operation, Plan, RevisionGraph, Revisions, printable_line};

use super::choose::Database;
use super::task::{Db, make_plan, one_target};
use crate::cli::RunArguments;
use crate::interrupt;
use crate::report::{self, Failure, duration, heads_text};

impl Db<'_> {
    /// `upgrade` and `downgrade`.
    pub(super) fn migrate(&mut self, operation: Operation, targets: &[String], arguments: &RunArguments) -> Result<()> {
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        if arguments.sql {
            return self.write_sql(&revisions, Some(&objects), operation, targets, arguments);
        }
        let target = match (operation, targets) {
            (Operation::Upgrade, [target]) => Target::Upgrade(target),
            (Operation::Downgrade, [target]) => Target::Downgrade(target),
            _ => return Err(one_target(operation)),
        };
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, arguments)?.with_objects(&objects);
        self.run(&revisions, locked.plan(target)?, arguments)
    }

    /// `downgrade --logged`: also reverts revisions that another checkout applied.
    pub(super) fn downgrade_logged(&mut self, target: &str, arguments: &RunArguments) -> Result<()> {
        let (known, objects) = (self.read()?, self.read_objects()?);
        let database = Database::choose(self)?;
        let mut locked = self.lock(&known, &database, arguments)?.with_objects(&objects);
        let revisions = locked.with_logged()?;
        let mut locked = locked.with_revisions(&revisions);
        self.run(&revisions, locked.plan(Target::Downgrade(target))?, arguments)
    }

    /// `redo`: reverts revisions and applies them again, under one lock.
    pub(super) fn redo(&mut self, target: &str, arguments: &RunArguments) -> Result<()> {
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let graph = revisions.graph();
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, arguments)?.with_objects(&objects);
        let plan = locked.plan(Target::Downgrade(target)).map_err(of_redo)?;
        let heads: Vec<&str> = plan.steps().from.iter().map(|&node| graph.id(node)).collect();
        if plan.steps().steps.is_empty() {
            let heads = heads_text(&heads);
            self.context.report.message(format!("nothing to redo: the database is at {heads}"));
            return Ok(());
        }
        self.run(&revisions, plan, arguments)?;
        for head in heads {
            let plan = locked.plan(Target::Upgrade(head))?;
            if !plan.steps().steps.is_empty() {
                self.run(&revisions, plan, arguments)?;
            }
        }
        Ok(())
    }

    /// `resume`: runs the remaining statements of a partially applied revision, in the direction it was run.
    pub(super) fn resume(&mut self, decision: Option<Decision>, show_queries: bool) -> Result<()> {
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let database = Database::choose(self)?;
        let arguments = RunArguments { show_queries, ..RunArguments::default() };
        let mut locked = self.lock(&revisions, &database, &arguments)?.with_objects(&objects);
        if locked.session().state()?.partially_applied().next().is_none() {
            self.context.report.message("nothing to resume: no revision is partially applied");
            return Ok(());
        }
        let target = decision.map_or(Target::Resume, Target::ResumeKnowing);
        self.run(&revisions, locked.plan(target)?, &arguments)
    }

    pub(super) fn stamp(&mut self, targets: &[String], purge: bool, arguments: &RunArguments) -> Result<()> {
        let revisions = self.read()?;
        if arguments.sql {
            return self.write_sql(&revisions, None, Operation::Stamp, targets, arguments);
        }
        // Report invalid targets before connecting.
        revisions.graph().plan_stamp(&[], targets.iter().map(String::as_str))?;
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, arguments)?;
        self.run(&revisions, locked.plan(Target::Stamp { targets, purge })?, arguments)
    }

    /// `accept`: records an edited file as the one that was applied.
    pub(super) fn accept(&mut self, revision: &str, reason: &str) -> Result<()> {
        let revisions = self.read()?;
        let graph = revisions.graph();
        let &[node] = &graph.resolve(revision)?[..] else {
            return Err(Failure::new(format!("`{revision}` is not a single revision")).code(2).into());
        };
        if reason.trim().is_empty() {
            let hint = "give a reason; it is stored in the log";
            return Err(Failure::new("`--reason` is empty").hint(hint).code(2).into());
        }
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, &RunArguments::default())?;
        let id = graph.id(node);
        self.context.report.message(match locked.accept(node, reason, &self.context.provenance())? {
            true => format!("accepted the current file of `{id}` as the one that was applied"),
            false => format!("nothing to accept: the file of `{id}` has not changed"),
        });
        Ok(())
    }

    /// Shows the plan or runs it.
    pub(super) fn run(&self, revisions: &Revisions, plan: LockedPlan<'_, '_>, arguments: &RunArguments) -> Result<()> {
        let graph = revisions.graph();
        let objects = plan.objects();
        if arguments.dry_run {
            for squash in plan.squashes().map(|node| graph.id(node)) {
                self.context.report.message(format!("the log would have the squash `{squash}` as applied"));
            }
            return self.show_plan(graph, plan.steps(), &objects);
        }
        // A plan without steps writes no rows, so it needs no provenance.
        let is_empty = plan.steps().steps.is_empty() && objects.is_empty() && plan.squashes().next().is_none();
        if self.context.report.shows_progress() {
            self.context.report.set_statements(statements(revisions, plan.steps())?);
        }
        let provenance = if is_empty { Provenance::default() } else { self.context.provenance() };
        self.report_done(graph, &plan.run(&provenance)?);
        Ok(())
    }

    pub(super) fn ensure_version(&mut self) -> Result<()> {
        let database = Database::choose(self)?;
        let revisions = Revisions::new(Vec::new())?;
        Ok(Migrator::new(&revisions, database.connect(self)?).lock()?.ensure_tables()?)
    }

    /// Connects, lets signals cancel the session, and waits for the lock.
    pub(super) fn lock<'r>(
        &mut self,
        revisions: &'r Revisions,
        database: &Database,
        arguments: &RunArguments,
    ) -> Result<Locked<'r>> {
        if let Some(seconds) = arguments.lock_wait {
            self.options.lock_wait = Duration::from_secs(seconds);
        }
        self.options.shows_queries = arguments.show_queries;
        let migrator = Migrator::new(revisions, database.connect(self)?);
        let canceller = migrator.canceller();
        interrupt::on_signal(move || canceller.cancel());
        Ok(migrator.lock()?)
    }

    fn report_done(&self, graph: &RevisionGraph, done: &Done) {
        let Done { plan, elapsed, objects, .. } = done;
        let report = &self.context.report;
        let heads: Vec<&str> = plan.heads.iter().map(|&node| graph.id(node)).collect();
        let steps = plan.steps.len();
        if report.is_json() {
            let seconds = elapsed.as_secs_f64();
            let mut value = serde_json::json!({"event": "done", "op": plan.operation.name(), "steps": steps, "heads": heads, "seconds": seconds});
            if *objects > 0 {
                value["objects"] = (*objects).into();
            }
            report.json(&value);
        }
        let heads = heads_text(&heads);
        match (work_text(steps, *objects), plan.operation) {
            (_, Operation::Stamp) => report.message(format!("stamped: the database is at {heads}")),
            (None, _) => report.message(format!("nothing to do: the database is at {heads}")),
            (Some(count), _) => {
                report.message(format!("{count} in {}: the database is at {heads}", duration(*elapsed)))
            }
        }
    }

    /// `--sql`: everything is planned, read and checked before the first byte is written.
    fn write_sql(
        &self,
        revisions: &Revisions,
        objects: Option<&Objects>,
        operation: Operation,
        targets: &[String],
        arguments: &RunArguments,
    ) -> Result<()> {
        let graph = revisions.graph();
        let (from, targets) = offline_range(operation, targets, &arguments.from)?;
        let heads = self.given_heads(graph, &from)?;
        let plan = make_plan(graph, operation, &heads, &targets)?;
        let provenance = self.context.provenance();
        let mut rendering = Rendering::new(revisions, &plan, &self.options, &provenance);
        if let Some(objects) = objects {
            rendering = rendering.with_objects(objects);
        }
        self.write_parts(|out| rendering.write(out))
    }

    /// Writes the parts of a script to standard output.
    pub(super) fn write_parts(
        &self,
        write: impl FnOnce(&mut dyn FnMut(ScriptPart<'_>) -> Result<(), migrate::Error>) -> Result<(), migrate::Error>,
    ) -> Result<()> {
        let mut output = self.context.report.output();
        write(&mut |part| {
            let written = match part {
                ScriptPart::Sql(text) => output.write_all(text.as_bytes()),
                ScriptPart::Data(script, copy) => {
                    let mut data = script.copy_data(copy)?;
                    io::copy(&mut data, &mut output).map(drop)
                }
                _ => Ok(()),
            };
            Ok(written.map_err(|source| revision::Error::Io { path: PathBuf::from("standard output"), source })?)
        })?;
        Ok(output.flush()?)
    }
}

/// The number of revisions and of files of `objects`; `None` if there are neither.
pub(super) fn work_text(revisions: usize, objects: usize) -> Option<String> {
    let count = |count: usize, what: &str| (count > 0).then(|| report::counted(count, what));
    let parts: Vec<String> = [count(revisions, "revision"), count(objects, "object")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

/// An error of the first half of `redo`: the targets to choose from are those of `redo`.
fn of_redo(error: migrate::Error) -> anyhow::Error {
    match error.hint() {
        Some(migrate::Hint::Revision(revision::Hint::ChooseDowngrade(targets))) => {
            let commands: Vec<String> = targets.iter().map(|target| format!("cargo xtask db redo {target}")).collect();
            Failure::new(error.to_string()).hint(format!("choose one:\n  {}", commands.join("\n  "))).into()
        }
        _ => error.into(),
    }
}

/// What each revision runs, in a few words: its first statement, and the number of statements.
fn statements(revisions: &Revisions, plan: &Plan) -> Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    let Some(direction) = plan.operation.direction() else { return Ok(found) };
    for node in plan.steps.iter().filter_map(|step| step.revision) {
        let script = revisions.script(node);
        // A large statement is only in its file, which is not read again for this.
        if std::fs::metadata(script.path()).is_ok_and(|file| file.len() > 64 * 1024) {
            continue;
        }
        let mut statements = script.section(direction).into_iter().flat_map(|section| script.effective(section));
        let Some(first) = statements.next() else { continue };
        let text = script.text(&*first?)?.split_whitespace().take(40).collect::<Vec<_>>().join(" ");
        let more = statements.count();
        let text = if more == 0 { text } else { format!("{} statements: {text} …", more + 1) };
        found.insert(revisions.graph().id(node).to_owned(), printable_line(&text).into_owned());
    }
    Ok(found)
}

/// Where a script starts: `--from`, or Alembic's `FROM:TARGET`. The default for an upgrade is the base; a downgrade has none.
fn offline_range(operation: Operation, targets: &[String], from: &[String]) -> Result<(Vec<String>, Vec<String>)> {
    let mut from = from.to_vec();
    let mut plain = Vec::new();
    for target in targets {
        match target.split_once(':') {
            Some((start, target)) if from.is_empty() || from == [start] => {
                from = vec![start.to_owned()];
                plain.push(target.to_owned());
            }
            Some(_) => return Err(Failure::new(format!("`{target}` conflicts with `--from`")).code(2).into()),
            None => plain.push(target.clone()),
        }
    }
    if from.is_empty() && operation == Operation::Downgrade {
        let hint = "use `--from HEAD,HEAD` or `FROM:TARGET`";
        return Err(Failure::new("`downgrade --sql` requires the heads to start from").hint(hint).code(2).into());
    }
    Ok((from, plain))
}
