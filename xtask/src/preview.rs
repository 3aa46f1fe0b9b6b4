//! `cargo xtask preview`: a page, an API and a database for a branch.
//!
//! A preview is created from the database to the page, and deleted in reverse: whatever step fails, what exists is found
//! again, so that each command can be repeated.

use anyhow::Result;
use revision::printable_line;
use serde_json::json;

use crate::cli::{CreateArguments, PreviewArguments, PreviewCommand, PruneArguments};
use crate::context::Context;
use crate::db::{PreviewDatabase, PreviewDatabases};
use crate::prices::Prices;
use crate::publish::{self, PreviewApp, PreviewApps, Published};
use crate::report::{EXIT_USAGE, Failure, counted};
use crate::{access, infra, process};

/// What serves the page and the API costs by use alone (docs/preview.md has the prices).
const COST_OF_USE: &str = "its page and API cost only what is used";

pub(crate) fn run(context: &Context, arguments: PreviewArguments) -> Result<()> {
    let environment = infra::choose(context, arguments.env.as_deref())?;
    let is_creation = matches!(arguments.command, PreviewCommand::Create(_));
    // Those that exist can be deleted after the setting was removed.
    if is_creation && !context.config.infra.environments[&environment].previews {
        let message = format!("the environment `{environment}` allows no previews");
        let hint = format!(
            "nothing was requested from AWS; set `previews = true` in `[infra.environments.{environment}]` of xtask.toml, then run `cargo xtask infra deploy --env {environment}` (docs/preview.md)"
        );
        return Err(Failure::new(message).hint(hint).code(EXIT_USAGE).into());
    }
    let task = Task { context, environment: &environment, url: arguments.url };
    match arguments.command {
        PreviewCommand::Create(arguments) => task.create(arguments),
        PreviewCommand::List => task.list(),
        PreviewCommand::Delete { branch } => task.delete(&branch),
        PreviewCommand::Prune(arguments) => task.prune(&arguments),
    }
}

/// A command about the previews of an environment.
struct Task<'a> {
    context: &'a Context,
    environment: &'a str,
    /// The database of the environment.
    url: Option<String>,
}

impl<'a> Task<'a> {
    /// Passes on the databases: those next to the one that is named, or else next to that of the environment, through a
    /// session. They must be on the server that the functions use.
    fn with_databases<T>(
        &self,
        apps: &PreviewApps<'_>,
        then: impl FnOnce(PreviewDatabases<'_>) -> Result<T>,
    ) -> Result<T> {
        let checked = |databases: PreviewDatabases<'_>| {
            apps.check_origin(&databases.origin()?)?;
            then(databases)
        };
        let named = PreviewDatabases::new(self.context, self.url.clone(), None);
        match named.is_named()? {
            true => checked(named),
            false => access::as_owner(self.context, self.environment, |remote| {
                checked(PreviewDatabases::new(self.context, None, Some(remote)))
            }),
        }
    }

