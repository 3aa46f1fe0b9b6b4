//! The options of the commands that run revisions.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use crate::config::LONGEST_SECONDS;

/// A duration in seconds.
pub(super) fn seconds() -> RangedU64ValueParser {
    clap::value_parser!(u64).range(0..=LONGEST_SECONDS)
}

/// Where a plan starts, and whether it runs.
#[derive(Debug, Default, Args)]
pub(crate) struct RunArguments {
    /// Print a script for psql instead of running it
    #[arg(long)]
    pub(crate) sql: bool,
    /// With --sql: heads to start from, or `base` [default: base; required for a downgrade]
    #[arg(long, value_name = "HEAD,HEAD", value_delimiter = ',', requires = "sql")]
    pub(crate) from: Vec<String>,
    /// Show the plan without running it
    #[arg(long, conflicts_with = "sql")]
    pub(crate) dry_run: bool,
    /// How long to wait for another migration to finish [default: 300, or as set in xtask.toml]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds())]
    pub(crate) lock_wait: Option<u64>,
    /// Also show the queries of sessions that hold a lock that a revision waits for; they may contain passwords
    #[arg(long)]
    pub(crate) show_queries: bool,
}

/// A plan that `db plan --out` has written.
#[derive(Debug, Args)]
pub(crate) struct ApprovedArguments {
    /// Run this plan of `db plan --out`, and nothing else: refused if the database or the files now lead to another one
    #[arg(long = "plan", id = "plan", value_name = "FILE", conflicts_with_all = ["target", "sql"])]
    pub(crate) plan: Option<PathBuf>,
}

/// Many databases with the same revisions.
#[derive(Debug, Args)]
pub(crate) struct FleetArguments {
    /// Upgrade every database in a list, one URL or libpq's `dbname=…` per line; missing settings default to --url or the environment
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sql", "dry_run", "plan"])]
    pub(crate) each: Option<PathBuf>,
    /// With --each: number of databases to upgrade at the same time
    #[arg(long, value_name = "COUNT", requires = "each", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// With --each: upgrade only slice K of N of the list, to share it among builds
    #[arg(long, value_name = "K/N", requires = "each")]
    pub(crate) slice: Option<Slice>,
}

/// One of `of` equal slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) of: usize,
}

impl std::str::FromStr for Slice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("expected K/N, with K from 1 to N".to_owned()),
        }
    }
}
