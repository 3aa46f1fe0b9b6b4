//! The embedded database for `cargo xtask dev`. It runs until it is dropped.

use anyhow::Result;
use cluster::Lease;
use connection::Settings;

use super::choose;
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
}
