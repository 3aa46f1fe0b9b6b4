//! The commands of `db preview`.

use clap::{Args, Subcommand};

/// Give a branch a database of its own, on the server of another one
///
/// It is created like the database that is selected (`--url`, DATABASE_URL, …), for example that of `dev`, but empty, and
/// gets the revisions and the seeds of this checkout. Its comment records the branch.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask db preview create\n  cargo xtask db preview create feature/ABC-12\n  cargo xtask db preview list\n  cargo xtask db preview delete feature/ABC-12\n  cargo xtask db preview prune --days 7"
)]
pub(crate) struct PreviewArguments {
    #[command(subcommand)]
    pub(crate) command: PreviewCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PreviewCommand {
    /// Create the database of a branch if there is none, apply the revisions, and print its name
    ///
    /// Seeds run only once. Run the command again after each change of the branch.
    #[command(
        after_help = "Examples:\n  cargo xtask db preview create\n  cargo xtask db preview create feature/ABC-12 --recreate"
    )]
    Create {
        /// Branch [default: the one that is checked out]
        branch: Option<String>,
        /// Delete the database first, for example because a revision has been edited
        #[arg(long)]
        recreate: bool,
    },
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
    Prune {
        /// Keep the previews that were updated in the last days
        #[arg(long, value_name = "DAYS", default_value_t = 14, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
        /// Branch that branches are merged into [default: main, or `since` of `[lint]` in xtask.toml]
        #[arg(long, value_name = "COMMIT")]
        merged_into: Option<String>,
        /// Print what would be deleted, and delete nothing
        #[arg(long)]
        dry_run: bool,
    },
}
