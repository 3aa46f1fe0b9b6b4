//! The page and the API of a preview: an Amplify app of its own, with one branch. It is not a branch of the environment's
//! app, because the rule for `/api` belongs to an app and can't name a branch: a rule with a domain has no path (Amplify
//! Hosting User Guide, "Redirects and rewrites example reference").

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::amplify_hosting::{self, Target};
use super::backend::Backend;
use super::branch::{self, Branch};
use super::release::{self, Destination};
use super::{ampx, bootstrap, project, rules, stack_name, target, teardown};
use crate::aws::{Account, Place, Stack};
use crate::cli::PublishTarget;
use crate::config::Hosting;
use crate::context::Context;
use crate::db::Origin;
use crate::process;
use crate::publish::app;
use crate::publish::generation::{BACKENDS, Generation};
use crate::publish::names::project_name;
use crate::publish::publication::{PreviewBackend, Publication};
use crate::report::Failure;
use crate::supervise::Supervisor;

/// The parameters of the environment with its database (`infra/src/backend.ts`).
const PARAMETERS: [&str; 3] = ["database-host", "database-name", "database-resource-id"];

/// How the ids of proxies begin. Their host is not that of the database.
const PROXY: &str = "prx-";

/// The most characters of the description of an app (CreateApp).
const LONGEST_DESCRIPTION: usize = 1000;

/// The apps of an environment's previews.
pub(crate) struct PreviewApps<'a> {
    context: &'a Context,
    account: Account<'a>,
    environment: &'a str,
    /// The name of the environment's stack and app, with which those of its previews begin.
    prefix: String,
}

/// The app of a preview.
pub(crate) struct PreviewApp {
    pub(crate) branch: String,
    pub(crate) database: String,
    id: String,
    description: Value,
}

/// What is recorded about a preview, in the description of its app, as in the comment of its database.
#[derive(Serialize, Deserialize)]
struct Mark {
    environment: String,
    branch: String,
    database: String,
}

/// The description. The key shows that it is a record.
#[derive(Serialize, Deserialize)]
struct Description {
    preview: Mark,
}

/// A page that has been published.
pub(crate) struct Published {
    pub(crate) url: String,
    /// The URL of the API's function, if there is one.
    pub(crate) api: Option<String>,
}

/// What exists of an app.
pub(crate) struct PreviewState {
    /// The status of the backend's stack.
    pub(crate) backend: Option<String>,
    /// The page's URL.
    pub(crate) page: Option<String>,
}

/// Checks what can be checked without AWS.
///
/// # Errors
/// The project has no backend of Gen 2, or one that would use the database of the environment; or a program is missing.
pub(crate) fn check_files(context: &Context) -> Result<()> {
    let generation = Generation::of(&context.root)?;
    if generation != Generation::Gen2 {
        let message = "`cargo xtask preview` needs a backend of Amplify Gen 2 in `amplify`";
        let hint = "nothing was changed; `cargo xtask db preview create` creates a database alone";
        return Err(Failure::new(message).hint(hint).into());
    }
    project::check(&context.root)?;
    let amplify = context.root.join("amplify");
    let reads = |name: &&str| {
        let text = regular_file::read_to_string(&amplify.join(name));
        text.is_ok_and(|text| text.contains(ampx::PREVIEW_DATABASE))
    };
    if !BACKENDS.iter().any(reads) {
        let message = format!(
            "`amplify/backend.ts` does not use the variable {}: the functions of a preview would use the database of its environment",
            ampx::PREVIEW_DATABASE
        );
        return Err(Failure::new(message).hint("nothing was changed; docs/preview.md shows the lines to add").into());
    }
    ["aws", "curl"].into_iter().try_for_each(|program| process::find(program).map(drop))
}

impl<'a> PreviewApps<'a> {
    pub(crate) fn open(context: &'a Context, environment: &'a str) -> Result<Self> {
        let account = Account::open(context, &Place::of(context, Some(environment), None)?)?;
        let prefix = target::infra_stack(context, environment)?;
        Ok(Self { context, account, environment, prefix })
    }

