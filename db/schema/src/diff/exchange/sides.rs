//! The two sides of an exchange: what goes, and what takes its place.

/// A side of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Old,
    New,
}

impl Side {
    /// What the names of this side end with while the other side has the names.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Old => "_old",
            Self::New => "_new",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// One of each side.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Both<T> {
    pub(crate) old: T,
    pub(crate) new: T,
}

impl<T> Both<T> {
    pub(crate) fn of(&self, side: Side) -> &T {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }
}

/// An index or a constraint of exchanged columns.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Quoted, without the schema.
    pub(crate) name: String,
    /// As the catalog has it.
    pub(crate) definition: String,
}
