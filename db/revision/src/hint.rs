//! Suggestions for resolving an error, without their wording: this crate does not know the command line that uses it.

use std::path::PathBuf;

/// A suggestion for resolving an error. The caller supplies the wording.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Check the path, restore the directory, or create it with its first revision.
    CreateDirectory(PathBuf),
    /// Name the directory of the revisions instead.
    NameDirectory,
    /// Check the directory, or create the first revision in it.
    WriteFirstRevision(PathBuf),
    /// Rename the file to this.
    RenameFile(PathBuf),
    /// Move the file into the directory itself, or out of it.
    MoveFile,
    /// Use one of these header keys. Free text goes between the message and the first key.
    HeaderKeys(Vec<&'static str>),
    /// Leave `Revises` empty for a base.
    LeaveRevisesEmpty,
    /// Generate a new file with a header.
    GenerateFile,
    /// Save the file as UTF-8.
    SaveAsUtf8,
    /// Use `-- migrate:upgrade` or `-- migrate:downgrade`.
    SectionNames,
    /// A section marker must be alone on its line, outside comments, strings and data.
    MarkerOnItsOwnLine,
    /// Header fields belong in the comment block at the beginning of the file, without empty lines.
    MoveIntoHeader,
    /// Move the statements below `-- migrate:upgrade`.
    MoveBelowUpgrade,
    /// Start the COPY data on the line after the `;`.
    BeginNewLineAfterCopy,
    /// The only psql command supported is the `\.` that ends COPY data.
    OnlyEndOfCopyData,
    /// Move the statement to a separate revision with `Transaction: off`.
    UseTransactionOff,
    /// Remove the statement or the line.
    LeaveOut,
    /// Remove the transaction control statement.
    LeaveOutTransactionControl,
    /// Use the form of the statement for sessions, or a revision with a transaction.
    UseSessionOrTransaction,
    /// Remove it, or discard only what the revision created.
    DiscardInParts,
    /// Write to a table, or export with psql.
    CopyWithPsql,
    /// Change one of the two ids, and `Revises` in its children.
    ChangeRevisionId,
    /// Rename or remove one of the two labels.
    RenameLabel,
    /// Use this similar id. Headers require full ids.
    DidYouMean(String),
    /// Use this similar name: the target was mistyped.
    DidYouMeanTarget(String),
    /// Check whether a file is missing.
    IsFileMissing,
    /// Correct `Revises` or `Depends On` in one of the revisions of the cycle.
    BreakCycle,
    /// List the revisions.
    ListRevisions {
        /// Whether the name is too short to be a prefix of an id.
        is_too_short: bool,
    },
    /// Use a longer prefix.
    GiveMoreCharacters,
    /// Use one of these branches.
    Branches(Vec<String>),
    /// List the revisions with their branches.
    ShowBranches,
    /// Name one head, use all of them, or merge them.
    ChooseHead,
    /// Downgrade to one of these targets, which name the branch.
    ChooseDowngrade(Vec<String>),
    /// Name the branch to upgrade, or use all heads.
    ChooseUpgrade,
    /// Name the revision.
    NameRevision,
    /// Show which revisions are applied.
    ShowCurrent,
    /// Name one of these heads.
    NameHead(Vec<String>),
    /// Inspect the migration log, or revert the revisions with the SQL in it.
    RevertWithLog,
    /// Find the files of the tool or checkout that set the version rows, or set the rows to match the schema.
    SetRows,
    /// Show the current heads; to apply revisions, upgrade.
    UpgradeInstead,
    /// Correct the version rows by stamping.
    StampAgain,
    /// Use `+N` with upgrade and `-N` with downgrade.
    SignOfSteps,
    /// Run the command again.
    RunAgain,
    /// Write a revision: files in `objects` may only contain what can be applied again.
    WriteRevision,
    /// Use `CREATE OR REPLACE`.
    UseOrReplace,
    /// Name a file in `objects` by its path there, without `.sql`.
    NameObjectFile,
    /// Remove the object from one of the two files.
    KeepOneFile,
    /// Break the cycle with `Depends On`.
    NameObjectOrder,
}
