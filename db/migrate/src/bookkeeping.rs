//! The tables beside the schema, as SQL text: version rows, log, journal.
//!
//! Pure. The executor sends this text and the offline renderer prints it: that both do the same is no accident.
//!
//! * `alembic_version`: a row per head, as Alembic has it.
//! * `migration_log`: append-only; what was run when, by whom, from which commit, with its SQL.
//! * `migration_journal`: the statements of a `Transaction: off` revision that is under way. A row left behind means the
//!   revision is half done.

use sha2::{Digest, Sha256};

use crate::graph::{Node, RevisionGraph};
use crate::plan::{Direction, VersionChange};
use crate::script::{Script, Section, Statement, to_hex};

/// Where a run comes from, for the log.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// The version of this program.
    pub tool_version: String,
    /// The commit of the checkout.
    pub commit: Option<String>,
    /// The build, such as `CODEBUILD_BUILD_ID`.
    pub build_id: Option<String>,
}

/// The names of the tables, quoted and qualified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// The version table.
    pub version: String,
    /// The log.
    pub log: String,
    /// The journal.
    pub journal: String,
    /// The key of the advisory lock that only one migration of these tables has.
    pub lock_key: i64,
}

impl Tables {
    /// The tables in a schema; without one they are found through `search_path`.
    pub fn new(schema: Option<&str>, version_table: &str) -> Self {
        let qualified = |table: &str| match schema {
            Some(schema) => format!("{}.{}", quote_identifier(schema), quote_identifier(table)),
            None => quote_identifier(table),
        };
        Self {
            version: qualified(version_table),
            log: qualified("migration_log"),
            journal: qualified("migration_journal"),
            lock_key: lock_key(schema, version_table),
        }
    }

    /// Creates what is missing. `varchar(32)` and the name of the constraint are Alembic's.
    pub fn create(&self, version_table: &str) -> String {
        format!(
            "CREATE TABLE IF NOT EXISTS {version} (version_num varchar(32) NOT NULL, CONSTRAINT {constraint} PRIMARY KEY (version_num));
CREATE TABLE IF NOT EXISTS {log} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation text NOT NULL CHECK (operation IN ('upgrade', 'downgrade', 'stamp', 'unstamp', 'accept')),
  revision varchar(32) NOT NULL,
  parents text[] NOT NULL,
  message text NOT NULL,
  checksum text NOT NULL,
  is_transactional boolean NOT NULL,
  upgrade_sql text NOT NULL,
  downgrade_sql text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL DEFAULT session_user,
  tool_version text NOT NULL,
  commit_id text,
  build_id text,
  reason text
);
CREATE TABLE IF NOT EXISTS {journal} (
  revision varchar(32) NOT NULL,
  direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
  statement integer NOT NULL,
  checksum text NOT NULL,
  line integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  error text,
  PRIMARY KEY (revision, direction, statement)
);
",
            version = self.version,
            constraint = quote_identifier(&format!("{version_table}_pkc")),
            log = self.log,
            journal = self.journal,
        )
    }

    /// One change of the version table.
    pub fn change_version(&self, graph: &RevisionGraph, change: &VersionChange) -> String {
        let id = |node: Node| quote_literal(graph.id(node));
        match *change {
            VersionChange::Insert(node) => {
                format!("INSERT INTO {} (version_num) VALUES ({});\n", self.version, id(node))
            }
            VersionChange::Delete(node) => format!("DELETE FROM {} WHERE version_num = {};\n", self.version, id(node)),
            VersionChange::Update { from, to } => {
                format!("UPDATE {} SET version_num = {} WHERE version_num = {};\n", self.version, id(to), id(from))
            }
        }
    }

    /// The same, failing if the row is not there: then somebody migrates without the lock.
    pub(crate) fn change_version_surely(&self, graph: &RevisionGraph, change: &VersionChange) -> String {
        let sql = self.change_version(graph, change);
        match change {
            VersionChange::Insert(_) => sql,
            VersionChange::Delete(_) | VersionChange::Update { .. } => surely(&sql),
        }
    }

    /// Prepares what ends a revision: parsed and planned once, a run of a thousand small revisions takes a fifth less time.
    pub(crate) fn prepare(&self) -> String {
        let update = format!("UPDATE {} SET version_num = $1 WHERE version_num = $2", self.version);
        let values: Vec<String> = (1..=LOG_COLUMNS.len()).map(|number| format!("${number}")).collect();
        format!(
            "PREPARE migrate_version (text, text) AS {}PREPARE migrate_log AS {}",
            surely(&update),
            self.insert_log(&values.join(", "))
        )
    }

    /// As [`Self::change_version_surely`], with what [`Self::prepare`] has prepared.
    pub(crate) fn change_version_prepared(&self, graph: &RevisionGraph, change: &VersionChange) -> String {
        match *change {
            VersionChange::Update { from, to } => {
                let id = |node: Node| quote_literal(graph.id(node));
                format!("EXECUTE migrate_version ({}, {});\n", id(to), id(from))
            }
            VersionChange::Insert(_) | VersionChange::Delete(_) => self.change_version_surely(graph, change),
        }
    }

    /// As [`Self::log`], with what [`Self::prepare`] has prepared.
    pub(crate) fn log_prepared(
        &self,
        graph: &RevisionGraph,
        node: Node,
        operation: &str,
        script: &Script,
        provenance: &Provenance,
    ) -> String {
        format!("EXECUTE migrate_log ({});\n", log_values(graph, node, operation, script, "now()", provenance))
    }

    fn insert_log(&self, values: &str) -> String {
        format!("INSERT INTO {} ({}) VALUES ({values});\n", self.log, LOG_COLUMNS.join(", "))
    }

    /// A row of the log; `started` is an SQL expression.
    pub fn log(
        &self,
        graph: &RevisionGraph,
        node: Node,
        operation: &str,
        script: &Script,
        started: &str,
        provenance: &Provenance,
    ) -> String {
        self.insert_log(&log_values(graph, node, operation, script, started, provenance))
    }

    /// A row of the log for an edited file that somebody has accepted, and why.
    pub fn accept(
        &self,
        graph: &RevisionGraph,
        node: Node,
        script: &Script,
        reason: &str,
        provenance: &Provenance,
    ) -> String {
        let row = self.log(graph, node, "accept", script, "now()", provenance);
        format!(
            "{row}UPDATE {log} SET reason = {reason} WHERE id = (SELECT max(id) FROM {log});\n",
            log = self.log,
            reason = quote_literal(reason),
        )
    }

    /// Notes that a statement of a `Transaction: off` revision begins.
    pub fn journal_start(&self, revision: &str, direction: Direction, number: usize, statement: &Statement) -> String {
        format!(
            "INSERT INTO {} (revision, direction, statement, checksum, line) VALUES ({}, '{}', {number}, '{}', {}) ON CONFLICT (revision, direction, statement) DO UPDATE SET checksum = excluded.checksum, line = excluded.line, started_at = excluded.started_at, error = NULL;\n",
            self.journal,
            quote_literal(revision),
            direction.name(),
            to_hex(&statement.digest),
            statement.line,
        )
    }

    /// Notes that it has ended well.
    pub fn journal_finish(&self, revision: &str, direction: Direction, number: usize) -> String {
        format!(
            "UPDATE {} SET finished_at = clock_timestamp() WHERE revision = {} AND direction = '{}' AND statement = {number};\n",
            self.journal,
            quote_literal(revision),
            direction.name(),
        )
    }

    /// Notes that the server refused it. A row with neither an end nor an error is one whose run died.
    pub fn journal_error(&self, revision: &str, direction: Direction, number: usize, error: &str) -> String {
        format!(
            "UPDATE {} SET error = {} WHERE revision = {} AND direction = '{}' AND statement = {number};\n",
            self.journal,
            quote_literal(error),
            quote_literal(revision),
            direction.name(),
        )
    }

    /// When a `Transaction: off` revision began, as an SQL expression.
    pub fn journal_started(&self, revision: &str) -> String {
        format!(
            "coalesce((SELECT min(started_at) FROM {} WHERE revision = {}), now())",
            self.journal,
            quote_literal(revision)
        )
    }

    /// The revision is done: its journal goes.
    pub fn journal_clear(&self, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {};\n", self.journal, quote_literal(revision))
    }
}

