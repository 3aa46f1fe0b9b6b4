//! The command line, as passed by `cargo xtask bench`. No behavior.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Compare this engine with other migration tools
#[derive(Debug, Parser)]
pub(crate) struct Cli {
    /// The parts to run [default: all]
    #[arg(value_enum)]
    pub(crate) parts: Vec<Part>,
    /// Only check that the benchmark works: small sizes, one round, no results written
    #[arg(long)]
    pub(crate) quick: bool,
    /// The tools to compare with, separated by commas [default: all]
    #[arg(long, value_delimiter = ',')]
    pub(crate) peers: Vec<String>,
    /// Root of the checkout
    #[arg(long)]
    pub(crate) root: PathBuf,
    /// Target directory for builds
    #[arg(long)]
    pub(crate) target: PathBuf,
    /// PostgreSQL major version used in production
    #[arg(long, default_value_t = 17)]
    pub(crate) major: u32,
}

/// The parts of the comparison, in the order they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Time and memory of applying, no-op runs, display and downgrades
    Speed,
    /// Session overhead on a socket, over TCP, and with TLS
    Sessions,
    /// Round trips per revision, with a distant server
    Latency,
    /// Query latency of the application while a revision waits for a lock
    Load,
    /// Recovery after the client, its session or the server dies
    Faults,
    /// 100,000 revisions, and 200 databases
    Fleet,
    /// Time of writing a large schema as SQL
    Dump,
    /// Time of comparing two large schemas
    Diff,
    /// Clean build time, and the overhead of `cargo xtask`
    Build,
}
