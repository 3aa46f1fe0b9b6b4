//! Why files can't be converted. `Display` has the wording.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

use revision::Place;

use crate::tool::Tool;

/// A reason why a history can't be converted. All are collected, and nothing is written if there is one.
#[non_exhaustive]
#[derive(Debug)]
pub enum Problem {
    /// A file or directory can't be read.
    Io { path: PathBuf, error: io::Error },
    /// The SQL of a file can't be in a revision. The position is the one in the other tool's file.
    Sql { path: PathBuf, place: Place, problem: revision::Problem },
    /// What is applied again can't be a file of `objects`. The place is that in the other tool's file.
    Repeatable { path: PathBuf, place: Place, problem: revision::Problem },
    /// Two files become the same file of `objects`.
    SameObjectFile { name: String, files: [PathBuf; 2] },
    /// A file is UTF-16.
    Utf16 { path: PathBuf },
    /// The tool's migrations can't be converted.
    NotSupported { tool: Tool, source: PathBuf },
    /// There is nothing to convert.
    NoMigrations { tool: Tool, source: PathBuf },
    /// Two files have the same version.
    SameVersion { version: String, files: [PathBuf; 2] },
    /// Two versions become the same revision id.
    SameId { revision: String, files: [PathBuf; 2] },
    /// The migrations are a program, which can't be converted.
    ProgramCode { path: PathBuf },
    /// A part of a file can't be converted.
    Unsupported { path: PathBuf, line: Option<u32>, what: String },
}

impl Problem {
    /// The file that it is about, and the line if there is one.
    pub fn place(&self) -> (&Path, Option<u32>) {
        match self {
            Self::Io { path, .. } | Self::ProgramCode { path } | Self::Utf16 { path } => (path, None),
            Self::Sql { path, place, .. } | Self::Repeatable { path, place, .. } => (path, Some(place.line)),
            Self::NotSupported { source, .. } | Self::NoMigrations { source, .. } => (source, None),
            Self::SameVersion { files, .. } | Self::SameId { files, .. } | Self::SameObjectFile { files, .. } => {
                (&files[1], None)
            }
            Self::Unsupported { path, line, .. } => (path, *line),
        }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (path, line) = self.place();
        write!(f, "{}:", path.display())?;
        if let Some(line) = line {
            write!(f, "{line}:")?;
        }
        match self {
            Self::Io { error, .. } => write!(f, " {error}"),
            Self::Sql { place, problem, .. } => write!(f, "{}: {problem}", place.column),
            Self::Repeatable { place, problem, .. } => {
                write!(f, "{}: {problem}: {}", place.column, instead(problem))
            }
            Self::SameObjectFile { name, files } => {
                write!(f, " becomes `objects/{name}.sql`, and so does {}", files[0].display())
            }
            Self::Utf16 { .. } => write!(f, " is UTF-16: save it as UTF-8"),
            Self::NotSupported { tool, .. } => write!(f, " migrations of {tool} can't be converted"),
            Self::NoMigrations { tool, .. } => write!(f, " contains no migrations of {tool}"),
            Self::SameVersion { version, files } => {
                write!(f, " has the version `{version}`, and so does {}", files[0].display())
            }
            Self::SameId { revision, files } => {
                write!(f, " becomes the revision `{revision}`, and so does {}", files[0].display())
            }
            Self::ProgramCode { .. } => write!(f, " is a program, which can't be converted"),
            Self::Unsupported { what, .. } => write!(f, " {what}"),
        }
    }
}

// Displayed with what is wrapped, so the source is that of the wrapped error.
impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => error.source(),
            _ => None,
        }
    }
}

/// What to do about a statement that can't be in `objects`.
fn instead(problem: &revision::Problem) -> &'static str {
    match problem {
        revision::Problem::NotReplacing { .. } => "write CREATE OR REPLACE",
        revision::Problem::NotRepeatable { statement } if statement.starts_with("DROP ") => {
            "remove it, and write CREATE OR REPLACE: the engine drops what it can't replace"
        }
        revision::Problem::NotRepeatable { statement } if matches!(statement.as_str(), "BEGIN" | "COMMIT" | "END") => {
            "remove it: all files of `objects` are applied in one transaction"
        }
        revision::Problem::NotRepeatable { .. } => "move it to a migration that is applied only once",
        _ => "correct the file, and import again",
    }
}
