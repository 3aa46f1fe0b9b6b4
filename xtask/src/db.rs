//! `cargo xtask db`: one function a command. What runs revisions is here, top to bottom; what only shows, writes files or
//! serves the embedded database is in the files of this folder.

mod author;
mod choose;
mod development;
mod fleet;
mod prove;
mod server;
mod show;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use migrate::{Done, Locked, LockedPlan, Migrator, Options, Provenance, Rendering, ScriptPart, Tables, Target};
use revision::{Directory, Node, Operation, Plan, RevisionGraph, Revisions};

use crate::cli::{DbArguments, DbCommand, RunArguments};
use crate::context::Context;
use crate::interrupt;
use crate::report::{Failure, duration, heads_text};
use choose::Database;
use development::Development;

/// What the options of a `db` command mean.
struct Db<'a> {
    context: &'a Context,
    /// The directory of the revisions.
    directory: PathBuf,
    url: Option<String>,
    options: Options,
}

pub(crate) fn run(context: &Context, arguments: DbArguments) -> Result<()> {
    let mut options = context.config.options();
    if let Some(seconds) = arguments.connect_timeout {
        options.connect_timeout = Duration::from_secs(seconds);
    }
    let directory = arguments.dir.unwrap_or_else(|| context.shorten(&context.root.join(context.config.versions())));
    let mut db = Db { context, directory, url: arguments.url, options };
    match arguments.command {
        DbCommand::Upgrade { target, run, fleet } => match fleet.each {
            Some(list) => {
                db.upgrade_each(&target, &fleet::Request { list, jobs: fleet.jobs.into(), slice: fleet.slice }, &run)
            }
            None => db.migrate(Operation::Upgrade, &[target], &run),
        },
        DbCommand::Downgrade { target, logged: true, run } => db.downgrade_logged(&target, &run),
        DbCommand::Downgrade { target, logged: false, run } => db.migrate(Operation::Downgrade, &[target], &run),
        DbCommand::Resume => db.resume(),
        DbCommand::Stamp { targets, purge, run } => db.stamp(&targets, purge, &run),
        DbCommand::Current { heads: true, .. } => db.current_heads(),
        DbCommand::Current { verbose, check_heads, .. } => db.current(verbose, check_heads),
        DbCommand::History { rev_range, verbose, indicate_current, graph } => {
            db.history(rev_range.as_deref(), verbose, indicate_current, graph)
        }
        DbCommand::Heads { verbose, resolve_dependencies } => db.heads(verbose, resolve_dependencies),
        DbCommand::Branches { verbose } => db.branches(verbose),
        DbCommand::Show { revision } => db.show(&revision),
        DbCommand::Revision { message, head, splice, branch_label, depends_on, rev_id } => {
            db.revision(author::NewRevision { message, head, splice, branch_label, depends_on, rev_id })
        }
        DbCommand::Merge { revisions, message, branch_label, rev_id } => {
            db.merge(&revisions, message, branch_label, rev_id)
        }
        DbCommand::Edit { revision } => db.edit(&revision),
        DbCommand::Check { target } => db.check(&target),
        DbCommand::Accept { revision, reason } => db.accept(&revision, &reason),
        DbCommand::Lint { since, format } => db.lint(since.as_deref(), &format),
        DbCommand::Verify { postgres } => db.verify(&postgres),
        DbCommand::Trace { revision, rows, postgres } => db.trace(revision, rows, &postgres),
        DbCommand::Dump { postgres } if db.url.is_none() => db.write_schema(&postgres),
        DbCommand::Dump { .. } => db.show_schema(),
        DbCommand::EnsureVersion => db.ensure_version(),
        DbCommand::Plan { targets, downgrade, stamp, from } => {
            let operation = match (downgrade, stamp) {
                (true, _) => Operation::Downgrade,
                (_, true) => Operation::Stamp,
                _ => Operation::Upgrade,
            };
            db.plan(operation, &targets, from.as_deref())
        }
        DbCommand::Psql { arguments } => db.psql(&arguments),
        DbCommand::Start => db.start(),
        DbCommand::Stop => db.stop(),
        DbCommand::Status => db.status(),
    }
}

