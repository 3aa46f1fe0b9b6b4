//! `start`, `stop`, `status` and `psql`.

use std::os::unix::process::CommandExt;

use anyhow::Result;
use serde_json::json;

use super::choose::{self, Database};
use super::task::Db;
use crate::interrupt;
use crate::process;
use crate::report::{Failure, heads_text};

impl Db<'_> {
    pub(super) fn start(&mut self) -> Result<()> {
        let report = &self.context.report;
        let print = |text: &str| report.message(text);
        let lease = choose::home(self.context)?.open(&print)?.lease(&print)?;
        lease.embedded().keep(true)?;
        let settings = choose::settings(self.context, &choose::embedded_url(lease.socket()))?;
        report.message(format!("the embedded PostgreSQL is running: {}", settings.describe()));
        report.message("`cargo xtask db psql` opens it, `cargo xtask db stop` stops it");
        Ok(())
    }

    pub(super) fn stop(&mut self) -> Result<()> {
        let home = choose::home(self.context)?;
        let report = &self.context.report;
        let was_running = home.has_server() && home.open(&|text| report.message(text))?.stop()?;
        report.message(if was_running {
            "stopped the embedded PostgreSQL"
        } else {
            "the embedded PostgreSQL is not running"
        });
        Ok(())
    }

    /// Shows which database is used, whether it is reachable, and its state.
    pub(super) fn status(&mut self) -> Result<()> {
        let report = &self.context.report;
        let Some(database) = choose::named(self)? else {
            choose::refuse_in_ci(self.context)?;
            return self.embedded_status();
        };
        let name = database.settings.describe();
        if !report.is_json() {
            report.data(format!("database:  {name} (from {})", database.named_by));
        }
        let state = database.connect(self)?.state()?;
        let at = heads_text(&state.rows);
        if report.is_json() {
            report.json(&json!({"database": name, "named_by": database.named_by, "heads": state.rows, "partially_applied": partially_applied(&state)}));
        } else {
            report.data(format!("revisions: {at}"));
            partially_applied(&state).iter().for_each(|revision| report.data(format!("partially applied: {revision}")));
        }
        Ok(())
    }

    fn embedded_status(&mut self) -> Result<()> {
        let report = &self.context.report;
        let status = choose::home(self.context)?.status();
        let data = status.data.display().to_string();
        let socket = status.socket.display().to_string();
        let (running, kept) = (status.is_running, status.is_kept);
        let mut heads = None;
        if running {
            let database = Database::choose(self)?;
            heads = Some(database.connect(self)?.state()?);
        }
        if report.is_json() {
            let rows = heads.as_ref().map(|state| state.rows.clone());
            let partially_applied = heads.as_ref().map(partially_applied);
            report.json(&json!({"database": "embedded", "running": running, "kept": kept, "has_data": status.has_data, "data": data, "socket": socket, "heads": rows, "partially_applied": partially_applied}));
            return Ok(());
        }
        report.data(format!("database:  the embedded PostgreSQL {}", self.context.config.postgres.major));
        report.data(match (running, kept, status.has_data) {
            (true, true, _) => "server:    running until `cargo xtask db stop`",
            (true, false, _) => "server:    running for another command",
            (false, _, true) => "server:    stopped; commands start it when they need it",
            (false, _, false) => "server:    not created; `cargo xtask db upgrade` creates it",
        });
        report.data(format!("data:      {data}"));
        report.data(format!("socket:    {socket}"));
        report.data(format!("log:       {}", status.log.display()));
        if let Some(state) = heads {
            report.data(format!("revisions: {}", heads_text(&state.rows)));
            partially_applied(&state).iter().for_each(|revision| report.data(format!("partially applied: {revision}")));
        }
        Ok(())
    }

    /// Runs psql on the chosen database; the password is passed in the environment.
    pub(super) fn psql(&mut self, arguments: &[String]) -> Result<()> {
        let psql = process::find("psql")?;
        let database = Database::choose(self)?;
        // psql is in the foreground and handles Ctrl-C itself.
        let mut command = process::inherit(&psql);
        command.args(arguments).envs(database.settings.to_environment());
        // The embedded server and a session on AWS end with this program.
        if !database.is_embedded() && self.remote.is_none() {
            return Err(Failure::new(format!("could not run psql: {}", command.exec())).into());
        }
        interrupt::leave_to_child();
        let status = command.status()?;
        match status.code() {
            Some(0) => Ok(()),
            code => Err(Failure::new("psql failed").code(code.unwrap_or(1).clamp(1, 255) as u8).into()),
        }
    }
}

/// The partially applied revisions.
fn partially_applied(state: &migrate::State) -> Vec<String> {
    state.partially_applied().map(|partial| partial.revision.to_owned()).collect()
}
