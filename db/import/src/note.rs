//! Notes on a conversion that succeeded, and the files that were skipped. `Display` has the wording.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// A fact about a file that was converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file of the other tool.
    pub path: PathBuf,
    /// The line in it, from 1, if the fact is about one.
    pub line: Option<u32>,
    /// The fact.
    pub remark: Remark,
}

impl Display for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.remark)
    }
}

/// A difference in the revision, or a decision.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The downgrade has no effect, so the revision has no downgrade section.
    EmptyDowngrade,
    /// The upgrade has no effect.
    EmptyUpgrade,
    /// The migration is a program.
    Program,
    /// There is only a downgrade.
    NoUpgrade,
    /// A comment would be read as a section marker or a header field.
    Comment,
    /// BEGIN has a transaction mode, such as an isolation level.
    TransactionModes { modes: String },
    /// A statement is not allowed in a transaction block, and the file has no directive for that.
    TransactionOff,
    /// The tool's directive disables the transaction, but a statement needs one, and no other must run without.
    NeedsTransaction,
    /// Only one direction runs without a transaction.
    OneSwitch,
    /// A COMMIT is followed by more statements, which now run in the same transaction.
    CommitsOnce,
    /// A COMMIT is followed by statements that may need what it committed.
    EachStatementCommits,
    /// The setting would remain for later migrations.
    SessionSetting { setting: &'static str },
    /// The tool's own table is used.
    OwnTable { table: String },
    /// The downgrade refuses to run.
    Irreversible { failure: String },
    /// The program reads the database: its statements were recorded on a scratch database.
    Recorded { reason: String },
    /// The program behaves differently offline: its statements on a scratch database were recorded.
    DiffersOffline,
    /// The statements vary each time they are rendered.
    Varies,
    /// The tool's table has a different name than the engine's.
    VersionTable { name: String, schema: Option<String> },
    /// The tool creates its schema, and looks names up in it.
    DefaultSchema { schema: String },
    /// A part of a file that is for other databases.
    NotForPostgres { attribute: String },
    /// The owner is a role that other databases may not have.
    Owner { role: String },
    /// Privileges of roles that other databases may not have.
    Privileges,
    /// The versions that the dump contains.
    Baseline { versions: usize },
    /// The tool itself can't run the whole history on an empty database.
    StoppedOnline { failure: String },
}

impl Display for Remark {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDowngrade => write!(f, "the downgrade does nothing: the revision is irreversible"),
            Self::EmptyUpgrade => write!(f, "the upgrade does nothing"),
            Self::Program => {
                write!(f, "this is a program: write its SQL in the revision, where it is missing")
            }
            Self::NoUpgrade => write!(f, "there is no upgrade: the upgrade section is empty"),
            Self::Comment => {
                write!(
                    f,
                    "this comment would be read as part of the file's structure: it was prefixed with `original:`"
                )
            }
            Self::TransactionModes { modes } => write!(f, "`{modes}` is lost with BEGIN, which was removed"),
            Self::TransactionOff => {
                write!(f, "this statement can't run in a transaction: the revision has `Transaction: off`")
            }
            Self::NeedsTransaction => {
                write!(
                    f,
                    "this statement needs a transaction, and no other must run outside of one: the revision has one"
                )
            }
            Self::OneSwitch => {
                write!(f, "only one direction runs without a transaction: `Transaction: off` applies to both")
            }
            Self::CommitsOnce => {
                write!(
                    f,
                    "statements follow this COMMIT, which was removed: the revision is committed once, at its end"
                )
            }
            Self::EachStatementCommits => write!(
                f,
                "statements follow this COMMIT, and an enum has a new value: the revision has `Transaction: off`"
            ),
            Self::SessionSetting { setting } => {
                write!(f, "{setting} is reset after this revision; later migrations may rely on it")
            }
            Self::OwnTable { table } => write!(f, "this statement names `{table}`, the old tool's own table"),
            Self::Irreversible { failure } => {
                write!(f, "there is no downgrade ({failure}): the revision is irreversible")
            }
            Self::Recorded { reason } => write!(
                f,
                "this reads the database ({reason}): the statements were recorded on a scratch database. Review them: rows in \
                 production may differ"
            ),
            Self::DiffersOffline => write!(
                f,
                "this behaves differently offline: the statements were recorded on a scratch database. Review them"
            ),
            Self::Varies => {
                write!(f, "its values vary (the time, random numbers): the file has those of this import")
            }
            Self::VersionTable { name, schema } => {
                write!(f, "the version table is `{name}`")?;
                if let Some(schema) = schema {
                    write!(f, " in the schema `{schema}`")?;
                }
                write!(
                    f,
                    ": set `version_table`{} in xtask.toml",
                    schema.as_ref().map_or("", |_| " and `version_table_schema`")
                )
            }
            Self::DefaultSchema { schema } => write!(
                f,
                "the migrations run in the schema `{schema}`: create it, and set `search_path` for the role or the database"
            ),
            Self::NotForPostgres { attribute } => write!(f, "skipped because of `{attribute}`"),
            Self::Owner { role } => {
                write!(f, "the owner {role} was not imported: objects belong to the role that runs the revision")
            }
            Self::Privileges => {
                write!(
                    f,
                    "this was not imported, because other databases may lack the role: if they have it, add the statement to a revision"
                )
            }
            Self::Baseline { versions } => {
                write!(
                    f,
                    "the dump contains {versions} versions of Rails, of which the latest is the version of the revision"
                )
            }
            Self::StoppedOnline { failure } => {
                write!(f, "Alembic itself fails on an empty database ({failure}): later revisions were not compared")
            }
        }
    }
}

/// A skipped file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why it was skipped.
    pub reason: Reason,
}

impl Display for Skipped {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// Why a file was skipped.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The tool does not read files with such a name.
    NotRead,
    /// A directory without files.
    EmptyDirectory,
    /// There is a downgrade but no upgrade of this version.
    OnlyDown,
    /// A callback, which the tool runs at each migration.
    Callback,
    /// A migration that replaces earlier ones, all of which are present.
    Baseline,
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRead => write!(f, "the tool does not read a file of this name"),
            Self::EmptyDirectory => write!(f, "the directory is empty"),
            Self::Callback => write!(f, "a callback, which is not run here: write its effect in revisions"),
            Self::Baseline => write!(f, "a baseline migration: the migrations before it were imported instead"),
            Self::OnlyDown => write!(f, "there is no upgrade of this version"),
        }
    }
}
