//! The kind of a plan, and the section that it runs.

use std::fmt::{self, Display, Formatter};

/// The section of a revision that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `-- migrate:upgrade`
    Upgrade,
    /// `-- migrate:downgrade`
    Downgrade,
}

impl Direction {
    /// The section's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }

    /// Finds a direction by the name of its section.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Upgrade, Self::Downgrade].into_iter().find(|direction| direction.name() == name)
    }
}

impl Display for Direction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kind of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Apply revisions.
    Upgrade,
    /// Revert revisions.
    Downgrade,
    /// Rewrite the version rows without running revisions.
    Stamp,
}

impl Operation {
    /// The command's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp",
        }
    }

    /// The section that runs, or `None` for a stamp.
    pub fn direction(self) -> Option<Direction> {
        match self {
            Self::Upgrade => Some(Direction::Upgrade),
            Self::Downgrade => Some(Direction::Downgrade),
            Self::Stamp => None,
        }
    }
}

impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
