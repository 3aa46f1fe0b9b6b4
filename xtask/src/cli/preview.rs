//! The commands of `preview`, and of `db preview`, which is about the databases alone.

use clap::{Args, Subcommand};

/// Give a branch a page, an API and a database of its own
///
/// The database is next to that of the environment. The page and the API are an Amplify app of their own, because the rule
/// that leads from the page to its API belongs to an app (docs/preview.md).
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask preview create\n  cargo xtask preview create feature/ABC-12\n  cargo xtask preview list\n  cargo xtask preview delete feature/ABC-12\n  cargo xtask preview prune --days 7"
)]
pub(crate) struct PreviewArguments {
    /// Environment, which allows it with `previews = true` [default: $AMPLIFY_ENV, or the only one in xtask.toml]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Database of the environment [default: $DATABASE_URL, …, or a session as its owner (docs/database-access.md)]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Print JSON lines to standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: PreviewCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PreviewCommand {
    /// Create or update the database of a branch, deploy its backend, publish its page, and print the page's URL
    ///
    /// Run the command again after each change of the branch, and after a failure.
    #[command(
        after_help = "Examples:\n  cargo xtask preview create\n  cargo xtask preview create feature/ABC-12 --recreate"
    )]
    Create(CreateArguments),
    /// List the previews: which of database, backend and page exist, and what they cost
    #[command(after_help = "Example:\n  cargo xtask preview list --json")]
    List,
    /// Delete the backend of a branch, its page, and its database
    ///
    /// What has been deleted already is no error, so the command can be repeated after a failure.
    #[command(after_help = "Example:\n  cargo xtask preview delete feature/ABC-12")]
    Delete {
        /// Branch, or the name of the database
        branch: String,
    },
    /// Delete the previews of merged branches, and those that have not been updated for some days
    ///
    /// A branch counts as merged as for `cargo xtask db preview prune`. A page without a database is deleted too.
    #[command(
        after_help = "Examples:\n  cargo xtask preview prune --dry-run\n  cargo xtask preview prune --days 7 --merged-into origin/main"
    )]
    Prune(PruneArguments),
}

/// Give a branch a database of its own, on the server of another one
///
/// It is created like the database that is selected (`--url`, DATABASE_URL, …), for example that of `dev`, but empty, and
/// gets the revisions and the seeds of this checkout. Its comment records the branch.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask db preview create\n  cargo xtask db preview create feature/ABC-12\n  cargo xtask db preview list\n  cargo xtask db preview delete feature/ABC-12\n  cargo xtask db preview prune --days 7"
)]
pub(crate) struct DbPreviewArguments {
    #[command(subcommand)]
    pub(crate) command: DbPreviewCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbPreviewCommand {
    /// Create the database of a branch if there is none, apply the revisions, and print its name
    ///
    /// Seeds run only once. Run the command again after each change of the branch.
    #[command(
        after_help = "Examples:\n  cargo xtask db preview create\n  cargo xtask db preview create feature/ABC-12 --recreate"
    )]
    Create(CreateArguments),
    /// List the previews with their branch, age and size, and what their storage costs
    #[command(after_help = "Example:\n  cargo xtask db preview list --json")]
    List,
    /// Delete the database of a branch, and end its sessions
    #[command(after_help = "Example:\n  cargo xtask db preview delete feature/ABC-12")]
    Delete {
        /// Branch, or the name of the database
        branch: String,
    },
    /// Delete the previews of merged branches, and those that have not been updated for some days
    ///
    /// A branch counts as merged once the target contains the commit that its preview was last updated from. This does not
    /// detect branches that were squashed or rebased when they were merged: delete these, or wait.
    #[command(
        after_help = "Examples:\n  cargo xtask db preview prune --dry-run\n  cargo xtask db preview prune --days 7 --merged-into origin/main"
    )]
    Prune(PruneArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    /// Branch [default: the one that is checked out]
    pub(crate) branch: Option<String>,
    /// Delete the database first, for example because a revision has been edited
    #[arg(long)]
    pub(crate) recreate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PruneArguments {
    /// Keep the previews that were updated in the last days
    #[arg(long, value_name = "DAYS", default_value_t = 14, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(crate) days: u32,
    /// Branch that branches are merged into [default: main, or `since` of `[lint]` in xtask.toml]
    #[arg(long, value_name = "COMMIT")]
    pub(crate) merged_into: Option<String>,
    /// Print what would be deleted, and delete nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
