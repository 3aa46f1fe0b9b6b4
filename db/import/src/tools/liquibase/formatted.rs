//! Formatted SQL: a file of changesets, each with its rollback in comments.

use std::path::{Path, PathBuf};

use super::attributes::{Attributes, quoted_or_word};
use super::paths;
use crate::problem::Problem;

/// A changeset. SQL is stored with the line on which it begins.
#[derive(Debug, Default)]
pub(super) struct Changeset {
    pub(super) author: String,
    pub(super) id: String,
    pub(super) line: u32,
    /// The file that Liquibase records instead of the one that has the changeset.
    pub(super) logical_path: Option<PathBuf>,
    pub(super) attributes: Attributes,
    pub(super) comment: String,
    pub(super) sql: (u32, String),
    pub(super) rollback: Option<(u32, String)>,
}

/// The first line of formatted SQL, after its first words; `None` if the file is not formatted SQL.
pub(super) fn formatted(text: &str) -> Option<&str> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    has_word(directive(first)?, "liquibase formatted")
}

/// The changesets of a file.
pub(super) fn changesets(text: &str, path: &Path) -> Result<Vec<Changeset>, Vec<Problem>> {
    let (mut parser, mut problems) = (Parser::default(), Vec::new());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let number = index as u32 + 1;
        if let Err(what) = parser.line(line, number) {
            problems.push(Problem::Unsupported { path: path.to_owned(), line: Some(number), what });
        }
    }
    if problems.is_empty() { Ok(parser.changesets) } else { Err(problems) }
}

#[derive(Default)]
struct Parser {
    changesets: Vec<Changeset>,
    properties: Vec<(String, String)>,
    /// In a comment with the rollback.
    is_in_rollback: bool,
    /// Ignored lines: this many, or all up to the end mark.
    ignored: Ignored,
}

#[derive(Default, PartialEq)]
enum Ignored {
    #[default]
    Nothing,
    Lines(usize),
    UpToEnd,
}

impl Parser {
    fn line(&mut self, line: &str, number: u32) -> Result<(), String> {
        if self.is_ignored(line) {
            return self.text("\n", number);
        }
        if self.is_in_rollback {
            self.is_in_rollback = !line.contains("*/");
            let text = line.split("*/").next().unwrap_or_default();
            return self.rollback(text.trim_end_matches('\n'), number);
        }
        if line.trim_start().to_lowercase().replace(' ', "").starts_with("/*liquibaserollback") {
            self.is_in_rollback = !line.contains("*/");
            return self.rollback("", number);
        }
        match directive(line) {
            Some(text) => self.directive(text, line, number),
            None => self.text(line, number),
        }
    }

    fn directive(&mut self, text: &str, line: &str, number: u32) -> Result<(), String> {
        if let Some(rest) = has_word(text, "changeset") {
            return self.changeset(rest, number);
        }
        if let Some(rest) = has_word(text, "rollback") {
            self.text("\n", number)?;
            let is_empty = ["empty", "not required", ""].contains(&rest.trim().to_lowercase().as_str());
            return self.rollback(if is_empty { "" } else { rest }, number);
        }
        if let Some(rest) = has_word(text, "comment") {
            if let Some(changeset) = self.changesets.last_mut() {
                changeset.comment = rest.trim_start_matches(':').trim().to_owned();
            }
            return self.text("\n", number);
        }
        if let Some(rest) = has_word(text, "property") {
            let attributes = Attributes::parse(rest);
            let (name, value) = attributes
                .get("name")
                .zip(attributes.get("value"))
                .ok_or("is not a property: expected `name:NAME value:VALUE`")?;
            self.properties.push((name.to_owned(), value.to_owned()));
            return Ok(());
        }
        if let Some(rest) = has_word(text, "ignoreLines") {
            let count = rest.trim_start_matches(':').trim();
            self.ignored = count.parse().map_or(Ignored::UpToEnd, Ignored::Lines);
            return self.text("\n", number);
        }
        let lower = text.to_lowercase();
        if lower.starts_with("precondition") {
            return Err(
                "has a precondition, which Liquibase evaluates at run time: remove it if it holds, otherwise the changeset"
                    .to_owned(),
            );
        }
        if lower.starts_with("include") && lower.contains("file:") {
            return Err("includes another file: include it in a changelog in XML or YAML".to_owned());
        }
        self.text(line, number)
    }

    fn changeset(&mut self, text: &str, number: u32) -> Result<(), String> {
        let names = || {
            let text = text.trim_start();
            let (author, rest) = match text.starts_with('"') {
                true => quoted_or_word(text),
                false => text.split_at(text.find(':')?),
            };
            let (id, rest) = quoted_or_word(rest.trim_start().strip_prefix(':')?);
            (!id.is_empty()).then_some((author.trim(), id, rest))
        };
        let (author, id, rest) = names().ok_or("is not a changeset: expected `--changeset AUTHOR:ID`")?;
        self.changesets.push(Changeset {
            author: author.to_owned(),
            id: id.to_owned(),
            line: number,
            logical_path: paths::logical(rest),
            attributes: Attributes::parse(rest),
            sql: (number + 1, String::new()),
            ..Changeset::default()
        });
        Ok(())
    }

    /// A line of SQL. Lines before the first changeset are not read.
    fn text(&mut self, line: &str, _number: u32) -> Result<(), String> {
        let replaced = self.replaced(line)?;
        if let Some(changeset) = self.changesets.last_mut() {
            changeset.sql.1.push_str(&replaced);
        }
        Ok(())
    }

    fn rollback(&mut self, text: &str, number: u32) -> Result<(), String> {
        if Attributes::parse(text).get("changesetId").is_some() {
            return Err("has the rollback of another changeset: write it out".to_owned());
        }
        let replaced = self.replaced(text.trim())?;
        let Some(changeset) = self.changesets.last_mut() else { return Ok(()) };
        let (_, rollback) = changeset.rollback.get_or_insert((number, String::new()));
        if !replaced.is_empty() {
            rollback.push_str(&replaced);
            rollback.push('\n');
        }
        Ok(())
    }

    fn is_ignored(&mut self, line: &str) -> bool {
        let is_end =
            || directive(line).and_then(|text| has_word(text, "ignoreLines")).is_some_and(|rest| rest.contains("end"));
        match self.ignored {
            Ignored::Nothing => return false,
            Ignored::Lines(0) | Ignored::Lines(1) => self.ignored = Ignored::Nothing,
            Ignored::Lines(more) => self.ignored = Ignored::Lines(more - 1),
            Ignored::UpToEnd if is_end() => self.ignored = Ignored::Nothing,
            Ignored::UpToEnd => {}
        }
        true
    }

    /// The line with the values of `${NAME}`.
    fn replaced(&self, line: &str) -> Result<String, String> {
        let mut text = line.to_owned();
        for (name, value) in &self.properties {
            text = text.replace(&format!("${{{name}}}"), value);
        }
        match text.split_once("${").and_then(|(_, rest)| rest.split_once('}')) {
            Some((name, _)) if !name.contains(char::is_whitespace) => Err(format!(
                "the parameter `{name}` has no value: write it out, or add `--property name:{name} value:VALUE`"
            )),
            _ => Ok(text),
        }
    }
}

/// The text of a line that is a comment.
fn directive(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("--").map(|text| text.trim_start().trim_end_matches(['\r', '\n']))
}

/// The text after a word, which may be in any case.
fn has_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let start = text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
    let rest = &text[start.len()..];
    rest.chars().next().is_none_or(|c| !c.is_alphanumeric()).then_some(rest)
}
