//! `bench`: this engine beside what users would pick instead, on one machine in one run. `cargo xtask bench` runs it.
//!
//! Each part is a file. What it finds out goes to standard output as a table and, unless `--quick`, into the page that quotes it.

mod build;
mod chart;
mod database;
mod faults;
mod fleet;
mod latency;
mod load;
mod measure;
mod page;
mod peers;
mod speed;
mod workload;
mod workshop;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use workshop::Workshop;

/// This engine beside what users would pick instead.
#[derive(Debug, Parser)]
struct Cli {
    /// Only these parts; all of them if none is named
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Small sizes, a round each, nothing written: whether the harness works
    #[arg(long)]
    quick: bool,
    /// Only these tools beside the engine, separated by commas; all of them if none is named
    #[arg(long, value_delimiter = ',')]
    peers: Vec<String>,
    /// The root of the checkout
    #[arg(long)]
    root: PathBuf,
    /// Where builds go
    #[arg(long)]
    target: PathBuf,
    /// The major version of production
    #[arg(long, default_value_t = 17)]
    major: u32,
}

/// A part of the comparison, in the order they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Applying, doing nothing, showing, going back: time and memory
    Speed,
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

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            page::talk(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let workshop = Workshop::open(cli)?;
    let is_chosen = |part: &&Part| cli.parts.is_empty() || cli.parts.contains(part);
    for part in Part::value_variants().iter().filter(is_chosen) {
        match part {
            Part::Speed => speed::run(&workshop)?,
            Part::Latency => latency::run(&workshop)?,
            Part::Load => load::run(&workshop)?,
            Part::Faults => faults::run(&workshop)?,
            Part::Fleet => fleet::run(&workshop)?,
            Part::Build => build::run(&workshop)?,
        }
    }
    Ok(())
}
