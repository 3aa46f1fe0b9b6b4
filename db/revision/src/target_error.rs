//! Errors from resolving targets and planning.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};

use crate::hint::Hint;

/// A target can't be resolved, or no plan leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// No revision has this id, label or prefix.
    NoSuchRevision { wanted: String, similar: Option<String> },
    /// Several ids have this prefix. Each comes with its message.
    AmbiguousPrefix { prefix: String, candidates: Vec<(String, String)> },
    /// No revision has the label of `label@…`.
    NoSuchBranch { label: String, labels: Vec<String>, similar: Option<String> },
    /// The revision of `label@rev` is not on that branch.
    NotOnBranch { revision: String, branch: String },
    /// The name requires a single head, but there are several.
    MultipleHeads { wanted: String, heads: Vec<String> },
    /// A relative target is past the end of the graph.
    TooFar { target: String },
    /// `upgrade -1` or `downgrade +1`.
    WrongWay { target: String },
    /// A relative target is ambiguous because the branch forks or merges on the way.
    AmbiguousWalk { candidates: Vec<String> },
    /// `+1` is ambiguous because the database has several heads.
    AmbiguousUpgrade { heads: Vec<String> },
    /// `-1` is ambiguous because the database has several heads. Each comes with a name that makes the target unambiguous.
    AmbiguousDowngrade { target: String, heads: Vec<(String, String)> },
    /// No revision of the branch of `label@-1` is applied.
    BranchNotApplied { target: String, label: String },
    /// `label@-1` is ambiguous because the branch has several heads.
    BranchOnSeveralHeads { target: String, label: String, heads: Vec<String> },
    /// A range uses a revision as a branch, but the revision is on several branches or none.
    BranchOfRevision { revision: String, labels: Vec<String> },
    /// The version table has revisions that are not in the graph. The log of the database may have all of them.
    UnknownRows { rows: Vec<String>, is_logged: bool },
    /// The version table has a revision that was squashed into another: some of the squash is applied, but not all of it.
    InsideSquash { row: String, squash: String, parents: Vec<String> },
    /// One version row or target is an ancestor of another.
    Overlap { revision: String, ancestor: String },
    /// The target of a downgrade is not below the heads.
    NotBelow { target: String, heads: Vec<String> },
    /// The ends of a range are not in order.
    NotInRange { lower: String, upper: String },
    /// A revision in the range can't be reached from its upper end.
    Unreachable { revision: String },
    /// The version rows are inconsistent with a step.
    Contradiction { revision: String, heads: Vec<String> },
}

fn list(items: &[String]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}

impl Display for TargetError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchRevision { wanted, .. } => write!(f, "no revision or branch `{wanted}`"),
            Self::AmbiguousPrefix { prefix, candidates } => {
                write!(f, "prefix `{prefix}` is ambiguous:")?;
                candidates.iter().try_for_each(|(id, message)| write!(f, "\n  {id}  {message}"))
            }
            Self::NoSuchBranch { label, .. } => write!(f, "no branch `{label}`"),
            Self::NotOnBranch { revision, branch } => write!(f, "revision `{revision}` is not on branch `{branch}`"),
            Self::MultipleHeads { wanted, heads } => {
                write!(f, "`{wanted}` requires a single head, but there are {}: {}", heads.len(), list(heads))
            }
            Self::TooFar { target } => write!(f, "`{target}` is past the end of the history"),
            Self::WrongWay { target } => write!(f, "`{target}` points the wrong way for this command"),
            Self::AmbiguousWalk { candidates } => {
                write!(f, "ambiguous: several branches continue from here: {}", list(candidates))
            }
            Self::AmbiguousUpgrade { heads } => {
                write!(f, "the target is ambiguous: the database has {} heads: {}", heads.len(), list(heads))
            }
            Self::AmbiguousDowngrade { target, heads } => {
                let ids: Vec<String> = heads.iter().map(|(id, _)| id.clone()).collect();
                write!(f, "`{target}` is ambiguous: the database has {} heads: {}", ids.len(), list(&ids))
            }
            Self::BranchNotApplied { target, label } => {
                write!(f, "`{target}`: no revision of branch `{label}` is applied")
            }
            Self::BranchOnSeveralHeads { target, label, heads } => {
                write!(f, "`{target}` is ambiguous: branch `{label}` has several heads: {}", list(heads))
            }
            Self::BranchOfRevision { revision, labels } => {
                write!(f, "`{revision}@` requires a revision on a single branch, but it is on: {}", list(labels))
            }
            Self::UnknownRows { rows, .. } => {
                write!(f, "the database is at {}, which is not in this checkout", list(rows))
            }
            Self::InsideSquash { row, squash, .. } => {
                write!(
                    f,
                    "the database is at `{row}`, which was squashed into `{squash}`: only a part of it is applied"
                )
            }
            Self::Overlap { revision, ancestor } => {
                write!(f, "`{revision}` and `{ancestor}` overlap: `{ancestor}` is an ancestor of `{revision}`")
            }
            Self::NotBelow { target, heads } => {
                write!(f, "`{target}` is not below the heads of the database: {}", list(heads))
            }
            Self::NotInRange { lower, upper } => write!(f, "`{lower}` is not before `{upper}`"),
            Self::Unreachable { revision } => {
                write!(f, "`{revision}` is in the range but can't be reached from its upper end")
            }
            Self::Contradiction { revision, heads } => {
                write!(f, "the version rows ({}) are inconsistent with the step for `{revision}`", list(heads))
            }
        }
    }
}

impl std::error::Error for TargetError {}

impl TargetError {
    /// Suggests what to do about the error.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::NoSuchRevision { similar: Some(similar), .. } | Self::NoSuchBranch { similar: Some(similar), .. } => {
                Hint::DidYouMeanTarget(similar.clone())
            }
            Self::NoSuchRevision { wanted, .. } => Hint::ListRevisions { is_too_short: wanted.len() < 4 },
            Self::AmbiguousPrefix { .. } => Hint::GiveMoreCharacters,
            Self::NoSuchBranch { labels, .. } => Hint::Branches(labels.clone()),
            Self::NotOnBranch { .. } | Self::BranchOfRevision { .. } => Hint::ShowBranches,
            Self::MultipleHeads { .. } => Hint::ChooseHead,
            Self::AmbiguousDowngrade { target, heads } => {
                Hint::ChooseDowngrade(heads.iter().map(|(_, name)| format!("{name}@{target}")).collect())
            }
            Self::AmbiguousUpgrade { .. } => Hint::ChooseUpgrade,
            Self::AmbiguousWalk { .. } => Hint::NameRevision,
            Self::BranchNotApplied { .. } => Hint::ShowCurrent,
            Self::BranchOnSeveralHeads { heads, .. } => Hint::NameHead(heads.clone()),
            Self::UnknownRows { is_logged: true, .. } => Hint::RevertWithLog,
            Self::UnknownRows { .. } => Hint::SetRows,
            Self::InsideSquash { squash, parents, .. } => {
                Hint::LeaveSquash { squash: squash.clone(), parents: parents.clone() }
            }
            Self::NotBelow { .. } => Hint::UpgradeInstead,
            Self::Overlap { .. } | Self::Contradiction { .. } => Hint::StampAgain,
            Self::WrongWay { .. } => Hint::SignOfSteps,
            Self::TooFar { .. } | Self::NotInRange { .. } | Self::Unreachable { .. } => return None,
        })
    }
}