/// Whether the database that commands would use can be reached from here: what it is, or why not.
pub(crate) fn reach(context: &Context) -> Result<String> {
    let options = Options { connect_timeout: Duration::from_secs(5), ..context.config.options() };
    let db = Db { context, directory: PathBuf::new(), url: None, options };
    let Some(database) = choose::named(&db)? else {
        choose::refuse_in_build(context)?;
        return Ok(format!("the embedded PostgreSQL {}", context.config.postgres.major));
    };
    let at = database.connect(&db)?.state()?.rows;
    Ok(format!("{} (from {}), at {}", database.settings.describe(), database.named_by, heads_text(&at)))
}

/// Fails unless the database is at what a release needs. `DATABASE_HEADS`, what the build that migrated it has said, is enough:
/// the build that publishes may not be able to reach it. Else it is asked, and has to be named: the embedded one is no release's.
pub(crate) fn require_current(context: &Context, target: &str) -> Result<()> {
    let directory = context.shorten(&context.root.join(context.config.versions()));
    let mut db = Db { context, directory, url: None, options: context.config.options() };
    if let Some(heads) = context.variable("DATABASE_HEADS") {
        return db.check_heads(&heads, target);
    }
    if choose::named(&db)?.is_none() {
        let hint = "name it (DATABASE_URL …), hand on what `cargo xtask db current --heads` says of it in DATABASE_HEADS, or `--skip-database-check`";
        return Err(Failure::new("nobody has said which database this release needs").hint(hint).into());
    }
    db.check(target)
}

/// The embedded database, migrated to the heads and seeded: what `cargo xtask dev` works with.
pub(crate) fn develop(context: &Context) -> Result<Development> {
    let mut development = Development::start(context)?;
    let directory = context.shorten(&context.root.join(context.config.versions()));
    let url = Some(development.url.clone());
    let mut db = Db { context, directory, url, options: context.config.options() };
    db.migrate(Operation::Upgrade, &["heads".to_owned()], &RunArguments::default())?;
    development.seed(&db)?;
    Ok(development)
}

