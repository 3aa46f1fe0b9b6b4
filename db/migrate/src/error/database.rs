//! What can go wrong at the database, and what state that leaves it in.

#![expect(missing_docs, reason = "the fields of an error are explained by the line above their variant")]

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::time::Duration;

use connection::ConnectError;

use crate::plan::Direction;

/// What state a failure leaves the database in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aftermath {
    /// The revision was rolled back whole; the database is at these heads.
    RolledBack { revision: String, heads: Vec<String> },
    /// The first `done` of `of` statements of a `Transaction: off` revision stay; the version rows are still these.
    HalfDone { revision: String, direction: Direction, done: usize, of: usize, heads: Vec<String> },
    /// The connection is gone: the revision is committed or it is not, with its version row or without both.
    Unknown { revision: String },
}

fn heads_text(heads: &[String]) -> String {
    if heads.is_empty() {
        "base".to_owned()
    } else {
        heads.iter().map(|head| format!("`{head}`")).collect::<Vec<_>>().join(", ")
    }
}

impl Display for Aftermath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::RolledBack { revision, heads } => {
                write!(f, "`{revision}` is rolled back; the database is at {}", heads_text(heads))
            }
            Self::HalfDone { revision, done, of, heads, .. } => write!(
                f,
                "`{revision}` is half done: {done} of its {of} statements stay (no transaction); the version rows are still {}",
                heads_text(heads)
            ),
            Self::Unknown { revision } => write!(
                f,
                "the connection is lost: `{revision}` is either wholly applied, with its version row, or not at all"
            ),
        }
    }
}

/// A statement of a revision that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementError {
    /// The revision's file.
    pub path: PathBuf,
    /// The line the server points at, or the statement begins in.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// The text of that line.
    pub source_line: String,
    /// SQLSTATE.
    pub code: String,
    /// The server's message.
    pub message: String,
    /// The server's detail.
    pub detail: Option<String>,
    /// The server's hint.
    pub hint: Option<String>,
    /// The server's context, such as the line of a function.
    pub context: Option<String>,
    /// All statements were run; it was the commit (a deferred constraint) or the bookkeeping that failed.
    pub at_commit: bool,
    /// What state things are in.
    pub aftermath: Aftermath,
}

impl Display for StatementError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {} (SQLSTATE {})", self.path.display(), self.line, self.column, self.message, self.code)?;
        if self.at_commit {
            write!(f, ", at the commit of the revision")?;
        }
        Ok(())
    }
}

impl StatementError {
    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match &self.aftermath {
            Aftermath::HalfDone { direction, .. } => format!(
                "correct this statement or what it meets; then `cargo xtask db resume` goes on here, and so does `db {}`",
                direction.name()
            ),
            _ if self.code == "55P03" => {
                "another session holds a lock on what this changes: try again, or raise `lock_timeout`".to_owned()
            }
            _ if self.code == "42501" => "the role may not do that: run as the owner, or grant it".to_owned(),
            _ => return None,
        })
    }
}

/// Anything at the database but a statement of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseError {
    /// No session.
    Connect(ConnectError),
    /// `search_path` has no schema that exists.
    NoSchema,
    /// The role can't create the engine's tables.
    CreateTables { schema: String, error: Box<Self> },
    /// Another migration kept the lock too long.
    LockNotObtained { waited: Duration, holder: Option<String> },
    /// Queries of one session reach several backends.
    Pooler,
    /// A query of the engine's own was refused.
    Refused { message: String, code: String },
    /// The connection broke.
    Lost { reason: String },
    /// Something broke while a revision ran.
    During { error: Box<Self>, state: Aftermath },
    /// A half-done revision is in the way.
    HalfDone { revision: String, direction: String, done: usize },
    /// A statement that was run already is another one now.
    EditedHalfWay { revision: String, path: PathBuf, statement: usize, line: u32 },
    /// A version row that was there is not: somebody else migrates, without the lock.
    VersionRowGone { revision: String },
    /// A file that was checked says something else when its turn comes.
    ChangedMeanwhile { path: PathBuf },
    /// A downgrade through a revision without `-- migrate:downgrade`.
    Irreversible { revision: String, path: PathBuf },
    /// Files of applied revisions that say something else than what was applied.
    Edited { revisions: Vec<(String, PathBuf)>, diff: String },
    /// SIGINT or SIGTERM.
    Interrupted { state: Option<Aftermath> },
}

