//! What to do about an error, as facts. Whoever prints an error words them: this crate knows no command line.

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// The directory may be the wrong one; otherwise the first revision has to be written.
    WriteFirstRevision,
    /// These are the keys of a header; prose goes between the message and the first key.
    HeaderKeys(Vec<&'static str>),
    /// A base has an empty `Revises`.
    LeaveRevisesEmpty,
    /// A new file with a header can be generated.
    GenerateFile,
    /// Save the file as UTF-8.
    SaveAsUtf8,
    /// The sections are `-- migrate:upgrade` and `-- migrate:downgrade`.
    SectionNames,
    /// A section marker must be alone on its line, outside comments, strings and data.
    MarkerOnItsOwnLine,
    /// Header fields belong in the comment block at the beginning of the file, without empty lines.
    MoveIntoHeader,
    /// Statements go below `-- migrate:upgrade`.
    MoveBelowUpgrade,
    /// COPY data begins on the line after the `;`.
    BeginNewLineAfterCopy,
    /// Of psql's commands only the `\.` that ends COPY data is supported.
    OnlyEndOfCopyData,
    /// The statement needs a revision of its own with `Transaction: off`.
    UseTransactionOff,
    /// Leave transaction control out.
    LeaveOutTransactionControl,
    /// One of two files with the same id needs another, and so do the revisions that revise it.
    ChangeRevisionId,
    /// A label belongs to one revision.
    RenameLabel,
    /// A header names entire ids, and this one is similar.
    DidYouMean(String),
    /// A target was mistyped, and this one is similar.
    DidYouMeanTarget(String),
    /// A file may be missing.
    IsFileMissing,
    /// One of the revisions of a cycle has a wrong `Revises` or `Depends On`.
    BreakCycle,
    /// The history lists the revisions; an abbreviated id has this many characters at least.
    ListRevisions {
        /// Whether the name is shorter than an abbreviated id can be.
        is_too_short: bool,
    },
    /// More characters make the prefix unique.
    GiveMoreCharacters,
    /// These branches exist.
    Branches(Vec<String>),
    /// The history shows which revision is on which branch.
    ShowBranches,
    /// Name one head, all of them, or merge them.
    ChooseHead,
    /// Name the branch to downgrade: one of these targets.
    ChooseDowngrade(Vec<String>),
    /// Name the branch to upgrade, or all heads.
    ChooseUpgrade,
    /// Name the revision.
    NameRevision,
    /// The current revisions show what is applied.
    ShowCurrent,
    /// Name one of these heads.
    NameHead(Vec<String>),
    /// The log explains revisions of another checkout, and can revert them.
    RevertWithLog,
    /// The current revisions show the heads; reaching the target is an upgrade.
    UpgradeInstead,
    /// The version rows contradict the files and have to be set.
    StampAgain,
    /// `upgrade` takes `+N`, `downgrade` takes `-N`.
    SignOfSteps,
    /// Run it again.
    RunAgain,
}
