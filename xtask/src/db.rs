//! `cargo xtask db`: dispatches the commands. `run.rs` runs revisions; the other files in this folder show state, write files
//! or manage the embedded database.

mod adopt;
mod amplify_schema;
mod approved;
mod author;
mod check;
mod choose;
mod development;
mod diagram;
mod diff;
mod exchange;
mod fleet;
mod import;
mod likely;
mod plan_file;
mod preview;
mod preview_databases;
mod rebase;
mod rehearse;
mod release_step;
mod reset;
mod rewrite;
mod run;
mod seed;
mod server;
mod show;
mod squash;
mod task;
mod verify;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use revision::Operation;

use crate::cli::{ApprovedArguments, DbArguments, DbCommand, RunArguments};
use crate::context::Context;
use crate::release_kind::ReleaseKind;
use crate::report::{Failure, heads_text};
use crate::revisions;
pub(crate) use author::{date, random_id};
use development::Development;
pub(crate) use preview_databases::{Origin, PreviewDatabase, PreviewDatabases};
use task::Db;
pub(crate) use task::Remote;

/// How long a command that only reports the state waits for a server, so that it ends within five seconds. Other commands
/// retry for longer.
const ONE_ATTEMPT: Duration = Duration::from_secs(4);

/// `remote` is the database that `--env` names.
pub(crate) fn run(context: &Context, arguments: DbArguments, remote: Option<Remote<'_>>) -> Result<()> {
    let mut options = context.config.options();
    match (arguments.connect_timeout, &arguments.command) {
        (Some(seconds), _) => options.connect_timeout = Duration::from_secs(seconds),
        (None, DbCommand::Status) => (options.connects_once, options.connect_timeout) = (true, ONE_ATTEMPT),
        _ => {}
    }
    let directory = arguments.dir.unwrap_or_else(|| context.shorten(&context.root.join(context.config.versions())));
    let mut db = Db { context, directory, url: arguments.url, remote, database: None, options };
    match arguments.command {
        DbCommand::Upgrade { approved: ApprovedArguments { plan: Some(plan) }, run, .. } => {
            db.run_plan(Operation::Upgrade, &plan, &run)
        }
        DbCommand::Downgrade { approved: ApprovedArguments { plan: Some(plan) }, run, .. } => {
            db.run_plan(Operation::Downgrade, &plan, &run)
        }
        DbCommand::Upgrade { target, run, fleet, .. } => match fleet.each {
            Some(list) => {
                db.upgrade_each(&target, &fleet::Request { list, jobs: fleet.jobs.into(), slice: fleet.slice }, &run)
            }
            None => db.upgrade(&target, &run),
        },
        DbCommand::Downgrade { target: Some(target), logged: true, run, .. } => db.downgrade_logged(&target, &run),
        DbCommand::Downgrade { target, run, .. } => db.migrate(Operation::Downgrade, target.as_slice(), &run),
        DbCommand::Redo { target, lock_wait, show_queries } => {
            db.redo(&target, &RunArguments { lock_wait, show_queries, ..RunArguments::default() })
        }
        DbCommand::Seed => db.seed(),
        DbCommand::Reset { yes } => db.reset(yes.as_deref()),
        DbCommand::Resume { done, again, show_queries } => {
            let decision = match (done, again) {
                (true, _) => Some(migrate::Decision::Done),
                (_, true) => Some(migrate::Decision::Again),
                _ => None,
            };
            db.resume(decision, show_queries)
        }
        DbCommand::Stamp { targets, purge, run } => db.stamp(&targets, purge, &run),
        DbCommand::Current { heads: true, .. } => db.current_heads(),
        DbCommand::Current { verbose, check_heads, .. } => db.current(verbose, check_heads),
        DbCommand::History { rev_range, verbose, indicate_current, graph } => {
            db.history(rev_range.as_deref(), verbose, indicate_current, graph)
        }
        DbCommand::Heads { verbose, resolve_dependencies } => db.heads(verbose, resolve_dependencies),
        DbCommand::Branches { verbose } => db.branches(verbose),
        DbCommand::Show { revision } => db.show(&revision),
        DbCommand::Revision { message, head, splice, branch_label, depends_on, rev_id, autogenerate } => {
            let new = author::NewRevision { message, head, splice, branch_label, depends_on, rev_id };
            match autogenerate.autogenerate {
                true => db.autogenerate(new, autogenerate.to.clone().as_deref(), autogenerate.form()),
                false => db.revision(new),
            }
        }
        DbCommand::Diff(arguments) => db.diff(arguments),
        DbCommand::Diagram(arguments) => db.diagram(&arguments),
        DbCommand::Merge { revisions, message, branch_label, rev_id } => {
            db.merge(&revisions, message, branch_label, rev_id)
        }
        DbCommand::Squash(arguments) => db.squash(&arguments),
        DbCommand::Rebase(arguments) => db.rebase(&arguments),
        DbCommand::Edit { revision } => db.edit(&revision),
        DbCommand::Check { drift: Some(mode), postgres, .. } => db.check_drift(mode, &postgres),
        DbCommand::Check { target, .. } => db.check(&target).map(drop),
        DbCommand::Accept { revision, reason } => db.accept(&revision, &reason),
        DbCommand::Import(arguments) => db.import(&arguments),
        DbCommand::Adopt(arguments) => db.adopt(&arguments),
        DbCommand::Lint { since, format } => db.lint(since.as_deref(), &format),
        DbCommand::Verify { since, postgres } => db.verify(since, &postgres),
        DbCommand::Trace { revision, objects, rows, postgres } => db.trace(revision, &objects, rows, &postgres),
        DbCommand::Dump { postgres } if !db.is_named() => db.write_schema(&postgres),
        DbCommand::Dump { .. } => db.show_schema(),
        DbCommand::Types { amplify: true, .. } if db.url.is_some() => {
            Err(Failure::new("`--amplify` reads what the revisions create").hint("remove `--url`").code(2).into())
        }
        DbCommand::Types { amplify: true, file, postgres, .. } => db.write_amplify_schema(file, &postgres),
        DbCommand::Types { role, file, postgres, .. } if !db.is_named() => db.write_types(role, file, &postgres),
        DbCommand::Types { role, .. } => db.show_types(role),
        DbCommand::EnsureVersion => db.ensure_version(),
        DbCommand::Plan { targets, downgrade, stamp, from, out } => {
            let operation = match (downgrade, stamp) {
                (true, _) => Operation::Downgrade,
                (_, true) => Operation::Stamp,
                _ => Operation::Upgrade,
            };
            match out {
                Some(file) => db.plan_to_file(operation, &targets, &file),
                None => db.plan(operation, &targets, from.as_deref()),
            }
        }
        DbCommand::Rehearse(arguments) => match arguments.copy {
            Some(dump) => db.rehearse_copy(&dump, &arguments.target, &arguments.postgres),
            None => db.rehearse(rehearse::Request {
                operation: if arguments.downgrade { Operation::Downgrade } else { Operation::Upgrade },
                target: arguments.target,
                max_hold: Duration::from_secs(arguments.max_hold),
                lock_wait: arguments.lock_wait,
                out: arguments.out,
            }),
        },
        DbCommand::Preview(arguments) => db.preview(arguments.command),
        DbCommand::Psql { arguments } => db.psql(&arguments),
        DbCommand::Start => db.start(),
        DbCommand::Stop => db.stop(),
        DbCommand::Status => db.status(),
    }
}

