//! `verify`: proves revisions before they leave. `cargo xtask db lint`, `db verify`, `db dump` and `db trace` run it.

mod difference;
mod finding;
mod fixture;
// Words the engine's hints as commands: one file for `cargo xtask` and for what it runs.
#[path = "../../../xtask/src/hint.rs"]
mod hint;
mod lint;
mod round_trip;
mod scratch;
mod server;
mod trace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use finding::Format;
use server::Choice;

/// Proves revisions before they leave.
#[derive(Debug, Parser)]
struct Cli {
    /// The directory of the revisions
    #[arg(long, default_value = "db/versions")]
    dir: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Report what would be unsafe in production
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
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Print what the revisions make, as SQL
    Dump {
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Show what each statement locks, rewrites and reads, by running the revisions
    Trace {
        /// Only this revision
        revision: Option<String>,
        /// Fill each table up to this many rows first
        #[arg(long, default_value_t = 0)]
        rows: u64,
        /// JSON lines
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Start a server, print its URL, and keep it until standard input ends
    Serve {
        #[command(flatten)]
        server: ServerArguments,
    },
}

#[derive(Debug, Args)]
struct ServerArguments {
    /// `auto`, `docker`, `embedded`, or the URL of a server that is there
    #[arg(long, default_value = "auto")]
    postgres: Choice,
    /// Where the binaries of the embedded PostgreSQL are
    #[arg(long)]
    target: PathBuf,
    /// The major version of production
    #[arg(long, default_value_t = 17)]
    major: u32,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.task {
        Task::Lint { since, format, major } => lint::run(&cli.dir, since.as_deref(), format, major),
        Task::RoundTrip { server } => round_trip::run(&cli.dir, &server.postgres, &server.target, server.major),
        Task::Dump { server } => round_trip::dump(&cli.dir, &server.postgres, &server.target, server.major),
        Task::Trace { revision, rows, json, server } => {
            let options = trace::TraceOptions { revision: revision.as_deref(), rows, json };
            trace::run(&cli.dir, &options, &server.postgres, &server.target, server.major)
        }
        Task::Serve { server } => server::serve(&server.postgres, &server.target, server.major),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            finding::talk(&format!("error: {error:#}"));
            if let Some(hint) = error.chain().find_map(hint::of) {
                finding::talk(&format!("  next: {hint}"));
            }
            ExitCode::FAILURE
        }
    }
}
