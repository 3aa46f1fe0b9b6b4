//! The options of `db diff`, and of what else compares schemas.

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
