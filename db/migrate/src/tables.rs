//! The engine's tables: their names, and the SQL that creates them.
//!
//! - `alembic_version`: a row for each head, as in Alembic.
//! - `migration_log`: append-only. What was run when, by whom and from which commit, with its SQL.
//! - `migration_journal`: the statements of a `Transaction: off` revision in progress. A row that stays means that the
//!   revision is partially applied.
//! - `migration_objects`: append-only. Which file of `objects` was applied or had to be dropped when, and what it
//!   created. A separate table, because earlier versions refuse other operations in the log, and read all of it for
//!   each run. It is created by the first run that has such files, so that a database without them stays as it is.

use connection::{OWN_PATH, quote_identifier, quote_literal};
use revision::Checksum;

use crate::options::Options;

/// The columns of the log that are written for each row; the others have defaults.
pub(crate) const LOG_COLUMNS: [&str; 14] = [
    "operation",
    "revision",
    "parents",
    "message",
    "checksum",
    "is_transactional",
    "upgrade_sql",
    "downgrade_sql",
    "started_at",
    "tool_version",
    "commit_id",
    "build_id",
    "depends_on",
    "downgrade_checksum",
];

/// How many of them, at the end, the log of an earlier version may lack.
const NEWER_LOG_COLUMNS: usize = 2;

/// The name of the log.
pub const LOG: &str = "migration_log";

/// The name of the journal.
pub const JOURNAL: &str = "migration_journal";

/// The name of the table of the objects.
pub const OBJECTS: &str = "migration_objects";

/// A condition on `pg_class`: the owner is this role, one that it can act as, a superuser or the owner of the database.
/// The triggers of a table run with the privileges of the role that writes to it, so the engine writes to no other
/// table.
pub(crate) const TRUSTED_OWNER: &str = include_str!("sql/trusted_owner.sql");

/// The same: the owner is also that of the schema, which the settings name.
pub(crate) const TRUSTED_SCHEMA: &str = include_str!("sql/trusted_schema.sql");

/// Part of the error message if a revision has changed one of the engine's tables.
pub(crate) const TABLE_CHANGED: &str = "migrate: changed table ";

const JOURNAL_COLUMNS: [&str; 10] = [
    "revision",
    "direction",
    "statement",
    "checksum",
    "line",
    "started_at",
    "finished_at",
    "error",
    "before",
    "session",
];

const OBJECT_COLUMNS: [&str; 10] =
    ["id", "name", "operation", "checksum", "sql", "created", "relations", "tool_version", "commit_id", "build_id"];

/// How many of them, at the end, the journal of an earlier version may lack.
const NEWER_JOURNAL_COLUMNS: usize = 2;

/// The names of the engine's tables, quoted and qualified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// The schema of all four, unquoted.
    pub(crate) schema: String,
    /// The name of the version table, unquoted.
    version_name: String,
    pub(crate) version: String,
    pub(crate) log: String,
    pub(crate) journal: String,
    pub(crate) objects: String,
    /// The key of the migration lock for these tables.
    pub(crate) lock_key: i64,
}

impl Tables {
    /// The tables in a schema.
    pub(crate) fn new(schema: &str, version_table: &str) -> Self {
        Self {
            lock_key: lock_key(schema, version_table),
            ..Self::within(schema, &quote_identifier(schema), version_table)
        }
    }

    /// The tables in a script for psql, which finds their schema itself. See `offline_begin.sql`.
    pub(crate) fn of_script(version_table: &str) -> Self {
        Self::within("", ":\"migrate_schema\"", version_table)
    }

    fn within(schema: &str, quoted: &str, version_table: &str) -> Self {
        let qualified = |table: &str| format!("{quoted}.{}", quote_identifier(table));
        Self {
            schema: schema.to_owned(),
            version_name: version_table.to_owned(),
            version: qualified(version_table),
            log: qualified(LOG),
            journal: qualified(JOURNAL),
            objects: qualified(OBJECTS),
            lock_key: 0,
        }
    }

    /// The quoted and qualified names of the version table, the log, the journal and the table of the objects, which may not
    /// exist.
    pub fn names(&self) -> [&str; 4] {
        [&self.version, &self.log, &self.journal, &self.objects]
    }

    /// Whether a message of the server, which quotes names once, names one of the three.
    pub(crate) fn is_named_in(&self, message: &str) -> bool {
        [&self.version_name, LOG, JOURNAL].iter().any(|name| message.contains(&format!("{name}\"")))
    }

    /// Creates the tables that are missing. `varchar(32)` and the name of the constraint are those of Alembic.
    pub(crate) fn create(&self) -> String {
        format!(
            include_str!("sql/create_tables.sql"),
            version = self.version,
            constraint = quote_identifier(&format!("{}_pkc", self.version_name)),
            log = self.log,
            journal = self.journal,
        )
    }

    /// Creates the table of the objects, if it is missing.
    pub(crate) fn create_objects(&self) -> String {
        format!(include_str!("sql/create_objects_table.sql"), objects = self.objects)
    }

