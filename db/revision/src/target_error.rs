//! What can be wrong with a target.

#![expect(missing_docs, reason = "the fields of an error are explained by the line above their variant")]

use std::fmt::{self, Display, Formatter};

use crate::hint::Hint;

/// A target that means nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// No id, label or prefix.
    NoSuchRevision { wanted: String, similar: Option<String> },
    /// A prefix of several ids, with their messages.
    AmbiguousPrefix { prefix: String, candidates: Vec<(String, String)> },
    /// `label@…` with a label that nothing has.
    NoSuchBranch { label: String, labels: Vec<String>, similar: Option<String> },
    /// `label@rev` with a revision elsewhere.
    NotOnBranch { revision: String, branch: String },
    /// One head meant, several there.
    MultipleHeads { wanted: String, heads: Vec<String> },
    /// A relative target past the end of the graph.
    TooFar { target: String },
    /// `upgrade -1`, `downgrade +1`.
    WrongWay { target: String },
    /// A step with several ways to go.
    AmbiguousWalk { candidates: Vec<String> },
    /// `+1` from several heads.
    AmbiguousUpgrade { heads: Vec<String> },
    /// `-1` from several heads, each with the name that makes it unambiguous.
    AmbiguousDowngrade { target: String, heads: Vec<(String, String)> },
    /// `label@-1` with nothing of the branch applied.
    BranchNotApplied { target: String, label: String },
    /// `label@-1` with several heads on the branch.
    BranchOnSeveralHeads { target: String, label: String, heads: Vec<String> },
    /// A revision as a branch in a range, which is on several or none.
    BranchOfRevision { revision: String, labels: Vec<String> },
    /// Version rows that no file here has.
    UnknownRows { rows: Vec<String> },
    /// Of two version rows or targets one implies the other.
    Overlap { revision: String, ancestor: String },
    /// A downgrade to what is not below the heads.
    NotBelow { target: String, heads: Vec<String> },
    /// The ends of a range that is none.
    NotInRange { lower: String, upper: String },
    /// A revision that the range holds but none of its ends leads to.
    Unreachable { revision: String },
    /// A step that the version rows don't allow.
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
                write!(f, "several revisions begin with `{prefix}`:")?;
                candidates.iter().try_for_each(|(id, message)| write!(f, "\n  {id}  {message}"))
            }
            Self::NoSuchBranch { label, .. } => write!(f, "no branch `{label}`"),
            Self::NotOnBranch { revision, branch } => write!(f, "revision `{revision}` is not on branch `{branch}`"),
            Self::MultipleHeads { wanted, heads } => {
                write!(f, "`{wanted}` means one head, and there are {}: {}", heads.len(), list(heads))
            }
            Self::TooFar { target } => write!(f, "`{target}` goes past the end of the revisions"),
            Self::WrongWay { target } => write!(f, "`{target}` leads away from where this command goes"),
            Self::AmbiguousWalk { candidates } => write!(f, "the way divides at {}", list(candidates)),
            Self::AmbiguousUpgrade { heads } => {
                write!(f, "the target is ambiguous: the database has {} heads: {}", heads.len(), list(heads))
            }
            Self::AmbiguousDowngrade { target, heads } => {
                let ids: Vec<String> = heads.iter().map(|(id, _)| id.clone()).collect();
                write!(f, "`{target}` is ambiguous: the database has {} heads: {}", ids.len(), list(&ids))
            }
            Self::BranchNotApplied { target, label } => {
                write!(f, "`{target}`: nothing of branch `{label}` is applied")
            }
            Self::BranchOnSeveralHeads { target, label, heads } => {
                write!(f, "`{target}` is ambiguous: branch `{label}` leads to {}", list(heads))
            }
            Self::BranchOfRevision { revision, labels } => {
                write!(f, "`{revision}@` stands for one branch, and the revision is on {}", list(labels))
            }
            Self::UnknownRows { rows } => {
                write!(f, "the database is at {}, which no file in this checkout has", list(rows))
            }
            Self::Overlap { revision, ancestor } => {
                write!(f, "`{revision}` and `{ancestor}` overlap: the second comes before the first")
            }
            Self::NotBelow { target, heads } => {
                write!(f, "`{target}` is not below the heads of the database: {}", list(heads))
            }
            Self::NotInRange { lower, upper } => write!(f, "`{lower}` is not before `{upper}`"),
            Self::Unreachable { revision } => write!(f, "the range does not lead to `{revision}`, which it holds"),
            Self::Contradiction { revision, heads } => {
                write!(f, "the version rows ({}) don't allow the step of `{revision}`", list(heads))
            }
        }
    }
}

impl std::error::Error for TargetError {}

impl TargetError {
    /// What to do next.
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
            Self::UnknownRows { .. } => Hint::RevertWithLog,
            Self::NotBelow { .. } => Hint::UpgradeInstead,
            Self::Overlap { .. } | Self::Contradiction { .. } => Hint::StampAgain,
            Self::WrongWay { .. } => Hint::SignOfSteps,
            Self::TooFar { .. } | Self::NotInRange { .. } | Self::Unreachable { .. } => return None,
        })
    }
}
