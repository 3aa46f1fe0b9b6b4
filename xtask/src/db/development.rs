//! The embedded database for `cargo xtask dev`, with the rows of `seeds.sql`. It runs until it is dropped.

use anyhow::{Context as _, Result};
use cluster::Lease;
use connection::Settings;

use super::choose::{self, Database};
use super::task::Db;
use crate::context::Context;

pub(crate) struct Development {
    pub(super) url: String,
    /// Stops the server when dropped, unless `db start` keeps it running.
    _lease: Lease,
}

impl Development {
    pub(super) fn start(context: &Context) -> Result<Self> {
        let print = |text: &str| context.report.message(text);
        let lease = choose::home(context)?.open(&print)?.lease(&print)?;
        Ok(Self { url: choose::embedded_url(lease.socket()), _lease: lease })
    }

    /// libpq's variables for a role that the server trusts; without one, for the owner of the database.
    pub(crate) fn variables(&self, role: Option<&str>) -> Result<Vec<(&'static str, String)>> {
        let settings = Settings::resolve(&self.url, &|_| None)?;
        Ok(match role {
            Some(role) => settings.overlaid(&format!("user={role}"), &|_| None)?,
            None => settings,
        }
        .to_environment())
    }

    /// Runs the `seeds.sql` next to the revisions' directory, if there is one.
    pub(super) fn seed(&mut self, db: &Db<'_>) -> Result<()> {
        let path = db.directory.with_file_name("seeds.sql");
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        let sql = regular_file::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mut session = Database::choose(db)?.connect(db)?;
        session.connection().send(&sql).with_context(|| path.display().to_string())
    }
}
