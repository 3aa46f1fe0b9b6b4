//! `verify`: proves revisions before they leave. `cargo xtask db lint` and `cargo xtask db verify` run it.

mod catalog;
mod finding;
mod lint;
mod round_trip;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use finding::Format;

/// Proves revisions before they leave.
#[derive(Debug, Parser)]
struct Cli {
    /// The directory of the revisions
    #[arg(long)]
    dir: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Look for what would hurt in production
    Lint {
        /// Only revisions that are not in this commit
        #[arg(long)]
        since: Option<String>,
        /// How to print what is found
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// The major version of production
        #[arg(long, default_value_t = 17)]
        major: u32,
    },
    /// Take every revision up, down and up again on a PostgreSQL of its own, and compare the catalog after each step
    RoundTrip {
        /// Where the binaries of the embedded PostgreSQL are
        #[arg(long)]
        target: PathBuf,
        /// The major version of production
        #[arg(long, default_value_t = 17)]
        major: u32,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.task {
        Task::Lint { since, format, major } => lint::run(&cli.dir, since.as_deref(), format, major),
        Task::RoundTrip { target, major } => round_trip::run(&cli.dir, &target, major),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            finding::talk(&format!("error: {error:#}"));
            if let Some(hint) = error.downcast_ref::<migrate::Error>().and_then(migrate::Error::hint) {
                finding::talk(&format!("  next: {hint}"));
            }
            ExitCode::FAILURE
        }
    }
}
