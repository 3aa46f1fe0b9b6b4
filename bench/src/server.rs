//! The server and its databases. Each part starts its own cluster, which flushes to disk as in production; each run gets a fresh
//! database.

use std::path::Path;

use anyhow::{Context as _, Result};
use cluster::{Durability, Temporary};
use postgres::{Client, NoTls, SimpleQueryMessage};

use crate::certificate::Certificate;
use crate::harness::Harness;

/// A private server.
pub(crate) struct Server {
    temporary: Temporary,
    /// The address on which the server accepts TCP connections, if any.
    host: Option<&'static str>,
}

/// The address of a database, directly or through the proxy.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// The folder of the socket, or a TCP address.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) sslmode: &'static str,
}

impl Address {
    /// A connection string for libpq.
    pub(crate) fn conninfo(&self) -> String {
        let Self { host, port, database, sslmode } = self;
        format!("host={host} port={port} dbname={database} user=postgres sslmode={sslmode}")
    }

    /// A URL with the folder of a socket as the parameter `host`.
    pub(crate) fn url(&self) -> String {
        let Self { host, port, database, sslmode } = self;
        match host.starts_with('/') {
            true => format!("postgres://postgres@localhost:{port}/{database}?host={host}&sslmode={sslmode}"),
            false => format!("postgres://postgres@{host}:{port}/{database}?sslmode={sslmode}"),
        }
    }

    /// A URL with the folder of a socket as an escaped host name.
    pub(crate) fn url_with_host(&self) -> String {
        format!("postgres://postgres@{}:{}/{}", self.host.replace('/', "%2F"), self.port, self.database)
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        let mut config = postgres::Config::new();
        config.host(&self.host).port(self.port).user("postgres").dbname(&self.database);
        config.connect(NoTls).with_context(|| format!("the database `{}`", self.database))
    }

    /// The first column of a query's result.
    pub(crate) fn column(&self, query: &str) -> Result<Vec<String>> {
        let messages = self.connect()?.simple_query(query).with_context(|| query.to_owned())?;
        let first = |message: SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        };
        Ok(messages.into_iter().filter_map(first).collect())
    }

    /// Whether a query returns true.
    pub(crate) fn is_true(&self, query: &str) -> Result<bool> {
        Ok(self.column(query)? == ["t"])
    }
}

impl Server {
    pub(crate) fn start(harness: &Harness) -> Result<Self> {
        Self::start_with(harness, &[])
    }

    /// Starts a server with settings, `name=value`.
    pub(crate) fn start_with(harness: &Harness, settings: &[String]) -> Result<Self> {
        Ok(Self { temporary: Temporary::start_with(&harness.binaries, Durability::Flushed, settings)?, host: None })
    }

    /// Starts a server that also listens on TCP, with TLS if there is a certificate.
    pub(crate) fn start_on_tcp(harness: &Harness, host: &'static str, tls: Option<&Certificate>) -> Result<Self> {
        let mut settings = vec![format!("listen_addresses={host}")];
        if let Some(certificate) = tls {
            settings.extend(certificate.settings());
        }
        Ok(Self { host: Some(host), ..Self::start_with(harness, &settings)? })
    }

    pub(crate) fn socket(&self) -> &Path {
        self.temporary.socket()
    }

    /// The address of an existing database.
    pub(crate) fn address(&self, database: &str) -> Address {
        let host = self.socket().display().to_string();
        Address { host, port: 5432, database: database.to_owned(), sslmode: "disable" }
    }

    /// The address of a database over TCP, if the server listens on TCP.
    pub(crate) fn address_on_tcp(&self, database: &str, sslmode: &'static str) -> Option<Address> {
        self.host.map(|host| Address { host: host.to_owned(), sslmode, ..self.address(database) })
    }

    pub(crate) fn execute(&self, sql: &str) -> Result<()> {
        let mut client = self.address("postgres").connect()?;
        sql.split(';')
            .filter(|sql| !sql.trim().is_empty())
            .try_for_each(|sql| client.batch_execute(sql).with_context(|| sql.to_owned()))
    }

    /// Creates an empty database. A checkpoint first flushes what earlier runs left in memory.
    pub(crate) fn create(&self, database: &str) -> Result<Address> {
        self.execute(&format!(
            "DROP DATABASE IF EXISTS {database} WITH (FORCE); CREATE DATABASE {database}; CHECKPOINT"
        ))?;
        Ok(self.address(database))
    }

    /// Creates a database as a copy of another.
    pub(crate) fn copy(&self, address: &Address, database: &str) -> Result<Address> {
        self.execute(&format!(
            "DROP DATABASE IF EXISTS {database} WITH (FORCE); CREATE DATABASE {database} TEMPLATE {}; CHECKPOINT",
            address.database
        ))?;
        Ok(self.address(database))
    }

    pub(crate) fn drop(&self, address: &Address) -> Result<()> {
        self.execute(&format!("DROP DATABASE {} WITH (FORCE)", address.database))
    }
}
