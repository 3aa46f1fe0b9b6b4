//! Errors in a single revision file.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use crate::hint::Hint;
use crate::place::{Excerpt, Place};

/// A problem in a revision file, without its position.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A line of the header is not `Key: value` with a known key.
    UnknownKey { key: String, keys: &'static [&'static str] },
    /// A header key is duplicated.
    DuplicateKey { key: &'static str, first: u32 },
    /// `Revision ID` or `Revises` is missing.
    MissingKey { key: &'static str },
    /// The value of a header key is invalid.
    InvalidValue { key: &'static str, value: String, expected: &'static str },
    /// The file is empty or does not begin with a `--` comment.
    NoHeader,
    /// The file is not valid UTF-8.
    NotUtf8 { offset: u64 },
    /// The file contains a NUL byte, which PostgreSQL's protocol does not support.
    NulByte { offset: u64 },
    /// There is no `-- migrate:upgrade` section.
    NoUpgradeSection,
    /// A section is duplicated or in the wrong order.
    MisplacedSection { section: &'static str, first: u32 },
    /// A `-- migrate:` line names an unknown section.
    UnknownSection { marker: String },
    /// A section marker after a statement, or in a comment, a quoted string or COPY data.
    MisplacedMarker { place: &'static str },
    /// A header field below the header, which the given line ended.
    FieldBelowHeader { key: &'static str, end: u32 },
    /// A header field below a section marker.
    MisplacedField { key: &'static str },
    /// A statement precedes the first section.
    OutsideSection,
    /// A quote, comment, dollar quote or parenthesis is never closed. The position is that of the opening.
    Unterminated { what: &'static str },
    /// The data of a `COPY … FROM STDIN` has no closing `\.`.
    UnterminatedCopy,
    /// More SQL follows a `COPY … FROM STDIN;` on the same line.
    AfterCopy,
    /// The file contains a psql command such as `\i`.
    MetaCommand { command: String },
    /// A transactional revision contains a statement that PostgreSQL does not allow in a transaction block.
    NotInTransaction { statement: &'static str },
    /// The revision contains `BEGIN`, `COMMIT` or another transaction control statement.
    TransactionControl { statement: &'static str },
    /// A statement that lasts until the end of a transaction, in a revision without one.
    NoTransaction { statement: &'static str },
    /// `DISCARD ALL`, which releases the migration lock.
    DiscardsSession,
    /// A statement that is not allowed in a plain SQL file, which runs in one transaction.
    InOneTransaction { statement: &'static str },
    /// A section marker in a plain SQL file.
    SectionOfRevision { section: &'static str },
    /// A line `-- Unanswered: …`, which whoever has reviewed the revision deletes.
    Unanswered { question: String },
    /// A line `-- renamed from: …` that is beside no object that can be renamed.
    MisplacedRename,
    /// A line `-- renamed from: …` without a name.
    InvalidRename,
    /// `COPY … TO STDOUT`, which the engine does not read.
    CopyToClient,
    /// A statement in `objects` whose object or effect is not one that can be applied again.
    NotRepeatable { statement: String },
    /// A statement in `objects` that fails if the object exists.
    NotReplacing { statement: String },
    /// `Depends On` names a file that does not exist in `objects`.
    NoSuchObject { name: String },
    /// Another file in `objects` creates the same object.
    CreatedTwice { object: String, other: String },
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key, .. } => write!(f, "unknown header key `{key}`"),
            Self::DuplicateKey { key, first } => write!(f, "duplicate header key `{key}`, first on line {first}"),
            Self::MissingKey { key } => write!(f, "the header has no `{key}:`"),
            Self::InvalidValue { key, value, expected } => write!(f, "`{key}: {value}`: expected {expected}"),
            Self::NoHeader => write!(f, "the file does not begin with a header comment"),
            Self::NotUtf8 { offset } => write!(f, "the file is not valid UTF-8 at byte offset {offset}"),
            Self::NulByte { offset } => write!(f, "the file contains a NUL byte at offset {offset}"),
            Self::NoUpgradeSection => write!(f, "the file has no `-- migrate:upgrade` section"),
            Self::MisplacedSection { section, first } => {
                write!(f, "misplaced `-- migrate:{section}`: a section already starts on line {first}")
            }
            Self::UnknownSection { marker } => {
                // The wrong character may be invisible.
                let plain = |c: char| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() };
                write!(f, "unknown section `{}`", marker.chars().map(plain).collect::<String>())
            }
            Self::MisplacedMarker { place } => write!(f, "section marker {place}"),
            Self::FieldBelowHeader { key, end } => write!(f, "`{key}` is below the header, which ends at line {end}"),
            Self::MisplacedField { key } => write!(f, "`{key}` is not in the header"),
            Self::OutsideSection => write!(f, "statement before `-- migrate:upgrade`"),
            Self::Unterminated { what } => write!(f, "unterminated {what}"),
            Self::UnterminatedCopy => write!(f, "COPY data does not end with a line `\\.`"),
            Self::AfterCopy => write!(f, "unexpected text after COPY … FROM STDIN on the same line"),
            Self::MetaCommand { command } => write!(f, "`{command}` is a psql command, not SQL"),
            Self::NotInTransaction { statement } => write!(f, "{statement} cannot run inside a transaction block"),
            Self::TransactionControl { statement } => {
                write!(f, "{statement} is not allowed in a revision: transactions are managed automatically")
            }
            Self::NoTransaction { statement } => {
                write!(f, "{statement} lasts for one transaction, and a revision with `Transaction: off` has none")
            }
            Self::DiscardsSession => write!(f, "DISCARD ALL in a revision: it would release the migration lock"),
            Self::InOneTransaction { statement } => {
                write!(f, "{statement} is not allowed here: the file runs in one transaction")
            }
            Self::SectionOfRevision { section } => {
                write!(f, "`-- migrate:{section}` is not allowed here: the file is plain SQL without sections")
            }
            Self::Unanswered { question } if question.is_empty() => write!(f, "unanswered question"),
            Self::Unanswered { question } => write!(f, "unanswered: {question}"),
            Self::MisplacedRename => {
                let where_to = "put it on the line before a statement or a column, or at its end";
                write!(f, "`renamed from` is next to nothing that can be renamed: {where_to}")
            }
            Self::InvalidRename => write!(f, "`renamed from:` needs the old name, and nothing else"),
            Self::CopyToClient => write!(f, "nothing receives the data of COPY … TO STDOUT"),
            Self::NotRepeatable { statement } => write!(f, "{statement} does not belong in `objects`"),
            Self::NotReplacing { statement } => write!(f, "{statement} fails when the file is applied again"),
            Self::NoSuchObject { name } => write!(f, "`Depends On: {name}`: there is no such file in `objects`"),
            Self::CreatedTwice { object, other } => write!(f, "`{other}` also creates {object}"),
        }
    }
}

impl Problem {
    /// Suggests what to do about the error.
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
            Self::NoTransaction { .. } => Hint::UseSessionOrTransaction,
            Self::DiscardsSession => Hint::DiscardInParts,
            Self::Unanswered { .. } => Hint::AnswerAndDelete,
            Self::CopyToClient => Hint::CopyWithPsql,
            Self::InOneTransaction { .. } | Self::SectionOfRevision { .. } => Hint::LeaveOut,
            Self::NotRepeatable { .. } => Hint::WriteRevision,
            Self::NotReplacing { .. } => Hint::UseOrReplace,
            Self::NoSuchObject { .. } => Hint::NameObjectFile,
            Self::CreatedTwice { .. } => Hint::KeepOneFile,
            _ => return None,
        })
    }
}

/// A problem at a position in a revision file.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The file. Empty if it is not known.
    pub path: PathBuf,
    /// The position in the file.
    pub place: Place,
    /// The text of that line, if available.
    pub source_line: Option<String>,
    /// The problem.
    pub problem: Problem,
}

impl ScriptError {
    pub(crate) fn at(place: Place, problem: Problem) -> Self {
        Self { path: PathBuf::new(), place, source_line: None, problem }
    }

    pub(crate) fn on(excerpt: Excerpt, problem: Problem) -> Self {
        Self { path: PathBuf::new(), place: excerpt.place, source_line: Some(excerpt.line), problem }
    }

    /// Suggests what to do about the error.
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
