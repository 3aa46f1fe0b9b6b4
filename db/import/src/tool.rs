//! The tools whose migrations can be converted.

use std::fmt;

/// A tool whose migrations can be converted, or a dump as the first revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Alembic (Python), with SQLAlchemy.
    Alembic,
    /// dbmate.
    Dbmate,
    /// sqlx-cli (Rust).
    Sqlx,
    /// Diesel (Rust).
    Diesel,
    /// golang-migrate.
    GolangMigrate,
    /// goose (Go).
    Goose,
    /// Flyway: versioned and undo migrations.
    Flyway,
    /// node-pg-migrate: migrations in SQL.
    NodePgMigrate,
    /// Liquibase: formatted SQL.
    Liquibase,
    /// A dump of the schema by pg_dump, such as Rails' `structure.sql`.
    PgDump,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 10] = [
        Self::Alembic,
        Self::Dbmate,
        Self::Sqlx,
        Self::Diesel,
        Self::GolangMigrate,
        Self::Goose,
        Self::Flyway,
        Self::NodePgMigrate,
        Self::Liquibase,
        Self::PgDump,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alembic => "alembic",
            Self::Dbmate => "dbmate",
            Self::Sqlx => "sqlx",
            Self::Diesel => "diesel",
            Self::GolangMigrate => "golang-migrate",
            Self::Goose => "goose",
            Self::Flyway => "flyway",
            Self::NodePgMigrate => "node-pg-migrate",
            Self::Liquibase => "liquibase",
            Self::PgDump => "pg-dump",
        }
    }

    /// The tool of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Tool;

    #[test]
    fn names_are_distinct_and_found() {
        for tool in Tool::ALL {
            assert_eq!(Tool::of_name(tool.name()), Some(tool));
        }
        assert_eq!(Tool::of_name("prisma"), None);
    }
}
