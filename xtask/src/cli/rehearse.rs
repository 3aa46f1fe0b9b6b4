//! The options of `db rehearse`.

use std::path::PathBuf;

use clap::Args;

use super::run::seconds;

/// The longest time, in seconds, that a rehearsal may hold its locks.
const LONGEST_HOLD: u64 = 3600;

/// Run the revisions on the database itself, in a transaction that is rolled back, and report what they lock
///
/// For each statement: its locks and what they block, how long it waited for them and would hold them, the tables that it
/// rewrites and scans, and the rows that it changes. The last lines say what was not rehearsed, what is not as before, and
/// the hash of the plan. Nothing is committed; sequences that were used have advanced.
///
/// The rehearsal really locks tables, for at most `--max-hold`. It holds the migration lock meanwhile, and does not wait
/// for it. What a rollback does not undo is not run: revisions with `Transaction: off`, and statements that call `setval`,
/// dblink and the like. With --copy, everything runs, on a private PostgreSQL.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask db rehearse --url postgres://user@host/name\n  cargo xtask db rehearse --out release.json\n  cargo xtask db rehearse --copy name.dump"
)]
pub(crate) struct RehearseArguments {
    /// Target, as for `upgrade`
    #[arg(default_value = "heads", allow_negative_numbers = true)]
    pub(crate) target: String,
    /// Rehearse a downgrade instead of an upgrade
    #[arg(long)]
    pub(crate) downgrade: bool,
    /// Longest time that locks may be held, from the first statement to the rollback
    #[arg(long, value_name = "SECONDS", default_value_t = 2, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=LONGEST_HOLD))]
    pub(crate) max_hold: u64,
    // The session of a run that has just ended may hold the lock for a moment longer.
    /// How long to wait for a migration to finish
    #[arg(long, value_name = "SECONDS", default_value_t = 5, allow_negative_numbers = true, value_parser = seconds())]
    pub(crate) lock_wait: u64,
    /// Also write the plan to a file, for `upgrade --plan`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Restore this dump of pg_dump (a file or directory of any format) on a private PostgreSQL, and run everything there
    #[arg(long, value_name = "DUMP", conflicts_with_all = ["downgrade", "max_hold", "lock_wait", "out"])]
    pub(crate) copy: Option<PathBuf>,
    /// With --copy: server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto", requires = "copy")]
    pub(crate) postgres: String,
}
