//! What the open transaction holds, and which tables it has scanned: a scan counts also if a table has no rows.

use std::collections::HashMap;

use connection::Connection;

/// The state of the tables and materialized views in a transaction, by their OIDs.
pub(super) struct Locks {
    tables: HashMap<String, Table>,
}

struct Table {
    name: String,
    /// The scans of all rows so far in the session.
    scans: u64,
    /// Whether the transaction has a lock that blocks writes.
    is_locked: bool,
}

impl Locks {
    pub(super) fn read(database: &mut Connection) -> Result<Self, String> {
        let rows = database.rows(include_str!("locks.sql")).map_err(|error| error.to_string())?;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let tables = rows.iter().map(|row| {
            let scans = text(&row[2]).parse().unwrap_or_default();
            (text(&row[0]), Table { name: text(&row[1]), scans, is_locked: text(&row[3]) == "t" })
        });
        Ok(Self { tables: tables.collect() })
    }

    /// A table of the origin that has been scanned since an earlier state, if the transaction locks one of the origin. The
    /// tables that came later have no rows.
    pub(super) fn scanned_since(&self, before: &Self, origin: &Self) -> Option<&str> {
        let of_origin = || self.tables.iter().filter(|(oid, _)| origin.tables.contains_key(*oid));
        if !of_origin().any(|(_, table)| table.is_locked) {
            return None;
        }
        let earlier = |oid: &String| before.tables.get(oid).map_or(0, |table| table.scans);
        of_origin().find(|(oid, table)| table.scans > earlier(oid)).map(|(_, table)| table.name.as_str())
    }
}
