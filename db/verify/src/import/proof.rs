//! The proof that an import is complete: the tool and this engine each create a database, and the two are compared.

use std::path::Path;
use std::time::{Duration, Instant};

use ::import::NewFile;
use anyhow::{Context, Result};
use connection::{Connection, Settings};
use revision::{Files, Objects, RevisionFile, Revisions};
use schema::{Fingerprint, Schema};

use super::rows::{Contents, changed_contents};
use crate::at_heads::Place;
use crate::catalog::Catalog;
use crate::difference::changed_objects;
use crate::finding::{data, message};
use crate::scratch::{ScratchDatabase, TemporaryDatabase};
use crate::server::Server;

/// A tool whose result is compared.
pub(super) trait Reference {
    /// The name of the tool.
    fn name(&self) -> &'static str;

    /// Its own tables, quoted and qualified.
    fn tables(&self) -> Vec<String>;

    /// Applies all migrations to a database. Returns how long that took.
    fn run(&self, source: &Path, settings: &Settings) -> Result<Duration>;
}

/// The compared contents of a database.
struct Made {
    schema: Schema,
    fingerprint: Fingerprint,
    contents: Contents,
}

/// Compares. Returns whether both databases are equal.
pub(super) fn run(
    tool: &dyn Reference,
    source: &Path,
    files: &[NewFile],
    objects: &Objects,
    place: &Place<'_>,
) -> Result<bool> {
    let files: Files = files.iter().map(|file| RevisionFile::in_memory(&file.name, &file.text)).collect();
    let revisions = Revisions::read(&files)?;
    let mut server = Server::start(place.choice, place.target, place.major)?;
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    let catalog = Catalog::new(&server, &revisions, &mut scratch)?;
    drop(scratch);
    let result = databases(tool, source, &revisions, objects, &mut server, &catalog);
    // Roles and the like would still exist at the next import.
    if !server.is_own() {
        catalog.restore(&mut server)?;
    }
    let both = result?;
    Ok(report(tool, &catalog, &both))
}

/// The databases of the tool and of the engine, with the times that they took.
struct Both {
    expected: Made,
    found: Made,
    by_tool: Duration,
    by_engine: Duration,
}

fn databases(
    tool: &dyn Reference,
    source: &Path,
    revisions: &Revisions,
    objects: &Objects,
    server: &mut Server,
    catalog: &Catalog,
) -> Result<Both> {
    let database = TemporaryDatabase::create(server)?;
    let by_tool = tool.run(source, database.settings())?;
    let tables = tool.tables();
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    let expected = made(server, catalog, &mut database.session()?, &tables)?;
    drop(database);
    // Objects of the server that the migrations have created, such as roles, would already exist.
    catalog.restore(server)?;

    let mut scratch = ScratchDatabase::create(server, revisions)?;
    let start = Instant::now();
    scratch.upgrade("heads").context("the revisions can't be applied to an empty database")?;
    if !objects.is_empty() {
        scratch.apply_objects(objects)?.context("the files of `objects` can't be applied")?;
    }
    let by_engine = start.elapsed();
    let tables = scratch.tables()?;
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    let found = made(server, catalog, scratch.probe()?, &tables)?;
    Ok(Both { expected, found, by_tool, by_engine })
}

/// Prints the difference, or that there is none. Returns whether both are equal.
fn report(tool: &dyn Reference, catalog: &Catalog, both: &Both) -> bool {
    let (differences, varying) = compare(catalog, &both.expected, &both.found);
    for column in &varying {
        message(&format!("note: {column}: values depend on time or chance, and were not compared"));
    }
    let name = tool.name();
    if !differences.is_empty() {
        message(&format!("error: the revisions create a different database than {name} (-: {name}, +: the revisions)"));
        differences.iter().for_each(|line| data(line));
        return false;
    }
    message(&format!(
        "proof: {name} and the revisions create equal databases: {}; {name} took {}, the engine {}",
        both.found.contents.summary(),
        seconds(both.by_tool),
        seconds(both.by_engine)
    ));
    true
}

/// Drops the tables of the tool or the engine, and reads what is compared.
fn made(server: &Server, catalog: &Catalog, session: &mut Connection, own_tables: &[&str]) -> Result<Made> {
    let own_tables = own_tables.join(", ");
    session.send(&format!("DROP TABLE IF EXISTS {own_tables}")).with_context(|| format!("cannot drop {own_tables}"))?;
    let contents = Contents::read(session)?;
    Ok(Made { schema: Schema::read(session, &[])?, fingerprint: catalog.read(server, session)?, contents })
}

/// The lines of a diff, and the columns that were not compared.
fn compare(catalog: &Catalog, expected: &Made, found: &Made) -> (Vec<String>, Vec<String>) {
    let mut lines = changed_objects(&expected.schema, &found.schema);
    if lines.is_empty() {
        lines = catalog.differences(&expected.fingerprint, &found.fingerprint);
    }
    let (changed, varying) = changed_contents(&expected.contents, &found.contents);
    lines.extend(changed);
    (lines, varying)
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
