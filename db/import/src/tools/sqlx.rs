//! sqlx: `VERSION_DESCRIPTION.sql`, or `.up.sql` and `.down.sql`. `-- no-transaction` at the very beginning of a file.
//!
//! Source: `sqlx-core/src/migrate/source.rs`.

use std::path::Path;

use crate::directory::{Entry, entries};
use crate::history::History;
use crate::migration_file::{FileName, pairs};
use crate::note::{Reason, Skipped};
use crate::problem::Problem;
use crate::sections::{Collector, Direction};
use crate::sql::Sql;

/// Reads the migrations of a directory.
pub(crate) fn read(directory: &Path) -> Result<History, Vec<Problem>> {
    let mut collector = Collector::new("_sqlx_migrations");
    let mut files = Vec::new();
    for entry in entries(directory).map_err(|problem| vec![problem])? {
        match parse(&entry) {
            Some(Ok(file)) => files.push(file),
            Some(Err(problem)) => collector.problems.push(problem),
            None => collector.history.skipped.push(Skipped { path: entry.path, reason: Reason::NotRead }),
        }
    }
    pairs(files, Some(Reason::OnlyDown), direction, &mut collector);
    collector.finish()
}

fn parse(entry: &Entry) -> Option<Result<FileName, Problem>> {
    let (version, rest) = entry.name.split_once('_').filter(|_| !entry.is_directory)?;
    let name = rest.strip_suffix(".sql")?;
    let Some(number) = version.parse::<i64>().ok() else {
        let what = format!("`{version}` is not a number, so sqlx refuses the directory");
        return Some(Err(Problem::Unsupported { path: entry.path.clone(), line: None, what }));
    };
    let (name, is_down) = match (name.strip_suffix(".up"), name.strip_suffix(".down")) {
        (Some(name), _) => (name, false),
        (_, Some(name)) => (name, true),
        _ => (name, false),
    };
    Some(Ok(FileName {
        number: number.into(),
        version: number.to_string(),
        name: name.to_owned(),
        is_down,
        is_program: false,
        path: entry.path.clone(),
    }))
}

fn direction(sql: Sql) -> Direction {
    Direction { without_transaction: sql.text.starts_with("-- no-transaction"), ..Direction::of(sql) }
}