    /// A query for a table that may lack columns and that the role can't alter: its name, its owner and the role.
    pub(crate) fn foreign(&self) -> String {
        let names = [&self.log, &self.journal].map(|name| quote_literal(name)).join(", ");
        format!(include_str!("sql/foreign.sql"), names = names)
    }

    /// A query that fails if a revision has dropped, moved or changed one of the three. The error has [`TABLE_CHANGED`], the
    /// name and how it differs.
    pub(crate) fn check(&self) -> String {
        let checks = self.columns().map(|(table, columns, _)| {
            let (name, problem) = (quote_literal(table), problem(table, columns));
            format!(include_str!("sql/check_table.sql"), marker = TABLE_CHANGED, table = name, problem = problem)
        });
        format!("SELECT coalesce({}, '1')::integer;\n", checks.join(", "))
    }

    /// A query for which of the three exist, and for each, how it differs from the engine's own and which owner is not
    /// trusted; whether the log and the journal have the columns of this version; the role that has logged in; and the first
    /// three of the table of the objects.
    pub(crate) fn existing(&self) -> String {
        let existing = |(table, columns, newer): (&str, &[&str], usize)| {
            let (name, problem) = (quote_literal(table), problem(table, &columns[..columns.len() - newer]));
            let owner = format!(
                include_str!("sql/not_trusted.sql"),
                table = name,
                trusted_owner = TRUSTED_OWNER,
                trusted_schema = TRUSTED_SCHEMA
            );
            format!("to_regclass({name}) IS NOT NULL, {problem}, {owner}")
        };
        let has = |table: &str, column: &str| {
            let table = quote_literal(table);
            format!("EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass({table}) AND attname = '{column}')")
        };
        let newer = self.columns().into_iter().flat_map(|(table, columns, newer)| {
            columns[columns.len() - newer..].iter().map(move |column| has(table, column))
        });
        let has_columns: Vec<String> = newer.collect();
        let objects = existing((&self.objects, &OBJECT_COLUMNS, 0));
        let three = self.columns().map(existing).join(", ");
        format!("SELECT {three}, {}, session_user, {objects}", has_columns.join(" AND "))
    }

    /// The three, with their columns, and how many of those, at the end, a table of an earlier version may lack.
    fn columns(&self) -> [(&str, &[&str], usize); 3] {
        [
            (&self.version, &["version_num"], 0),
            (&self.log, &LOG_COLUMNS, NEWER_LOG_COLUMNS),
            (&self.journal, &JOURNAL_COLUMNS, NEWER_JOURNAL_COLUMNS),
        ]
    }
}

/// An SQL expression for how a table differs from the engine's own; NULL if it does not, or does not exist.
fn problem(table: &str, columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| quote_literal(column)).collect();
    format!(include_str!("sql/existing.sql"), table = quote_literal(table), columns = columns.join(", "))
}

/// The first queries of a session. The rows are: one that is not needed, that of `first_settings.sql`, that of
/// [`find_version_table`].
pub(crate) fn first_queries(options: &Options, is_path_given: bool) -> String {
    let (path, settings) = (include_str!("sql/user_path.sql"), include_str!("sql/first_settings.sql"));
    format!("{path}BEGIN;\n{OWN_PATH}{settings}{};\nCOMMIT", find_version_table(options, &is_path_given.to_string()))
}

/// A query for the schema of the version table: the one in the options; else the one that has the table; else the first
/// of `search_path`. Several rows are several schemas that have it.
///
/// The table is looked for in every schema, because a setting of the role or the database may have changed
/// `search_path` since the last run. If the connection itself names a path (`is_path_given`, an SQL expression), as
/// those of tenants do, it is looked for in that path only. Tables that ordinary users have made do not count, unless
/// the path finds them.
///
/// The query needs the setting of `user_path.sql`.
pub(crate) fn find_version_table(options: &Options, is_path_given: &str) -> String {
    match &options.version_table_schema {
        Some(schema) => format!("SELECT {}::name AS nspname\n", quote_literal(schema)),
        None => {
            let table = quote_literal(&options.version_table);
            format!(
                include_str!("sql/find_version_table.sql"),
                table = table,
                is_path_given = is_path_given,
                trusted_owner = TRUSTED_OWNER
            )
        }
    }
}

/// The key of the migration lock. Advisory locks are local to a database. The key includes the schema, so that several
/// schemas can be migrated at the same time. It omits `public`, as earlier versions did. `offline_begin.sql` computes it
/// too.
fn lock_key(schema: &str, version_table: &str) -> i64 {
    let schema = if schema == "public" { String::new() } else { format!("{schema}\0") };
    let digest = Checksum::of(format!("migrate\0{schema}{version_table}").as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *digest.as_bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The condition on `pg_locks` for the session that holds the lock. A 64-bit key is shown in two halves.
pub(crate) fn is_lock(key: i64) -> String {
    let (high, low) = ((key as u64 >> 32) as u32, key as u32);
    format!("locktype = 'advisory' AND granted AND classid = {high} AND objid = {low} AND objsubid = 1")
}
