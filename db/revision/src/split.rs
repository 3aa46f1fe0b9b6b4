//! Splits SQL into statements exactly as psql does.
//!
//! squawk-lexer produces the tokens. The rules on top follow PostgreSQL's `psqlscan.l`: a semicolon ends a statement unless it
//! is inside parentheses or the `BEGIN … END` of an SQL-standard function body, and white space and `--` comments before a
//! statement are not part of it. Unterminated constructs that psql accepts are errors here.
//!
//! psql reads line by line, and strings are scanned the same way: after a line `E'a'`, psql ends `'b\'` at the backslash, although
//! the server treats both as one string.

use std::io::Read;

use squawk_lexer::{LiteralKind, Token, TokenKind, tokenize};

use crate::checksum::Checksum;
use crate::header::misplaced_field;
use crate::marker::section_marker;
use crate::near_miss::resembles_marker;
use crate::operation::Direction;
use crate::place::Place;
use crate::script_error::{Problem, ScriptError};
use crate::source::{Source, SourceError};
use crate::statement::{CopyData, Extent, Statement, Text};
use crate::token_hash::{CopyHash, TokenHash};
use crate::transaction::Nature;

/// The next item of a file.
#[derive(Debug)]
pub(crate) enum Item {
    Statement(Statement),
    /// A `-- migrate:…` line.
    Section(Direction, Place),
    End,
}

/// Reads the next section marker, or the next statement with its COPY data. Text longer than `room` bytes is not kept.
pub(crate) fn next_item<R: Read>(source: &mut Source<R>, room: usize) -> Result<Item, SourceError> {
    loop {
        match Scan::new(source).run()? {
            Scanned::NeedMore => {
                source.fill()?;
            }
            Scanned::Nothing => return Ok(Item::End),
            Scanned::Section { end, marker } => {
                source.consume(end.start);
                let place = source.place(0);
                source.consume(end.length);
                return Ok(Item::Section(marker, place));
            }
            Scanned::Statement { start, end, is_terminated, is_copy, tokens } => {
                let text = source.rest()[start..end].trim_end();
                let nature = Nature::of(text);
                let text = if text.len() <= room {
                    Text::Kept(text.into())
                } else {
                    Text::InFile(Extent { offset: source.offset() + start as u64, length: text.len() as u64 })
                };
                let (place, is_empty, digest) = (source.place(start), tokens.is_empty(), tokens.finish());
                let mut statement = Statement { text, place, copy: None, is_terminated, is_empty, digest, nature };
                if is_copy {
                    let opening = source.error(start, Problem::UnterminatedCopy);
                    source.consume(end);
                    statement.copy = Some(Box::new(copy_data(source, opening, &mut statement.digest)?));
                } else {
                    source.consume(end);
                }
                return Ok(Item::Statement(statement));
            }
        }
    }
}

#[derive(Debug)]
struct Span {
    start: usize,
    length: usize,
}

#[derive(Debug)]
enum Scanned {
    /// The item extends beyond the window.
    NeedMore,
    /// The rest of the file is white space and comments.
    Nothing,
    Section {
        end: Span,
        marker: Direction,
    },
    Statement {
        start: usize,
        end: usize,
        is_terminated: bool,
        is_copy: bool,
        tokens: TokenHash,
    },
}

/// A scan of the window, starting at the end of the previous item.
struct Scan<'a, R> {
    source: &'a Source<R>,
    text: &'a str,
    offset: usize,
    /// Where the statement begins.
    start: Option<usize>,
    /// The offsets of open parentheses and `BEGIN`s.
    parens: Vec<usize>,
    begins: Vec<usize>,
    words: Words,
    hash: TokenHash,
}

impl<'a, R: Read> Scan<'a, R> {
    fn new(source: &'a Source<R>) -> Self {
        Self {
            source,
            text: source.rest(),
            offset: 0,
            start: None,
            parens: Vec::new(),
            begins: Vec::new(),
            words: Words::default(),
            hash: TokenHash::default(),
        }
    }

    fn run(mut self) -> Result<Scanned, ScriptError> {
        let whole = self.source.is_whole();
        for token in tokenize(self.text) {
            let start = self.offset;
            let end = start + token.len as usize;
            if end == self.text.len() && !whole {
                return Ok(Scanned::NeedMore);
            }
            self.offset = end;
            if let Some(done) = self.token(&token, start, end)? {
                return Ok(done);
            }
        }
        if !whole {
            return Ok(Scanned::NeedMore);
        }
        self.finish(self.text.len()).map(|done| done.unwrap_or(Scanned::Nothing))
    }

