//! States of the engine's tables that prevent a run.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use connection::QueryError;
use revision::Direction;

use crate::outcome::heads_text;

/// The SQLSTATE of a missing privilege.
pub(crate) const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Why the state of the engine's tables prevents a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum StateError {
    /// No schema in `search_path` exists.
    NoSchema,
    /// Several schemas have a version table.
    SeveralVersionTables {
        /// The schemas.
        schemas: Vec<String>,
    },
    /// The name of one of the engine's tables is that of something else.
    NameTaken {
        /// The name, quoted and qualified.
        table: String,
        /// How it differs, such as "is a view".
        problem: String,
    },
    /// One of the engine's tables belongs to a role that this one has no reason to trust: its triggers would run with the
    /// privileges of this role.
    OwnerNotTrusted {
        /// The name, quoted and qualified.
        table: String,
        /// Its owner.
        owner: String,
        /// The role that has logged in.
        role: String,
    },
    /// The database is read-only.
    ReadOnly {
        /// Whether it is a standby, or else `default_transaction_read_only` is on.
        is_standby: bool,
    },
    /// The engine's tables can't be created.
    CreateTables {
        /// The schema.
        schema: String,
        /// The error of the query.
        source: QueryError,
    },
    /// A table of an earlier version lacks columns, and the role can't add them.
    NotOwner {
        /// The table, quoted and qualified.
        table: String,
        /// Its owner, quoted.
        owner: String,
        /// The role of the session, quoted.
        role: String,
        /// The error of the query.
        source: QueryError,
    },
    /// What another tool has applied can't be recorded: the database has version rows already.
    HasVersionRows {
        /// The version table, quoted and qualified.
        table: String,
        /// Its rows.
        rows: Vec<String>,
    },
    /// The log has every applied revision already.
    NothingToAdopt {
        /// The version rows.
        rows: Vec<String>,
    },
    /// The other tool's table changed between reading it and recording what it has.
    OtherToolRuns,
    /// A partially applied revision must be finished first.
    PartiallyApplied {
        /// The revision.
        revision: String,
        /// The section that ran.
        direction: Direction,
        /// The number of statements that have run.
        done: usize,
    },
    /// A revision is partially applied, and none of the files has it.
    PartiallyAppliedElsewhere {
        /// The revision.
        revision: String,
    },
    /// The version rows contradict the journal of a partially applied revision: something else has changed them since
    /// it stopped.
    JournalContradicted {
        /// The revision.
        revision: String,
        /// The section that ran.
        direction: Direction,
        /// The number of statements that have run.
        done: usize,
        /// The version rows.
        rows: Vec<String>,
        /// The version rows that agree with the journal.
        rows_before: Vec<String>,
        /// The contradiction.
        contradiction: Contradiction,
    },
    /// A statement was edited after it had run.
    EditedHalfWay {
        /// The revision.
        revision: String,
        /// Its file.
        path: PathBuf,
        /// The number of the statement, from 1.
        statement: usize,
        /// The line that it started in when it ran.
        line: u32,
    },
    /// A statement was edited after a run stopped in it, and may have run before.
    EditedWhileUnknown {
        /// The revision.
        revision: String,
        /// Its file.
        path: PathBuf,
        /// The number of the statement, from 1.
        statement: usize,
        /// The line that it started in when it was sent.
        line: u32,
    },
    /// `Transaction: off` was removed from a partially applied revision.
    ModeChanged {
        /// The revision.
        revision: String,
        /// Its file.
        path: PathBuf,
        /// The number of statements that have run.
        done: usize,
    },
    /// A run stopped in a statement, and nothing in the database shows whether it has run.
    MayHaveRun {
        /// The revision.
        revision: String,
        /// Its file.
        path: PathBuf,
        /// The number of the statement, from 1.
        statement: usize,
        /// Its line.
        line: u32,
    },
    /// The remaining statements may need something that ended with the session of the finished ones.
    SessionGone {
        /// The revision.
        revision: String,
        /// The number of the last statement that has run, from 1.
        statement: usize,
        /// What ended.
        what: String,
        /// The version rows after the revision.
        rows_after: Vec<String>,
    },
}

