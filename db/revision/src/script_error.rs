//! What can be wrong in a revision file.

#![expect(missing_docs, reason = "the fields of an error are explained by the line above their variant")]

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use crate::hint::Hint;
use crate::place::{Excerpt, Place};

/// What is wrong in a revision file, without saying where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A header line that is not `Key: value` with a known key.
    UnknownKey { key: String, keys: &'static [&'static str] },
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
    /// A section marker behind a statement, or in a comment, a quoted string or COPY data.
    MisplacedMarker { place: &'static str },
    /// A header field below the header, which the given line ended.
    FieldBelowHeader { key: &'static str, end: u32 },
    /// A header field below a section marker.
    MisplacedField { key: &'static str },
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
    TransactionControl { statement: &'static str },
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key, .. } => write!(f, "unknown header key `{key}`"),
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
            Self::UnknownSection { marker } => {
                // What is wrong may be invisible.
                let plain = |c: char| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() };
                write!(f, "unknown section `{}`", marker.chars().map(plain).collect::<String>())
            }
            Self::MisplacedMarker { place } => write!(f, "a section marker {place}"),
            Self::FieldBelowHeader { key, end } => write!(f, "`{key}` is below the header, which ends at line {end}"),
            Self::MisplacedField { key } => write!(f, "`{key}` is not in the header"),
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
    /// What to do next.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::UnknownKey { keys, .. } => Hint::HeaderKeys(keys.to_vec()),
            Self::MissingKey { key: "Revises" } => Hint::LeaveRevisesEmpty,
            Self::NoHeader | Self::MissingKey { .. } => Hint::GenerateFile,
            Self::NotUtf8 { .. } => Hint::SaveAsUtf8,
            Self::UnknownSection { .. } => Hint::SectionNames,
            Self::MisplacedMarker { .. } => Hint::MarkerOnItsOwnLine,
            Self::FieldBelowHeader { .. } | Self::MisplacedField { .. } => Hint::MoveIntoHeader,
            Self::NoUpgradeSection | Self::OutsideSection => Hint::MoveBelowUpgrade,
            Self::AfterCopy => Hint::BeginNewLineAfterCopy,
            Self::MetaCommand { .. } => Hint::OnlyEndOfCopyData,
            Self::NotInTransaction { .. } => Hint::UseTransactionOff,
            Self::TransactionControl { .. } => Hint::LeaveOutTransactionControl,
            _ => return None,
        })
    }
}

/// A problem at a place in a revision file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The file; empty while it is not known.
    pub path: PathBuf,
    /// Where it is.
    pub place: Place,
    /// The text of that line, if it is to be shown.
    pub source_line: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

impl ScriptError {
    pub(crate) fn at(place: Place, problem: Problem) -> Self {
        Self { path: PathBuf::new(), place, source_line: None, problem }
    }

    pub(crate) fn on(excerpt: Excerpt, problem: Problem) -> Self {
        Self { path: PathBuf::new(), place: excerpt.place, source_line: Some(excerpt.line), problem }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<Hint> {
        self.problem.hint()
    }
}

impl Display for ScriptError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.path.as_os_str().is_empty() {
            write!(f, "{}:", self.path.display())?;
        }
        write!(f, "{}:{}: {}", self.place.line, self.place.column, self.problem)
    }
}

impl std::error::Error for ScriptError {}
