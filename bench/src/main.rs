//! `bench`: compares this engine with other migration tools, on one machine in one run. `cargo xtask bench` runs it.
//!
//! Each part is a file. It prints its results as tables to standard output and, unless `--quick`, updates the page that shows them.

mod build;
mod certificate;
mod chart;
mod cli;
mod diff;
mod dump;
mod faults;
mod fleet;
mod harness;
mod large_schema;
mod latency;
mod load;
mod log;
mod measure;
mod page;
mod peers;
mod server;
mod sessions;
mod speed;
mod workload;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use cli::{Cli, Part};
use harness::Harness;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::log(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    peers::check_names(&cli.peers, &diff::NAMES)?;
    let harness = Harness::open(cli)?;
    let is_chosen = |part: &&Part| cli.parts.is_empty() || cli.parts.contains(part);
    for part in Part::value_variants().iter().filter(is_chosen) {
        match part {
            Part::Speed => speed::run(&harness)?,
            Part::Sessions => sessions::run(&harness)?,
            Part::Latency => latency::run(&harness)?,
            Part::Load => load::run(&harness)?,
            Part::Faults => faults::run(&harness)?,
            Part::Fleet => fleet::run(&harness)?,
            Part::Dump => dump::run(&harness)?,
            Part::Diff => diff::run(&harness)?,
            Part::Build => build::run(&harness)?,
        }
    }
    Ok(())
}