    fn token(&mut self, token: &Token, start: usize, end: usize) -> Result<Option<Scanned>, ScriptError> {
        let text = &self.text[start..end];
        match token.kind {
            TokenKind::Whitespace => {
                self.hash.gap();
                return Ok(None);
            }
            TokenKind::LineComment => {
                self.hash.gap();
                return self.line_comment(start, end);
            }
            TokenKind::BlockComment { terminated } => {
                if !terminated {
                    return Err(self.error(start, "comment"));
                }
                self.hash.gap();
                self.start.get_or_insert(start);
                return self.refuse_markers(start, end, "in a comment").map(|()| None);
            }
            TokenKind::Unknown if text == "\\" => {
                let command: String = self.text[start..].chars().take_while(|c| !c.is_whitespace()).collect();
                return Err(self.source.error(start, Problem::MetaCommand { command }));
            }
            _ => {}
        }
        if let Some(what) = unterminated(token.kind) {
            return Err(self.error(start, what));
        }
        if matches!(token.kind, TokenKind::Literal { .. } | TokenKind::QuotedIdent { .. }) {
            self.refuse_markers(start, end, "in a quoted string")?;
        }
        let statement_start = *self.start.get_or_insert(start);
        match token.kind {
            TokenKind::Semi if self.parens.is_empty() && self.begins.is_empty() => {
                return Ok(Some(Scanned::Statement {
                    start: statement_start,
                    end,
                    is_terminated: true,
                    is_copy: self.words.is_copy(),
                    tokens: std::mem::take(&mut self.hash),
                }));
            }
            TokenKind::OpenParen => self.parens.push(start),
            TokenKind::CloseParen => {
                self.parens.pop();
            }
            TokenKind::Ident => {
                let depth = self.parens.len();
                self.words.see(text, depth, start, &mut self.begins);
            }
            _ => {}
        }
        if !matches!(token.kind, TokenKind::Ident) && self.parens.is_empty() {
            self.words.other();
        }
        self.hash.token(token.kind, text);
        Ok(None)
    }

    /// Ignores a comment, unless it is a section marker, or resembles one or a header field.
    fn line_comment(&mut self, start: usize, end: usize) -> Result<Option<Scanned>, ScriptError> {
        let comment = &self.text[start..end];
        let before = &self.text[..start];
        let in_line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
        // The line may begin before the window.
        let Place { column, .. } = self.source.place(start);
        let has_own_line = in_line.trim().is_empty() && in_line.chars().count() + 1 == column as usize;
        match section_marker(comment.as_bytes()) {
            Some(Ok(marker)) if has_own_line => {
                let section = Scanned::Section { end: Span { start, length: end - start }, marker };
                Ok(Some(self.finish(start)?.unwrap_or(section)))
            }
            Some(Ok(_)) => Err(self.source.error(start, Problem::MisplacedMarker { place: "after a statement" })),
            Some(Err(marker)) => Err(self.source.error(start, Problem::UnknownSection { marker })),
            None if resembles_marker(comment, has_own_line) => {
                Err(self.source.error(start, Problem::UnknownSection { marker: comment.trim_end().to_owned() }))
            }
            None => match misplaced_field(comment) {
                Some(key) if has_own_line && self.start.is_none() => {
                    Err(self.source.error(start, Problem::MisplacedField { key }))
                }
                _ => Ok(None),
            },
        }
    }

    /// Refuses a marker within a comment or a string: its author most likely took the comment or string for closed.
    fn refuse_markers(&self, start: usize, end: usize, place: &'static str) -> Result<(), ScriptError> {
        let mut offset = start;
        for line in self.text[start..end].split_inclusive('\n') {
            let is_comment = place == "in a comment";
            let content =
                if is_comment { line.trim_start_matches("/*").trim_end().trim_end_matches("*/") } else { line };
            let is_marker =
                matches!(section_marker(content.trim().as_bytes()), Some(Ok(_))) && (is_comment || offset > start);
            if is_marker || is_comment && resembles_marker(content, false) {
                return Err(self.source.error(offset, Problem::MisplacedMarker { place }));
            }
            offset += line.len();
        }
        Ok(())
    }

    /// Ends the section. Its last statement may lack a semicolon, but nothing may be left open.
    fn finish(&mut self, end: usize) -> Result<Option<Scanned>, ScriptError> {
        if let Some(&open) = self.parens.first() {
            return Err(self.error(open, "parenthesis"));
        }
        if let Some(&open) = self.begins.first() {
            return Err(self.error(open, "BEGIN of a function body"));
        }
        Ok(self.start.map(|start| Scanned::Statement {
            start,
            end,
            is_terminated: false,
            is_copy: self.words.is_copy(),
            tokens: std::mem::take(&mut self.hash),
        }))
    }

