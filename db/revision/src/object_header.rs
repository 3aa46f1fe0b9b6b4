//! The comment block at the beginning of a file in `objects`, with its optional `Key: value` fields.

use crate::header::{LintAllowance, allowance, resembled_key, revision_key};
use crate::place::Place;
use crate::script_error::{Problem, ScriptError};

/// The keys that a file can have.
const KEYS: [&str; 2] = ["Depends On", "Lint"];

/// The fields of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ObjectHeader {
    /// `Depends On`, with its line: the files to apply before this one, instead of those that its statements refer to.
    pub(crate) depends_on: Option<(u32, Vec<String>)>,
    /// `Lint`, one entry per line.
    pub(crate) lint: Vec<LintAllowance>,
}

/// The length of the leading comment block.
pub(crate) fn block_length(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.starts_with("--")).map(str::len).sum()
}

/// Parses the block. As in revisions, a paragraph with a field must consist of fields.
///
/// # Errors
/// Fails on an unknown or duplicate key, or an invalid value.
pub(crate) fn parse(text: &str) -> Result<ObjectHeader, ScriptError> {
    let mut header = ObjectHeader::default();
    let lines: Vec<(u32, &str)> = (1..).zip(text.lines().map(|line| line.trim_start_matches("--").trim())).collect();
    for paragraph in lines.split(|(_, content)| content.is_empty()) {
        let has_fields = paragraph.iter().any(|(_, content)| field(content).is_some());
        for &(line, content) in paragraph {
            match field(content) {
                Some((key, value)) => add(&mut header, line, key, value)?,
                // The first line describes the file.
                None if line > 1 && has_fields || is_wrong(content) => return Err(unknown_key(line, content)),
                None => {}
            }
        }
    }
    Ok(header)
}

fn field(content: &str) -> Option<(&'static str, &str)> {
    let (key, value) = content.split_once(':')?;
    KEYS.iter().find(|known| **known == key).map(|key| (*key, value.trim()))
}

/// Whether the line looks like a field: a field of a revision, or a misspelled one.
fn is_wrong(content: &str) -> bool {
    revision_key(content).is_some() || resembled_key(content, &KEYS).is_some()
}

fn add(header: &mut ObjectHeader, line: u32, key: &'static str, value: &str) -> Result<(), ScriptError> {
    let error = |problem| ScriptError::at(Place { line, column: 4 }, problem);
    let invalid = |expected| error(Problem::InvalidValue { key, value: value.to_owned(), expected });
    if key == "Lint" {
        header.lint.push(allowance(value).ok_or_else(|| invalid("`allow RULE (reason)`, the reason not empty"))?);
        return Ok(());
    }
    let names: Vec<String> =
        value.split(',').map(|name| name.trim().to_owned()).filter(|_| !value.is_empty()).collect();
    if names.iter().any(String::is_empty) {
        return Err(invalid("names of files, separated by commas"));
    }
    match header.depends_on.replace((line, names)) {
        Some((first, _)) => Err(error(Problem::DuplicateKey { key, first })),
        None => Ok(()),
    }
}

fn unknown_key(line: u32, content: &str) -> ScriptError {
    let key = content.split_once(':').map_or(content, |(key, _)| key).trim().to_owned();
    ScriptError::at(Place { line, column: 4 }, Problem::UnknownKey { key, keys: &KEYS })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_fields() {
        let text = "-- the rooms that are free\n--\n-- Depends On: a, views/b\n-- Lint: allow x (why)\nselect 1;";
        let header = parse(&text[..block_length(text)]).expect("a valid header");
        assert_eq!(header.depends_on, Some((3, vec!["a".to_owned(), "views/b".to_owned()])));
        assert_eq!(header.lint[0].rule, "x");
        assert_eq!(parse("-- Depends On:\n").expect("no files").depends_on, Some((1, Vec::new())));
        assert_eq!(parse("-- note: this is prose\n-- more: of it\n"), Ok(ObjectHeader::default()));
    }

    #[test]
    fn refuses_other_keys() {
        let error = |text: &str| parse(text).expect_err("an error").to_string();
        for text in
            ["-- m\n-- Depend On: x\n", "-- m\n--\n-- Transaction: off\n", "-- m\n-- Author: x\n-- Lint: allow a (b)\n"]
        {
            assert!(error(text).contains("unknown header key"), "{text}");
        }
        assert_eq!(
            error("-- Depends On: a\n-- Depends On: b\n"),
            "2:4: duplicate header key `Depends On`, first on line 1"
        );
    }
}