    /// Checks that AWS has what a preview needs.
    ///
    /// # Errors
    /// The environment is protected, was deployed without `previews`, or has no app; or the account is not bootstrapped.
    pub(crate) fn check(&self) -> Result<()> {
        if Stack::find(&self.account, &self.prefix)?.is_some_and(|stack| stack.is_protected()) {
            let message = format!("the stack `{}` is protected, so its environment has no previews", self.prefix);
            return Err(Failure::new(message).hint("nothing was changed; use the environment `dev`").into());
        }
        let partition = self.account.arn.split(':').nth(1).unwrap_or("aws");
        let policy = format!("arn:{partition}:iam::{}:policy/{}-preview-boundary", self.account.number, self.prefix);
        if self.account.find(&["iam", "get-policy", "--policy-arn", &policy])?.is_none() {
            let message = format!("there is no policy `{}-preview-boundary`, which limits the previews", self.prefix);
            let hint = format!(
                "nothing was changed; set `previews = true` in `[infra.environments.{}]` of xtask.toml, and run `cargo xtask infra deploy --env {0}`",
                self.environment
            );
            return Err(Failure::new(message).hint(hint).into());
        }
        self.rules()?;
        bootstrap::check(&self.account).map(drop)
    }

    /// The rules of the environment's app, without the one for the API.
    fn rules(&self) -> Result<Vec<Value>> {
        let none = PublishTarget { env: None, app_id: None };
        let app_id = target::app(self.context, &self.account, &none, self.environment)?;
        Ok(rules::of_page(&app::find(&self.account, &app_id)?))
    }

    /// # Errors
    /// The functions of the environment, and so those of its previews, are on another server, or the database is another
    /// one.
    pub(crate) fn check_origin(&self, origin: &Origin) -> Result<()> {
        let parameters = self.parameters()?;
        let [host, name, id] = PARAMETERS.map(|name| parameters.get(name).map(String::as_str).unwrap_or_default());
        let is_server = id.starts_with(PROXY) || host.eq_ignore_ascii_case(&origin.host);
        if is_server && name == origin.name {
            return Ok(());
        }
        let message = format!(
            "the selected database is `{}` on `{}`, but the functions of `{}` use `{name}` on `{host}`",
            origin.name, origin.host, self.environment
        );
        let hint =
            "nothing was changed; select that one with `--url`; through a tunnel, add `hostaddr=127.0.0.1` to its host";
        Err(Failure::new(message).hint(hint).into())
    }

    fn parameters(&self) -> Result<BTreeMap<String, String>> {
        let folder = format!("/{}/{}/", project_name(self.context)?, self.environment);
        let names = PARAMETERS.map(|name| format!("{folder}{name}"));
        let mut command = vec!["ssm", "get-parameters", "--names"];
        command.extend(names.iter().map(String::as_str));
        let found = self.account.run(&command)?;
        let part = |parameter: &Value| {
            let name = parameter["Name"].as_str()?.strip_prefix(&folder)?.to_owned();
            Some((name, parameter["Value"].as_str()?.to_owned()))
        };
        let parameters: BTreeMap<_, _> =
            found["Parameters"].as_array().into_iter().flatten().filter_map(part).collect();
        match PARAMETERS.into_iter().find(|name| !parameters.contains_key(*name)) {
            None => Ok(parameters),
            Some(missing) => {
                let message = format!("there is no parameter `{folder}{missing}`");
                let hint = format!("nothing was changed; run `cargo xtask infra deploy --env {}`", self.environment);
                Err(Failure::new(message).hint(hint).into())
            }
        }
    }

    /// Whether the environment's cluster no longer exists, and with it the databases of its previews: for example, because
    /// it was deleted by hand, or the stack could only be deleted in part.
    pub(crate) fn has_lost_databases(&self) -> Result<bool> {
        let Some(id) = Stack::resource(&self.account, &self.prefix, "AWS::RDS::DBCluster")? else { return Ok(true) };
        Ok(self.account.find(&["rds", "describe-db-clusters", "--db-cluster-identifier", &id])?.is_none())
    }

