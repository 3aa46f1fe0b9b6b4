//! The options of the commands that rewrite revisions.

use clap::Args;

/// Which revisions become one.
#[derive(Debug, Args)]
pub(crate) struct SquashArguments {
    /// Range with both ends, as for `history -r`; either end can be empty or `current`
    #[arg(value_name = "FROM:TO", allow_hyphen_values = true)]
    pub(crate) rev_range: String,
    /// What the revision does, in a few words
    #[arg(short, long)]
    pub(crate) message: String,
    /// Prove it and show what would be replaced, without writing anything
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
}

/// Which branch is moved, and where.
#[derive(Debug, Args)]
pub(crate) struct RebaseArguments {
    /// Head of the branch to move [default: the one of two heads that is not in main, or in `since` of `[lint]` in xtask.toml]
    pub(crate) revision: Option<String>,
    /// Head to move it after [default: the other head]
    #[arg(long, value_name = "HEAD")]
    pub(crate) onto: Option<String>,
    /// Prove it and show what would change, without writing anything
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
}
