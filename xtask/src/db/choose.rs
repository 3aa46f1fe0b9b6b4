//! Which database to use: the first of `--env`, `--url`, `DATABASE_URL`, `DATABASE_SECRET_*`, `PG*`, or else the embedded
//! one.

use anyhow::{Context as _, Result};
use cluster::{Home, Lease};
use connection::{Secret, Settings};
use migrate::Session;
use serde_json::Value;

use super::task::Db;
use crate::aws;
use crate::context::Context;
use crate::report::Failure;

/// The libpq variables that select a database; the others only affect how to connect.
const NAMING_VARIABLES: [&str; 5] = ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT"];

const SECRET_VARIABLES: [&str; 5] = [
    "DATABASE_SECRET_USERNAME",
    "DATABASE_SECRET_PASSWORD",
    "DATABASE_SECRET_HOST",
    "DATABASE_SECRET_PORT",
    "DATABASE_SECRET_DBNAME",
];

/// A database to connect to.
pub(crate) struct Database {
    pub(crate) settings: Settings,
    /// The option or variable that named it, for messages.
    pub(crate) named_by: String,
    /// Keeps the embedded database running.
    lease: Option<Lease>,
}

impl Database {
    /// Chooses the database, and starts it if it is the embedded one.
    pub(crate) fn choose(db: &Db<'_>) -> Result<Self> {
        let mut database = Self::selected(db)?;
        if let Some(name) = &db.database {
            database.settings = database.settings.with_database(name);
        }
        Ok(database)
    }

    fn selected(db: &Db<'_>) -> Result<Self> {
        if let Some(named) = named(db)? {
            return Ok(named);
        }
        refuse_in_ci(db.context)?;
        let report = &db.context.report;
        let print = |text: &str| report.message(text);
        let lease = home(db.context)?.open(&print)?.lease(&print)?;
        Ok(Self {
            settings: settings(db.context, &embedded_url(lease.socket()))?,
            named_by: "the embedded PostgreSQL".to_owned(),
            lease: Some(lease),
        })
    }

    /// Whether it is the embedded one, which may stop when this is dropped.
    pub(crate) fn is_embedded(&self) -> bool {
        self.lease.is_some()
    }

    /// Opens a session.
    pub(crate) fn connect(&self, db: &Db<'_>) -> Result<Session> {
        Ok(Session::connect(&self.settings, db.options.clone(), db.context.report.listener())?)
    }
}

/// The directories of the embedded database.
pub(crate) fn home(context: &Context) -> Result<Home> {
    Ok(Home::new(&context.target(), context.config.postgres.major)?)
}

pub(crate) fn embedded_url(socket: &std::path::Path) -> String {
    let host = setting("host", &socket.display().to_string());
    format!("{host} port=5432 user=postgres dbname=postgres sslmode=disable")
}

