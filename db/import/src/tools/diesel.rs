//! Diesel: a directory per migration, with `up.sql`, `down.sql` and `metadata.toml`. Ordered by the version without
//! dashes, as text.
//!
//! Source: `diesel_migrations/migrations_internals/src/lib.rs`, `diesel_migrations/src/file_based_migrations.rs`.

use std::path::Path;

use crate::date;
use crate::directory::{Entry, entries};
use crate::history::{History, Migration};
use crate::message;
use crate::migration_file::file_name;
use crate::note::{Reason, Skipped};
use crate::problem::Problem;
use crate::sections::{Collector, Direction};
use crate::source_file;
use crate::sql::Sql;

/// Reads the migrations of a directory.
pub(crate) fn read(directory: &Path) -> Result<History, Vec<Problem>> {
    let mut collector = Collector::new("__diesel_schema_migrations");
    let mut directories = Vec::new();
    for entry in entries(directory).map_err(|problem| vec![problem])? {
        match entries(&entry.path) {
            _ if !entry.is_directory => skip(&entry, Reason::NotRead, &mut collector),
            Ok(files) if files.is_empty() => skip(&entry, Reason::EmptyDirectory, &mut collector),
            Ok(files) => directories.push((version(&entry.name), entry, files)),
            Err(problem) => collector.problems.push(problem),
        }
    }
    directories.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    for (version, entry, files) in directories {
        if let Err(problem) = migration(&version, &entry, files, &mut collector) {
            collector.problems.push(problem);
        }
    }
    collector.finish()
}

fn skip(entry: &Entry, reason: Reason, collector: &mut Collector) {
    collector.history.skipped.push(Skipped { path: entry.path.clone(), reason });
}

/// The version in the table: the name up to the first `_`, without dashes.
fn version(name: &str) -> String {
    name.split('_').next().unwrap_or_default().replace('-', "")
}

fn migration(version: &str, directory: &Entry, files: Vec<Entry>, collector: &mut Collector) -> Result<(), Problem> {
    let has = |name: &str| files.iter().any(|file| file.name == name);
    let program = files.iter().find(|file| file.name.ends_with(".rs")).filter(|_| !has("up.sql"));
    if let Some(program) = program {
        collector.program(&program.path);
        collector.add(named(version, directory), &Direction::default(), None);
        return Ok(());
    } else if !has("up.sql") {
        let what = "has no up.sql: diesel refuses such a directory".to_owned();
        return Err(Problem::Unsupported { path: directory.path.clone(), line: None, what });
    }
    for file in files.iter().filter(|file| !["up.sql", "down.sql", "metadata.toml"].contains(&file.name.as_str())) {
        skip(file, Reason::NotRead, collector);
    }
    let without_transaction = has("metadata.toml") && !in_transaction(&directory.path.join("metadata.toml"))?;
    let read = |name: &str| -> Result<Direction, Problem> {
        Ok(Direction { without_transaction, ..Direction::of(Sql::of_file(&directory.path.join(name))?) })
    };
    let upgrade = read("up.sql")?;
    let downgrade = has("down.sql").then(|| read("down.sql")).transpose()?;
    collector.add(named(version, directory), &upgrade, downgrade.as_ref());
    Ok(())
}

/// The migration of a directory, without sections.
fn named(version: &str, directory: &Entry) -> Migration {
    let name = directory.name.split_once('_').map_or("", |(_, name)| name);
    Migration {
        message: message::of_name(name, version),
        description: format!("Imported from {}", file_name(&directory.path)),
        create_date: date::of_version(version),
        source: directory.path.join("up.sql"),
        ..Migration::of_version(version)
    }
}

/// `run_in_transaction` of a `metadata.toml`. Diesel treats a file without it as `false`.
fn in_transaction(path: &Path) -> Result<bool, Problem> {
    for (number, line) in source_file::read(path)?.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once('=') else { continue };
        if key.trim().trim_matches('"') != "run_in_transaction" {
            continue;
        }
        return match value.trim() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => {
                let what = "run_in_transaction is neither `true` nor `false`".to_owned();
                Err(Problem::Unsupported { path: path.to_owned(), line: Some(number as u32 + 1), what })
            }
        };
    }
    Ok(false)
}
