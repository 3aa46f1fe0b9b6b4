//! The state of a database between two statements.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use connection::{Connection, Row};

/// The OID of a relation or constraint.
pub(crate) type Oid = u32;

/// The schema and the locks, as seen by the session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub(crate) relations: BTreeMap<Oid, Relation>,
    /// Keyed by table and name.
    pub(crate) columns: BTreeMap<(Oid, String), Column>,
    pub(crate) constraints: BTreeMap<Oid, Constraint>,
    /// Pairs of relation and mode.
    pub(crate) locks: BTreeSet<(Oid, String)>,
    pub(crate) lock_timeout_is_off: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) name: String,
    /// As `pg_class.relkind`.
    pub(crate) kind: char,
    /// The file node, which changes when the relation is rewritten.
    file: String,
    /// The table of an index, otherwise 0.
    pub(crate) table: Oid,
    /// The number of sequential scans in this transaction, and of the rows they read.
    scans: u64,
    rows_read: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) data_type: String,
    pub(crate) is_not_null: bool,
    pub(crate) is_generated: bool,
    /// Whether it is an identity or serial column.
    pub(crate) is_numbered: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Constraint {
    pub(crate) name: String,
    /// As `pg_constraint.contype`.
    pub(crate) kind: char,
    pub(crate) is_validated: bool,
    pub(crate) table: Oid,
    pub(crate) index: Oid,
}

impl Snapshot {
    /// Reads the catalog, in the open transaction if there is one.
    pub(crate) fn take(connection: &mut Connection, is_transactional: bool) -> Result<Self> {
        let mut snapshot = Self::default();
        let query = include_str!("snapshot.sql");
        let rows = if is_transactional { connection.query_in_transaction(query) } else { connection.query(query) };
        for row in rows.context("cannot read the catalog")? {
            snapshot.add(&row)?;
        }
        Ok(snapshot)
    }

    fn add(&mut self, row: &Row) -> Result<()> {
        let text = |index: usize| row.get(index).and_then(Option::as_deref).unwrap_or_default();
        let oid = |index: usize| text(index).parse::<Oid>().context("invalid OID");
        let letter = |index: usize| text(index).chars().next().unwrap_or(' ');
        let is = |index: usize| text(index) == "true";
        match text(0) {
            "relation" => {
                let relation = Relation {
                    name: text(2).to_owned(),
                    kind: letter(3),
                    file: text(4).to_owned(),
                    table: oid(5)?,
                    scans: text(6).parse()?,
                    rows_read: text(7).parse()?,
                };
                self.relations.insert(oid(1)?, relation);
            }
            "column" => {
                let column = Column {
                    data_type: unqualified(text(3)).to_owned(),
                    is_not_null: is(4),
                    is_generated: !text(5).is_empty(),
                    is_numbered: is(6),
                };
                self.columns.insert((oid(1)?, text(2).to_owned()), column);
            }
            "constraint" => {
                let constraint = Constraint {
                    name: text(2).to_owned(),
                    kind: letter(3),
                    is_validated: is(4),
                    table: oid(5)?,
                    index: oid(6)?,
                };
                self.constraints.insert(oid(1)?, constraint);
            }
            "lock" => {
                self.locks.insert((oid(1)?, text(2).to_owned()));
            }
            _ => self.lock_timeout_is_off = text(1) == "0",
        }
        Ok(())
    }

    /// The tables and indexes that existed before and have different files now, without the indexes of rewritten tables, and
    /// without sequences, which have one row.
    pub(crate) fn rewritten_since(&self, before: &Self) -> Vec<Oid> {
        let has_other_file = |oid: &Oid| match (before.relations.get(oid), self.relations.get(oid)) {
            (Some(before), Some(after)) => after.kind != 'S' && before.file != after.file,
            _ => false,
        };
        let rewritten: Vec<Oid> = self.relations.keys().copied().filter(has_other_file).collect();
        rewritten.iter().copied().filter(|oid| !rewritten.contains(&self.relations[oid].table)).collect()
    }

    /// The tables that were fully scanned, with the number of rows read.
    pub(crate) fn scanned_since(&self, before: &Self) -> Vec<(Oid, u64)> {
        let scanned = self.relations.iter().filter_map(|(&oid, after)| {
            let (scans, rows) = before.relations.get(&oid).map_or((0, 0), |before| (before.scans, before.rows_read));
            (after.scans > scans).then(|| (oid, after.rows_read.saturating_sub(rows)))
        });
        scanned.collect()
    }
}

/// OIDs in an SQL list.
pub(crate) fn list(oids: &[Oid]) -> String {
    oids.iter().map(Oid::to_string).collect::<Vec<_>>().join(", ")
}

/// A name without the schema `public`.
pub(crate) fn unqualified(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}
