//! The tables in which other tools record what they have applied: how to find and to read them, and what their rows mean.
//!
//! Pure: SQL and rows. Names in the SQL are resolved in `pg_catalog` only.

use std::fmt;

use crate::tool::Tool;

/// The columns of a table, which identify the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Alembic: a row for each head.
    Alembic,
    /// dbmate, Rails and others, such as pop: a row for each version, with no column that distinguishes them.
    Versions,
    /// golang-migrate: one row, for the last version.
    GolangMigrate,
    /// Diesel.
    Diesel,
    /// sqlx-cli.
    Sqlx,
    /// goose: a row for each time that a version was applied or reverted.
    Goose,
    /// Flyway: a row for each version that was applied, undone or deleted, and for repeatable migrations.
    Flyway,
    /// Liquibase.
    Liquibase,
    /// node-pg-migrate.
    NodePgMigrate,
}

/// The default names of the tools' tables.
const NAMES: [&str; 9] = [
    "alembic_version",
    "schema_migrations",
    "schema_migration",
    "__diesel_schema_migrations",
    "_sqlx_migrations",
    "goose_db_version",
    "flyway_schema_history",
    "databasechangelog",
    "pgmigrations",
];

impl Layout {
    /// The layouts with the columns that identify them. A later one may have the columns of an earlier one, and more.
    const COLUMNS: [(Self, &[&str]); 9] = [
        (Self::Alembic, &["version_num"]),
        (Self::Flyway, &["installed_rank", "version", "type", "script", "installed_on", "success"]),
        (Self::Sqlx, &["version", "installed_on", "success"]),
        (Self::GolangMigrate, &["version", "dirty"]),
        (Self::Goose, &["id", "version_id", "is_applied", "tstamp"]),
        (Self::Liquibase, &["id", "author", "filename", "dateexecuted", "orderexecuted", "exectype"]),
        (Self::NodePgMigrate, &["id", "name", "run_on"]),
        (Self::Diesel, &["version", "run_on"]),
        (Self::Versions, &["version"]),
    ];

    fn of_columns(columns: &[&str]) -> Option<Self> {
        let has_all = |wanted: &[&str]| wanted.iter().all(|column| columns.contains(column));
        Self::COLUMNS.into_iter().find(|(_, wanted)| has_all(wanted)).map(|(layout, _)| layout)
    }

    /// The tool, if there is only one with this layout.
    pub fn tool(self) -> Option<Tool> {
        Some(match self {
            Self::Versions => return None,
            Self::Alembic => Tool::Alembic,
            Self::GolangMigrate => Tool::GolangMigrate,
            Self::Diesel => Tool::Diesel,
            Self::Sqlx => Tool::Sqlx,
            Self::Goose => Tool::Goose,
            Self::Flyway => Tool::Flyway,
            Self::Liquibase => Tool::Liquibase,
            Self::NodePgMigrate => Tool::NodePgMigrate,
        })
    }

    /// Whether the rows are only the last versions, as opposed to all applied ones.
    pub fn has_heads_only(self) -> bool {
        matches!(self, Self::Alembic | Self::GolangMigrate)
    }

