//! Parses the comment block at the beginning of a revision file: the message and the `Key: value` fields.
//!
//! `graph.rs` resolves the ids and labels.

use crate::checksum::Checksum;
use crate::marker::section_marker;
use crate::near_miss::{is_invisible, resembles_marker, skeleton};
use crate::place::{Excerpt, Place};
use crate::question::question;
use crate::script_error::{Problem, ScriptError};
use crate::similar::distance;

/// Whether a revision runs in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TransactionMode {
    /// All statements and the version row run in one transaction.
    #[default]
    On,
    /// `Transaction: off`: each statement runs by itself and is journaled. For statements that PostgreSQL does not allow in a
    /// transaction block.
    Off,
}

/// `Lint: allow RULE (reason)`: a lint finding that the author suppressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintAllowance {
    /// The name of the rule.
    pub rule: String,
    /// Why the finding is acceptable. Never empty.
    pub reason: String,
}

/// `Replaces: ID CHECKSUM`: a revision that was squashed into this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its id. The last revision of a squash gives the squash its own id.
    pub revision: String,
    /// Its checksum: a database that has applied anything else under this id has not applied what was squashed.
    pub checksum: Checksum,
}

/// The header of a revision file.
///
/// Create one with `Header { revision, ..Header::default() }`: fields will be added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// The first line: a short description of the revision.
    pub message: String,
    /// Free text between the message and the fields.
    pub description: String,
    /// `Revision ID`.
    pub revision: String,
    /// `Revises`: the ids of the parents. A base has none, a merge several.
    pub revises: Vec<String>,
    /// `Depends On`: ids or labels of revisions that must be applied first but are not parents.
    pub depends_on: Vec<String>,
    /// `Branch Labels`.
    pub branch_labels: Vec<String>,
    /// `Create Date`, as written.
    pub create_date: String,
    /// `Transaction`.
    pub transaction: TransactionMode,
    /// `Lint`, one entry per line.
    pub lint: Vec<LintAllowance>,
    /// `Replaces`, one entry per line.
    pub replaces: Vec<Replaced>,
}

impl Header {
    /// The ids of the revisions that were squashed into this one, each once, in order.
    pub fn replaced_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for replaced in &self.replaces {
            if !ids.contains(&replaced.revision.as_str()) {
                ids.push(&replaced.revision);
            }
        }
        ids
    }
}

/// The keys that a header can have.
const KEYS: [&str; 8] =
    ["Revision ID", "Revises", "Create Date", "Depends On", "Branch Labels", "Transaction", "Lint", "Replaces"];

/// Names with a special meaning in targets.
const RESERVED: [&str; 4] = ["head", "heads", "base", "current"];

/// Whether `text` is a valid revision id: `[A-Za-z0-9_]{1,32}` (`version_num` is a `varchar(32)`) and not a reserved name.
pub fn is_revision_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !RESERVED.contains(&text)
}

/// Whether `text` is a valid branch label: no white space, commas or characters with a meaning in targets, and not a reserved
/// name.
pub fn is_branch_label(text: &str) -> bool {
    !text.is_empty()
        && !RESERVED.contains(&text)
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || is_invisible(c) || "@+:,".contains(c))
        && !text.starts_with('-')
}

/// Where the SQL begins: at the first line that is neither empty nor a `--` comment, or is a section marker. The header itself ends
/// at the first empty line; the lines below it are read only to find misplaced fields.
///
/// Returns the header's length in bytes, or `None` if `text` ends before the header does.
pub(crate) fn header_end(text: &[u8]) -> Option<usize> {
    let mut position = 0;
    loop {
        let rest = &text[position..];
        let line_end = rest.iter().position(|&byte| byte == b'\n')?;
        let line = &rest[..line_end];
        let content = if line.starts_with(b"--") { line } else { line.trim_ascii_start() };
        if !(content.is_empty() || content.starts_with(b"--")) || section_marker(content).is_some() {
            return Some(position);
        }
        position += line_end + 1;
    }
}

/// Parses a header. `text` is the leading comment block, without a byte order mark.
///
/// # Errors
/// Fails on an unknown or duplicate key, a missing `Revision ID` or `Revises`, or an invalid value. The error has the line
/// and column.
pub(crate) fn parse(text: &str) -> Result<Header, ScriptError> {
    if !text.starts_with("--") {
        return Err(ScriptError::at(Place::START, Problem::NoHeader));
    }
    parse_lines(text).map_err(|error| {
        let source_line = text.lines().nth(error.place.line as usize - 1).map(str::to_owned);
        ScriptError { source_line, ..error }
    })
}

