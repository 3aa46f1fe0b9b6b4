//! The options of a session.

use std::time::Duration;

/// The options of a session. Start from the default:
///
/// ```
/// let mut options = migrate::Options::default();
/// options.lock_timeout = std::time::Duration::from_secs(2);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The name of the version table. The default is `alembic_version`.
    pub version_table: String,
    /// The schema of the version table. By default, the schema in which `search_path` finds the table, or else the
    /// first schema of `search_path`.
    pub version_table_schema: Option<String>,
    /// How long to retry connecting. The default is 60 s.
    pub connect_timeout: Duration,
    /// Whether to make only one attempt to connect, which may take as long. The default is no.
    pub connects_once: bool,
    /// How long to wait for the migration lock. The default is 300 s.
    pub lock_wait: Duration,
    /// The `lock_timeout` of the last attempt of a transaction. Each earlier attempt waits half as long as the next.
    /// The default is 5 s.
    pub lock_timeout: Duration,
    /// The `statement_timeout` of transactions. The default is zero, which means none.
    pub statement_timeout: Duration,
    /// How many times to attempt a transaction that can't get its locks. The default is 10.
    pub attempts: u32,
    /// Whether to report what the sessions run that block this one. It may contain passwords. The default is no.
    pub shows_queries: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version_table: "alembic_version".to_owned(),
            version_table_schema: None,
            connect_timeout: Duration::from_secs(60),
            connects_once: false,
            lock_wait: Duration::from_secs(300),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::ZERO,
            attempts: 10,
            shows_queries: false,
        }
    }
}
