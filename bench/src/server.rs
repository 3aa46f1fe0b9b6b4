//! The server and its databases: one cluster for a part, flushing to disk as production's does; a fresh database for each run.

use std::path::Path;

use anyhow::{Context as _, Result};
use cluster::{Durability, Temporary};
use postgres::{Client, NoTls, SimpleQueryMessage};

use crate::certificate::Certificate;
use crate::harness::Harness;

/// A private server.
pub(crate) struct Server {
    temporary: Temporary,
    /// Where it listens on TCP.
    host: Option<&'static str>,
}

/// A database of it, or where a proxy to it listens.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// The folder of the socket, or an address.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) sslmode: &'static str,
}

impl Address {
    /// As libpq takes it.
    pub(crate) fn conninfo(&self) -> String {
        let Self { host, port, database, sslmode } = self;
        format!("host={host} port={port} dbname={database} user=postgres sslmode={sslmode}")
    }

    /// As a URL; the folder of a socket is a parameter.
    pub(crate) fn url(&self) -> String {
        let Self { host, port, database, sslmode } = self;
        match host.starts_with('/') {
            true => format!("postgres://postgres@localhost:{port}/{database}?host={host}&sslmode={sslmode}"),
            false => format!("postgres://postgres@{host}:{port}/{database}?sslmode={sslmode}"),
        }
    }

    /// As a URL; the folder of a socket stands where hosts do.
    pub(crate) fn url_with_host(&self) -> String {
        format!("postgres://postgres@{}:{}/{}", self.host.replace('/', "%2F"), self.port, self.database)
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        let mut config = postgres::Config::new();
        config.host(&self.host).port(self.port).user("postgres").dbname(&self.database);
        config.connect(NoTls).with_context(|| format!("the database `{}`", self.database))
    }

    /// The first column of a query's answer.
    pub(crate) fn column(&self, query: &str) -> Result<Vec<String>> {
        let messages = self.connect()?.simple_query(query).with_context(|| query.to_owned())?;
        let first = |message: SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        };
        Ok(messages.into_iter().filter_map(first).collect())
    }

    /// Whether a query answers true.
    pub(crate) fn is_true(&self, query: &str) -> Result<bool> {
        Ok(self.column(query)? == ["t"])
    }
}

impl Server {
    pub(crate) fn start(harness: &Harness) -> Result<Self> {
        Ok(Self { temporary: Temporary::start(&harness.binaries, Durability::Flushed)?, host: None })
    }

    /// A server that also listens on TCP, at `host`, with TLS if it gets a certificate.
    pub(crate) fn start_on_tcp(harness: &Harness, host: &'static str, tls: Option<&Certificate>) -> Result<Self> {
        let mut settings = vec![format!("listen_addresses={host}")];
        if let Some(certificate) = tls {
            settings.extend(certificate.settings());
        }
        let temporary = Temporary::start_with(&harness.binaries, Durability::Flushed, &settings)?;
        Ok(Self { temporary, host: Some(host) })
    }

    pub(crate) fn socket(&self) -> &Path {
        self.temporary.socket()
    }

    /// A database that is there.
    pub(crate) fn address(&self, database: &str) -> Address {
        let host = self.socket().display().to_string();
        Address { host, port: 5432, database: database.to_owned(), sslmode: "disable" }
    }

    /// A database over TCP, if the server listens there.
    pub(crate) fn address_on_tcp(&self, database: &str, sslmode: &'static str) -> Option<Address> {
        self.host.map(|host| Address { host: host.to_owned(), sslmode, ..self.address(database) })
    }

    pub(crate) fn execute(&self, sql: &str) -> Result<()> {
        let mut client = self.address("postgres").connect()?;
        sql.split(';')
            .filter(|sql| !sql.trim().is_empty())
            .try_for_each(|sql| client.batch_execute(sql).with_context(|| sql.to_owned()))
    }

    /// An empty database. What earlier runs have left in memory is on disk before it is used.
    pub(crate) fn create(&self, database: &str) -> Result<Address> {
        self.execute(&format!(
            "DROP DATABASE IF EXISTS {database} WITH (FORCE); CREATE DATABASE {database}; CHECKPOINT"
        ))?;
        Ok(self.address(database))
    }

    pub(crate) fn drop(&self, address: &Address) -> Result<()> {
        self.execute(&format!("DROP DATABASE {} WITH (FORCE)", address.database))
    }
}
