//! Locks on relations, and their modes.

use std::collections::BTreeMap;

use super::snapshot::{Oid, Snapshot};

/// The table-level lock modes, ordered from weakest to strongest.
/// <https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl Mode {
    const ALL: [(Self, &str); 8] = [
        (Self::AccessShare, "AccessShareLock"),
        (Self::RowShare, "RowShareLock"),
        (Self::RowExclusive, "RowExclusiveLock"),
        (Self::ShareUpdateExclusive, "ShareUpdateExclusiveLock"),
        (Self::Share, "ShareLock"),
        (Self::ShareRowExclusive, "ShareRowExclusiveLock"),
        (Self::Exclusive, "ExclusiveLock"),
        (Self::AccessExclusive, "AccessExclusiveLock"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, other)| *other == name).map(|(mode, _)| *mode)
    }

    pub(super) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What it blocks; `None` if it does not block applications.
    pub(crate) fn blocks(self) -> Option<&'static str> {
        match self {
            Self::AccessExclusive => Some("reads and writes"),
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => Some("writes"),
            _ => None,
        }
    }
}

/// A lock taken by a statement on a relation that existed before the revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(super) oid: Oid,
    pub(super) relation: String,
    pub(super) mode: Mode,
}

/// The strongest lock on each relation that existed before, and on an index only if it is stronger than the lock on its
/// table.
pub(super) fn strongest<'a>(origin: &Snapshot, locks: impl IntoIterator<Item = &'a (Oid, String)>) -> Vec<Lock> {
    let mut strongest: BTreeMap<Oid, Mode> = BTreeMap::new();
    for (oid, mode) in locks {
        let Some(mode) = Mode::named(mode) else { continue };
        let kept = strongest.entry(*oid).or_insert(mode);
        *kept = mode.max(*kept);
    }
    let lock = |(&oid, &mode): (&Oid, &Mode)| {
        let relation = origin.relations.get(&oid)?;
        let is_relevant = strongest.get(&relation.table).is_none_or(|table| *table < mode);
        is_relevant.then(|| Lock { oid, relation: relation.name.clone(), mode })
    };
    let mut locks: Vec<Lock> = strongest.iter().filter_map(lock).collect();
    locks.sort_by(|one, other| (other.mode, &one.relation).cmp(&(one.mode, &other.relation)));
    locks
}
