//! A database with many tables, each with keys, a check, defaults, an index and a comment.

use anyhow::{Context as _, Result};

use crate::server::Address;

/// The columns, keys and comments of table `i`.
const TABLE: &str = "
CREATE TABLE t{i} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent bigint REFERENCES t{parent}, code text NOT NULL UNIQUE,
  name text DEFAULT 'none', amount numeric(10, 2) CHECK (amount > 0), day date, kind int, at timestamptz DEFAULT now()
);
CREATE INDEX t{i}_day ON t{i} (day, kind);
COMMENT ON TABLE t{i} IS 'table {i}';
";

/// The number of tables per view.
const TABLES_PER_VIEW: usize = 10;

/// The number of tables per transaction.
const BATCH: usize = 200;

/// Locks for all tables in one transaction, as a setting of the server: pg_dump takes them, and so does a script that
/// creates all tables.
pub(crate) const LOCKS: &str = "max_locks_per_transaction=1000";

/// Creates the tables `t0`, `t1` and so on.
pub(crate) fn create(address: &Address, size: usize) -> Result<()> {
    let mut client = address.connect()?;
    for first in (0..size).step_by(BATCH) {
        let mut sql = String::new();
        for index in first..size.min(first + BATCH) {
            let parent = index.saturating_sub(1).to_string();
            sql += &TABLE.replace("{i}", &index.to_string()).replace("{parent}", &parent);
            if index % TABLES_PER_VIEW == 0 {
                sql += &format!("CREATE VIEW v{index} AS SELECT id, code FROM t{index} WHERE kind > 0;\n");
            }
        }
        client.batch_execute(&sql)?;
    }
    client.batch_execute("ANALYZE").context("ANALYZE")
}
