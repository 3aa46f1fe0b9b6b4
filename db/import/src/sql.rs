//! Converts the SQL of one direction of a migration to that of a section.
//!
//! Splits it as the engine will. Comments that would be read as section markers or header fields are changed so that
//! they remain comments; BEGIN and COMMIT at the top level are removed. Lines are those of the other tool's file.

use std::path::{Path, PathBuf};

use revision::{Place, RevisionFile, Script, ScriptError, TransactionMode, significant};

use crate::control::{Control, blank, cut};
use crate::facts::Facts;
use crate::note::{Note, Remark};
use crate::problem::Problem;
use crate::remarks::remarks;

/// The number of lines that are prepended to the SQL to parse it.
const PREFIX_LINES: u32 = 7;

/// A part of a file of another tool.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    pub(crate) path: PathBuf,
    /// The line of the file on which the text begins, from 1.
    pub(crate) first_line: u32,
    pub(crate) text: String,
}

/// SQL that has been split.
#[derive(Debug)]
pub(crate) struct Parsed<'a> {
    sql: &'a Sql,
    /// As it is written.
    pub(crate) text: String,
    /// The same, with spaces in place of the removed parts.
    blanked: String,
    /// The facts that determine how it runs.
    pub(crate) facts: Facts,
}

impl Sql {
    /// The whole text of a file.
    pub(crate) fn of_file(path: &Path) -> Result<Self, Problem> {
        Ok(Self { path: path.to_owned(), first_line: 1, text: crate::source_file::read(path)? })
    }

    /// Splits the SQL. `own_table` is the name of the tool's table.
    pub(crate) fn parse(&self, own_table: &str, notes: &mut Vec<Note>) -> Result<Parsed<'_>, Vec<Problem>> {
        let (text, script) = self.neutralized(notes).map_err(|problem| vec![problem])?;
        let (mut facts, mut removed, mut problems) = (Facts::default(), Vec::new(), Vec::new());
        for statement in script.downgrade().into_iter().flat_map(|section| script.effective(section)) {
            let read = statement.and_then(|statement| Ok((script.text(&statement)?.into_owned(), statement)));
            let (sql, statement) = read.map_err(|error| vec![self.problem(error)])?;
            let place = self.place(statement.place);
            let tokens = significant(&sql);
            if let Some(control) = Control::of(&tokens) {
                let start = without_prefix(statement.place).byte_in(&text);
                removed.push(start..start + sql.len());
                facts.control(&control, place.line);
                notes.extend(control.remark().map(|remark| self.note(place.line, remark)));
                continue;
            }
            if let Some(brace) = tokens.iter().find(|token| token.starts_with('{')) {
                let what = format!("`{brace}` outside of quotes is not SQL: a program would replace it");
                problems.push(Problem::Unsupported { path: self.path.clone(), line: Some(place.line), what });
            }
            facts.statement(&statement, &tokens, place.line);
            notes.extend(remarks(&tokens, own_table).map(|remark| self.note(place.line, remark)));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Parsed { sql: self, text: cut(&text, &removed), blanked: blank(&text, &removed), facts })
    }

    /// The text, with every comment changed that would not be read as one, and the parsed script.
    fn neutralized(&self, notes: &mut Vec<Note>) -> Result<(String, Script), Problem> {
        let mut text = self.text.clone();
        let mut last = None;
        loop {
            let error = match read(&self.path, &text, TransactionMode::On) {
                Ok(script) => return Ok((text, script)),
                Err(revision::Error::Script(error)) => error,
                Err(error) => return Err(self.problem(error)),
            };
            // Comments are changed from the first to the last, each once.
            if !is_in_a_comment(&error) || Some(error.place) <= last {
                return Err(self.problem(revision::Error::Script(error)));
            }
            last = Some(error.place);
            let start = without_prefix(error.place).byte_in(&text);
            change_comment(&mut text, start);
            notes.push(self.note(self.place(error.place).line, Remark::Comment));
        }
    }

    /// The place in the other tool's file.
    fn place(&self, place: Place) -> Place {
        let place = without_prefix(place);
        Place { line: place.line + self.first_line.saturating_sub(1), ..place }
    }

    fn problem(&self, error: revision::Error) -> Problem {
        match error {
            revision::Error::Script(error) => {
                let place = self.place(error.place);
                Problem::Sql { path: self.path.clone(), place, problem: error.problem }
            }
            error => {
                let what = error.to_string();
                Problem::Unsupported { path: self.path.clone(), line: None, what }
            }
        }
    }

    /// A note on a line of the file.
    pub(crate) fn note(&self, line: u32, remark: Remark) -> Note {
        Note { path: self.path.clone(), line: Some(line), remark }
    }
}

impl Parsed<'_> {
    /// The statements that the engine refuses in this mode.
    pub(crate) fn problems(&self, mode: TransactionMode) -> Vec<Problem> {
        let script = read(&self.sql.path, &self.blanked, mode).and_then(|script| script.transaction_problems());
        let errors = script.unwrap_or_else(revision::Error::into_all);
        errors.into_iter().map(|error| self.sql.problem(error)).collect()
    }

    pub(crate) fn note(&self, line: u32, remark: Remark) -> Note {
        self.sql.note(line, remark)
    }
}

/// Reads SQL as a downgrade section: this makes any section marker in it an error.
fn read(path: &Path, sql: &str, mode: TransactionMode) -> Result<Script, revision::Error> {
    let mode = if mode == TransactionMode::On { "on" } else { "off" };
    let prefix = format!(
        "-- m\n-- Revision ID: a\n-- Revises:\n-- Transaction: {mode}\n\n-- migrate:upgrade\n-- migrate:downgrade\n"
    );
    Script::read(&RevisionFile::in_memory(path, prefix + sql))
}

/// A place of a script, in its SQL.
fn without_prefix(place: Place) -> Place {
    Place { line: place.line.saturating_sub(PREFIX_LINES), ..place }
}

/// Changes the comment at an offset, so that it is read as one.
pub(crate) fn change_comment(text: &mut String, start: usize) {
    let word = text[start..].find(char::is_alphanumeric).map_or(start, |length| start + length);
    text.insert_str(word, "original: ");
}

/// Whether the error is about a comment that is read as something else.
pub(crate) fn is_in_a_comment(error: &ScriptError) -> bool {
    use revision::Problem as P;
    match error.problem {
        P::UnknownSection { .. }
        | P::MisplacedSection { .. }
        | P::MisplacedField { .. }
        | P::SectionOfRevision { .. } => true,
        P::MisplacedMarker { place } => matches!(place, "after a statement" | "in a comment"),
        _ => false,
    }
}
