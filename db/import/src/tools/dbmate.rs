//! dbmate: `VERSION_NAME.sql` with `-- migrate:up` and `-- migrate:down`, each of which can have `transaction:false`. Ordered by
//! name. The table stores the version as text, so leading zeros count.
//!
//! Source: `pkg/dbmate/migration.go`, `pkg/dbmate/db.go`.

use std::path::Path;

use crate::date;
use crate::directory::entries;
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
    let mut collector = Collector::new("schema_migrations");
    for entry in entries(directory).map_err(|problem| vec![problem])? {
        let digits = entry.name.bytes().take_while(u8::is_ascii_digit).count();
        let name = entry.name.strip_suffix(".sql").filter(|_| digits > 0 && !entry.is_directory);
        let Some(name) = name else {
            collector.history.skipped.push(Skipped { path: entry.path, reason: Reason::NotRead });
            continue;
        };
        let (version, name) = name.split_at(digits);
        let migration = Migration {
            message: message::of_name(name.trim_start_matches('.'), version),
            description: format!("Imported from {}", file_name(&entry.path)),
            create_date: date::of_version(version),
            source: entry.path.clone(),
            ..Migration::of_version(version)
        };
        match sections(&entry.path) {
            Ok((upgrade, downgrade)) => collector.add(migration, &upgrade, Some(&downgrade)),
            Err(problem) => collector.problems.push(problem),
        }
    }
    collector.finish()
}

/// The block that a line begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Up,
    Down,
}

/// Both directions. dbmate reads several pairs of blocks, but can't apply the second: it records the version again.
fn sections(path: &Path) -> Result<(Direction, Direction), Problem> {
    let text = source_file::read(path)?;
    let (mut upgrade, mut downgrade) = (Direction::default(), Direction::default());
    let mut block = None;
    let mut before = String::new();
    let refuse = |line: usize, what: &str| {
        Err(Problem::Unsupported {
            path: path.to_owned(),
            line: Some(line as u32 + 1),
            what: format!("{what}: dbmate refuses it"),
        })
    };
    for (number, line) in text.split_inclusive('\n').enumerate() {
        match (directive(line), block) {
            (Some((Block::Down, _)), None) => return refuse(number, "`migrate:down` before `migrate:up`"),
            (Some((Block::Down, _)), Some(Block::Down)) => {
                return refuse(number, "`migrate:down` after `migrate:down`");
            }
            (Some((Block::Up, _)), Some(_)) => return refuse(number, "a second `migrate:up`"),
            (Some((next, off)), _) => {
                let direction = if next == Block::Up { &mut upgrade } else { &mut downgrade };
                direction.without_transaction |= off;
                let first_line = number as u32 + 2;
                direction.parts.push(Sql { path: path.to_owned(), first_line, text: String::new() });
                block = Some(next);
            }
            (None, Some(block)) => {
                let direction = if block == Block::Up { &mut upgrade } else { &mut downgrade };
                if let Some(part) = direction.parts.last_mut() {
                    part.text.push_str(line);
                }
            }
            (None, None) if line.trim().is_empty() || line.trim_start().starts_with("--") => before.push_str(line),
            (None, None) => return refuse(number, "a statement before `-- migrate:up`"),
        }
    }
    match block {
        None => refuse(text.lines().count().saturating_sub(1), "no `-- migrate:up`"),
        Some(Block::Up) => refuse(text.lines().count().saturating_sub(1), "no `-- migrate:down`"),
        Some(Block::Down) => {
            if !before.trim().is_empty() {
                upgrade.parts.insert(0, Sql { path: path.to_owned(), first_line: 1, text: before });
            }
            Ok((upgrade, downgrade))
        }
    }
}

/// `^--\s*migrate:(up|down)(\s*$|\s+\S+)`, and whether `transaction:false` is among the options.
fn directive(line: &str) -> Option<(Block, bool)> {
    let rest = line.strip_prefix("--")?.trim_start().strip_prefix("migrate:")?;
    let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    let block = match word {
        "up" => Block::Up,
        "down" => Block::Down,
        _ => return None,
    };
    let options = rest[word.len()..].split_whitespace().filter_map(|option| option.split_once(':'));
    let transaction = options.fold(None, |last, (key, value)| if key == "transaction" { Some(value) } else { last });
    Some((block, transaction == Some("false")))
}
