//! A dump of pg_dump, also Rails' `structure.sql`: one revision, without statements that would fail on other databases.
//!
//! Removes psql's commands, session settings except those that the statements need, owners and privileges of roles, the
//! schema `public`, which exists, and the rows of Rails' own table.

use std::ops::Range;
use std::path::Path;

use revision::{Place, RevisionFile, Script, significant};

use crate::history::{History, Migration};
use crate::migration_file::file_name;
use crate::note::{Note, Remark};
use crate::problem::Problem;
use crate::sections::{Collector, Direction};
use crate::source_file;
use crate::sql::Sql;

/// The version of a dump that has none.
const VERSION: &str = "baseline";

/// The header that is prepended to a dump to split it.
const HEADER: &str = "-- m\n-- Revision ID: a\n-- Revises:\n\n-- migrate:upgrade\n";
const HEADER_LINES: u32 = 5;

/// Settings that change the meaning of the statements of a dump.
const KEPT: [&str; 4] =
    ["check_function_bodies", "default_tablespace", "default_table_access_method", "standard_conforming_strings"];

/// The psql commands in dumps.
const COMMANDS: [&str; 6] = ["\\restrict", "\\unrestrict", "\\connect", "\\c", "\\set", "\\encoding"];

/// Reads a dump.
pub(crate) fn read(path: &Path) -> Result<History, Vec<Problem>> {
    let text = source_file::read(path).map_err(|problem| vec![problem])?;
    if text.starts_with("PGDMP") {
        let what = "is a dump in the custom format: write it as SQL with `pg_restore --file=dump.sql`".to_owned();
        return Err(vec![Problem::Unsupported { path: path.to_owned(), line: None, what }]);
    }
    let (text, script) = without_psql(&text, path).map_err(|problem| vec![problem])?;
    let (removed, versions) = removed(&text, &script).map_err(|error| vec![problem(error, path)])?;
    let mut collector = Collector::new("schema_migrations");
    let version = versions.iter().max().map_or(VERSION.to_owned(), String::clone);
    let migration = Migration {
        message: "baseline".to_owned(),
        description: format!("Imported from {}", file_name(path)),
        create_date: crate::date::of_version(&version),
        source: path.to_owned(),
        ..Migration::of_version(&version)
    };
    let mut notes: Vec<(u32, Remark)> = Vec::new();
    for part in &removed {
        let Some(remark) = &part.remark else { continue };
        // One for each role, not for each object.
        if !notes.iter().any(|(_, known)| known == remark) {
            notes.push((part.line, remark.clone()));
        }
    }
    if !versions.is_empty() {
        notes.push((1, Remark::Baseline { versions: versions.len() }));
    }
    let note = |(line, remark)| Note { path: path.to_owned(), line: Some(line), remark };
    collector.history.notes.extend(notes.into_iter().map(note));
    let direction = Direction { parts: between(&text, path, &removed), without_transaction: false };
    collector.add(migration, &direction, None);
    collector.finish()
}

/// A statement that is removed.
struct Removed {
    place: Range<usize>,
    line: u32,
    remark: Option<Remark>,
}

/// The remaining parts, each with its line.
fn between(text: &str, path: &Path, removed: &[Removed]) -> Vec<Sql> {
    let ends = removed.iter().map(|part| part.place.start).chain([text.len()]);
    let starts = std::iter::once(0).chain(removed.iter().map(|part| part.place.end));
    let part = |(start, end): (usize, usize)| {
        let first_line = 1 + text[..start].matches('\n').count() as u32;
        Sql { path: path.to_owned(), first_line, text: text[start..end].to_owned() }
    };
    starts.zip(ends).map(part).filter(|sql| !sql.text.trim().is_empty()).collect()
}

/// The script of a dump, and its text with empty lines in place of psql's own commands.
fn without_psql(text: &str, path: &Path) -> Result<(String, Script), Problem> {
    let mut text = text.to_owned();
    loop {
        let error = match Script::read(&RevisionFile::in_memory(path, format!("{HEADER}{text}"))) {
            Ok(script) => return Ok((text, script)),
            Err(error) => error,
        };
        let revision::Error::Script(found) = &error else { return Err(problem(error, path)) };
        let revision::Problem::MetaCommand { command } = &found.problem else { return Err(problem(error, path)) };
        if !COMMANDS.contains(&command.as_str()) {
            return Err(problem(error, path));
        }
        let start = offset(&text, found.place);
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        text.replace_range(start..end, "");
    }
}

