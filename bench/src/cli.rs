//! The command line, which `cargo xtask bench` fills in. No behaviour.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// This engine beside what users would pick instead.
#[derive(Debug, Parser)]
pub(crate) struct Cli {
    /// Only these parts; all of them if none is named
    #[arg(value_enum)]
    pub(crate) parts: Vec<Part>,
    /// Small sizes, a round each, nothing written: whether the harness works
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these tools beside the engine, separated by commas; all of them if none is named
    #[arg(long, value_delimiter = ',')]
    pub(crate) peers: Vec<String>,
    /// The root of the checkout
    #[arg(long)]
    pub(crate) root: PathBuf,
    /// Where builds go
    #[arg(long)]
    pub(crate) target: PathBuf,
    /// The major version of production
    #[arg(long, default_value_t = 17)]
    pub(crate) major: u32,
}

/// A part of the comparison, in the order they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Applying, doing nothing, showing, going back: time and memory
    Speed,
    /// Opening a session: on a socket, on TCP, with TLS
    Sessions,
    /// A revision's round trips to a server that is far away
    Latency,
    /// What the application's queries wait for while a revision waits for its lock
    Load,
    /// What is left when the client, its session or the server dies
    Faults,
    /// A hundred thousand revisions, two hundred databases
    Fleet,
    /// The build from nothing, and what `cargo xtask` costs over the binary
    Build,
}
