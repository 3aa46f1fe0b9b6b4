//! Whether a build belongs to a release or to a rollback.

use anyhow::Result;

use crate::context::Context;
use crate::report::{EXIT_USAGE, Failure};

/// The variable of the pipeline, which its builds get. `infra/src/pipeline.ts` declares it, with `none` as its default.
pub(crate) const ROLLBACK: &str = "RELEASE_ROLLBACK";

/// This file, from the root of the checkout: a commit without it has a tool that knows no rollbacks.
pub(crate) const SOURCE_FILE: &str = file!();

/// What an execution of the pipeline does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReleaseKind {
    /// Releases the commit.
    Forward,
    /// Publishes an earlier commit, and leaves the database as it is.
    PageBack,
    /// Publishes an earlier commit, and reverts the revisions that it does not have.
    DatabaseBack,
}

impl ReleaseKind {
    /// The kind of the execution that this build belongs to.
    pub(crate) fn of(context: &Context) -> Result<Self> {
        let value = context.variable(ROLLBACK);
        let kinds = [Self::Forward, Self::PageBack, Self::DatabaseBack];
        match value.as_deref() {
            None => Ok(Self::Forward),
            Some(value) => kinds.into_iter().find(|kind| kind.value() == value).ok_or_else(|| {
                let hint = format!("it is one of {}", kinds.map(Self::value).join(", "));
                Failure::new(format!("`{ROLLBACK}` is `{value}`")).hint(hint).code(EXIT_USAGE).into()
            }),
        }
    }

    /// The value of the variable.
    pub(crate) fn value(self) -> &'static str {
        match self {
            Self::Forward => "none",
            Self::PageBack => "page",
            Self::DatabaseBack => "database",
        }
    }
}
