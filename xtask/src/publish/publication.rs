//! What a publication of either generation needs: an up-to-date database, an account, and the built page.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::aws::{Account, Place};
use crate::cli::{PublishArguments, PublishCommand};
use crate::context::Context;
use crate::report::{Failure, duration};
use crate::supervise::Supervisor;
use crate::{db, frontend, json_file, process, revisions};

/// A publication that has begun, and has not changed anything yet.
pub(super) struct Publication<'a> {
    pub(super) context: &'a Context,
    pub(super) account: Account<'a>,
    pub(super) supervisor: Supervisor,
    /// The timeout of each step.
    pub(super) limit: Duration,
    /// The heads that the database is at; `None` if the check was skipped.
    pub(super) heads: Option<Vec<String>>,
    /// `None` for an environment.
    pub(super) preview: Option<PreviewBackend>,
    start: Instant,
}

/// What the backend of a preview uses.
pub(super) struct PreviewBackend {
    /// The environment whose network and server it is in.
    pub(super) environment: String,
    /// Its database.
    pub(super) database: String,
}

impl<'a> Publication<'a> {
    /// Gets the identity, and checks the database. `recorded` is the region of a Gen 1 environment.
    pub(super) fn begin(
        context: &'a Context,
        arguments: &PublishArguments,
        environment: &str,
        recorded: Option<String>,
    ) -> Result<Self> {
        // First, because the database may be named by a secret, which must not be read in another account.
        let account = Account::open(context, &Place::of(context, Some(environment), recorded)?)?;
        let is_checked = arguments.command != Some(PublishCommand::Init) && !arguments.skip_database_check;
        let has_revisions = is_checked && !revisions::read(context)?.is_empty();
        if is_checked && !has_revisions {
            context.report.message("there are no revisions, so the database is not checked");
        }
        let heads = has_revisions.then(|| db::require_current(context, &target(context))).transpose()?;
        Self::of(context, account, heads, None)
    }

    /// A publication with an identity, to a database at these heads.
    pub(super) fn of(
        context: &'a Context,
        account: Account<'a>,
        heads: Option<Vec<String>>,
        preview: Option<PreviewBackend>,
    ) -> Result<Self> {
        let mut supervisor = Supervisor::new(&context.report)?;
        supervisor.hide(account.secrets());
        context.report.message(&account);
        let (limit, start) = (context.config.publish.timeout(), Instant::now());
        Ok(Self { context, account, supervisor, limit, heads, preview, start })
    }

    /// Builds the page with its `release.json`; or, with `--skip-build`, checks that it was built from this commit for this
    /// environment.
    pub(super) fn build(&self, skip_build: bool, environment: &str, distribution: &Path) -> Result<()> {
        let context = self.context;
        if !skip_build {
            if process::has_changes(&context.root) {
                context
                    .report
                    .warn("there are uncommitted changes, which the commit shown on the page does not include");
            }
            return frontend::build(context, environment, self.heads.as_deref());
        }
        let path = distribution.join("release.json");
        let shown = context.shorten(&path).display().to_string();
        let hint = "remove `--skip-build`";
        let built = json_file::read(&path)
            .map_err(|error| Failure::new(format!("nothing to publish: {error:#}")).hint(hint))?;
        let is_current =
            built["environment"] == environment && built["commit"].as_str() == context.provenance().commit.as_deref();
        match is_current {
            true => Ok(()),
            false => Err(Failure::new(format!("`{shown}` was built from another commit, or for another environment"))
                .hint(hint)
                .into()),
        }
    }

    /// Prints the page's address.
    pub(super) fn finish(&self, environment: &str, url: &str) {
        let report = &self.context.report;
        report.message(format!("published as `{environment}` in {}:", duration(self.start.elapsed())));
        report.data(url);
    }
}

/// The target that the database must be at: the one it was upgraded to.
fn target(context: &Context) -> String {
    context.variable("DATABASE_TARGET").unwrap_or_else(|| "heads".to_owned())
}
