//! Locks on relations.

use migrate::LockMode;

use super::snapshot::{Oid, Snapshot};

/// A lock taken by a statement on a relation that existed before the revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(super) oid: Oid,
    pub(super) relation: String,
    pub(super) mode: LockMode,
}

/// The strongest lock on each relation that existed before, and on an index only if it is stronger than the lock on its
/// table.
pub(super) fn strongest<'a>(origin: &Snapshot, locks: impl IntoIterator<Item = &'a (Oid, String)>) -> Vec<Lock> {
    let locks = locks.into_iter().filter_map(|(oid, mode)| Some((*oid, LockMode::named(mode)?)));
    let strongest = LockMode::strongest(locks, |oid| origin.relations.get(oid).map(|relation| relation.table));
    let lock = |(oid, mode)| Some(Lock { oid, relation: origin.relations.get(&oid)?.name.clone(), mode });
    let mut locks: Vec<Lock> = strongest.into_iter().filter_map(lock).collect();
    locks.sort_by(|one, other| (other.mode, &one.relation).cmp(&(one.mode, &other.relation)));
    locks
}
