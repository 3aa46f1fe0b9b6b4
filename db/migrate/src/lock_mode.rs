//! The modes of locks on relations, which observers report.

use std::collections::BTreeMap;

/// The table-level lock modes, ordered from weakest to strongest.
/// <https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// Taken by SELECT.
    AccessShare,
    /// Taken by SELECT … FOR UPDATE.
    RowShare,
    /// Taken by INSERT, UPDATE and DELETE.
    RowExclusive,
    /// Taken by CREATE INDEX CONCURRENTLY and VALIDATE CONSTRAINT.
    ShareUpdateExclusive,
    /// Taken by CREATE INDEX.
    Share,
    /// Taken by CREATE TRIGGER, and by ADD FOREIGN KEY on both tables.
    ShareRowExclusive,
    /// Taken by REFRESH MATERIALIZED VIEW CONCURRENTLY.
    Exclusive,
    /// Taken by DROP TABLE and most forms of ALTER TABLE.
    AccessExclusive,
}

impl LockMode {
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

    /// The mode with a name of `pg_locks.mode`; `None` for one that locks no table.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, other)| *other == name).map(|(mode, _)| *mode)
    }

    /// Its name, as in `pg_locks.mode`.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What it blocks; `None` if it does not block applications.
    pub fn blocks(self) -> Option<&'static str> {
        match self {
            Self::AccessExclusive => Some("reads and writes"),
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => Some("writes"),
            _ => None,
        }
    }

    /// The strongest mode on each relation, and on an index only if it is stronger than that on its table. `table_of` gives
    /// the table of an index.
    pub fn strongest<Relation: Ord>(
        locks: impl IntoIterator<Item = (Relation, Self)>,
        table_of: impl Fn(&Relation) -> Option<Relation>,
    ) -> BTreeMap<Relation, Self> {
        let mut strongest: BTreeMap<Relation, Self> = BTreeMap::new();
        for (relation, mode) in locks {
            let kept = strongest.entry(relation).or_insert(mode);
            *kept = mode.max(*kept);
        }
        let is_weaker = |(relation, mode): (&Relation, &Self)| {
            table_of(relation).is_some_and(|table| strongest.get(&table).is_some_and(|other| other >= mode))
        };
        let weaker: Vec<bool> = strongest.iter().map(is_weaker).collect();
        strongest.into_iter().zip(weaker).filter(|(_, is_weaker)| !is_weaker).map(|(lock, _)| lock).collect()
    }
}
