//! golang-migrate: `VERSION_TITLE.up.sql` and `VERSION_TITLE.down.sql`. Each file is one query.
//!
//! Source: `source/parse.go`, `source/migration.go`.

use std::path::Path;

use crate::directory::{Entry, entries};
use crate::history::History;
use crate::migration_file::{FileName, pairs};
use crate::note::{Reason, Skipped};
use crate::problem::Problem;
use crate::sections::{Collector, Direction};

/// Reads the migrations of a directory.
pub(crate) fn read(directory: &Path) -> Result<History, Vec<Problem>> {
    let mut collector = Collector::new("schema_migrations");
    let mut files = Vec::new();
    for entry in entries(directory).map_err(|problem| vec![problem])? {
        match parse(&entry) {
            Some(file) => files.push(file),
            None => collector.history.skipped.push(Skipped { path: entry.path, reason: Reason::NotRead }),
        }
    }
    // A version without `.up` is also a version: the tool runs nothing for it.
    pairs(files, None, Direction::of, &mut collector);
    collector.finish()
}

/// `^([0-9]+)_(.*)\.(down|up)\.(.*)$`, with the last `.up.` or `.down.` of the name.
fn parse(entry: &Entry) -> Option<FileName> {
    let (version, rest) = entry.name.split_once('_').filter(|_| !entry.is_directory)?;
    let number: u64 = version.parse().ok().filter(|_| version.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (up, down) = (rest.rfind(".up."), rest.rfind(".down."));
    let end = up.max(down)?;
    Some(FileName {
        number: number.into(),
        version: number.to_string(),
        name: rest[..end].to_owned(),
        is_down: down > up,
        is_program: entry.name.ends_with(".go"),
        path: entry.path.clone(),
    })
}
