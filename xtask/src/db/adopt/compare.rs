//! Compares the schema of a database with what the revisions create on a private PostgreSQL.
//!
//! The program `verify` runs the revisions. It gets the schema, not the connection: no password leaves this process.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use migrate::Session;
use schema::Schema;

use crate::db::task::Db;
use crate::report::Failure;
use crate::workspace;

/// The differences.
pub(super) struct Comparison {
    /// The changed lines of each object that differs.
    pub(super) objects: Vec<Vec<String>>,
    /// The major version of the server that the revisions ran on.
    pub(super) own_major: String,
    /// That of the database.
    pub(super) database_major: String,
    /// If the database has all that the files of `objects` create: what each creates.
    pub(super) created: BTreeMap<String, Vec<String>>,
}

impl Db<'_> {
    /// Compares the schema with that of the revisions up to some heads, without these tables of another tool.
    pub(super) fn compare_schema(
        &self,
        session: &mut Session,
        heads: &[String],
        except: &[String],
        postgres: &str,
    ) -> Result<Comparison> {
        let engine = session.tables().clone();
        let except: Vec<&str> = engine.names().into_iter().chain(except.iter().map(String::as_str)).collect();
        // Reading a schema resets the session, and this one holds the lock.
        let mut reader = session.connection().opener().open()?;
        let schema = Schema::read(&mut reader, &except)?;
        drop(reader);
        let database_major = schema.server_major().to_owned();
        let server = workspace::server_arguments_of(self.context, postgres, &database_major)?;
        let heads = ["compare".to_owned(), "--heads".to_owned(), heads.join(",")];
        let except = except.iter().flat_map(|table| ["--except".to_owned(), (*table).to_owned()]);
        let arguments: Vec<String> = heads.into_iter().chain(except).chain(server).collect();
        self.context.report.message("comparing the schema with what the revisions create on a private PostgreSQL");
        let listing = serde_json::to_string(&schema.portable())?;
        let failed = |error| {
            Failure::new(format!("cannot compare the schema with what the revisions create: {error:#}; nothing was recorded")).hint(
                "`--postgres URL` names a server that has the extensions and roles that the revisions need; `--no-compare` records without a comparison",
            )
        };
        let output = self.output(&arguments, &listing, "the comparison failed").map_err(failed)?;
        let (own_major, objects, created) = serde_json::from_str(&output).context("the output of the comparison")?;
        Ok(Comparison { objects, own_major, database_major, created })
    }
}
