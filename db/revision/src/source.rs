//! A text file read in pieces: the part being looked at is in memory, the rest is not.
//!
//! What makes a 200 MB COPY block cost a window of 64 KiB. Knows UTF-8, lines and columns; knows nothing of SQL.

use std::io::{self, Read};

use crate::place::{Excerpt, Place};
use crate::script_error::{Problem, ScriptError};

/// How much is read first: more than most revisions are.
const FIRST: usize = 4 * 1024;

/// How much is read at a time from then on. A statement longer than this makes the window grow to hold it.
const CHUNK: usize = 64 * 1024;

/// Reading failed, or what was read is not text.
#[derive(Debug)]
pub(crate) enum SourceError {
    Io(io::Error),
    Script(ScriptError),
}

impl From<ScriptError> for SourceError {
    fn from(error: ScriptError) -> Self {
        Self::Script(error)
    }
}

/// The window.
pub(crate) struct Source<R> {
    reader: R,
    /// Decoded text; what lies before `position` is consumed.
    text: String,
    position: usize,
    /// The byte offset in the file of `text[0]`.
    base: u64,
    /// The first bytes of a character whose rest has not been read yet.
    partial: Vec<u8>,
    at_end: bool,
    /// The line at `position`, from 1.
    line: u32,
    /// Where that line begins in `text`, if it still does.
    line_start: usize,
}

impl<R: Read> Source<R> {
    /// Opens the window at the beginning; a byte order mark is skipped.
    pub(crate) fn new(reader: R) -> Result<Self, SourceError> {
        let mut source = Self {
            reader,
            text: String::new(),
            position: 0,
            base: 0,
            partial: Vec::new(),
            at_end: false,
            line: 1,
            line_start: 0,
        };
        source.fill()?;
        if source.text.starts_with('\u{feff}') {
            source.position = '\u{feff}'.len_utf8();
            source.line_start = source.position;
        }
        Ok(source)
    }

    /// What is in the window and not consumed.
    pub(crate) fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    /// Whether the window reaches to the end of the file.
    pub(crate) fn is_whole(&self) -> bool {
        self.at_end
    }

    /// The byte offset in the file of the first byte not consumed.
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.position as u64
    }

    /// Goes past the next `length` bytes.
    pub(crate) fn consume(&mut self, length: usize) {
        let consumed = &self.text[self.position..self.position + length];
        self.line += consumed.bytes().filter(|&byte| byte == b'\n').count() as u32;
        if let Some(newline) = consumed.rfind('\n') {
            self.line_start = self.position + newline + 1;
        }
        self.position += length;
    }

    /// The place of a byte of `rest()`.
    pub(crate) fn place(&self, offset: usize) -> Place {
        self.line_place().after(&self.text[self.line_start..self.position + offset])
    }

    /// A problem at a byte of `rest()`, with the text of its line.
    pub(crate) fn error(&self, offset: usize, problem: Problem) -> ScriptError {
        let byte = self.position + offset - self.line_start;
        ScriptError::on(Excerpt::of(&self.text[self.line_start..], self.line_place(), byte), problem)
    }

    /// Where `text[line_start..]` begins: a line, as far as it is still in memory.
    fn line_place(&self) -> Place {
        Place { line: self.line, column: 1 }
    }

    /// Forgets what is consumed and reads on, twice as much each time; `false` at the end of the file.
    pub(crate) fn fill(&mut self) -> Result<bool, SourceError> {
        if self.at_end {
            return Ok(false);
        }
        // The line being looked at stays, for columns and carets, unless it is longer than a chunk.
        let keep = if self.position - self.line_start <= CHUNK { self.line_start } else { self.position };
        self.text.drain(..keep);
        self.base += keep as u64;
        self.position -= keep;
        self.line_start = self.line_start.saturating_sub(keep);

        let wanted = if self.base == 0 && self.text.is_empty() { FIRST } else { CHUNK.max(self.text.len()) };
        let mut bytes = std::mem::take(&mut self.partial);
        let before = bytes.len();
        bytes.resize(before + wanted, 0);
        let read = read_full(&mut self.reader, &mut bytes[before..]).map_err(SourceError::Io)?;
        bytes.truncate(before + read);
        self.at_end = read < wanted;
        match std::str::from_utf8(&bytes) {
            Ok(text) => self.append(text)?,
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                let valid = String::from_utf8_lossy(valid).into_owned();
                self.append(&valid)?;
                if error.error_len().is_some() || self.at_end {
                    let offset = self.base + self.text.len() as u64;
                    let end = self.text.len() - self.position;
                    return Err(self.error(end, Problem::NotUtf8 { offset }).into());
                }
                self.partial = rest.to_vec();
            }
        }
        Ok(read > 0)
    }

    fn append(&mut self, text: &str) -> Result<(), SourceError> {
        if let Some(nul) = text.find('\0') {
            let end = self.text.len() - self.position;
            self.text.push_str(&text[..nul]);
            let offset = self.base + self.text.len() as u64;
            return Err(self.error(end + nul, Problem::NulByte { offset }).into());
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// Fills the buffer; less is read only at the end. A call of the system more than there is to read: of ten thousand files the
/// standard library's growing buffers cost eight each.
pub(crate) fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match reader.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
