//! One statement of a revision, as psql would send it.

use crate::checksum::Checksum;
use crate::place::{Excerpt, Place};
use crate::script_error::{Problem, ScriptError};
use crate::transaction::Nature;

/// One statement, as it is sent to the server. Its text is read with [`Script::text`](crate::Script::text).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub(crate) text: Text,
    /// Where it begins.
    pub place: Place,
    /// The data that follows a `COPY … FROM STDIN`.
    pub copy: Option<Box<CopyData>>,
    /// Whether the text ends with its semicolon. The last one of a section may not, and may end in a comment instead.
    pub is_terminated: bool,
    /// Nothing but a comment or a lone semicolon: psql sends it, the server ignores it, the engine leaves it out.
    pub is_empty: bool,
    /// SHA-256 over its tokens and its COPY data: white space, comments and line ends don't count.
    pub digest: Checksum,
    /// How it relates to transactions.
    pub nature: Nature,
}

/// From the first token (or `/*` comment) to the semicolon: kept, unless it is so large that it stays in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    Kept(Box<str>),
    InFile(Extent),
}

impl Statement {
    /// What has to follow the text before another statement can begin. After a comment, a semicolon would be part of it.
    pub fn terminator(&self) -> &'static str {
        if self.is_terminated { "\n" } else { "\n;\n" }
    }

    /// A problem of this statement, at its beginning.
    pub(crate) fn error(&self, problem: Problem) -> ScriptError {
        match &self.text {
            Text::Kept(text) => ScriptError::on(Excerpt::of(text, self.place, 0), problem),
            Text::InFile(_) => ScriptError::at(self.place, problem),
        }
    }
}

/// Where in the file the data of a COPY is, without the `\.`. It is read when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyData {
    pub(crate) extent: Extent,
    /// The line it begins in, from 1.
    pub line: u32,
}

impl CopyData {
    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.extent.length
    }
}

/// A part of a file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A statement's text without its semicolon, as the protocol requires for COPY.
pub fn without_semicolon(text: &str) -> &str {
    text.trim_end().trim_end_matches(';')
}

/// A statement's text exactly as psql sends it: empty lines are left out, except within quotes and comments.
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