/// How the version rows contradict the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contradiction {
    /// During an upgrade, the rows include the revision.
    AlreadyApplied,
    /// During an upgrade, the rows lack a parent of the revision.
    NotNext,
    /// During a downgrade, the rows do not include the revision.
    AlreadyReverted,
    /// During a downgrade, the rows include a later revision.
    NotAHead,
}

impl Display for StateError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSchema => f.write_str("no schema for the version table: no schema in `search_path` exists"),
            Self::SeveralVersionTables { schemas } => {
                write!(f, "several schemas have a version table: `{}`", schemas.join("`, `"))
            }
            Self::NameTaken { table, problem } => write!(f, "{table} is not the engine's table: it {problem}"),
            Self::OwnerNotTrusted { table, owner, role } => {
                write!(f, "{table} belongs to `{owner}`, whose triggers would run with the privileges of `{role}`")
            }
            Self::ReadOnly { is_standby: true } => f.write_str("the server is a standby, which is read-only"),
            Self::ReadOnly { .. } => f.write_str("the database is read-only: `default_transaction_read_only` is on"),
            Self::NotOwner { table, owner, role, source } => write!(
                f,
                "can't add the columns of this version to {table}: it belongs to {owner}, and this session is {role}: {source}"
            ),
            Self::CreateTables { source, .. } => write!(f, "can't create the version table: {source}"),
            Self::HasVersionRows { table, rows } => {
                write!(f, "the version table {table} already has rows: {}; nothing was recorded", heads_text(rows))
            }
            Self::NothingToAdopt { rows } => {
                write!(f, "nothing to adopt: the log has all applied revisions, up to {}", heads_text(rows))
            }
            Self::OtherToolRuns => {
                f.write_str("the table of the other tool changed while it was compared; nothing was recorded")
            }
            Self::PartiallyApplied { revision, direction, done } => {
                write!(f, "the {direction} of `{revision}` is incomplete (statements run: {done})")
            }
            Self::PartiallyAppliedElsewhere { revision } => {
                write!(f, "`{revision}` is partially applied, but is not in this checkout")
            }
            Self::JournalContradicted { revision, direction, done, rows, contradiction, .. } => {
                let contradiction = match contradiction {
                    Contradiction::AlreadyApplied => "record it as applied",
                    Contradiction::NotNext => "lack the revisions before it",
                    Contradiction::AlreadyReverted => "record it as reverted",
                    Contradiction::NotAHead => "include a revision after it",
                };
                let rows = heads_text(rows);
                write!(
                    f,
                    "the {direction} of `{revision}` is incomplete (statements run: {done}), but the version rows {contradiction}: {rows}"
                )
            }
            Self::EditedHalfWay { revision, path, statement, line } => write!(
                f,
                "{}: statement {statement} of `{revision}` (line {line} when it ran) was edited after it had run",
                path.display()
            ),
            Self::EditedWhileUnknown { revision, path, statement, line } => write!(
                f,
                "{}: statement {statement} of `{revision}` (line {line} when it was sent) was edited, and may have run before",
                path.display()
            ),
            Self::ModeChanged { revision, path, done } => write!(
                f,
                "{}: `{revision}` is partially applied (statements run: {done}), but no longer has `Transaction: off`",
                path.display()
            ),
            Self::MayHaveRun { revision, path, statement, line } => write!(
                f,
                "{}:{line}: the connection was lost during statement {statement} of `{revision}`, which may have run",
                path.display()
            ),
            Self::SessionGone { revision, statement, what, .. } => write!(
                f,
                "`{revision}` can't be resumed: {what} ended with the session that ran statements 1 to {statement}"
            ),
        }
    }
}

// `CreateTables` and `NotOwner` are displayed with their source.
impl std::error::Error for StateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CreateTables { source, .. } | Self::NotOwner { source, .. } => source.source(),
            _ => None,
        }
    }
}
