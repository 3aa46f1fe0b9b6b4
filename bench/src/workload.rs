//! The migrations: the same SQL for every tool.

/// A migration, independent of any tool's format. Migrations are numbered from 1.
#[derive(Debug, Clone)]
pub(crate) struct Migration {
    /// The statements that apply it, without semicolons.
    pub(crate) up: Vec<String>,
    /// The statements that revert it.
    pub(crate) down: Vec<String>,
    /// Whether it runs in a transaction.
    pub(crate) in_transaction: bool,
}

impl Migration {
    fn new(up: impl IntoIterator<Item = String>, down: impl IntoIterator<Item = String>) -> Self {
        Self { up: up.into_iter().collect(), down: down.into_iter().collect(), in_transaction: true }
    }

    /// A migration that runs without a transaction and can't be reverted.
    pub(crate) fn outside(up: &[&str]) -> Self {
        Self { up: up.iter().map(|&sql| sql.to_owned()).collect(), down: Vec::new(), in_transaction: false }
    }

    /// A migration that runs in a transaction and can't be reverted.
    pub(crate) fn inside(up: &[&str]) -> Self {
        Self { in_transaction: true, ..Self::outside(up) }
    }
}

/// The kind of SQL in each migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workload {
    /// Creates a table and an index: limited by the files that the server creates.
    Tables,
    /// Changes a default and a comment: limited by commits and round trips.
    Catalog,
}

impl Workload {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Catalog => "catalog",
        }
    }

    pub(crate) fn migrations(self, count: usize) -> Vec<Migration> {
        (1..=count).map(|number| self.migration(number)).collect()
    }

    fn migration(self, number: usize) -> Migration {
        match (self, number) {
            (Self::Tables, _) => {
                let table = format!("t{number:05}");
                let columns = "id bigint PRIMARY KEY, name text NOT NULL, created timestamptz NOT NULL DEFAULT now()";
                Migration::new(
                    [
                        format!("CREATE TABLE {table} ({columns})"),
                        format!("CREATE INDEX {table}_name ON {table} (name)"),
                    ],
                    [format!("DROP TABLE {table}")],
                )
            }
            (Self::Catalog, 1) => Migration::new(
                ["CREATE TABLE settings (value int DEFAULT 1)".to_owned(), comment(1)],
                ["DROP TABLE settings".to_owned()],
            ),
            (Self::Catalog, _) => Migration::new(default_and_comment(number), default_and_comment(number - 1)),
        }
    }

    /// A query that returns true if the last of `count` migrations has been applied.
    pub(crate) fn proof(self, count: usize) -> String {
        match self {
            Self::Tables => format!("SELECT to_regclass('t{count:05}_name') IS NOT NULL"),
            Self::Catalog => format!("SELECT obj_description(to_regclass('settings')) = 'version {count}'"),
        }
    }
}

fn default_and_comment(number: usize) -> [String; 2] {
    [format!("ALTER TABLE settings ALTER COLUMN value SET DEFAULT {number}"), comment(number)]
}

fn comment(number: usize) -> String {
    format!("COMMENT ON TABLE settings IS 'version {number}'")
}