    /// The apps of all previews. An app without a record, or with another name, is none.
    pub(crate) fn all(&self) -> Result<Vec<PreviewApp>> {
        let mut answer = self.account.run(&["amplify", "list-apps"])?;
        let apps = answer["apps"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let own = |description: Value| {
            let Description { preview } = serde_json::from_str(description["description"].as_str()?).ok()?;
            let is_own =
                preview.environment == self.environment && description["name"] == self.app_name(&preview.database);
            let id = description["appId"].as_str()?.to_owned();
            let Mark { branch, database, .. } = preview;
            is_own.then_some(PreviewApp { branch, database, id, description })
        };
        Ok(apps.into_iter().filter_map(own).collect())
    }

    fn app_name(&self, database: &str) -> String {
        format!("{}-{}", self.prefix, branch_name(database))
    }

    /// Deploys the backend and publishes the page of the preview with this database, which is at these heads.
    pub(crate) fn publish(self, branch: &str, database: &str, heads: Vec<String>) -> Result<Published> {
        let app_id = match self.all()?.into_iter().find(|app| app.database == database) {
            Some(app) => app.id,
            None => self.create(branch, database)?,
        };
        let (environment, database_name) = (self.environment.to_owned(), database.to_owned());
        let preview = PreviewBackend { environment, database: database_name };
        let publication = Publication::of(self.context, self.account, Some(heads), Some(preview))?;
        let app = app::find(&publication.account, &app_id)?;
        branch::check_app(&app, &app_id)?;
        let name = branch_name(database);
        let found = Branch::find(&publication.account, &app_id, &name)?;
        // Whatever serves the page of the environment: a distribution takes minutes, and its bucket would be kept.
        let (hosting, backend) = (Hosting::Amplify, Backend::Present);
        let destination = Destination { app: &app, app_id: &app_id, name: &name, hosting, backend };
        let released = release::run(&publication, &destination, found, false)?;
        Ok(Published { url: released.url, api: released.api })
    }

    /// Creates the app, with the rules of the environment's app, and returns its id.
    fn create(&self, branch: &str, database: &str) -> Result<String> {
        let rules = Value::Array(self.rules()?).to_string();
        let (environment, branch, database) = (self.environment.to_owned(), branch.to_owned(), database.to_owned());
        let name = self.app_name(&database);
        let mark = serde_json::to_string(&Description { preview: Mark { environment, branch, database } })?;
        if mark.chars().count() > LONGEST_DESCRIPTION {
            return Err(Failure::new("the name of the branch is too long for an Amplify app").into());
        }
        let create = ["amplify", "create-app", "--name", &name, "--description", &mark, "--custom-rules", &rules];
        let id = self.account.run(&create)?["app"]["appId"].as_str().context("create-app returned no id")?.to_owned();
        self.context.report.message(format!("created the app `{name}`, {id}"));
        Ok(id)
    }

    /// What exists of an app.
    pub(crate) fn state(&self, app: &PreviewApp) -> Result<PreviewState> {
        let name = branch_name(&app.database);
        let stack = Stack::find(&self.account, &stack_name::stack_name(&app.id, &name))?;
        let page = match Branch::find(&self.account, &app.id, &name)? {
            None => None,
            Some(branch) => {
                let target = Target { app: &app.description, app_id: &app.id, branch: &branch, name: &name };
                Some(format!("https://{}", amplify_hosting::host(&target)?))
            }
        };
        Ok(PreviewState { backend: stack.map(|stack| stack.status().to_owned()), page })
    }

    /// Deletes the stack of the backend, then the app with its branch. What is gone already is skipped.
    ///
    /// # Errors
    /// The stack is protected, or cannot be deleted. The app still exists then, so that the deletion can be repeated.
    pub(crate) fn delete(&self, app: &PreviewApp) -> Result<()> {
        let supervisor = Supervisor::new(&self.context.report)?;
        let limit = self.context.config.publish.timeout();
        let stack = stack_name::stack_name(&app.id, &branch_name(&app.database));
        // First: the stack has a function that removes itself from the branch.
        if teardown::delete_stack(&self.account, &supervisor, &stack, limit)? {
            self.context.report.message(format!("deleted the stack `{stack}`"));
        }
        if self.account.find(&["amplify", "delete-app", "--app-id", &app.id])?.is_some() {
            self.context.report.message(format!("deleted the app `{}`, {}", self.app_name(&app.database), app.id));
        }
        Ok(())
    }
}

/// The name of the Amplify branch, from that of the database, which tells branches with similar names apart. It is valid as
/// a part of a host name: 63 characters at most, and no underscores.
fn branch_name(database: &str) -> String {
    database.replace('_', "-")
}
