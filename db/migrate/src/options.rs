//! How a run behaves.

use std::time::Duration;

/// How a run behaves.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The name of the version table.
    pub version_table: String,
    /// Its schema; without one it is the schema it is found in, or else the first of `search_path`.
    pub version_table_schema: Option<String>,
    /// How long connecting is retried.
    pub connect_timeout: Duration,
    /// How long to wait for the migration lock.
    pub lock_wait: Duration,
    /// `lock_timeout` of the last attempt of a transaction; each earlier attempt waits half as long as the next.
    pub lock_timeout: Duration,
    /// `statement_timeout` of the transactions; none if zero.
    pub statement_timeout: Duration,
    /// How often a transaction that can't get its locks is attempted.
    pub attempts: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version_table: "alembic_version".to_owned(),
            version_table_schema: None,
            connect_timeout: Duration::from_secs(60),
            lock_wait: Duration::from_secs(300),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::ZERO,
            attempts: 10,
        }
    }
}
