//! The operations that the log records.

use revision::Direction;

/// An operation that the log records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoggedOperation {
    /// The upgrade section ran.
    Upgrade,
    /// The downgrade section ran.
    Downgrade,
    /// A version row was set, and nothing was run.
    Stamp,
    /// A version row was deleted, and nothing was run.
    Unstamp,
    /// The edited file of an applied revision was accepted.
    Accept,
}

impl LoggedOperation {
    const ALL: [Self; 5] = [Self::Upgrade, Self::Downgrade, Self::Stamp, Self::Unstamp, Self::Accept];

    /// The name in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp",
            Self::Unstamp => "unstamp",
            Self::Accept => "accept",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Whether the revision counts as applied afterwards.
    pub(crate) fn applies(self) -> bool {
        matches!(self, Self::Upgrade | Self::Stamp | Self::Accept)
    }
}

impl From<Direction> for LoggedOperation {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Upgrade => Self::Upgrade,
            Direction::Downgrade => Self::Downgrade,
        }
    }
}