fn parse_lines(text: &str) -> Result<Header, ScriptError> {
    let mut parser = Parser::default();
    for (number, line) in text.lines().enumerate() {
        parser.line(number as u32 + 1, line)?;
    }
    parser.finish(text)
}

#[derive(Default)]
struct Parser {
    header: Header,
    /// The line of each key found so far, in the order of `KEYS`.
    seen: [Option<u32>; KEYS.len()],
    /// The lines since the last empty one. If one of them is a field, all must be.
    paragraph: Vec<(u32, String)>,
    description: Vec<String>,
    /// The empty line that ends the header.
    end: Option<u32>,
}

impl Parser {
    fn line(&mut self, number: u32, line: &str) -> Result<(), ScriptError> {
        let comment = line.trim();
        if comment.is_empty() {
            self.end.get_or_insert(number);
            return self.close_paragraph();
        }
        let content = comment.strip_prefix("--").unwrap_or(comment).trim();
        let error = |problem| {
            let column = 1 + (line.chars().count() - line.trim_start().chars().count()) as u32;
            Err(ScriptError::at(Place { line: number, column }, problem))
        };
        if number > 1 && field(content).is_none() && resembles_marker(comment, self.end.is_some()) {
            return error(Problem::UnknownSection { marker: comment.to_owned() });
        }
        if let Some(end) = self.end {
            return match field(content).map(|(key, _)| key).or_else(|| resembled_key(content, &KEYS)) {
                Some(key) => error(Problem::FieldBelowHeader { key: KEYS[key], end }),
                None => Ok(()),
            };
        }
        if number == 1 && field(content).is_none() {
            self.header.message = content.to_owned();
            return Ok(());
        }
        let fields_began = self.seen.iter().any(Option::is_some);
        if content.is_empty() {
            self.close_paragraph()?;
        } else if let Some((key, value)) = field(content) {
            // If one line of a paragraph is a field, all must be: a misspelled key must not be taken for prose.
            if let Some((number, text)) = self.paragraph.first() {
                return Err(unknown_key(*number, text));
            }
            self.field(number, line, key, value)?;
        } else if fields_began {
            return Err(unknown_key(number, content));
        } else {
            self.paragraph.push((number, content.to_owned()));
        }
        Ok(())
    }

    fn close_paragraph(&mut self) -> Result<(), ScriptError> {
        for (number, text) in &self.paragraph {
            if resembled_key(text, &KEYS).is_some() {
                return Err(unknown_key(*number, text));
            }
        }
        if !self.paragraph.is_empty() {
            let lines: Vec<String> = std::mem::take(&mut self.paragraph).into_iter().map(|(_, text)| text).collect();
            self.description.push(lines.join("\n"));
        }
        Ok(())
    }

