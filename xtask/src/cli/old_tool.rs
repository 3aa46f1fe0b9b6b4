//! The options of the commands that take over from another tool.

use std::path::PathBuf;

use ::import::Tool;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::run::seconds;

/// What is converted, and whether the result is compared.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The tool whose migrations these are
    #[arg(value_name = "TOOL", value_parser = PossibleValuesParser::new(Tool::ALL.map(Tool::name)))]
    pub(crate) tool: String,
    /// Its directory of migrations, or file
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,
    /// Do not run the tool to compare its database with that of the revisions
    #[arg(long)]
    pub(crate) no_proof: bool,
    /// Program of the tool [default: the one on the PATH], or the Python of an Alembic project [default: that of its virtual
    /// environment]
    #[arg(long, value_name = "PATH")]
    pub(crate) program: Option<PathBuf>,
    /// Write an empty revision in place of a migration that is a program, such as a `.go` file
    #[arg(long)]
    pub(crate) empty_programs: bool,
    /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
}

/// What another tool has applied, and how it is checked.
#[derive(Debug, Args)]
pub(crate) struct AdoptArguments {
    /// Table of the other tool, if it was renamed or there are several [default: found by its name and columns]
    #[arg(long, value_name = "SCHEMA.NAME", conflicts_with = "baseline")]
    pub(crate) table: Option<String>,
    /// Count this revision and its ancestors as applied, for a database without a table of another tool
    #[arg(long, value_name = "REV")]
    pub(crate) baseline: Option<String>,
    /// With --baseline: ignore the tables of other tools
    #[arg(long, requires = "baseline")]
    pub(crate) ignore_tables: bool,
    /// Record the revisions although the schema differs; the reason is stored in the log
    #[arg(long, value_name = "REASON")]
    pub(crate) accept_differences: Option<String>,
    /// Do not compare the schema with what the revisions create
    #[arg(long, conflicts_with = "accept_differences")]
    pub(crate) no_compare: bool,
    /// Server to create the revisions' schema on: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
    /// Print a script for psql instead of recording anything
    #[arg(long)]
    pub(crate) sql: bool,
    /// Check everything, and show what would be recorded
    #[arg(long, conflicts_with = "sql")]
    pub(crate) dry_run: bool,
    /// How long to wait for another migration to finish [default: 300, or as set in xtask.toml]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds())]
    pub(crate) lock_wait: Option<u64>,
}
