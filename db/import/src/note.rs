//! What a person must read about a conversion that succeeded, and the files that were left out of it. `Display` has the wording.

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

/// What is different in the revision, or was decided.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The downgrade has no effect, so the revision has no downgrade section.
    EmptyDowngrade,
}

impl Display for Remark {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDowngrade => write!(f, "the downgrade does nothing: the revision is irreversible"),
        }
    }
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why it was not taken.
    pub reason: Reason,
}

impl Display for Skipped {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// Why a file was not taken.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The tool itself does not read a file of that name.
    NotRead,
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRead => write!(f, "the tool does not read a file of this name"),
        }
    }
}
