//! `--env` of `cargo xtask db`: the database of an environment on AWS, which only its network can reach.
//!
//! A build in that network forwards a port of this machine to the database (Session Manager). It has no secrets, and it
//! runs no command: the ordinary one runs here, with TLS to the database itself. The session starts when the command
//! first needs the database, and ends with the command.

mod build;
mod login;
mod tunnel;

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use connection::Settings;

use crate::aws::{Account, Place, Stack};
use crate::cli::{AccessArguments, DbArguments, DbCommand};
use crate::config::DatabaseAccess;
use crate::context::Context;
use crate::db::Remote;
use crate::report::{EXIT_USAGE, Failure};
use crate::{db, infra, process};
use build::Build;
use login::Login;
use tunnel::Tunnel;

/// Runs a `db` command, on the database of an environment if one is named.
pub(crate) fn run(context: &Context, arguments: DbArguments) -> Result<()> {
    if arguments.access.env.is_none() {
        if arguments.access.as_owner {
            let hint = "name the environment with `--env`, or the role in `--url`";
            return Err(Failure::new("`--as-owner` requires `--env`").hint(hint).code(EXIT_USAGE).into());
        }
        return db::run(context, arguments, None);
    }
    let request = Request::of(context, &arguments)?;
    with_session(context, &request, |open| db::run(context, arguments, Some(open)))
        .map_err(|error| request.explain(error))
}

/// Passes on a way to the database of an environment, as its owner.
///
/// # Errors
/// `xtask.toml` does not allow it, or a program is missing.
pub(crate) fn as_owner<T>(
    context: &Context,
    environment: &str,
    then: impl FnOnce(Remote<'_>) -> Result<T>,
) -> Result<T> {
    let request = Request::allowed(context, environment.to_owned(), true)?;
    with_session(context, &request, then)
}

/// The session starts when it is first needed, and ends with the function.
fn with_session<T>(context: &Context, request: &Request, then: impl FnOnce(Remote<'_>) -> Result<T>) -> Result<T> {
    let session = Mutex::new(None);
    let open = || {
        let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
        let session: &mut Session<'_> = match &mut *session {
            Some(session) => session,
            none => none.insert(Session::open(context, request)?),
        };
        Ok(session.settings.clone())
    };
    then(&open)
}

/// A session that `xtask.toml` allows.
struct Request {
    environment: String,
    /// The database user who only reads.
    reader: String,
    as_owner: bool,
}

impl Request {
    /// # Errors
    /// As of [`Self::allowed`], or the command uses no database.
    fn of(context: &Context, arguments: &DbArguments) -> Result<Self> {
        let AccessArguments { env, as_owner } = &arguments.access;
        let name = infra::choose(context, env.as_deref())?;
        if !uses_a_database(&arguments.command) {
            let message = "`--env` is only for commands that use an existing database";
            let hint = "remove `--env`; docs/database-access.md lists the commands";
            return Err(Failure::new(message).hint(hint).code(EXIT_USAGE).into());
        }
        Self::allowed(context, name, *as_owner)
    }

    /// # Errors
    /// `xtask.toml` does not allow it, or a program is missing. Nothing has been requested from AWS then.
    fn allowed(context: &Context, name: String, as_owner: bool) -> Result<Self> {
        let environment = &context.config.infra.environments[&name];
        let refuse = |message: String, value: &str| {
            let hint = format!(
                "nothing was requested from AWS; set `database_access = \"{value}\"` in `[infra.environments.{name}]` of xtask.toml, then run `cargo xtask infra deploy --env {name}` (docs/database-access.md)"
            );
            Err(Failure::new(message).hint(hint).code(EXIT_USAGE).into())
        };
        match (environment.database_access, as_owner) {
            (DatabaseAccess::Off, _) => {
                return refuse(format!("`database_access` of the environment `{name}` is off"), "read");
            }
            (DatabaseAccess::Read, true) => {
                return refuse(format!("`database_access` of the environment `{name}` only allows reading"), "write");
            }
            (DatabaseAccess::Read | DatabaseAccess::Write, _) => {}
        }
        for program in ["aws", "session-manager-plugin"] {
            process::find(program)?;
        }
        Ok(Self { environment: name, reader: environment.database_reader.clone(), as_owner })
    }

    /// The error of a command that changes the database. The engine's hint, to allow that for the connection, is not for a
    /// user who may not.
    fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        let is_read_only = |error: &migrate::Error| matches!(error.hint(), Some(migrate::Hint::AllowWrites));
        if self.as_owner || !error.chain().filter_map(|cause| cause.downcast_ref()).any(is_read_only) {
            return error;
        }
        let message = format!("this command changes the database, which the user `{}` only reads", self.reader);
        let hint = "repeat it with `--as-owner`, if `database_access = \"write\"` allows that";
        Failure::new(message).state("the database is unchanged").hint(hint).into()
    }
}

/// Whether a command uses a database that exists, and no other.
fn uses_a_database(command: &DbCommand) -> bool {
    match command {
        DbCommand::Upgrade { .. }
        | DbCommand::Downgrade { .. }
        | DbCommand::Resume { .. }
        | DbCommand::Stamp { .. }
        | DbCommand::Current { .. }
        | DbCommand::History { .. }
        | DbCommand::Check { .. }
        | DbCommand::Accept { .. }
        | DbCommand::EnsureVersion
        | DbCommand::Plan { .. }
        | DbCommand::Dump { .. }
        | DbCommand::Psql { .. }
        | DbCommand::Status => true,
        DbCommand::Types { amplify, .. } => !amplify,
        DbCommand::Rehearse(arguments) => arguments.copy.is_none(),
        _ => false,
    }
}

/// An open way to a database. Its fields are dropped in this order: stopping the build needs the credentials.
struct Session<'a> {
    settings: Settings,
    _tunnel: Tunnel,
    _build: Build,
    _account: Account<'a>,
}

impl<'a> Session<'a> {
    fn open(context: &'a Context, request: &Request) -> Result<Self> {
        let environment = &request.environment;
        let account = Account::open(context, &Place::of(context, Some(environment), None)?)?;
        context.report.message(&account);
        let name = infra::stack_name(context, environment)?;
        let outputs = Stack::find(&account, &name)?.map(|stack| stack.outputs()).unwrap_or_default();
        // The policies exist if and only if the stack was deployed with the setting.
        let policy = if request.as_owner { "DatabaseWritePolicyArn" } else { "DatabaseReadPolicyArn" };
        let (Some(host), Some(database), Some(secret), true) = (
            outputs.get("DatabaseHost"),
            outputs.get("DatabaseName"),
            outputs.get("DatabaseSecretName"),
            outputs.contains_key(policy),
        ) else {
            let message = format!("the stack `{name}` has no such access to its database yet");
            let hint = format!("run `cargo xtask infra deploy --env {environment}`");
            return Err(Failure::new(message).state("nothing was changed").hint(hint).into());
        };
        let build = Build::start(context, &account, &format!("{name}-access"))?;
        let tunnel = Tunnel::open(&account, build.target(), host)?;
        let login = match request.as_owner {
            true => Login::owner(&account, secret)?,
            false => Login::reader(&account, host, &request.reader)?,
        };
        context.report.message(login.describe(&account));
        let settings = login.settings(context, &account, host, tunnel.port(), database);
        Ok(Self { settings, _tunnel: tunnel, _build: build, _account: account })
    }
}
