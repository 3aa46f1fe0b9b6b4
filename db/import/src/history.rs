//! The common form of every tool's files: migrations in their order, files of `objects`, and notes for the user.

use std::path::PathBuf;

use revision::{Header, TransactionMode};

use crate::note::{Note, Skipped};
use crate::revision_id::revision_id;

/// A migration of another tool, as the revision that it becomes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Migration {
    /// The version, as the tool's table has it.
    pub version: String,
    /// The revision id: [`revision_id`](crate::revision_id) of the version.
    pub revision: String,
    /// The revision ids of the parents.
    pub parents: Vec<String>,
    /// Ids or labels of revisions that must be applied first but are not parents.
    pub depends_on: Vec<String>,
    /// The branch labels.
    pub branch_labels: Vec<String>,
    /// A short description, in one line.
    pub message: String,
    /// Free text for the header: the author and the original file.
    pub description: String,
    /// When it was created, as `2026-11-22T10:15:00Z`. Empty if that is not known.
    pub create_date: String,
    /// Whether it runs in a transaction.
    pub transaction: TransactionMode,
    /// The SQL of the upgrade section.
    pub upgrade: String,
    /// The SQL of the downgrade section, or `None` if the migration can't be reverted.
    pub downgrade: Option<String>,
    /// The file, or the one with the upgrade if there are two.
    pub source: PathBuf,
}

impl Migration {
    /// A migration with a version and the revision id of it.
    pub(crate) fn of_version(version: impl Into<String>) -> Self {
        let version = version.into();
        Self { revision: revision_id(&version), version, ..Self::default() }
    }

    /// The header of the revision file.
    pub fn header(&self) -> Header {
        Header {
            message: self.message.clone(),
            description: self.description.clone(),
            revision: self.revision.clone(),
            revises: self.parents.clone(),
            depends_on: self.depends_on.clone(),
            branch_labels: self.branch_labels.clone(),
            create_date: self.create_date.clone(),
            transaction: self.transaction,
            ..Header::default()
        }
    }
}

/// What the tool applies again whenever its text changes, as the file of `objects` that it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectText {
    /// The name of the file, without `.sql`.
    pub name: String,
    /// The contents.
    pub text: String,
    /// The file that this was.
    pub source: PathBuf,
}

/// All migrations of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// In the order in which the tool applies them to an empty database.
    pub migrations: Vec<Migration>,
    /// By name.
    pub objects: Vec<ObjectText>,
    /// Notes that the user must review.
    pub notes: Vec<Note>,
    /// The files that were skipped.
    pub skipped: Vec<Skipped>,
    /// Files that are programs. Each is replaced with a revision without their direction. The caller refuses such a
    /// history, unless the user wants to write that revision by hand.
    pub programs: Vec<PathBuf>,
}

impl History {
    /// The revisions that no other one follows or depends on.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        let is_followed = |id: &String| {
            self.migrations.iter().any(|other| other.parents.contains(id) || other.depends_on.contains(id))
        };
        let heads = self.migrations.iter().filter(move |migration| !is_followed(&migration.revision));
        heads.map(|migration| migration.revision.as_str())
    }

    /// Makes each migration the child of the one before it, for tools that know only an order.
    pub(crate) fn chain(&mut self) {
        let mut parent = None;
        for migration in &mut self.migrations {
            migration.parents = parent.into_iter().collect();
            parent = Some(migration.revision.clone());
        }
    }
}
