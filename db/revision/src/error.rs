//! The errors of this crate. Each type's `Display` has the wording.

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use crate::graph_error::GraphError;
use crate::hint::Hint;
use crate::place::Place;
use crate::script_error::ScriptError;
use crate::target_error::TargetError;

/// An error from reading or planning revisions.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file or directory could not be read.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// The directory does not exist.
    NoDirectory {
        /// The directory.
        directory: PathBuf,
    },
    /// The path is not a directory.
    NotADirectory {
        /// Its path.
        path: PathBuf,
    },
    /// The directory contains no revisions.
    NoRevisions {
        /// The directory.
        directory: PathBuf,
    },
    /// An SQL file in or below the directory would be ignored.
    Ignored {
        /// The file.
        path: PathBuf,
        /// Why it would be ignored.
        reason: Ignored,
    },
    /// A file changed after it was read.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A revision file is invalid.
    Script(Box<ScriptError>),
    /// The files do not form a valid graph.
    Graph(GraphError),
    /// Files in `objects` depend on each other.
    ObjectCycle {
        /// The files, each before the one that it refers to.
        paths: Vec<PathBuf>,
    },
    /// A target could not be resolved or planned.
    Target(TargetError),
    /// Two or more of these, in the order of the files. Displayed as the first.
    Several(Vec<Error>),
}

/// Why an SQL file would be ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ignored {
    /// Its extension is not exactly `.sql`.
    Extension,
    /// It is in a subdirectory.
    Subdirectory,
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn script(path: &Path) -> impl FnOnce(ScriptError) -> Self {
        |error| Self::Script(Box::new(ScriptError { path: path.to_owned(), ..error }))
    }

    /// Combines one or more errors into one.
    pub(crate) fn several(mut errors: Vec<Self>) -> Self {
        if errors.len() == 1 { errors.remove(0) } else { Self::Several(errors) }
    }

    /// The number of errors.
    pub fn count(&self) -> usize {
        match self {
            Self::Several(errors) => errors.len(),
            Self::Graph(error) => error.all().len(),
            _ => 1,
        }
    }

    /// Each of them.
    pub fn into_all(self) -> Vec<Self> {
        match self {
            Self::Several(errors) => errors,
            Self::Graph(error) => error.all().iter().cloned().map(Self::Graph).collect(),
            error => vec![error],
        }
    }

    /// The position in the file, if known.
    pub fn place(&self) -> Option<Place> {
        match self.first() {
            Self::Script(error) => Some(error.place),
            _ => None,
        }
    }

    /// The first of them.
    pub fn first(&self) -> &Self {
        match self {
            Self::Several(errors) => errors.first().unwrap_or(self),
            error => error,
        }
    }

    /// The file with the error, if it is in a file.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Io { path, .. }
            | Self::Changed { path }
            | Self::Ignored { path, .. }
            | Self::NotADirectory { path }
            | Self::NoDirectory { directory: path } => Some(path),
            Self::Script(error) => Some(&error.path),
            Self::ObjectCycle { paths } => paths.first().map(PathBuf::as_path),
            Self::Graph(error) => error.path(),
            Self::NoRevisions { .. } | Self::Target(_) => None,
            Self::Several(errors) => errors.first()?.path(),
        }
    }

    /// Suggests what to do about the error.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Io { .. } => None,
            Self::NoDirectory { directory } => Some(Hint::CreateDirectory(directory.clone())),
            Self::NotADirectory { .. } => Some(Hint::NameDirectory),
            Self::NoRevisions { directory } => Some(Hint::WriteFirstRevision(directory.clone())),
            Self::Ignored { path, reason: Ignored::Extension } => Some(Hint::RenameFile(path.with_extension("sql"))),
            Self::Ignored { reason: Ignored::Subdirectory, .. } => Some(Hint::MoveFile),
            Self::Changed { .. } => Some(Hint::RunAgain),
            Self::Script(error) => error.hint(),
            Self::Graph(error) => Some(error.hint()),
            Self::ObjectCycle { .. } => Some(Hint::NameObjectOrder),
            Self::Target(error) => error.hint(),
            Self::Several(errors) => errors.first()?.hint(),
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "`{}`: {source}", path.display()),
            Self::NoDirectory { directory } => write!(f, "the directory `{}` does not exist", directory.display()),
            Self::NotADirectory { path } => write!(f, "`{}` is not a directory", path.display()),
            Self::Ignored { path, reason: Ignored::Extension } => {
                write!(f, "`{}` is not read: its extension is not `.sql`", path.display())
            }
            Self::Ignored { path, reason: Ignored::Subdirectory } => {
                write!(f, "`{}` is not read: it is in a subdirectory of the revisions", path.display())
            }
            Self::NoRevisions { directory } => write!(f, "`{}` contains no revisions (`*.sql`)", directory.display()),
            Self::Changed { path } => write!(f, "`{}` changed while this command was running", path.display()),
            Self::Script(error) => error.fmt(f),
            Self::Graph(error) => error.fmt(f),
            Self::ObjectCycle { paths } => {
                let arrows = paths.iter().chain(paths.first()).map(|path| format!("`{}`", path.display()));
                write!(f, "files in `objects` depend on each other: {}", arrows.collect::<Vec<_>>().join(" -> "))
            }
            Self::Target(error) => error.fmt(f),
            Self::Several(errors) => errors.iter().take(1).try_for_each(|error| error.fmt(f)),
        }
    }
}

// The messages include the wrapped error, so `source()` skips it: no text appears twice in a chain.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => source.source(),
            Self::NoDirectory { .. }
            | Self::NotADirectory { .. }
            | Self::NoRevisions { .. }
            | Self::Ignored { .. }
            | Self::ObjectCycle { .. }
            | Self::Changed { .. } => None,
            Self::Script(error) => error.source(),
            Self::Graph(error) => error.source(),
            Self::Target(error) => error.source(),
            Self::Several(errors) => errors.first()?.source(),
        }
    }
}

impl From<GraphError> for Error {
    fn from(error: GraphError) -> Self {
        Self::Graph(error)
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}