/// Advisory locks belong to a database. Schemas with tables of their own are migrated side by side; that `public` is left out lets
/// a script that has not been told the schema take the lock of the online run.
fn lock_key(schema: Option<&str>, version_table: &str) -> i64 {
    let schema = schema.filter(|&schema| schema != "public").map(|schema| format!("{schema}\0")).unwrap_or_default();
    let digest = Sha256::digest(format!("migrate\0{schema}{version_table}"));
    i64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
}

/// What a row of the log is given.
const LOG_COLUMNS: [&str; 12] = [
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
];

/// The values of these columns, as SQL.
fn log_values(
    graph: &RevisionGraph,
    node: Node,
    operation: &str,
    script: &Script,
    started: &str,
    provenance: &Provenance,
) -> String {
    let optional = |text: Option<&str>| text.map_or_else(|| "NULL".to_owned(), quote_literal);
    let parents: Vec<String> = graph.down(node).iter().map(|&down| quote_literal(graph.id(down))).collect();
    let values: [String; LOG_COLUMNS.len()] = [
        quote_literal(operation),
        quote_literal(graph.id(node)),
        format!("ARRAY[{}]::text[]", parents.join(", ")),
        quote_literal(&script.header.message),
        quote_literal(&to_hex(&script.upgrade.checksum())),
        script.is_transactional().to_string(),
        quote_literal(&script.upgrade.to_sql()),
        optional(script.downgrade.as_ref().map(Section::to_sql).as_deref()),
        started.to_owned(),
        quote_literal(&provenance.tool_version),
        optional(provenance.commit.as_deref()),
        optional(provenance.build_id.as_deref()),
    ];
    values.join(", ")
}

/// A statement that changes a version row, failing if it is not there.
fn surely(sql: &str) -> String {
    let sql = sql.trim_end().trim_end_matches(';');
    format!("WITH changed AS ({sql} RETURNING 1) SELECT 1 / count(*) AS the_version_row_was_there FROM changed;\n")
}

/// Every revision begins from the session as it was opened, whatever the one before has set.
pub const RESET_SESSION: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\n";

/// The bookkeeping runs as the role that logged in, whatever the revision has set.
pub const RESET_ROLE: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET search_path;\n";

/// The same within a transaction, for what is noted between the statements of a revision: afterwards its settings hold again.
pub const AS_SESSION_USER: &str = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE;\n";

/// An identifier in double quotes.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string constant that means the same whatever `standard_conforming_strings` is.
pub fn quote_literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}
