//! What is printed of a database to which all revisions and objects have been applied: its schema, types of its tables, rows of a query.

use std::path::Path;

use anyhow::{Context, Result};
use connection::first;
use revision::{Directory, RevisionGraph, Revisions};

use crate::finding::script;
use crate::objects;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};
use crate::whole;

/// The server for the database.
pub(crate) struct Place<'p> {
    pub(crate) choice: &'p Choice,
    pub(crate) target: &'p Path,
    pub(crate) major: u32,
}

/// Prints the schema: `schema.sql`.
pub(crate) fn dump(directory: &Path, place: &Place<'_>) -> Result<bool> {
    print(directory, place, |scratch, graph| Ok(whole::schema_text(graph, &scratch.dump()?)))
}

/// Prints the types of the tables that a role can see.
pub(crate) fn types(directory: &Path, place: &Place<'_>, role: &str) -> Result<bool> {
    print(directory, place, |scratch, _| Ok(whole::types_text(role, &scratch.visible_tables(role)?)))
}

/// Prints the rows of a query, which is read from standard input, as JSON. The engine's tables are dropped before it runs.
pub(crate) fn query(directory: &Path, place: &Place<'_>) -> Result<bool> {
    let query = std::io::read_to_string(std::io::stdin()).context("standard input")?;
    print(directory, place, |scratch, _| {
        let tables = scratch.tables()?.join(", ");
        let probe = scratch.probe()?;
        probe.send(&format!("DROP TABLE IF EXISTS {tables}"))?;
        let query = query.trim().trim_end_matches(';');
        let rows = probe.rows(&format!("SELECT coalesce(json_agg(q), '[]') FROM ({query}) q"))?;
        Ok(first(&rows, 0).unwrap_or_default().to_owned())
    })
}

fn print(
    directory: &Path,
    place: &Place<'_>,
    text: impl FnOnce(&mut ScratchDatabase<'_>, &RevisionGraph) -> Result<String>,
) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let server = Server::start(place.choice, place.target, place.major)?;
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    scratch.upgrade("heads")?;
    let objects = objects::read(directory)?;
    if !objects.is_empty() {
        scratch.apply_objects(&objects)??;
    }
    script(text(&mut scratch, revisions.graph())?.trim_end());
    Ok(true)
}