impl Db<'_> {
    /// `upgrade` and `downgrade`.
    fn migrate(&mut self, operation: Operation, targets: &[String], arguments: &RunArguments) -> Result<()> {
        let revisions = self.read()?;
        if arguments.sql {
            return self.write_sql(&revisions, operation, targets, arguments);
        }
        let target = match (operation, targets) {
            (Operation::Upgrade, [target]) => Target::Upgrade(target),
            (Operation::Downgrade, [target]) => Target::Downgrade(target),
            _ => return Err(one_target(operation)),
        };
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, arguments)?;
        self.run(&revisions, locked.plan(target)?, arguments)
    }

    /// `downgrade --logged`: also what another checkout has applied.
    fn downgrade_logged(&mut self, target: &str, arguments: &RunArguments) -> Result<()> {
        let known = self.read()?;
        let database = Database::choose(self)?;
        let mut locked = self.lock(&known, &database, arguments)?;
        let revisions = locked.with_logged()?;
        let mut locked = locked.with_revisions(&revisions);
        self.run(&revisions, locked.plan(Target::Downgrade(target))?, arguments)
    }

    /// `resume`: the rest of a half-done revision, up or down as it was being run.
    fn resume(&mut self) -> Result<()> {
        let revisions = self.read()?;
        let database = Database::choose(self)?;
        let arguments = RunArguments::default();
        let mut locked = self.lock(&revisions, &database, &arguments)?;
        if locked.session().state()?.journal.is_empty() {
            self.context.report.talk("nothing is half done");
            return Ok(());
        }
        self.run(&revisions, locked.plan(Target::Resume)?, &arguments)
    }

    fn stamp(&mut self, targets: &[String], purge: bool, arguments: &RunArguments) -> Result<()> {
        let revisions = self.read()?;
        if arguments.sql {
            return self.write_sql(&revisions, Operation::Stamp, targets, arguments);
        }
        // What is wrong with the targets is found before the server is touched.
        revisions.graph().plan_stamp(&[], targets.iter().map(String::as_str))?;
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, arguments)?;
        self.run(&revisions, locked.plan(Target::Stamp { targets, purge })?, arguments)
    }

    /// `accept`: an edited file counts as what was applied.
    fn accept(&mut self, revision: &str, reason: &str) -> Result<()> {
        let revisions = self.read()?;
        let graph = revisions.graph();
        let &[node] = &graph.resolve(revision)?[..] else {
            return Err(Failure::new(format!("`{revision}` is not one revision")).code(2).into());
        };
        if reason.trim().is_empty() {
            let hint = "the log keeps it for whoever asks later";
            return Err(Failure::new("`--reason` is empty").hint(hint).code(2).into());
        }
        let database = Database::choose(self)?;
        let mut locked = self.lock(&revisions, &database, &RunArguments::default())?;
        let id = graph.id(node);
        self.context.report.talk(match locked.accept(node, reason, &self.context.provenance())? {
            true => format!("accepted: `{id}` counts as applied as its file is now"),
            false => format!("`{id}` is as it was applied: nothing to accept"),
        });
        Ok(())
    }

    /// Shows the plan or runs it. A plan without steps writes no log rows, which would record where it came from.
    fn run(&self, revisions: &Revisions, plan: LockedPlan<'_, '_>, arguments: &RunArguments) -> Result<()> {
        let graph = revisions.graph();
        if arguments.dry_run {
            return self.show_plan(graph, plan.steps());
        }
        let is_empty = plan.steps().steps.is_empty();
        let provenance = if is_empty { Provenance::default() } else { self.context.provenance() };
        let Done { plan, elapsed, .. } = plan.run(&provenance)?;
        self.say_done(graph, &plan, elapsed);
        Ok(())
    }

    fn ensure_version(&mut self) -> Result<()> {
        let database = Database::choose(self)?;
        let revisions = Revisions::new(Vec::new())?;
        Ok(Migrator::new(&revisions, database.connect(self)?).lock()?.ensure_tables()?)
    }

    /// Reads the headers of the revisions.
    fn read_graph(&self) -> Result<RevisionGraph> {
        let graph = RevisionGraph::read(&self.source())?;
        self.refuse_empty(&graph)?;
        Ok(graph)
    }

    /// Reads and checks the revisions entirely.
    fn read(&self) -> Result<Revisions> {
        let revisions = Revisions::read(&self.source())?;
        self.refuse_empty(revisions.graph())?;
        Ok(revisions)
    }

    fn source(&self) -> Directory {
        Directory::new(&self.directory)
    }

    /// A directory without a revision is most likely the wrong one.
    fn refuse_empty(&self, graph: &RevisionGraph) -> Result<()> {
        match graph.is_empty() {
            true => Err(revision::Error::NoRevisions { directory: self.directory.clone() }.into()),
            false => Ok(()),
        }
    }

    /// Connects, waits for the lock, and from then on lets signals cancel.
    fn lock<'r>(
        &mut self,
        revisions: &'r Revisions,
        database: &Database,
        arguments: &RunArguments,
    ) -> Result<Locked<'r>> {
        if let Some(seconds) = arguments.lock_wait {
            self.options.lock_wait = Duration::from_secs(seconds);
        }
        let migrator = Migrator::new(revisions, database.connect(self)?);
        let canceller = migrator.canceller();
        interrupt::on_signal(move || canceller.cancel())?;
        Ok(migrator.lock()?)
    }

    fn say_done(&self, graph: &RevisionGraph, plan: &Plan, elapsed: Duration) {
        let report = &self.context.report;
        let heads: Vec<&str> = plan.heads.iter().map(|&node| graph.id(node)).collect();
        let steps = plan.steps.len();
        if report.is_json() {
            let seconds = elapsed.as_secs_f64();
            report.json(&serde_json::json!({"event": "done", "op": plan.operation.name(), "steps": steps, "heads": heads, "seconds": seconds}));
        }
        let heads = heads_text(&heads);
        match (steps, plan.operation) {
            (0, Operation::Upgrade | Operation::Downgrade) => {
                report.talk(format!("nothing to do: the database is at {heads}"))
            }
            (_, Operation::Stamp) => report.talk(format!("stamped: the version rows are now {heads}")),
            (1, _) => report.talk(format!("1 revision in {}: the database is at {heads}", duration(elapsed))),
            (_, _) => report.talk(format!("{steps} revisions in {}: the database is at {heads}", duration(elapsed))),
        }
    }

    /// `--sql`: everything is planned, read and checked before the first byte is written.
    fn write_sql(
        &self,
        revisions: &Revisions,
        operation: Operation,
        targets: &[String],
        arguments: &RunArguments,
    ) -> Result<()> {
        let graph = revisions.graph();
        let (from, targets) = offline_range(operation, targets, &arguments.from)?;
        let heads = self.given_heads(graph, &from)?;
        let plan = make_plan(graph, operation, &heads, &targets)?;
        let options = &self.options;
        let provenance = self.context.provenance();
        let tables = Tables::new(options.version_table_schema.as_deref(), &options.version_table);
        let lock_timeout = options.lock_timeout;
        let rendering = Rendering { revisions, plan: &plan, tables: &tables, lock_timeout, provenance: &provenance };
        let mut output = self.context.report.output();
        rendering.write(&mut |part| {
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

    /// Heads named on the command line; `base` for none.
    fn given_heads(&self, graph: &RevisionGraph, names: &[String]) -> Result<Vec<Node>> {
        let mut ids = Vec::new();
        for name in names {
            for node in graph.resolve(name)? {
                ids.push(graph.id(node));
            }
        }
        Ok(graph.rows(ids)?)
    }
}

fn make_plan(graph: &RevisionGraph, operation: Operation, heads: &[Node], targets: &[String]) -> Result<Plan> {
    Ok(match (operation, targets) {
        (Operation::Upgrade, [target]) => graph.plan_upgrade(heads, target)?,
        (Operation::Downgrade, [target]) => graph.plan_downgrade(heads, target)?,
        (Operation::Stamp, targets) => graph.plan_stamp(heads, targets.iter().map(String::as_str))?,
        _ => return Err(one_target(operation)),
    })
}

fn one_target(operation: Operation) -> anyhow::Error {
    Failure::new(format!("`{operation}` takes one target")).code(2).into()
}

/// Where a script begins: `--from`, or Alembic's `FROM:TARGET`. An upgrade begins at the base unless told otherwise; a
/// downgrade has to be told.
fn offline_range(operation: Operation, targets: &[String], from: &[String]) -> Result<(Vec<String>, Vec<String>)> {
    let mut from = from.to_vec();
    let mut plain = Vec::new();
    for target in targets {
        match target.split_once(':') {
            Some((start, target)) if from.is_empty() || from == [start] => {
                from = vec![start.to_owned()];
                plain.push(target.to_owned());
            }
            Some(_) => return Err(Failure::new(format!("`{target}` and `--from` name two beginnings")).code(2).into()),
            None => plain.push(target.clone()),
        }
    }
    if from.is_empty() && operation == Operation::Downgrade {
        let hint = "name the heads: `--from HEAD,HEAD`, or `FROM:TARGET`";
        return Err(Failure::new("a downgrade as a script has to know where it begins").hint(hint).code(2).into());
    }
    Ok((from, plain))
}
