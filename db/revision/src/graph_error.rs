//! Errors that involve several revision files.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use crate::hint::Hint;

/// The revision files do not form a valid graph.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphError {
    /// Two files have the same revision id.
    DuplicateId { id: String, paths: [PathBuf; 2] },
    /// A branch label is in two files, or is also a revision id.
    DuplicateLabel { label: String, paths: [PathBuf; 2] },
    /// `Revises` names a revision that does not exist.
    UnknownParent { revision: String, parent: String, path: PathBuf, similar: Option<String> },
    /// `Depends On` names a revision or label that does not exist.
    UnknownDependency { revision: String, dependency: String, path: PathBuf, similar: Option<String> },
    /// The revisions form a cycle. Children come before their parents.
    Cycle { revisions: Vec<String>, paths: Vec<PathBuf> },
    /// Two or more of these. Displayed as the first.
    Several { errors: Vec<GraphError> },
}

impl Display for GraphError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateId { id, paths: [first, second] } => {
                write!(f, "duplicate revision id `{id}` in `{}` and `{}`", first.display(), second.display())
            }
            Self::DuplicateLabel { label, paths: [first, second] } => {
                write!(f, "duplicate branch label `{label}` in `{}` and `{}`", first.display(), second.display())
            }
            Self::UnknownParent { revision, parent, path, .. } => {
                write!(f, "revision `{revision}` revises `{parent}`, which does not exist: `{}`", path.display())
            }
            Self::UnknownDependency { revision, dependency, path, .. } => {
                write!(f, "revision `{revision}` depends on `{dependency}`, which does not exist: `{}`", path.display())
            }
            Self::Cycle { revisions, paths } => {
                write!(f, "the revisions form a cycle:")?;
                for (index, (revision, path)) in revisions.iter().zip(paths).enumerate() {
                    let parent = &revisions[(index + 1) % revisions.len()];
                    write!(f, "\n  `{revision}` requires `{parent}` (`{}`)", path.display())?;
                }
                Ok(())
            }
            Self::Several { errors } => errors.iter().take(1).try_for_each(|error| error.fmt(f)),
        }
    }
}

impl std::error::Error for GraphError {}

impl GraphError {
    /// Combines errors into one. `None` if there are none.
    pub(crate) fn several(mut errors: Vec<Self>) -> Option<Self> {
        if errors.len() > 1 { Some(Self::Several { errors }) } else { errors.pop() }
    }

    /// Each of them.
    pub fn all(&self) -> &[Self] {
        match self {
            Self::Several { errors } => errors,
            error => std::slice::from_ref(error),
        }
    }

    /// A file with the error.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::DuplicateId { paths: [_, path], .. }
            | Self::DuplicateLabel { paths: [_, path], .. }
            | Self::UnknownParent { path, .. }
            | Self::UnknownDependency { path, .. } => Some(path),
            Self::Cycle { paths, .. } => paths.first().map(PathBuf::as_path),
            Self::Several { errors } => errors.first()?.path(),
        }
    }

    /// Suggests what to do about the error.
    pub fn hint(&self) -> Hint {
        match self {
            Self::Several { errors } => errors.first().map_or(Hint::IsFileMissing, Self::hint),
            Self::DuplicateId { .. } => Hint::ChangeRevisionId,
            Self::DuplicateLabel { .. } => Hint::RenameLabel,
            Self::UnknownParent { similar: Some(similar), .. }
            | Self::UnknownDependency { similar: Some(similar), .. } => Hint::DidYouMean(similar.clone()),
            Self::UnknownParent { .. } | Self::UnknownDependency { .. } => Hint::IsFileMissing,
            Self::Cycle { .. } => Hint::BreakCycle,
        }
    }
}
