//! What a plan does, and which section of a file that runs.

use std::fmt::{self, Display, Formatter};

/// Which section of a revision runs.
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

    /// The direction of this name.
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
    /// Rewrite the version rows without running anything.
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

    /// The section that runs; none for a stamp.
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