    /// The tool's other tables, in the same schema.
    fn siblings(self) -> &'static [&'static str] {
        match self {
            Self::Versions => &["ar_internal_metadata"],
            Self::Liquibase => &["databasechangeloglock"],
            _ => &[],
        }
    }

    /// SQL expressions: the version, when it was applied, `applied`, `reverted` or the tool's name for a failure, and
    /// the order.
    fn expressions(self) -> [&'static str; 4] {
        const UNKNOWN: &str = "NULL";
        const APPLIED: &str = "'applied'";
        match self {
            Self::Alembic => ["version_num", UNKNOWN, APPLIED, "version_num"],
            Self::Versions => ["CAST(version AS text)", UNKNOWN, APPLIED, "version"],
            Self::GolangMigrate => {
                ["CAST(version AS text)", UNKNOWN, "CASE WHEN dirty THEN 'dirty' ELSE 'applied' END", "version"]
            }
            Self::Diesel => ["version", "run_on", APPLIED, "version"],
            Self::Sqlx => [
                "CAST(version AS text)",
                "installed_on",
                "CASE WHEN success THEN 'applied' ELSE 'partially applied' END",
                "version",
            ],
            // The row of version 0 is written when the table is created.
            Self::Goose => [
                "CAST(version_id AS text)",
                "tstamp",
                "CASE WHEN version_id = 0 THEN 'other' WHEN is_applied THEN 'applied' ELSE 'reverted' END",
                "id",
            ],
            // Repeatable migrations and the creation of a schema have no version.
            Self::Flyway => [
                "coalesce(version, script)",
                "installed_on",
                "CASE WHEN NOT success THEN 'failed' WHEN version IS NULL THEN 'other' WHEN type LIKE 'UNDO%' OR type = 'DELETE' THEN 'reverted' WHEN type = 'BASELINE' THEN 'baseline' ELSE 'applied' END",
                "installed_rank",
            ],
            Self::Liquibase => [
                "concat(filename, '::', id, '::', author)",
                "dateexecuted",
                "CASE exectype WHEN 'FAILED' THEN 'failed' WHEN 'SKIPPED' THEN 'other' ELSE 'applied' END",
                "orderexecuted, dateexecuted, id",
            ],
            Self::NodePgMigrate => ["name", "run_on", APPLIED, "id"],
        }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tool() {
            Some(tool) => tool.fmt(f),
            None => f.write_str("dbmate, Rails or similar"),
        }
    }
}

/// A table in which another tool records what it has applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldTable {
    /// The name, quoted and qualified.
    pub name: String,
    /// The schema, unquoted.
    pub schema: String,
    /// The columns.
    pub layout: Layout,
    /// The schema, quoted.
    quoted_schema: String,
}

impl fmt::Display for OldTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.layout)
    }
}

/// A version in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The version.
    pub version: String,
    /// When it was applied, in UTC, if the table records it.
    pub applied_at: Option<String>,
    /// Whether everything before it existed when the tool was introduced (Flyway's baseline).
    pub is_baseline: bool,
}

/// The contents of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The applied versions, in the order of the table.
    pub versions: Vec<Recorded>,
    /// The versions that are neither applied nor reverted, and the tool's name for their state.
    pub failed: Vec<(String, String)>,
}

/// A row of a query.
type Row = Vec<Option<String>>;

impl OldTable {
    /// A query for the tables with the default name of one of the tools, or with the given name. `literal` quotes a
    /// string.
    pub fn find(name: Option<&str>, literal: impl Fn(&str) -> String) -> String {
        let condition = match name {
            Some(name) => {
                format!("{} IN (relname, nspname || '.' || relname, format('%I.%I', nspname, relname))", literal(name))
            }
            None => format!("relname IN ({})", NAMES.map(literal).join(", ")),
        };
        include_str!("sql/old_tables.sql").replace("{condition}", &condition)
    }

    /// The table in a row of that query, if its columns are those of one of the tools.
    pub fn of_row(row: &Row) -> Option<Self> {
        let [Some(name), Some(schema), Some(quoted_schema), Some(columns)] = &row[..] else { return None };
        let columns: Vec<&str> = columns.lines().step_by(2).collect();
        let layout = Layout::of_columns(&columns)?;
        Some(Self { name: name.clone(), schema: schema.clone(), layout, quoted_schema: quoted_schema.clone() })
    }

    /// A query for the rows: version, time, state.
    pub fn rows(&self) -> String {
        let [version, time, state, order] = self.layout.expressions();
        include_str!("sql/old_rows.sql")
            .replace("{version}", &format!("{version} AS version"))
            .replace("{time}", time)
            .replace("{state}", state)
            .replace("{order}", order)
            .replace("{table}", &self.name)
    }

