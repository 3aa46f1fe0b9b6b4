//! node-pg-migrate: `PREFIX_name.sql` with `-- Up Migration` and `-- Down Migration`. Ordered by the number that the
//! name begins with, then by name. The table stores the name without its extension.
//!
//! Source: `src/migrationLoader.ts`, `src/sqlMigration.ts`, `src/utils/comparators.ts`.

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

/// Extensions of migrations that are programs.
const PROGRAMS: [&str; 6] = ["js", "ts", "cjs", "mjs", "cts", "mts"];

/// Digits of milliseconds since 1970, and of a date with them.
const MILLISECONDS: usize = 13;

/// Reads the migrations of a directory.
pub(crate) fn read(directory: &Path) -> Result<History, Vec<Problem>> {
    let mut collector = Collector::new("pgmigrations");
    let mut files = Vec::new();
    for entry in entries(directory).map_err(|problem| vec![problem])? {
        let (stem, extension) = entry.name.rsplit_once('.').unwrap_or((&entry.name, ""));
        let stem = stem.to_owned();
        match extension {
            _ if entry.is_directory => skip(entry, &mut collector),
            "sql" => files.push((stem, entry)),
            program if PROGRAMS.contains(&program) => files.push((stem, entry)),
            _ => skip(entry, &mut collector),
        }
    }
    let number = |stem: &str| stem.bytes().take_while(u8::is_ascii_digit).count();
    for (_, entry) in files.iter().filter(|(stem, _)| number(stem) == 0) {
        let what = "has no number at its beginning, which node-pg-migrate needs for the order".to_owned();
        collector.problems.push(Problem::Unsupported { path: entry.path.clone(), line: None, what });
    }
    files.sort_by_cached_key(|(stem, _)| (instant(&stem[..number(stem)]), natural(stem)));
    for (stem, entry) in files {
        let (prefix, name) = stem.split_at(number(&stem));
        let migration = Migration {
            message: message::of_name(name, &stem),
            description: format!("Imported from {}", file_name(&entry.path)),
            create_date: created(prefix),
            source: entry.path.clone(),
            ..Migration::of_version(&stem)
        };
        if !entry.name.ends_with(".sql") {
            collector.program(&entry.path);
            collector.add(migration, &Direction::default(), None);
            continue;
        }
        match sections(&entry.path) {
            Ok((upgrade, downgrade)) => collector.add(migration, &upgrade, downgrade.as_ref()),
            Err(problem) => collector.problems.push(problem),
        }
    }
    collector.finish()
}

fn skip(entry: Entry, collector: &mut Collector) {
    collector.history.skipped.push(Skipped { path: entry.path, reason: Reason::NotRead });
}

/// The tool's sort key: a number. One with 17 digits is a date, which is compared as milliseconds since 1970.
fn instant(prefix: &str) -> (usize, String) {
    let milliseconds = date::milliseconds(prefix).map(|milliseconds| milliseconds.to_string());
    let number = milliseconds.as_deref().unwrap_or(prefix).trim_start_matches('0');
    (number.len(), number.to_owned())
}

/// The creation time, truncated to seconds if the prefix is milliseconds since 1970.
fn created(prefix: &str) -> String {
    date::of_version(if prefix.len() == MILLISECONDS { &prefix[..MILLISECONDS - 3] } else { prefix })
}

/// A name as parts that sort as the tool sorts them: numbers by value, letters without case, no punctuation.
fn natural(name: &str) -> Vec<(usize, String)> {
    let mut parts: Vec<(usize, String)> = Vec::new();
    let mut was_digit = false;
    for c in name.chars().filter(|c| c.is_alphanumeric()) {
        match parts.last_mut() {
            Some((length, part)) if was_digit && c.is_ascii_digit() => {
                part.push(c);
                *length = part.trim_start_matches('0').len();
            }
            _ => parts.push((usize::from(c.is_ascii_digit()), c.to_lowercase().collect())),
        }
        was_digit = c.is_ascii_digit();
    }
    parts
}

/// Both directions. Without a comment, the whole file is the upgrade.
fn sections(path: &Path) -> Result<(Direction, Option<Direction>), Problem> {
    let text = source_file::read(path)?;
    let marker = |word: &str| {
        let mut offset = 0;
        let mut starts = text.split_inclusive('\n').map(|line| {
            offset += line.len();
            (offset - line.len(), line)
        });
        starts.find(|(_, line)| begins(line, word)).map(|(start, _)| start)
    };
    let direction = |start: usize, end: Option<usize>| {
        let end = end.filter(|&end| end > start).unwrap_or(text.len());
        // The comment itself is omitted.
        let is_comment = ["up", "down"].iter().any(|word| begins(&text[start..end], word));
        let start =
            if is_comment { text[start..end].find('\n').map_or(end, |length| start + length + 1) } else { start };
        let first_line = 1 + text[..start].matches('\n').count() as u32;
        Direction::of(Sql { path: path.to_owned(), first_line, text: text[start..end].to_owned() })
    };
    match (marker("up"), marker("down")) {
        (None, None) => Ok((direction(0, None), None)),
        (Some(up), down) => Ok((direction(up, down), down.map(|down| direction(down, Some(up))))),
        (None, Some(down)) => Err(Problem::Unsupported {
            path: path.to_owned(),
            line: Some(1 + text[..down].matches('\n').count() as u32),
            what:
                "has `-- Down Migration` without `-- Up Migration`: node-pg-migrate runs the whole file as the upgrade"
                    .to_owned(),
        }),
    }
}

/// `-- Up Migration`, in any case, with more dashes or spaces.
fn begins(line: &str, word: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("--") else { return false };
    let rest = rest.trim_start_matches(|c: char| c == '-' || c.is_whitespace()).to_lowercase();
    let Some(rest) = rest.strip_prefix(word) else { return false };
    rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with("migration")
}

#[cfg(test)]
mod tests {
    use super::{begins, created, instant, natural};

    #[test]
    fn prefixes_sort_as_numbers_and_dates() {
        assert!(instant("2") < instant("10") && instant("0010") < instant("11"));
        // The second is a minute later.
        assert!(instant("1709210096000") < instant("20240229123556000"));
        assert!(instant("1709210156001") > instant("20240229123556000"));
        assert!(natural("1_a-2") < natural("1_A_10") && natural("1_b") > natural("1_a"));
        assert_eq!(created("1709210096123"), "2024-02-29T12:34:56Z");
        assert_eq!(created("20240229123456789"), "2024-02-29T12:34:56Z");
        assert_eq!(created("0001"), "");
    }

    #[test]
    fn comments_begin_the_directions() {
        assert!(begins("-- Up Migration\n", "up") && begins("  ----  UP   migration of x\n", "up"));
        assert!(!begins("-- Upmigration\n", "up") && !begins("Up Migration\n", "up") && !begins("-- Update\n", "up"));
    }
}