/// Connects to the database that commands would use, and describes it.
pub(crate) fn reach(context: &Context) -> Result<String> {
    let mut options = context.config.options();
    (options.connects_once, options.connect_timeout) = (true, ONE_ATTEMPT);
    let db = Db { context, directory: PathBuf::new(), url: None, remote: None, database: None, options };
    let Some(database) = choose::named(&db)? else {
        choose::refuse_in_ci(context)?;
        return Ok(format!("the embedded PostgreSQL {}", context.config.postgres.major));
    };
    let at = database.connect(&db)?.state()?.rows;
    Ok(format!("{} (from {}), at {}", database.settings.describe(), database.named_by, heads_text(&at)))
}

/// Fails unless the database is at the target that a release requires. The build that publishes may not be able to reach the
/// database, so `DATABASE_HEADS`, exported by the build that migrated it, takes precedence. Otherwise a database must be
/// configured: a release does not use the embedded one. In a rollback, the build that exported the heads has checked them.
/// Returns the heads that the database is at, sorted.
pub(crate) fn require_current(context: &Context, target: &str) -> Result<Vec<String>> {
    let directory = context.shorten(&context.root.join(context.config.versions()));
    let mut db = Db { context, directory, url: None, remote: None, database: None, options: context.config.options() };
    if let Some(heads) = context.variable("DATABASE_HEADS") {
        if ReleaseKind::of(context)? != ReleaseKind::Forward {
            return Ok(heads.split(',').map(|head| head.trim().to_owned()).filter(|head| head != "base").collect());
        }
        return db.check_heads(&heads, target);
    }
    if choose::named(&db)?.is_none() {
        let hint = "set DATABASE_URL, set DATABASE_HEADS to the output of `cargo xtask db current --heads`, or use `--skip-database-check`";
        return Err(Failure::new("no database is configured for this release").hint(hint).into());
    }
    db.check(target)
}

/// Starts the embedded database, migrated to the heads and seeded, for `cargo xtask dev`.
pub(crate) fn develop(context: &Context) -> Result<Development> {
    let development = Development::start(context)?;
    let directory = context.shorten(&context.root.join(context.config.versions()));
    let url = Some(development.url.clone());
    let mut db = Db { context, directory, url, remote: None, database: None, options: context.config.options() };
    match revisions::read(context)?.is_empty() {
        true => context
            .report
            .message("there are no revisions yet: `cargo xtask db revision -m MESSAGE` creates the first one"),
        false => db.migrate(Operation::Upgrade, &["heads".to_owned()], &RunArguments::default())?,
    }
    if let Some(seeds) = db.read_seeds()? {
        db.run_seeds(&seeds)?;
    }
    Ok(development)
}