    /// A query for one text, which changes whenever the tool applies or reverts something.
    pub fn digest(&self) -> String {
        format!(
            "SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', version, state), E'\\n') FROM ({}) AS old_rows",
            self.rows()
        )
    }

    /// The names of the tool's tables, quoted and qualified. Some may not exist.
    pub fn own(&self) -> Vec<String> {
        let sibling = |name: &&str| format!("{}.{name}", self.quoted_schema);
        let siblings = self.layout.siblings().iter().map(sibling);
        std::iter::once(self.name.clone()).chain(siblings).collect()
    }
}

impl Record {
    /// Interprets the rows of [`OldTable::rows`]. The last row of a version decides.
    pub fn of_rows(rows: &[Row]) -> Self {
        let mut record = Self::default();
        for row in rows {
            let text = |column: usize| row.get(column).cloned().flatten();
            let (Some(version), Some(state)) = (text(0), text(2)) else { continue };
            // Infinity is not a date.
            let applied_at = text(1).filter(|at| !at.is_empty());
            if state == "other" {
                continue;
            }
            record.versions.retain(|recorded| recorded.version != version);
            match state.as_str() {
                "reverted" => {}
                "applied" | "baseline" => {
                    let is_baseline = state == "baseline";
                    record.versions.push(Recorded { version, applied_at, is_baseline });
                }
                _ => record.failed.push((version, state)),
            }
        }
        record
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, OldTable, Record};

    #[test]
    fn columns_identify_the_tool() {
        // As the tools create them, other columns included.
        let tables = [
            (Layout::Alembic, "version_num"),
            (Layout::Versions, "version"),
            (Layout::Versions, "version inserted_at"),
            (Layout::GolangMigrate, "version dirty"),
            (Layout::Diesel, "version run_on"),
            (Layout::Sqlx, "version description installed_on success checksum execution_time"),
            (Layout::Goose, "id version_id is_applied tstamp"),
            (
                Layout::Flyway,
                "installed_rank version description type script checksum installed_by installed_on execution_time success",
            ),
            (
                Layout::Liquibase,
                "id author filename dateexecuted orderexecuted exectype md5sum description comments tag liquibase contexts labels deployment_id",
            ),
            (Layout::NodePgMigrate, "id name run_on"),
        ];
        for (layout, columns) in tables {
            let columns: Vec<&str> = columns.split(' ').collect();
            assert_eq!(Layout::of_columns(&columns), Some(layout), "{columns:?}");
        }
        assert_eq!(Layout::of_columns(&["id", "name"]), None);
    }

    fn row(columns: &[&str]) -> Vec<Option<String>> {
        columns.iter().map(|&column| (!column.is_empty()).then(|| column.to_owned())).collect()
    }

    #[test]
    fn tables_of_the_same_schema_are_named() {
        let table = OldTable::of_row(&row(&["\"a.b\".\"My\"\"Table\"", "a.b", "\"a.b\"", "version\ntext"]));
        assert_eq!(table.expect("a table").own(), ["\"a.b\".\"My\"\"Table\"", "\"a.b\".ar_internal_metadata"]);
    }

    #[test]
    fn the_last_row_of_a_version_decides() {
        let rows = [
            row(&["0", "", "other"]),
            row(&["1", "2024-01-01T00:00:00.000000Z", "applied"]),
            row(&["2", "", "applied"]),
            row(&["2", "", "reverted"]),
            row(&["1", "", "reverted"]),
            row(&["1", "2024-01-02T00:00:00.000000Z", "applied"]),
            row(&["3", "", "dirty"]),
        ];
        let record = Record::of_rows(&rows);
        let versions: Vec<_> = record.versions.iter().map(|v| (v.version.as_str(), v.applied_at.as_deref())).collect();
        assert_eq!(versions, [("1", Some("2024-01-02T00:00:00.000000Z"))]);
        assert_eq!(record.failed, [("3".to_owned(), "dirty".to_owned())]);
    }
}
