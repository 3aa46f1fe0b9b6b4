//! The tokens of a file: those of each statement, and the comments in and between statements.

use squawk_lexer::{TokenKind, tokenize};

use crate::error::Error;
use crate::place::Place;
use crate::script::Script;
use crate::statement::CopyData;

/// A token that is neither white space nor a comment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignificantToken<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    /// The line that it ends on.
    pub(crate) line: u32,
}

/// A comment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comment<'a> {
    pub(crate) text: &'a str,
    pub(crate) place: Place,
    /// The byte of the file that it begins at.
    pub(crate) start: usize,
    /// How many statements begin before it, and how many tokens of the last of them come before it.
    pub(crate) statements: usize,
    pub(crate) tokens: usize,
}

/// The tokens of a file.
#[derive(Debug, Default)]
pub(crate) struct TokenList<'a> {
    pub(crate) statements: Vec<Vec<SignificantToken<'a>>>,
    pub(crate) comments: Vec<Comment<'a>>,
}

/// What has been read of a file.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    place: Place,
}

impl<'a> Cursor<'a> {
    fn advance(&mut self, end: usize) -> &'a str {
        let passed = &self.text[self.at..end];
        self.place = self.place.after(passed);
        self.at = end;
        passed
    }
}

impl<'a> TokenList<'a> {
    /// The tokens of a plain file, whose text this is.
    pub(crate) fn of(script: &Script, text: &'a str) -> Result<Self, Error> {
        let mut list = Self::default();
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut cursor = Cursor { text, at: start, place: Place::START };
        for statement in script.statements(script.upgrade()) {
            let statement = statement?;
            let length = usize::try_from(statement.length()).unwrap_or(usize::MAX);
            list.gap(&mut cursor);
            let end = cursor.at.saturating_add(length).min(text.len());
            list.statements.push(Vec::new());
            list.statement(&mut cursor, text.get(..end).map_or(text.len(), str::len));
            if let Some(copy) = &statement.copy {
                cursor.advance(after_data(text, copy));
            }
        }
        list.gap(&mut cursor);
        Ok(list)
    }

    /// Reads up to the next statement.
    fn gap(&mut self, cursor: &mut Cursor<'a>) {
        for token in tokenize(&cursor.text[cursor.at..]) {
            let end = cursor.at + token.len as usize;
            match token.kind {
                TokenKind::LineComment => self.comment(cursor, end),
                TokenKind::Whitespace => _ = cursor.advance(end),
                _ => break,
            }
        }
    }

    fn statement(&mut self, cursor: &mut Cursor<'a>, end: usize) {
        let text = cursor.text;
        for token in tokenize(&text[cursor.at..end]) {
            let end = cursor.at + token.len as usize;
            match token.kind {
                TokenKind::LineComment | TokenKind::BlockComment { .. } => self.comment(cursor, end),
                TokenKind::Whitespace => _ = cursor.advance(end),
                kind => {
                    let text = cursor.advance(end);
                    let token = SignificantToken { kind, text, line: cursor.place.line };
                    if let Some(tokens) = self.statements.last_mut() {
                        tokens.push(token);
                    }
                }
            }
        }
    }

    fn comment(&mut self, cursor: &mut Cursor<'a>, end: usize) {
        let (place, start) = (cursor.place, cursor.at);
        let (statements, tokens) = (self.statements.len(), self.statements.last().map_or(0, Vec::len));
        self.comments.push(Comment { text: cursor.advance(end), place, start, statements, tokens });
    }
}

/// The byte after the data of a COPY and the line `\.`.
fn after_data(text: &str, copy: &CopyData) -> usize {
    let end = usize::try_from(copy.extent.offset + copy.extent.length).unwrap_or(usize::MAX);
    let rest = text.get(end..).unwrap_or_default();
    let line = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
    end.min(text.len()) + line
}