/// A setting in the form `keyword='value'`, with any value.
fn setting(keyword: &str, value: &str) -> String {
    format!("{keyword}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Fails in CI, where the embedded database would be unexpected.
pub(crate) fn refuse_in_ci(context: &Context) -> Result<()> {
    if !context.is_ci() {
        return Ok(());
    }
    let hint = "set one of `--url`, DATABASE_URL, DATABASE_SECRET_USERNAME/PASSWORD/HOST/PORT/DBNAME, DATABASE_SECRET_ARN, PGHOST (or PGSERVICE)";
    let message =
        "no database is configured, and the embedded one is not available in CI (CI or CODEBUILD_BUILD_ID is set)";
    Err(Failure::new(message).hint(hint).into())
}

/// The configured database; `None` for the embedded one.
pub(crate) fn named(db: &Db<'_>) -> Result<Option<Database>> {
    let context = db.context;
    let variable = |name: &str| context.variable(name);
    let found = |named_by: &str, settings: Settings| {
        Ok(Some(Database { settings, named_by: named_by.to_owned(), lease: None }))
    };
    if let Some(open) = db.remote {
        return found("--env", open()?);
    }
    if let Some(url) = &db.url {
        return found("--url", settings(context, url)?);
    }
    if let Some(url) = variable("DATABASE_URL") {
        return found("DATABASE_URL", settings(context, &url).context("DATABASE_URL")?);
    }
    if SECRET_VARIABLES.iter().any(|name| variable(name).is_some()) {
        let [user, password, host, port, database] = SECRET_VARIABLES.map(variable);
        let missing: Vec<&str> = SECRET_VARIABLES.into_iter().filter(|name| variable(name).is_none()).collect();
        let optional = ["DATABASE_SECRET_PORT", "DATABASE_SECRET_DBNAME", "DATABASE_SECRET_PASSWORD"];
        if let Some(name) = missing.iter().find(|name| !optional.contains(name)) {
            return Err(Failure::new(format!("`{name}` is not set, but other DATABASE_SECRET_* variables are")).into());
        }
        let settings = from_parts(context, [user, password, host, port, database]);
        return found("DATABASE_SECRET_*", settings.context("DATABASE_SECRET_*")?);
    }
    if let Some(arn) = variable("DATABASE_SECRET_ARN") {
        return found("DATABASE_SECRET_ARN", from_secrets_manager(context, &arn)?);
    }
    if let Some(name) = NAMING_VARIABLES.into_iter().find(|name| variable(name).is_some()) {
        return found(name, settings(context, "")?);
    }
    Ok(None)
}

/// The settings of a connection string, with this project's defaults and the IAM token.
pub(crate) fn settings(context: &Context, text: &str) -> Result<Settings> {
    with_token(context, resolve(context, text)?)
}

/// Like [`settings`], without the token.
fn resolve(context: &Context, text: &str) -> Result<Settings> {
    Ok(Settings::resolve(text, &|name| context.variable(name))?
        .with_rds_bundle(context.root.join("db/certs/rds-global-bundle.pem"))
        .with_default("application_name", application_name(context)))
}

/// The settings of a line of a list. Missing ones default to the configured database, if there is one.
pub(super) fn of_line(context: &Context, line: &str, named: Option<&Database>) -> Result<Settings> {
    match named {
        Some(named) => Ok(named.settings.overlaid(line, &|name| context.variable(name))?),
        None => resolve(context, line),
    }
}

/// The name that other sessions see while they wait for the lock.
fn application_name(context: &Context) -> String {
    let build = context.variable("CODEBUILD_BUILD_ID").map(|id| format!(" {id}")).unwrap_or_default();
    // The server truncates names to 63 bytes.
    format!("xtask db{build}").chars().take(63).collect()
}

fn from_parts(context: &Context, [user, password, host, port, database]: [Option<String>; 5]) -> Result<Settings> {
    let text: String = [("user", user), ("host", host), ("port", port), ("dbname", database)]
        .into_iter()
        .filter_map(|(keyword, value)| Some(setting(keyword, &value?) + " "))
        .collect();
    let settings = settings(context, &text)?;
    Ok(match password {
        Some(password) => settings.with_password(Secret::new(password)),
        None => settings,
    })
}

/// Reads the secret that RDS keeps in Secrets Manager, with the aws CLI.
fn from_secrets_manager(context: &Context, arn: &str) -> Result<Settings> {
    let secret = aws::json(arn, &aws::secret(context, arn, &[])?)?;
    let part = |name: &str| match &secret[name] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    from_parts(context, ["username", "password", "host", "port", "dbname"].map(part))
}

/// Replaces the password with an IAM token if `DATABASE_IAM_AUTH` is set.
pub(super) fn with_token(context: &Context, settings: Settings) -> Result<Settings> {
    if context.variable("DATABASE_IAM_AUTH").as_deref() != Some("1") {
        return Ok(settings);
    }
    let host = settings.hosts().first().copied().unwrap_or_default().to_owned();
    let port = settings.ports().first().copied().unwrap_or(5432).to_string();
    let arguments = aws::generate_token(&host, &port, settings.user());
    let token = aws::read(context, &arguments, "generate a token (DATABASE_IAM_AUTH=1)")?;
    Ok(settings.with_password(Secret::new(token.trim())))
}
