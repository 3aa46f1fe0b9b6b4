//! `verify`: checks revisions before they are released, and imports those of other tools. `cargo xtask db lint`, `db verify`,
//! `db dump`, `db diff`, `db diagram`, `db import` and `db trace` run it.

mod adopted;
mod allowance;
mod at_heads;
mod catalog;
mod diff;
mod difference;
mod finding;
mod fixture;
// The texts of the engine's hints, shared with `cargo xtask`.
#[path = "../../../xtask/src/hint.rs"]
mod hint;
mod import;
mod lint;
mod linted_text;
mod new_tables;
mod objects;
mod refusal;
mod release_diagram;
mod restore;
mod rewriting;
mod round_trip;
mod rule;
mod scratch;
mod server;
// These two are shared with `cargo xtask`.
#[path = "../../../xtask/src/shell_word.rs"]
mod shell_word;
#[path = "../../../xtask/src/report/standard_output.rs"]
mod standard_output;
mod survival;
mod trace;
mod trial;
mod trip;
mod whole;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use finding::Format;
use server::Choice;

/// Checks revisions before they are released.
#[derive(Debug, Parser)]
struct Cli {
    /// Directory of the revisions
    #[arg(long, default_value = "db/versions")]
    dir: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Report unsafe changes
    Lint {
        /// Skip the revisions in this commit
        #[arg(long)]
        since: Option<String>,
        /// Skip this revision and all before it
        #[arg(long, value_name = "REV")]
        adopted: Vec<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Major version of the production server
        #[arg(long, default_value_t = 17)]
        major: u32,
    },
    /// Apply, revert and reapply every revision on a private PostgreSQL, and compare the catalog after each step
    RoundTrip {
        /// Verify only the revisions after this one
        #[arg(long)]
        since: Option<String>,
        /// Apply, but do not check, this revision and those before it
        #[arg(long, value_name = "REV")]
        adopted: Vec<String>,
        /// Output format: `text` or `json`
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Compare this file with the types of the tables that the role can see
        #[arg(long, requires = "role")]
        types: Option<PathBuf>,
        /// The role
        #[arg(long, requires = "types")]
        role: Option<String>,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Print the schema that the revisions create, as SQL
    Dump {
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Print TypeScript types of the tables that a role can see
    Types {
        /// The role
        #[arg(long)]
        role: String,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Compare the schema that the revisions create with the one on standard input, and print the differences as JSON
    Compare {
        /// The revisions to apply, with their ancestors
        #[arg(long, required = true, value_delimiter = ',')]
        heads: Vec<String>,
        /// Leave out this table, whose name is quoted and qualified
        #[arg(long)]
        except: Vec<String>,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Plan and prove what takes one schema to another: the request is on standard input, the answer is printed, as JSON
    Diff {
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Print a drawing of a schema: what to draw is on standard input, as JSON
    Diagram {
        /// Instead, draw what the page of the release shows
        #[arg(long)]
        release: bool,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Print the rows of a query, read from standard input, as JSON, from a database without the engine's tables
    Query {
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Run the revisions and report what each statement locks, rewrites and scans
    Trace {
        /// Report only this revision
        revision: Option<String>,
        /// Report only this file of `objects`
        #[arg(long = "object", conflicts_with = "revision")]
        objects: Vec<String>,
        /// Fill each table with this many generated rows first
        #[arg(long, default_value_t = 0)]
        rows: u64,
        /// Print JSON lines
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Restore a dump, run the revisions that it lacks, and report what each statement locks, rewrites and scans
    Rehearse {
        /// A dump of pg_dump: a file, or a directory
        #[arg(long)]
        dump: PathBuf,
        /// The target of the upgrade
        #[arg(long, allow_hyphen_values = true)]
        target_revision: String,
        /// The name of the version table
        #[arg(long)]
        version_table: String,
        /// Its schema, if it is configured
        #[arg(long)]
        version_table_schema: Option<String>,
        /// Print JSON lines
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Convert the migrations of another tool, and prove that the revisions create the same database
    Import {
        /// The tool
        #[arg(value_parser = tool)]
        tool: ::import::Tool,
        /// Its directory of migrations, or file
        source: PathBuf,
        /// Do not run the tool to compare its database with that of the revisions
        #[arg(long)]
        no_proof: bool,
        /// The tool's program
        #[arg(long)]
        program: Option<PathBuf>,
        /// Write an empty revision for a migration that is a program
        #[arg(long)]
        empty_programs: bool,
        /// Print JSON lines
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Compare the revision on standard input with those that it replaces, up and down
    Squash {
        /// The revisions that it replaces, the oldest first
        #[arg(required = true)]
        revisions: Vec<String>,
        /// Its path
        #[arg(long)]
        file: PathBuf,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Compare a branch after another head, with its first revision on standard input, with both branches
    Rebase {
        /// The revisions of the branch, the oldest first
        #[arg(required = true)]
        revisions: Vec<String>,
        /// The other head
        #[arg(long)]
        onto: String,
        /// The path of the first revision
        #[arg(long)]
        file: PathBuf,
        #[command(flatten)]
        server: ServerArguments,
    },
    /// Start a server, print its URL, and stop it at the end of standard input
    Serve {
        #[command(flatten)]
        server: ServerArguments,
    },
}

#[derive(Debug, Args)]
struct ServerArguments {
    /// Server to use: `auto`, `docker`, `embedded`, or the URL of a running server
    #[arg(long, default_value = "auto")]
    postgres: Choice,
    /// Target directory, which contains the binaries of the embedded PostgreSQL
    #[arg(long)]
    target: PathBuf,
    /// Major version of the production server
    #[arg(long, default_value_t = 17)]
    major: u32,
}

impl ServerArguments {
    fn place(&self) -> at_heads::Place<'_> {
        at_heads::Place { choice: &self.postgres, target: &self.target, major: self.major }
    }
}

fn tool(name: &str) -> Result<::import::Tool, String> {
    ::import::Tool::of_name(name).ok_or_else(|| {
        let names = ::import::Tool::ALL.map(::import::Tool::name);
        format!("the tools are {}", names.join(", "))
    })
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            return standard_output::print_usage(&message, &revision::printable(&message.render().to_string()));
        }
    };
    let result = match cli.task {
        Task::Lint { since, adopted, format, major } => {
            lint::run(&cli.dir, &lint::LintOptions { since: since.as_deref(), adopted: &adopted, format, major })
        }
        Task::RoundTrip { since, adopted, format, types, role, server } => {
            let types = types.as_deref().zip(role.as_deref());
            let since = since.as_deref();
            let options = round_trip::VerifyOptions { since, adopted: &adopted, format, types };
            round_trip::run(&cli.dir, &options, &server.postgres, &server.target, server.major)
        }
        Task::Dump { server } => at_heads::dump(&cli.dir, &server.place()),
        Task::Types { role, server } => at_heads::types(&cli.dir, &server.place(), &role),
        Task::Compare { heads, except, server } => at_heads::compare(&cli.dir, &server.place(), &heads, &except),
        Task::Diff { server } => diff::run(&cli.dir, &server.place()),
        Task::Diagram { release, server } => diff::draw(&cli.dir, &server.place(), release),
        Task::Query { server } => at_heads::query(&cli.dir, &server.place()),
        Task::Trace { revision, objects, rows, json, server } => {
            let options = trace::TraceOptions { revision: revision.as_deref(), objects: &objects, rows, json };
            trace::run(&cli.dir, &options, &server.postgres, &server.target, server.major)
        }
        Task::Rehearse { dump, target_revision, version_table, version_table_schema, json, server } => {
            let mut options = migrate::Options::default();
            (options.version_table, options.version_table_schema) = (version_table, version_table_schema);
            trace::rehearse_dump(&cli.dir, &dump, &target_revision, options, json, &server.place())
        }
        Task::Import { tool, source, no_proof, program, empty_programs, json, server } => {
            import::run(&import::Request {
                tool,
                source: &source,
                directory: &cli.dir,
                place: server.place(),
                has_proof: !no_proof,
                program: program.as_deref(),
                empty_programs,
                json,
            })
        }
        Task::Squash { revisions, file, server } => rewriting::squash(&cli.dir, &revisions, &file, &server.place()),
        Task::Rebase { revisions, onto, file, server } => {
            rewriting::rebase(&cli.dir, &revisions, &onto, &file, &server.place())
        }
        Task::Serve { server } => server::serve(&server.postgres, &server.target, server.major),
    };
    match result.and_then(|is_clean| Ok(standard_output::finish().map(|()| is_clean)?)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            finding::message(&format!("error: {error:#}"));
            if let Some(more) = error.downcast_ref().and_then(hint::more) {
                finding::message(&format!("  more: {more}"));
            }
            if let Some(hint) = error.chain().find_map(advice) {
                finding::message(&format!("  next: {hint}"));
            }
            ExitCode::FAILURE
        }
    }
}

/// What to do about an error. Advice about a database is omitted: it was temporary and no longer exists.
fn advice(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    if error.is::<schema::ReadError>() {
        return hint::of(error);
    }
    match error.downcast_ref::<migrate::Error>() {
        Some(migrate::Error::Revision(_) | migrate::Error::Connect(_)) | None => hint::of(error),
        Some(_) => None,
    }
}
