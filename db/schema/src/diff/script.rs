//! What a diff results in: statements in batches, with their hazards, or refusals.

use std::fmt;

/// Whether the statements keep a site running while they are applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// No statement blocks reads or writes of a table that has rows for longer than a change of the catalog takes.
    #[default]
    Online,
    /// The shortest statements, which may rewrite or scan a table under a lock.
    Offline,
}

/// Statements that take a database from one schema to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// In their order; each is a revision. Empty if the schemas are equal.
    pub batches: Vec<Batch>,
}

/// Statements that are applied together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Whether the statements run in one transaction. If not, each is its own.
    pub transaction: bool,
    /// In their order.
    pub statements: Vec<Statement>,
}

/// A statement and what is dangerous about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// Ends with a semicolon.
    pub sql: String,
    /// What a person should know before running it.
    pub hazards: Vec<Hazard>,
    /// What a way back begins with that the schemas do not tell: renames, and data that is filled in.
    pub undo: Vec<String>,
    /// Whether it only replaces something: what it drops or renames is a helper of the script, or has a successor that
    /// clients use in its place.
    pub replaces: bool,
}

impl Statement {
    pub(crate) fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), ..Self::default() }
    }

    pub(crate) fn replacing(sql: impl Into<String>) -> Self {
        Self { replaces: true, ..Self::new(sql) }
    }

    pub(crate) fn with(mut self, hazard: Hazard) -> Self {
        self.hazards.push(hazard);
        self
    }
}

/// What may go wrong when a statement runs on a database in use. The kinds are those of pg-schema-diff.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hazard {
    /// Rows or values are deleted: of the object that is named.
    DataLoss(String),
    /// Values are converted by a cast that may fail or lose something.
    GuessedCast(String),
    /// Rows may have labels that an enum no longer has: the column, with the labels.
    LabelsRemoved(String),
    /// The table is rewritten under an ACCESS EXCLUSIVE lock.
    TableRewrite(String),
    /// Reads or writes of the table are blocked while it is scanned.
    BlockingLock(String),
    /// An index is built, which takes time and I/O.
    IndexBuild(String),
    /// An index is dropped, and queries may need it.
    IndexDropped(String),
    /// The statement depends on the version of an extension.
    ExtensionVersion(String),
    /// Who may do what changes.
    AuthorizationChange(String),
    /// The body of a function is text: what it uses is not recorded.
    UntrackableDependency(String),
    /// The statement fails if rows do not fit.
    DependsOnRows(String),
    /// The statement fails if the table has rows: they would have no value in a column that can't be NULL.
    MissingValues {
        /// As SQL names it.
        table: String,
        /// Quoted.
        column: String,
    },
}

impl Hazard {
    /// The kind, as it stands in a file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::DataLoss(_) => "data loss",
            Self::GuessedCast(_) => "guessed cast",
            Self::LabelsRemoved(_) => "labels removed",
            Self::TableRewrite(_) => "table rewrite",
            Self::BlockingLock(_) => "blocking lock",
            Self::IndexBuild(_) => "index build",
            Self::IndexDropped(_) => "index dropped",
            Self::ExtensionVersion(_) => "extension version",
            Self::AuthorizationChange(_) => "authorization change",
            Self::UntrackableDependency(_) => "untrackable function dependency",
            Self::DependsOnRows(_) | Self::MissingValues { .. } => "depends on rows",
        }
    }

    /// Whether a person has to confirm the statement before it may run.
    pub fn needs_answer(&self) -> bool {
        matches!(self, Self::DataLoss(_) | Self::GuessedCast(_) | Self::LabelsRemoved(_))
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Self::DataLoss(what) => write!(f, "{name}: deletes the data of {what}"),
            Self::GuessedCast(what) => {
                write!(f, "{name}: {what} is converted by a cast that may fail or lose something")
            }
            Self::LabelsRemoved(what) => write!(f, "{name}: fails if a row still has one: {what}"),
            Self::TableRewrite(what) => write!(f, "{name}: {what} is rewritten under an ACCESS EXCLUSIVE lock"),
            Self::BlockingLock(what) => write!(f, "{name}: {what} is scanned while writes are blocked"),
            Self::IndexBuild(what) => write!(f, "{name}: building {what} takes time and I/O"),
            Self::IndexDropped(what) => write!(f, "{name}: queries that use {what} become slower"),
            Self::ExtensionVersion(what) => write!(f, "{name}: {what} has to be available on the server"),
            Self::AuthorizationChange(what) => write!(f, "{name}: who may use {what} changes"),
            Self::UntrackableDependency(what) => {
                write!(f, "{name}: PostgreSQL does not record what the body of {what} uses")
            }
            Self::DependsOnRows(what) => write!(f, "{name}: fails if the rows of {what} do not fit"),
            Self::MissingValues { table, column } => {
                write!(f, "{name}: fails if {table} has rows, which have no value for {column}")
            }
        }
    }
}

/// Why no script can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A property of an object that no statement can change without a new table.
    Unchangeable {
        /// The object, as PostgreSQL's statements name it.
        object: String,
        /// What is different.
        property: &'static str,
    },
    /// A change that PostgreSQL refuses, or that no statement here makes.
    Unsupported {
        /// The object, as PostgreSQL's statements name it.
        object: String,
        /// Why.
        reason: &'static str,
    },
    /// The statements depend on each other in a circle.
    Circle(Vec<String>),
    /// The definition contains a secret that is masked.
    Masked(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchangeable { object, property } => {
                write!(f, "cannot change {property} of {object} without a new one: write that revision by hand")
            }
            Self::Unsupported { object, reason } => {
                write!(f, "cannot change {object}: {reason}: write that revision by hand")
            }
            Self::Circle(objects) => write!(
                f,
                "the changes of these objects depend on each other, write that revision by hand: {}",
                objects.join(", ")
            ),
            Self::Masked(object) => {
                write!(f, "cannot write {object}: its options contain a secret, write that revision by hand")
            }
        }
    }
}
