//! What can be wrong in a revision file.

#![expect(missing_docs, reason = "the fields of an error are explained by the line above their variant")]

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use super::Error;

/// What is wrong in a revision file, without saying where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A header line that is not `Key: value` with a known key.
    UnknownKey { key: String },
    /// A key that stands twice.
    DuplicateKey { key: &'static str, first: u32 },
    /// `Revision ID` or `Revises` is missing.
    MissingKey { key: &'static str },
    /// A value that the key can't have.
    InvalidValue { key: &'static str, value: String, expected: &'static str },
    /// The file is empty or does not begin with a `--` comment.
    NoHeader,
    /// Bytes that are no UTF-8.
    NotUtf8 { offset: u64 },
    /// A NUL byte, which PostgreSQL's protocol can't carry.
    NulByte { offset: u64 },
    /// There is no `-- migrate:upgrade`.
    NoUpgradeSection,
    /// A section marker that stands twice, or in the wrong order.
    MisplacedSection { section: &'static str, first: u32 },
    /// A `-- migrate:` line that is no section marker.
    UnknownSection { marker: String },
    /// SQL before the first section.
    OutsideSection,
    /// A quote, comment, dollar quote or parenthesis that is never closed; the place is where it opens.
    Unterminated { what: &'static str },
    /// `COPY … FROM STDIN` data without the closing `\.`.
    UnterminatedCopy,
    /// SQL behind a `COPY … FROM STDIN;` on its line.
    AfterCopy,
    /// A psql command such as `\i`.
    MetaCommand { command: String },
    /// A statement that PostgreSQL refuses in a transaction, in a revision that runs in one.
    NotInTransaction { statement: &'static str },
    /// `BEGIN`, `COMMIT` and the like, which are the engine's business.
    TransactionControl { statement: String },
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key } => write!(f, "unknown header key `{key}`"),
            Self::DuplicateKey { key, first } => write!(f, "header key `{key}` stands twice, first in line {first}"),
            Self::MissingKey { key } => write!(f, "the header has no `{key}:`"),
            Self::InvalidValue { key, value, expected } => write!(f, "`{key}: {value}`: expected {expected}"),
            Self::NoHeader => write!(f, "the file does not begin with a header comment"),
            Self::NotUtf8 { offset } => write!(f, "the file is not UTF-8: byte {offset}"),
            Self::NulByte { offset } => write!(f, "the file has a NUL byte: byte {offset}"),
            Self::NoUpgradeSection => write!(f, "the file has no `-- migrate:upgrade` section"),
            Self::MisplacedSection { section, first } => {
                write!(f, "`-- migrate:{section}` can't stand here: line {first} has a section already")
            }
            Self::UnknownSection { marker } => write!(f, "unknown section `{marker}`"),
            Self::OutsideSection => write!(f, "a statement before `-- migrate:upgrade`"),
            Self::Unterminated { what } => write!(f, "unterminated {what}"),
            Self::UnterminatedCopy => write!(f, "the data of this COPY … FROM STDIN does not end with a line `\\.`"),
            Self::AfterCopy => write!(f, "COPY … FROM STDIN has to be the last thing on its line"),
            Self::MetaCommand { command } => write!(f, "`{command}` is a command of psql, not SQL"),
            Self::NotInTransaction { statement } => write!(f, "{statement} can't run in a transaction"),
            Self::TransactionControl { statement } => {
                write!(f, "{statement} in a revision: the engine begins and ends the transactions")
            }
        }
    }
}

impl Problem {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownKey { .. } => {
                let keys: Vec<_> = crate::header::known_keys().map(|key| format!("`{key}`")).collect();
                format!("the keys are {}; free text goes between the message and the first key", keys.join(", "))
            }
            Self::MissingKey { key: "Revises" } => "leave it empty for a base: `-- Revises:`".to_owned(),
            Self::NoHeader | Self::MissingKey { .. } => {
                "`cargo xtask db revision -m MESSAGE` writes a file with a header; db/README.md shows one".to_owned()
            }
            Self::NotUtf8 { .. } => "save the file as UTF-8".to_owned(),
            Self::UnknownSection { .. } => {
                "the sections are `-- migrate:upgrade` and `-- migrate:downgrade`".to_owned()
            }
            Self::NoUpgradeSection | Self::OutsideSection => {
                "put the statements below a line `-- migrate:upgrade`".to_owned()
            }
            Self::AfterCopy => "begin a new line after the `;`; the data begins on the line after it".to_owned(),
            Self::MetaCommand { .. } => "of psql's commands only the `\\.` that ends COPY data is supported".to_owned(),
            Self::NotInTransaction { .. } => {
                "give it a revision of its own with `-- Transaction: off` in the header".to_owned()
            }
            Self::TransactionControl { .. } => {
                "leave it out; for statements that need no transaction use `-- Transaction: off`".to_owned()
            }
            _ => return None,
        })
    }
}

/// A problem at a place in a revision file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The file, once it is known.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The text of the line, for a caret below it.
    pub source_line: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

impl ScriptError {
    pub(crate) fn at(line: u32, column: u32, problem: Problem) -> Self {
        Self { path: PathBuf::new(), line, column, source_line: None, problem }
    }

    /// The error with its file.
    pub(crate) fn in_file(self, path: &Path) -> Error {
        Error::Script(Box::new(Self { path: path.to_owned(), ..self }))
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        self.problem.hint()
    }
}

impl Display for ScriptError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.path.as_os_str().is_empty() {
            write!(f, "{}:{}: {}", self.line, self.column, self.problem)
        } else {
            write!(f, "{}:{}:{}: {}", self.path.display(), self.line, self.column, self.problem)
        }
    }
}

impl std::error::Error for ScriptError {}