    fn field(&mut self, number: u32, line: &str, key: usize, value: &str) -> Result<(), ScriptError> {
        const REVISION_ID: usize = 0;
        const REVISES: usize = 1;
        const CREATE_DATE: usize = 2;
        const DEPENDS_ON: usize = 3;
        const BRANCH_LABELS: usize = 4;
        const TRANSACTION: usize = 5;
        const LINT: usize = 6;
        const REPLACES: usize = 7;

        if let Some(first) = self.seen[key].replace(number)
            && ![LINT, REPLACES].contains(&key)
        {
            return Err(ScriptError::at(
                Place { line: number, column: 4 },
                Problem::DuplicateKey { key: KEYS[key], first },
            ));
        }
        let column = |part: &str| 1 + line.rfind(part).map_or(0, |byte| line[..byte].chars().count()) as u32;
        let invalid = |part: &str, expected: &'static str| {
            ScriptError::at(
                Place { line: number, column: column(part) },
                Problem::InvalidValue { key: KEYS[key], value: part.to_owned(), expected },
            )
        };
        let list = |is_valid: fn(&str) -> bool, expected: &'static str| -> Result<Vec<String>, ScriptError> {
            let mut items: Vec<String> = Vec::new();
            for item in value.split(',').map(str::trim).filter(|_| !value.is_empty()) {
                if !is_valid(item) {
                    return Err(invalid(item, expected));
                }
                if items.iter().any(|known| known == item) {
                    return Err(invalid(item, "each name only once"));
                }
                items.push(item.to_owned());
            }
            Ok(items)
        };
        const AN_ID: &str =
            "a revision id: 1 to 32 letters, digits or `_`, and not `head`, `heads`, `base` or `current`";
        const A_LABEL: &str =
            "a label without white space, `@`, `+`, `:` or a leading `-`, and not `head`, `heads`, `base` or `current`";
        match key {
            REVISION_ID if is_revision_id(value) => self.header.revision = value.to_owned(),
            REVISION_ID => return Err(invalid(value, AN_ID)),
            REVISES => self.header.revises = list(is_revision_id, AN_ID)?,
            CREATE_DATE => self.header.create_date = value.to_owned(),
            DEPENDS_ON => self.header.depends_on = list(is_branch_label, "revision ids or branch labels")?,
            BRANCH_LABELS => self.header.branch_labels = list(is_branch_label, A_LABEL)?,
            TRANSACTION => {
                self.header.transaction = match value {
                    "on" => TransactionMode::On,
                    "off" => TransactionMode::Off,
                    _ => return Err(invalid(value, "`on` or `off`")),
                }
            }
            LINT => match allowance(value) {
                Some(allowance) => self.header.lint.push(allowance),
                None => return Err(invalid(value, "`allow RULE (reason)`, the reason not empty")),
            },
            REPLACES => match replaced(value) {
                Some(replaced) => self.header.replaces.push(replaced),
                None => return Err(invalid(value, "`ID CHECKSUM`, the checksum as 64 hexadecimal digits")),
            },
            _ => unreachable!("`field` returns an index into `KEYS`"),
        }
        Ok(())
    }

    fn finish(mut self, text: &str) -> Result<Header, ScriptError> {
        self.close_paragraph()?;
        let last = (text.lines().count() as u32).max(1);
        for (key, name) in KEYS.iter().enumerate().take(2) {
            if self.seen[key].is_none() {
                return Err(ScriptError::at(Place { line: last, column: 1 }, Problem::MissingKey { key: name }));
            }
        }
        self.header.description = self.description.join("\n\n");
        Ok(self.header)
    }
}

/// What the lines of a header ask: a person may have moved a question there.
pub(crate) fn questions(header: &str) -> Vec<ScriptError> {
    let asked = |(index, line): (usize, &str)| {
        let question = question(line)?;
        let place = Place { line: u32::try_from(index + 1).ok()?, column: 1 };
        Some(ScriptError::on(Excerpt { place, line: line.to_owned() }, Problem::Unanswered { question }))
    };
    header.lines().enumerate().filter_map(asked).collect()
}

/// Parses `Key: value` with a known key: the key's index in `KEYS`, and the value.
fn field(content: &str) -> Option<(usize, &str)> {
    let (key, value) = content.split_once(':')?;
    Some((KEYS.iter().position(|known| *known == key)?, value.trim()))
}

fn unknown_key(line: u32, content: &str) -> ScriptError {
    let key = content.split_once(':').map_or(content, |(key, _)| key).trim();
    ScriptError::at(Place { line, column: 4 }, Problem::UnknownKey { key: key.to_owned(), keys: &KEYS })
}

/// The header key of a revision that a line begins with.
pub(crate) fn revision_key(content: &str) -> Option<&'static str> {
    field(content).map(|(key, _)| KEYS[key])
}

/// The index in `keys` of the key that the text before a colon resembles, within one or two typos. Prose may contain a
/// colon, but a misspelled field must not be taken for prose.
pub(crate) fn resembled_key(content: &str, keys: &[&str]) -> Option<usize> {
    let content = skeleton(content);
    let (key, _) = content.split_once(':')?;
    let key = key.trim();
    keys.iter().position(|known| {
        let known = known.to_ascii_lowercase();
        let prefix = known.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
        let suffix = known.bytes().rev().zip(key.bytes().rev()).take_while(|(a, b)| a == b).count();
        let longer = known.len().max(key.len());
        let is_one_run = longer - (prefix + suffix).min(longer) <= 2 && known.len().abs_diff(key.len()) <= 2;
        is_one_run || distance(&known, key) <= if known.len() < 6 { 1 } else { 2 }
    })
}

