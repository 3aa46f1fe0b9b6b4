//! The options of `db diff`, `db diagram`, and of what else compares schemas.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

/// Two schemas to compare.
#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// Schema to begin with: a URL, a revision, an SQL file or a folder of them, or `base` [default: heads]
    #[arg(long, value_name = "URL|REV|FILE|base")]
    pub(crate) from: Option<String>,
    /// Schema to end with [default: the files in db/schema, or else db/schema.sql]
    #[arg(long, value_name = "URL|REV|FILE|DIR")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) form: FormArguments,
    /// Write it as revisions, with downgrades, as `revision --autogenerate` does
    #[arg(long, requires = "message", conflicts_with = "from")]
    pub(crate) write: bool,
    /// With --write: what the revisions do, in a few words
    #[arg(short, long, requires = "write")]
    pub(crate) message: Option<String>,
    /// With --write: parents of the first revision, separated by commas [default: head]
    #[arg(long, requires = "write", value_delimiter = ',')]
    pub(crate) head: Vec<String>,
}

/// How a difference is planned.
#[derive(Debug, Args)]
pub(crate) struct FormArguments {
    /// Rename an object or a column instead of dropping it: `notes=memos`, `notes.body=notes.text`; can be repeated
    #[arg(long = "rename", value_name = "OLD=NEW")]
    pub(crate) renames: Vec<Rename>,
    /// Write the shortest statements, which may block a site that is running
    #[arg(long)]
    pub(crate) offline: bool,
    /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
}

/// What to draw.
#[derive(Debug, Args)]
pub(crate) struct DiagramArguments {
    /// Mark what differs from this schema: a URL, a revision, an SQL file or a folder of them, or `base`
    #[arg(long, value_name = "URL|REV|FILE|base")]
    pub(crate) from: Option<String>,
    /// Schema to draw [default: heads]
    #[arg(long, value_name = "URL|REV|FILE|DIR")]
    pub(crate) to: Option<String>,
    /// Mark what a revision changes, or all from one revision to another [default: the heads]
    #[arg(long, value_name = "REV|FROM:TO", num_args = 0..=1, default_missing_value = "heads", conflicts_with_all = ["from", "to"])]
    pub(crate) diff: Option<String>,
    /// Draw only tables with this name, in which `*` is any text, and their neighbors; can be repeated
    #[arg(long = "table", value_name = "PATTERN")]
    pub(crate) tables: Vec<String>,
    /// With --diff or --from: also draw tables that have not changed and have no neighbor that has
    #[arg(long)]
    pub(crate) all: bool,
    /// Format [default: that of the file's extension, else svg]
    #[arg(long, value_enum)]
    pub(crate) format: Option<DiagramFormat>,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Write schema.svg next to the revisions, which the page of the release shows: the schema at the heads, with what the
    /// last revision changes
    #[arg(long, conflicts_with_all = ["from", "to", "diff", "tables", "all", "format", "file"])]
    pub(crate) write: bool,
    /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
}

/// How a diagram is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagramFormat {
    /// A drawing
    Svg,
    /// Mermaid's `erDiagram`, for Markdown
    Mermaid,
}

/// A new revision that is a difference.
#[derive(Debug, Args)]
pub(crate) struct AutogenerateArguments {
    /// Write what takes the schema of the revisions to the desired one, and back: the files in db/schema, or else
    /// db/schema.sql
    #[arg(long)]
    pub(crate) autogenerate: bool,
    /// With --autogenerate: another desired schema
    #[arg(long, value_name = "URL|REV|FILE|DIR", requires = "autogenerate")]
    pub(crate) to: Option<String>,
    /// With --autogenerate: rename an object or a column instead of dropping it: `notes=memos`, `notes.body=notes.text`;
    /// can be repeated
    #[arg(long = "rename", value_name = "OLD=NEW", requires = "autogenerate")]
    pub(crate) renames: Vec<Rename>,
    /// With --autogenerate: write the shortest statements, which may block a site that is running
    #[arg(long, requires = "autogenerate")]
    pub(crate) offline: bool,
    /// With --autogenerate: server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else
    /// `embedded`)
    #[arg(long, default_value = "auto", requires = "autogenerate")]
    pub(crate) postgres: String,
}

impl AutogenerateArguments {
    pub(crate) fn form(self) -> FormArguments {
        FormArguments { renames: self.renames, offline: self.offline, postgres: self.postgres }
    }
}

/// An old and a new name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rename {
    pub(crate) old: String,
    pub(crate) new: String,
}

impl FromStr for Rename {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=').map(|(old, new)| (old.trim(), new.trim())) {
            Some((old, new)) if !old.is_empty() && !new.is_empty() => {
                Ok(Self { old: old.to_owned(), new: new.to_owned() })
            }
            _ => Err("expected OLD=NEW".to_owned()),
        }
    }
}

/// What a drift is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DriftMode {
    /// Exit with code 3 if there is any
    Error,
    /// Print a warning if there is any
    Warn,
    /// As `drift` in xtask.toml says
    Configured,
}
