//! What is in a database, object by object, as lines that can be compared.

use anyhow::{Context, Result};
use postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// A connection that only looks.
pub(crate) struct Catalog {
    client: Client,
}

/// The catalog at one moment: a line for each object, sorted.
pub(crate) type Snapshot = Vec<String>;

impl Catalog {
    pub(crate) fn connect(config: &Config) -> Result<Self> {
        Ok(Self { client: connect(config)? })
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

/// A database of the trip's own, dropped afterwards: the named server may be one that somebody uses.
pub(crate) struct TryDatabase {
    pub(crate) name: String,
    /// How to connect to it.
    pub(crate) config: Config,
    server: Config,
}

impl TryDatabase {
    pub(crate) fn create(url: &str) -> Result<Self> {
        let server: Config = url.parse().context("the URL of the server")?;
        let name = format!("xtask_verify_{}", std::process::id());
        connect(&server)?.batch_execute(&format!("CREATE DATABASE {name}")).context("a database can't be created")?;
        let mut config = server.clone();
        config.dbname(&name);
        Ok(Self { name, config, server })
    }
}

impl Drop for TryDatabase {
    fn drop(&mut self) {
        // A server that goes away takes it along.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = connect(&self.server).map(|mut client| client.batch_execute(&drop));
    }
}

fn connect(config: &Config) -> Result<Client> {
    config.connect(NoTls).context("the PostgreSQL to try things on does not answer")
}

/// The lines that only one of two snapshots has: `-` the first, `+` the second.
pub(crate) fn differences(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let missing = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}"));
    let added = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
    missing.chain(added).collect()
}
