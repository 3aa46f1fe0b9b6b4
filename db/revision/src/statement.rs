//! A statement of a revision, as psql would send it.

use crate::checksum::Checksum;
use crate::place::{Excerpt, Place};
use crate::script_error::{Problem, ScriptError};
use crate::transaction::Nature;

/// A statement, as it is sent to the server. [`Script::text`](crate::Script::text) returns its text.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub(crate) text: Text,
    /// Where the statement begins.
    pub place: Place,
    /// The data of a `COPY … FROM STDIN`.
    pub copy: Option<Box<CopyData>>,
    /// Whether the text ends with a semicolon. The last statement of a section can lack it, and can end with a comment.
    pub is_terminated: bool,
    /// Whether the statement is only a comment or a semicolon. psql sends such statements; the engine skips them.
    pub is_empty: bool,
    /// The SHA-256 checksum over the tokens and the COPY data. White space, comments and line endings do not affect it.
    pub digest: Checksum,
    /// How the statement interacts with transactions.
    pub nature: Nature,
}

/// A statement's text, from the first token (or `/*` comment) to the semicolon. Large texts stay in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    Kept(Box<str>),
    InFile(Extent),
}

impl Statement {
    /// The length of the text in bytes.
    pub fn length(&self) -> u64 {
        match &self.text {
            Text::Kept(text) => text.len() as u64,
            Text::InFile(extent) => extent.length,
        }
    }

    /// The text required after this statement before another can follow. The line break keeps the semicolon out of a trailing
    /// comment.
    pub fn terminator(&self) -> &'static str {
        if self.is_terminated { "\n" } else { "\n;\n" }
    }

    /// Creates an error at the beginning of the statement.
    pub(crate) fn error(&self, problem: Problem) -> ScriptError {
        match &self.text {
            Text::Kept(text) => ScriptError::on(Excerpt::of(text, self.place, 0), problem),
            Text::InFile(_) => ScriptError::at(self.place, problem),
        }
    }
}

/// The location of COPY data in the file, without the `\.`. The data is read when it is sent.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyData {
    pub(crate) extent: Extent,
    /// The line number of the first line of data, from 1.
    pub line: u32,
}

impl CopyData {
    /// The length in bytes.
    pub fn length(&self) -> u64 {
        self.extent.length
    }
}

/// A range of bytes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

impl Extent {
    pub(crate) fn end(self) -> u64 {
        self.offset + self.length
    }
}

/// Removes the semicolon from a statement's text, as the protocol requires for COPY.
pub fn without_semicolon(text: &str) -> &str {
    text.trim_end().trim_end_matches(';')
}

/// A statement's text exactly as psql sends it: without empty lines, except inside quotes and comments.
pub fn psql_text(statement: &str) -> String {
    let mut text = String::with_capacity(statement.len());
    let mut offset = 0;
    for token in squawk_lexer::tokenize(statement) {
        let part = &statement[offset..offset + token.len as usize];
        offset += part.len();
        for c in part.chars() {
            let is_empty_line = token.kind == squawk_lexer::TokenKind::Whitespace && c == '\n' && text.ends_with('\n');
            if !is_empty_line {
                text.push(c);
            }
        }
    }
    text
}
