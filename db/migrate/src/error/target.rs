//! What can be wrong with a target.

#![expect(missing_docs, reason = "the fields of an error are explained by the line above their variant")]

use std::fmt::{self, Display, Formatter};

/// A target that means nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetError {
    /// No id, label or prefix.
    NoSuchRevision { wanted: String },
    /// A prefix of several ids, with their messages.
    AmbiguousPrefix { prefix: String, candidates: Vec<(String, String)> },
    /// `label@…` with a label that nothing has.
    NoSuchBranch { label: String, labels: Vec<String> },
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
            Self::NoSuchRevision { wanted } => write!(f, "no revision or branch `{wanted}`"),
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
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoSuchRevision { wanted } if wanted.len() < 4 => {
                "`cargo xtask db history` lists them; give at least four characters of an id".to_owned()
            }
            Self::NoSuchRevision { .. } => "`cargo xtask db history` lists them".to_owned(),
            Self::AmbiguousPrefix { .. } => "give more characters".to_owned(),
            Self::NoSuchBranch { labels, .. } => format!("the branches are: {}", list(labels)),
            Self::NotOnBranch { .. } | Self::BranchOfRevision { .. } => {
                "`cargo xtask db history` shows the branches".to_owned()
            }
            Self::MultipleHeads { .. } => {
                "name one (its id, or `label@head`), say `heads` for all of them, or join them: `cargo xtask db merge heads -m MESSAGE`"
                    .to_owned()
            }
            Self::AmbiguousDowngrade { target, heads } => {
                let commands: Vec<String> =
                    heads.iter().map(|(_, name)| format!("cargo xtask db downgrade {name}@{target}")).collect();
                format!("say which:\n  {}", commands.join("\n  "))
            }
            Self::AmbiguousUpgrade { .. } => "say which branch: `LABEL@+1`, or `heads` for all".to_owned(),
            Self::AmbiguousWalk { .. } => "name the revision you mean".to_owned(),
            Self::BranchNotApplied { .. } => "`cargo xtask db current` shows what is applied".to_owned(),
            Self::BranchOnSeveralHeads { heads, .. } => format!("name the head: {}", list(heads)),
            Self::UnknownRows { .. } => {
                "it was migrated from another checkout: `cargo xtask db current -v` says what is known of it, and `cargo xtask db downgrade --logged TARGET` takes it down with the log's SQL".to_owned()
            }
            Self::NotBelow { .. } => "`cargo xtask db current` shows the heads, `db upgrade` goes up".to_owned(),
            Self::Overlap { .. } | Self::Contradiction { .. } => {
                "`cargo xtask db current` shows the rows; `cargo xtask db stamp --purge TARGET` sets them right"
                    .to_owned()
            }
            Self::WrongWay { .. } => "`upgrade` takes `+N`, `downgrade` takes `-N`".to_owned(),
            _ => return None,
        })
    }
}