/// The key of a comment that is exactly a field with a valid value: below a section marker it would have no effect.
pub(crate) fn misplaced_field(comment: &str) -> Option<&'static str> {
    let (key, value) = field(comment.strip_prefix("--")?.trim())?;
    let is_list = |is_valid: fn(&str) -> bool| !value.is_empty() && value.split(',').all(|item| is_valid(item.trim()));
    let is_valid = match KEYS[key] {
        "Transaction" => ["on", "off"].contains(&value),
        "Lint" => allowance(value).is_some(),
        "Replaces" => replaced(value).is_some(),
        "Revision ID" | "Revises" => is_list(is_revision_id),
        "Depends On" | "Branch Labels" => is_list(is_branch_label),
        _ => false,
    };
    is_valid.then_some(KEYS[key])
}

pub(crate) fn allowance(value: &str) -> Option<LintAllowance> {
    let (rule, reason) = value.strip_prefix("allow ")?.trim().split_once(' ')?;
    let reason = reason.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    (!reason.is_empty()).then(|| LintAllowance { rule: rule.to_owned(), reason: reason.to_owned() })
}

fn replaced(value: &str) -> Option<Replaced> {
    let (revision, checksum) = value.split_once(' ')?;
    let checksum = checksum.trim().parse().ok()?;
    is_revision_id(revision).then(|| Replaced { revision: revision.to_owned(), checksum })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = "-- create notes\n--\n-- Revision ID: 4d2f1c9a7b3e\n-- Revises: 9b1c2d3e4f50\n";

    #[test]
    fn reads_every_field() {
        let header = parse(
            "-- create notes\n--\n-- Why: because.\n-- Two lines of it.\n--\n-- Revision ID: a1\n-- Revises: b2, c3\n\
             -- Create Date: 2026-11-22T10:15:00Z\n-- Depends On: d4, billing\n-- Branch Labels: notes\n\
             -- Transaction: off\n-- Lint: allow ban-drop-table (it is empty)\n",
        )
        .expect("a valid header");
        assert_eq!(header.message, "create notes");
        assert_eq!(header.description, "Why: because.\nTwo lines of it.");
        assert_eq!(header.revises, ["b2", "c3"]);
        assert_eq!(header.depends_on, ["d4", "billing"]);
        assert_eq!(header.branch_labels, ["notes"]);
        assert_eq!(header.transaction, TransactionMode::Off);
        assert_eq!(header.lint[0].reason, "it is empty");
    }

    #[test]
    fn errors_name_the_line_and_the_key() {
        let case = |more: &str| parse(&format!("{MINIMAL}{more}")).expect_err("an invalid header").to_string();
        assert!(case("-- Author: me\n").starts_with("5:4: unknown header key `Author`"), "{}", case("-- Author: me\n"));
        assert!(case("-- Revises: x\n").starts_with("5:4: duplicate header key `Revises`"));
        assert!(case("-- Transaction: no\n").starts_with("5:17: "), "{}", case("-- Transaction: no\n"));
        assert!(case("-- Replaces: a1 12\n").starts_with("5:14: "), "{}", case("-- Replaces: a1 12\n"));
    }

    #[test]
    fn a_misspelled_key_is_not_prose() {
        let error = parse("-- m\n--\n-- Depend On: x\n--\n-- Revision ID: a\n-- Revises:\n").expect_err("a typo");
        assert!(error.to_string().starts_with("3:4: unknown header key `Depend On`"), "{error}");
    }

    #[test]
    fn a_field_below_the_header_is_an_error() {
        let case = |more: &str| parse(&format!("{MINIMAL}\n{more}")).map_err(|error| error.to_string());
        for field in
            ["-- Depends On: a1\n", "  -- Transaction: off\n", "-- x\n-- Branch Label: b\n", "-- Trnsactoin: off\n"]
        {
            let error = case(field).expect_err(field);
            assert!(error.contains("is below the header, which ends at line 5"), "{error}");
        }
        assert!(case("-- a comment: with a colon\n").is_ok());
        let error = parse("-- m\n--\n-- Revision ID: a\n--- migrate:upgrade\n").expect_err("a slip").to_string();
        assert!(error.starts_with("4:1: unknown section `--- migrate:upgrade`"), "{error}");
    }

    #[test]
    fn the_comments_end_at_the_first_other_line() {
        assert_eq!(header_end(b"-- a\n-- b\n\nselect\n"), Some(11));
        assert_eq!(header_end(b"-- a\n\n  -- b\n-- migrate:upgrade\n"), Some(13));
        assert_eq!(header_end(b"-- a\n-- migrate:upgrade\n"), Some(5));
        assert_eq!(header_end(b"-- a\n-- b"), None);
    }
}