fn problem(error: revision::Error, path: &Path) -> Problem {
    match error {
        revision::Error::Script(error) => {
            let place = Place { line: error.place.line.saturating_sub(HEADER_LINES), ..error.place };
            Problem::Sql { path: path.to_owned(), place, problem: error.problem }
        }
        error => Problem::Unsupported { path: path.to_owned(), line: None, what: error.to_string() },
    }
}

/// The byte of a place in the script, in the text without the header.
fn offset(text: &str, place: Place) -> usize {
    let line = place.line.saturating_sub(HEADER_LINES + 1) as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let columns = text[start..].chars().take(place.column.saturating_sub(1) as usize);
    start + columns.map(char::len_utf8).sum::<usize>()
}

/// The removed statements, and the versions in Rails' table.
fn removed(text: &str, script: &Script) -> Result<(Vec<Removed>, Vec<String>), revision::Error> {
    let (mut removed, mut versions) = (Vec::new(), Vec::new());
    let (mut place, mut start) = (Place { line: HEADER_LINES + 1, column: 1 }, 0);
    for statement in script.effective(script.upgrade()) {
        let statement = statement?;
        let sql = script.text(&statement)?;
        let tokens = significant(&sql);
        let rails = versions_of_rails(&tokens);
        let Some(remark) = decision(&tokens, rails.is_some()) else { continue };
        versions.extend(rails.unwrap_or_default());
        // From the statement before, so that a long dump is read once.
        let (lines, column) = (statement.place.line - place.line, statement.place.column);
        let first: usize = text[start..].split_inclusive('\n').take(lines as usize).map(str::len).sum();
        let line_start = if lines == 0 { text[..start].rfind('\n').map_or(0, |end| end + 1) } else { start + first };
        start = line_start + text[line_start..].chars().take(column as usize - 1).map(char::len_utf8).sum::<usize>();
        place = statement.place;
        removed.push(Removed { place: start..start + sql.len(), line: place.line - HEADER_LINES, remark });
    }
    Ok((removed, versions))
}

/// Whether a statement is removed, and the remark for the user.
fn decision(tokens: &[&str], is_of_rails: bool) -> Option<Option<Remark>> {
    let words: Vec<String> = tokens.iter().take(12).map(|token| token.to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has = |word: &str| tokens.iter().any(|token| token.eq_ignore_ascii_case(word));
    match words[..] {
        _ if is_of_rails => Some(None),
        ["set", name, ..] => (!KEPT.contains(&name)).then_some(None),
        ["select", ..] if has("set_config") && has("'search_path'") => Some(None),
        ["create", "schema", "public", ..] => Some(None),
        ["create", "schema", "if", "not", "exists", "public", ..] => Some(None),
        ["comment", "on", "schema", "public", ..] => Some(None),
        ["comment", "on", "extension", ..] => Some(None),
        ["alter", .., ";"] | ["alter", ..] if is_owner(tokens) => {
            let role = tokens.iter().rev().find(|token| **token != ";").copied().unwrap_or_default();
            Some(Some(Remark::Owner { role: role.to_owned() }))
        }
        ["grant" | "revoke", ..] => Some(Some(Remark::Privileges)),
        ["alter", "default", "privileges", ..] => Some(Some(Remark::Privileges)),
        _ => None,
    }
}

/// `ALTER … OWNER TO role`.
fn is_owner(tokens: &[&str]) -> bool {
    let tokens: Vec<&&str> = tokens.iter().filter(|token| **token != ";").collect();
    let [.., owner, to, _] = tokens[..] else { return false };
    owner.eq_ignore_ascii_case("owner") && to.eq_ignore_ascii_case("to")
}

/// The values of `INSERT INTO schema_migrations (version) VALUES ('…'), …`.
fn versions_of_rails(tokens: &[&str]) -> Option<Vec<String>> {
    let [insert, into, rest @ ..] = tokens else { return None };
    let head = rest.iter().take_while(|token| !token.eq_ignore_ascii_case("values"));
    let names: Vec<&str> = head.map(|token| token.trim_matches('"')).collect();
    let is_insert = insert.eq_ignore_ascii_case("insert") && into.eq_ignore_ascii_case("into");
    if !is_insert || !names.contains(&"schema_migrations") || !names.contains(&"version") {
        return None;
    }
    let value = |token: &&str| Some(token.strip_prefix('\'')?.strip_suffix('\'')?.to_owned());
    Some(rest.iter().filter_map(value).collect())
}
