//! Enforces the constraints that a revision adds while rows are generated before it, so that the rows fit the revision.

use std::collections::BTreeMap;

use anyhow::Result;
use connection::{Connection, Row};

/// The constraints on rows of a schema.
pub(super) struct Constraints(BTreeMap<Vec<Option<String>>, [String; 2]>);

/// Changes that remove added constraints, in order.
pub(super) struct Added(Vec<String>);

impl Constraints {
    pub(super) fn read(session: &mut Connection) -> Result<Self> {
        let rows = session.query(include_str!("constraints.sql"))?;
        let text = |row: &Row, index: usize| row[index].clone().unwrap_or_default();
        // Kind, oid and table identify a constraint in copies of a database.
        Ok(Self(rows.iter().map(|row| (row[..3].to_vec(), [text(row, 3), text(row, 4)])).collect()))
    }

    /// Adds the constraints that did not exist before, as far as the tables and their rows allow.
    pub(super) fn add_to(&self, before: &Self, session: &mut Connection) -> Result<Added> {
        let names = session.query(include_str!("table_names.sql"))?;
        let names: BTreeMap<&Option<String>, &Row> = names.iter().map(|row| (&row[0], row)).collect();
        let mut added = Vec::new();
        for (key, changes) in self.0.iter().filter(|(key, _)| !before.0.contains_key(*key)) {
            let Some([_, Some(table), Some(schema)]) = names.get(&key[2]).map(|row| row.as_slice()) else { continue };
            let [change, reverse] =
                changes.each_ref().map(|change| change.replace("{table}", table).replace("{schema}", schema));
            if session.query(&change).is_ok() {
                added.insert(0, reverse);
            }
        }
        Ok(Added(added))
    }
}

impl Added {
    pub(super) fn remove(&self, session: &mut Connection) -> Result<()> {
        for change in &self.0 {
            session.query(change)?;
        }
        Ok(())
    }
}
