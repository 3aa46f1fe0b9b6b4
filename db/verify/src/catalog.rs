//! What is in a database, object by object, as lines that can be compared.

use anyhow::{Context, Result};
use postgres::{Client, NoTls, SimpleQueryMessage};

/// A connection that only looks.
pub(crate) struct Catalog {
    client: Client,
}

/// The catalog at one moment: a line for each object, sorted.
pub(crate) type Snapshot = Vec<String>;

impl Catalog {
    pub(crate) fn connect(socket: &std::path::Path) -> Result<Self> {
        let mut config = postgres::Config::new();
        config.host_path(socket).user("postgres").dbname("postgres");
        Ok(Self { client: config.connect(NoTls).context("the private PostgreSQL does not answer")? })
    }

    pub(crate) fn snapshot(&mut self) -> Result<Snapshot> {
        let messages = self.client.simple_query(include_str!("catalog.sql")).context("the catalog can't be read")?;
        let line = |message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        };
        Ok(messages.into_iter().filter_map(line).collect())
    }
}

/// The lines that only one of two snapshots has: `-` the first, `+` the second.
pub(crate) fn differences(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let missing = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}"));
    let added = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
    missing.chain(added).collect()
}
