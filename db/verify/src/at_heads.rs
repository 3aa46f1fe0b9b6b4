//! Prints facts about a database to which some revisions, or all of them and the objects, have been applied: its
//! schema, the types of its tables, the rows of a query, and how it differs from another database.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use connection::first;
use revision::{Directory, RevisionGraph, Revisions};
use schema::{Difference, Listing};

use crate::difference::changed_object;
use crate::finding::script;
use crate::objects;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};
use crate::whole;

/// All revisions.
const ALL: [&str; 1] = ["heads"];

/// The server for the database.
pub(crate) struct Place<'p> {
    pub(crate) choice: &'p Choice,
    pub(crate) target: &'p Path,
    pub(crate) major: u32,
}

/// Prints the schema: `schema.sql`.
pub(crate) fn dump(directory: &Path, place: &Place<'_>) -> Result<bool> {
    print(directory, place, &ALL, |scratch, graph| Ok(whole::schema_text(graph, &scratch.dump()?)))
}

/// Prints the types of the tables that a role can see.
pub(crate) fn types(directory: &Path, place: &Place<'_>, role: &str) -> Result<bool> {
    print(directory, place, &ALL, |scratch, _| Ok(whole::types_text(role, &scratch.visible_tables(role)?)))
}

/// Prints the rows of a query, which is read from standard input, as JSON. The engine's tables are dropped before it runs.
pub(crate) fn query(directory: &Path, place: &Place<'_>) -> Result<bool> {
    let query = std::io::read_to_string(std::io::stdin()).context("standard input")?;
    print(directory, place, &ALL, |scratch, _| {
        let tables = scratch.tables()?.join(", ");
        let probe = scratch.probe()?;
        probe.send(&format!("DROP TABLE IF EXISTS {tables}"))?;
        let query = query.trim().trim_end_matches(';');
        let rows = probe.rows(&format!("SELECT coalesce(json_agg(q), '[]') FROM ({query}) q"))?;
        Ok(first(&rows, 0).unwrap_or_default().to_owned())
    })
}

/// Compares the schema that these revisions create with that of another database, whose [`Listing`] is read from
/// standard input as JSON. Prints the major version of the server; for each object that differs, a list of lines: `-` as
/// the revisions create it, `+` as it is in the other database; and if the other database has everything that the files
/// of `objects` create, that, by file. If it has a part of it, that part is expected. The tables in `except`, whose names
/// are quoted and qualified, are ignored, as is a schema that exists only for one of them.
pub(crate) fn compare(directory: &Path, place: &Place<'_>, heads: &[String], except: &[String]) -> Result<bool> {
    let other: Listing = serde_json::from_reader(std::io::stdin().lock()).context("standard input")?;
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let files = objects::read(directory)?;
    print(directory, place, &heads, |scratch, _| {
        let own = scratch.dump_without(except)?;
        let mut expected = own.portable();
        let mut created = BTreeMap::new();
        if let (Some(head), false) = (heads.last(), files.is_empty()) {
            scratch.apply_objects_at(&files, head)??;
            let with_objects = scratch.dump_without(except)?.portable();
            if has_applied(&mut expected, &with_objects, &other) {
                created = scratch.created_objects()?;
            }
        }
        let mut objects = schema::differences(&expected, &other);
        objects.retain(|object| !is_schema_of(object, except));
        let lines: Vec<Vec<String>> = objects.iter().map(changed_object).collect();
        Ok(serde_json::to_string(&(own.server_major(), lines, created))?)
    })
}

/// Whether a database has all that files of `objects` have changed. Of a part, what it has counts as expected, too.
fn has_applied(expected: &mut Listing, with_objects: &Listing, other: &Listing) -> bool {
    let keys: BTreeSet<&String> = expected.keys().chain(with_objects.keys()).collect();
    let changed: Vec<String> =
        keys.into_iter().filter(|&key| expected.get(key) != with_objects.get(key)).cloned().collect();
    let (mut has_all, has_changed) = (true, !changed.is_empty());
    for key in changed {
        if other.get(&key) == expected.get(&key) {
            has_all = false;
            continue;
        }
        match with_objects.get(&key) {
            Some(lines) => _ = expected.insert(key, lines.clone()),
            None => _ = expected.remove(&key),
        }
    }
    has_all && has_changed
}

/// Whether the difference is a schema that only the other database has, and only for one of the tables.
fn is_schema_of(object: &Difference, tables: &[String]) -> bool {
    let [line] = &object.after[..] else { return false };
    let name = line.strip_prefix("CREATE SCHEMA ").and_then(|line| line.strip_suffix(';'));
    // The server quotes a name only if it has to; the engine always does.
    let is_in = |table: &String, schema: &str| {
        table.starts_with(&format!("{schema}.")) || table.starts_with(&format!("\"{schema}\"."))
    };
    object.before.is_empty() && name.is_some_and(|name| tables.iter().any(|table| is_in(table, name)))
}

fn print(
    directory: &Path,
    place: &Place<'_>,
    targets: &[&str],
    text: impl FnOnce(&mut ScratchDatabase<'_>, &RevisionGraph) -> Result<String>,
) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let server = Server::start(place.choice, place.target, place.major)?;
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    for target in targets {
        scratch.upgrade(target)?;
    }
    let objects = objects::read(directory)?;
    if *targets == ALL && !objects.is_empty() {
        scratch.apply_objects(&objects)??;
    }
    script(text(&mut scratch, revisions.graph())?.trim_end());
    Ok(true)
}