    /// Passes on the databases, or `None` if they no longer exist because the cluster does not.
    fn with_remaining_databases<T>(
        &self,
        apps: &PreviewApps<'_>,
        then: impl FnOnce(Option<PreviewDatabases<'_>>) -> Result<T>,
    ) -> Result<T> {
        let is_named = PreviewDatabases::new(self.context, self.url.clone(), None).is_named()?;
        // If AWS does not say whether there is a cluster, the session says why it does not start.
        if !is_named && apps.has_lost_databases().unwrap_or(false) {
            let environment = self.environment;
            self.context.report.message(format!(
                "the cluster of `{environment}` no longer exists, and with it the databases of its previews"
            ));
            return then(None);
        }
        self.with_databases(apps, |databases| then(Some(databases)))
    }

    fn create(&self, CreateArguments { branch, recreate }: CreateArguments) -> Result<()> {
        let (context, report) = (self.context, &self.context.report);
        let branch = branch.or_else(|| process::git_branch(&context.root)).ok_or_else(no_branch)?;
        refuse_released(context, &branch)?;
        publish::check_preview(context)?;
        let apps = PreviewApps::open(context, self.environment)?;
        apps.check()?;
        let prices = Prices::load(context)?;
        let (database, heads, cost) = self.with_databases(&apps, |mut databases| {
            let (name, heads) = databases.create(&branch, recreate)?;
            let created = databases.all()?.into_iter().find(|preview| preview.name == name);
            let cost = created.map(|preview| preview.cost(prices.as_ref()));
            Ok((name, heads, cost.unwrap_or_default()))
        })?;
        let published = apps.publish(&branch, &database, heads);
        let Published { url, api } = published.map_err(|error| unfinished(&branch, &database, error))?;
        report.message(format!("database: `{database}`, {cost}; {COST_OF_USE}"));
        report.message(match &api {
            Some(api) => format!("API: {api}"),
            None => "API: none, as the backend has no output `custom.api`".to_owned(),
        });
        match report.is_json() {
            true => report.json(&json!({
                "event": "preview", "branch": branch, "page": url, "api": api, "database": database,
            })),
            false => report.data(url),
        }
        Ok(())
    }

    fn list(&self) -> Result<()> {
        let (report, prices) = (&self.context.report, Prices::load(self.context)?);
        let apps = PreviewApps::open(self.context, self.environment)?;
        let databases = self.with_remaining_databases(&apps, |databases| all(databases.as_ref()))?;
        let mut rest = apps.all()?;
        let mut previews: Vec<(Option<PreviewDatabase>, Option<PreviewApp>)> = Vec::new();
        for database in databases {
            let at = rest.iter().position(|app| app.database == database.name);
            previews.push((Some(database), at.map(|at| rest.swap_remove(at))));
        }
        previews.extend(rest.into_iter().map(|app| (None, Some(app))));
        for (database, app) in &previews {
            let state = app.as_ref().map(|app| apps.state(app)).transpose()?;
            let (backend, page) = state.map_or((None, None), |state| (state.backend, state.page));
            let branch = database.as_ref().map(|database| &database.branch);
            let branch = branch.or_else(|| app.as_ref().map(|app| &app.branch)).map_or("", String::as_str);
            if report.is_json() {
                report.json(&json!({
                    "branch": branch, "page": page, "backend": backend,
                    "database": database.as_ref().map(|database| &database.name),
                    "days": database.as_ref().map(|database| database.days),
                    "bytes": database.as_ref().and_then(|database| database.bytes),
                }));
                continue;
            }
            let database = database.as_ref().map_or_else(
                || "no database".to_owned(),
                |it| {
                    format!(
                        "`{}` ({}), updated {} ago",
                        it.name,
                        it.cost(prices.as_ref()),
                        counted(it.days as usize, "day")
                    )
                },
            );
            let backend = backend.map_or_else(|| "no backend".to_owned(), |status| format!("backend {status}"));
            let page = page.unwrap_or_else(|| "no page".to_owned());
            report.data(format!("{}  {page}  {backend}  {database}", printable_line(branch)));
        }
        report.message(format!("{}; {COST_OF_USE}", counted(previews.len(), "preview")));
        Ok(())
    }

    fn delete(&self, branch: &str) -> Result<()> {
        let (context, environment) = (self.context, self.environment);
        let apps = PreviewApps::open(context, environment)?;
        let is_meant = |of: &str, database: &str| of == branch || database == branch;
        let found: Vec<_> = apps.all()?.into_iter().filter(|app| is_meant(&app.branch, &app.database)).collect();
        self.with_remaining_databases(&apps, |databases| {
            let all = all(databases.as_ref())?;
            let database = all.iter().find(|preview| is_meant(&preview.branch, &preview.name));
            if found.is_empty() && database.is_none() {
                let message = format!("`{environment}` has no preview of the branch `{}`", printable_line(branch));
                return Err(Failure::new(message).hint("`cargo xtask preview list` lists them").into());
            }
            self.remove(&apps, &found.iter().collect::<Vec<_>>(), databases.as_ref().zip(database))
        })
    }

    /// Deletes the apps of a preview with their backends, then its database.
    fn remove(
        &self,
        apps: &PreviewApps<'_>,
        found: &[&PreviewApp],
        database: Option<(&PreviewDatabases<'_>, &PreviewDatabase)>,
    ) -> Result<()> {
        found.iter().try_for_each(|app| apps.delete(app))?;
        if let Some((databases, PreviewDatabase { name, .. })) = database
            && databases.delete(name)?
        {
            self.context.report.message(format!("deleted the database `{name}`"));
        }
        Ok(())
    }

    fn prune(&self, arguments: &PruneArguments) -> Result<()> {
        let report = &self.context.report;
        let apps = PreviewApps::open(self.context, self.environment)?;
        self.with_remaining_databases(&apps, |databases| {
            let judged =
                databases.as_ref().map(|databases| databases.judged(arguments)).transpose()?.unwrap_or_default();
            let all = apps.all()?;
            let (mut deleted, mut kept, mut failed) = (0, 0, 0);
            let mut remove = |branch: &str, reason: &str, database: Option<&PreviewDatabase>, found: &[&PreviewApp]| {
                let verb = if arguments.dry_run { "would delete" } else { "deleting" };
                report.message(format!("{verb} the preview of `{}`: {reason}", printable_line(branch)));
                let removed = if arguments.dry_run {
                    Ok(())
                } else {
                    self.remove(&apps, found, databases.as_ref().zip(database))
                };
                match removed {
                    Ok(()) => deleted += 1,
                    Err(error) => {
                        report.warn(Failure::one_line(&error));
                        failed += 1;
                    }
                }
            };
            for (database, reason) in &judged {
                let found: Vec<_> = all.iter().filter(|app| app.database == database.name).collect();
                match reason {
                    Some(reason) => remove(&database.branch, reason, Some(database), &found),
                    None => kept += 1,
                }
            }
            for app in all.iter().filter(|app| judged.iter().all(|(database, _)| database.name != app.database)) {
                remove(&app.branch, "its database is gone", None, &[app]);
            }
            let verb = if arguments.dry_run { "to delete" } else { "deleted" };
            report.message(format!("{} {verb}, {kept} kept", counted(deleted, "preview")));
            if failed > 0 {
                let message = format!("{} could not be deleted", counted(failed, "preview"));
                return Err(Failure::new(message).hint("fix the cause, and run the command again").into());
            }
            Ok(())
        })
    }
}

/// The databases of all previews: none without the cluster.
fn all(databases: Option<&PreviewDatabases<'_>>) -> Result<Vec<PreviewDatabase>> {
    Ok(databases.map(PreviewDatabases::all).transpose()?.unwrap_or_default())
}

/// # Errors
/// The branch is released to an environment, or named like one.
fn refuse_released(context: &Context, branch: &str) -> Result<()> {
    let mut environments = context.config.infra.environments.iter();
    let released = environments.find(|(name, environment)| *name == branch || environment.releases(branch));
    let Some((name, _)) = released else { return Ok(()) };
    let message = format!("`{}` is the branch of the environment `{name}`", printable_line(branch));
    let hint = "nothing was changed; switch to another branch, or name one: `cargo xtask preview create BRANCH`";
    Err(Failure::new(message).hint(hint).code(EXIT_USAGE).into())
}

fn no_branch() -> anyhow::Error {
    let hint = "name it: `cargo xtask preview create BRANCH`";
    Failure::new("no branch is checked out").hint(hint).code(EXIT_USAGE).into()
}

/// An error after the database was created.
fn unfinished(branch: &str, database: &str, error: anyhow::Error) -> anyhow::Error {
    let hint = format!(
        "fix the cause and run the command again; `cargo xtask preview delete {}` deletes what exists",
        crate::shell_word::quote(branch)
    );
    let failure =
        Failure::new("could not finish the preview").state(format!("the database `{database}` is up to date"));
    failure.hint(hint).caused_by(Some(error)).into()
}