    fn error(&self, offset: usize, what: &'static str) -> ScriptError {
        self.source.error(offset, Problem::Unterminated { what })
    }
}

fn unterminated(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::QuotedIdent { terminated: false, .. } => Some("quoted identifier"),
        TokenKind::Literal { kind } => match kind {
            LiteralKind::DollarQuotedString { terminated: false } => Some("dollar-quoted string"),
            LiteralKind::Str { terminated: false }
            | LiteralKind::EscStr { terminated: false }
            | LiteralKind::BitStr { terminated: false }
            | LiteralKind::ByteStr { terminated: false }
            | LiteralKind::NationalStr { terminated: false }
            | LiteralKind::UnicodeEscStr { terminated: false } => Some("quoted string"),
            _ => None,
        },
        _ => None,
    }
}

/// Tracks the unquoted words of a statement as psql does, to detect CREATE FUNCTION or PROCEDURE, and COPY FROM STDIN.
#[derive(Default)]
struct Words {
    count: usize,
    /// The initials of those of the first four words that matter.
    first: [u8; 4],
    is_copy: bool,
    after_from: bool,
    from_stdin: bool,
}

impl Words {
    fn see(&mut self, word: &str, paren_depth: usize, at: usize, begins: &mut Vec<usize>) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        if self.count == 0 {
            self.is_copy = is("copy");
        }
        if self.count < 4 && ["create", "function", "procedure", "or", "replace"].iter().any(|keyword| is(keyword)) {
            self.first[self.count] = word.as_bytes()[0].to_ascii_lowercase();
        }
        self.count += 1;
        if paren_depth > 0 {
            return;
        }
        if matches!(self.first, [b'c', b'f' | b'p', ..] | [b'c', b'o', b'r', b'f' | b'p']) {
            if is("begin") || (is("case") && !begins.is_empty()) {
                begins.push(at);
            } else if is("end") {
                begins.pop();
            }
        }
        // The grammar accepts STDOUT in place of STDIN and vice versa.
        self.from_stdin |= self.after_from && (is("stdin") || is("stdout"));
        self.after_from = is("from");
    }

    fn other(&mut self) {
        self.after_from = false;
    }

    fn is_copy(&self) -> bool {
        self.is_copy && self.from_stdin
    }
}

/// Skips the data of a COPY up to the line after its `\.`, recording only its location in the file.
fn copy_data<R: Read>(
    source: &mut Source<R>,
    opening: ScriptError,
    digest: &mut Checksum,
) -> Result<CopyData, SourceError> {
    // psql would run the rest of the statement's line after the data.
    loop {
        let rest = source.rest();
        match rest.find('\n') {
            Some(newline) => {
                let tail = rest[..newline].trim();
                if !tail.is_empty() && !tail.starts_with("--") {
                    let column = rest.find(|c: char| !c.is_whitespace()).unwrap_or(0);
                    return Err(source.error(column, Problem::AfterCopy).into());
                }
                source.consume(newline + 1);
                break;
            }
            None if source.fill()? => {}
            None => return Err(opening.into()),
        }
    }
    let start = source.offset();
    let Place { line, .. } = source.place(0);
    let mut hash = CopyHash::new(digest);
    loop {
        let rest = source.rest();
        // Takes only complete lines, unless this is the end of the file.
        let lines = if source.is_whole() { rest.len() } else { rest.rfind('\n').map_or(0, |newline| newline + 1) };
        let mut end = None;
        let mut position = 0;
        for line in rest[..lines].split_inclusive('\n') {
            if matches!(line.trim_end_matches('\n'), "\\." | "\\.\r") {
                end = Some((position, line.len()));
                break;
            }
            if matches!(section_marker(line.as_bytes()), Some(Ok(_))) {
                return Err(source.error(position, Problem::MisplacedMarker { place: "in the data of a COPY" }).into());
            }
            position += line.len();
        }
        hash.lines(&rest[..position]);
        source.consume(position);
        if let Some((_, marker)) = end {
            let length = source.offset() - start;
            source.consume(marker);
            *digest = hash.finish();
            return Ok(CopyData { extent: Extent { offset: start, length }, line });
        }
        if !source.fill()? {
            return Err(opening.into());
        }
    }
}
