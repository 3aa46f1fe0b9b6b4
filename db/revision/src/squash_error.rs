//! Why revisions can't become one.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};

use crate::error::Error;
use crate::header::TransactionMode;
use crate::target_error::TargetError;

/// A range of revisions can't become one revision.
#[derive(Debug)]
#[non_exhaustive]
pub enum SquashError {
    /// The range has fewer than two revisions.
    TooFew { revisions: Vec<String> },
    /// The range begins at several revisions.
    SeveralFirst { revisions: Vec<String> },
    /// The range ends at several revisions.
    SeveralLast { revisions: Vec<String> },
    /// A revision outside the range revises one that is not its last.
    BranchesOff { revision: String, next: String },
    /// A revision after the first revises one outside the range.
    MergesIn { revision: String, parent: String },
    /// A revision outside the range depends on one that is not its last.
    Needed { revision: String, dependent: String },
    /// Some revisions run in a transaction and others do not. The ranges are those that can be squashed instead.
    Mixed { on: String, off: String, ranges: Vec<(String, String)> },
    /// The message would be read as part of the structure of a revision file.
    Message { message: String },
    /// The squash would not have the statements of the revisions, or not be valid.
    NotEqual { revision: String },
    /// A file can't be read, or has changed.
    Revision(Error),
}

fn list(items: &[String]) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}

impl Display for SquashError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFew { revisions } if revisions.is_empty() => f.write_str("the range has no revisions"),
            Self::TooFew { revisions } => write!(f, "the range has only one revision: {}", list(revisions)),
            Self::SeveralFirst { revisions } => write!(f, "the range begins at several revisions: {}", list(revisions)),
            Self::SeveralLast { revisions } => write!(f, "the range ends at several revisions: {}", list(revisions)),
            Self::BranchesOff { revision, next } => {
                write!(f, "a branch leaves the range: `{next}` revises `{revision}`")
            }
            Self::MergesIn { revision, parent } => {
                write!(f, "a branch joins the range: `{revision}` revises `{parent}`, which is outside of it")
            }
            Self::Needed { revision, dependent } => {
                write!(f, "`{dependent}`, which is outside the range, depends on `{revision}`")
            }
            Self::Mixed { on, off, .. } => {
                write!(f, "`{off}` runs without a transaction, and `{on}` in one: one revision can't do both")
            }
            Self::Message { message } => {
                write!(f, "the message `{message}` would be read as part of the file's structure")
            }
            Self::NotEqual { revision } => {
                write!(f, "the text of `{revision}` would be read differently in one file with the others")
            }
            Self::Revision(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SquashError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Revision(error) => error.source(),
            _ => None,
        }
    }
}

impl From<Error> for SquashError {
    fn from(error: Error) -> Self {
        Self::Revision(error)
    }
}

impl From<TargetError> for SquashError {
    fn from(error: TargetError) -> Self {
        Self::Revision(error.into())
    }
}

/// What can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SquashHint {
    /// Name the first and the last revision.
    NameBothEnds,
    /// Squash up to this revision, or the branch with it.
    EndAt(String),
    /// Begin after the branch joins.
    BeginAt(String),
    /// Squash these ranges instead.
    Ranges(Vec<(String, String)>),
    /// Choose another message.
    OtherMessage,
}

impl SquashError {
    /// What can be done about it.
    pub fn hint(&self) -> Option<SquashHint> {
        Some(match self {
            Self::TooFew { .. } | Self::SeveralFirst { .. } | Self::SeveralLast { .. } => SquashHint::NameBothEnds,
            Self::BranchesOff { revision, .. } | Self::Needed { revision, .. } => SquashHint::EndAt(revision.clone()),
            Self::MergesIn { revision, .. } => SquashHint::BeginAt(revision.clone()),
            Self::Mixed { ranges, .. } => SquashHint::Ranges(ranges.clone()),
            Self::Message { .. } => SquashHint::OtherMessage,
            Self::NotEqual { .. } | Self::Revision(_) => return None,
        })
    }

    /// The revision of a mode, for an error that names one of each.
    pub(crate) fn mixed(mode: TransactionMode, one: &str, other: &str, ranges: Vec<(String, String)>) -> Self {
        let (on, off) = if mode == TransactionMode::On { (one, other) } else { (other, one) };
        Self::Mixed { on: on.to_owned(), off: off.to_owned(), ranges }
    }
}