impl DatabaseError {
    /// What state things are in, where there is more to say than "as before".
    pub fn aftermath(&self) -> Option<&Aftermath> {
        match self {
            Self::During { state, .. } | Self::Interrupted { state: Some(state) } => Some(state),
            _ => None,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoSchema => "create one, or set `version_table_schema` in xtask.toml".to_owned(),
            Self::CreateTables { schema, error } if matches!(&**error, Self::Refused { code, .. } if code == "42501") => {
                format!("grant it once: `GRANT CREATE, USAGE ON SCHEMA {schema} TO` the role")
            }
            Self::LockNotObtained { .. } => {
                "wait for the other run, or wait longer with `--lock-wait SECONDS`; a dead client's lock goes with its session".to_owned()
            }
            Self::Pooler => "connect to the database itself, or through the pooler in session mode".to_owned(),
            Self::HalfDone { .. } => {
                "finish it first: `cargo xtask db resume`; or set the rows by hand: `cargo xtask db stamp --purge TARGET`".to_owned()
            }
            Self::EditedHalfWay { .. } => {
                "put the statements that ran back as they were; those after them may be edited".to_owned()
            }
            Self::VersionRowGone { .. } => {
                "another tool migrates this database at the same time, without the lock: stop it, then run this again".to_owned()
            }
            Self::ChangedMeanwhile { .. } => "run the command again".to_owned(),
            Self::Irreversible { .. } => "restore a backup, or write a new revision that goes on from here".to_owned(),
            Self::Edited { revisions, .. } => format!(
                "put the file back as it was applied, and make the change in a new revision: `cargo xtask db revision -m MESSAGE`; if the database is as the file says all the same: `cargo xtask db accept {} --reason REASON`",
                revisions.first().map_or("REVISION", |(revision, _)| revision.as_str())
            ),
            Self::During { error, .. } => return error.hint(),
            _ => return None,
        })
    }
}

impl Display for DatabaseError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(error) => error.fmt(f),
            Self::NoSchema => {
                write!(f, "there is no schema to keep the version table in: `search_path` names none that exists")
            }
            Self::CreateTables { error, .. } => write!(f, "can't create the version table: {error}"),
            Self::LockNotObtained { waited, holder } => {
                write!(f, "another migration holds the lock after {} s: ", waited.as_secs())?;
                f.write_str(holder.as_deref().unwrap_or("its session can't be seen"))
            }
            Self::Pooler => write!(f, "the connection goes through a transaction pooler: the lock would not hold"),
            Self::Refused { message, code } => write!(f, "{message} (SQLSTATE {code})"),
            Self::Lost { reason } => write!(f, "the connection is lost: {reason}"),
            Self::During { error, .. } => error.fmt(f),
            Self::HalfDone { revision, direction, done } => {
                write!(f, "the {direction} of `{revision}` is half done (statements run: {done})")
            }
            Self::EditedHalfWay { revision, path, statement, line } => write!(
                f,
                "{}: statement {statement} of `{revision}` (line {line} when it ran) was edited after it had run",
                path.display()
            ),
            Self::VersionRowGone { revision } => {
                write!(f, "the version row that `{revision}` replaces is gone; `{revision}` is rolled back")
            }
            Self::ChangedMeanwhile { path } => write!(f, "`{}` was changed while this command ran", path.display()),
            Self::Irreversible { revision, path } => {
                write!(f, "`{revision}` is irreversible: `{}` has no `-- migrate:downgrade` section", path.display())
            }
            Self::Edited { revisions, diff } => {
                write!(f, "applied revisions have been edited since:")?;
                for (revision, path) in revisions {
                    write!(f, "\n  `{revision}` (`{}`)", path.display())?;
                }
                if !diff.is_empty() {
                    write!(f, "\n{diff}")?;
                }
                Ok(())
            }
            Self::Interrupted { .. } => write!(f, "interrupted"),
        }
    }
}
