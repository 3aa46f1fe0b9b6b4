//! Reads a text file through a sliding window, so that a 200 MB COPY block takes 64 KiB of memory.
//!
//! Decodes UTF-8 and tracks lines and columns; knows nothing about SQL.

use std::io::{self, Read};
use std::path::Path;

use crate::error::Error;
use crate::place::{Excerpt, Place};
use crate::script_error::{Problem, ScriptError};

/// The size of the first read, which covers most revisions.
const FIRST: usize = 4 * 1024;

/// The size of later reads. The window grows to hold a longer statement.
const CHUNK: usize = 64 * 1024;

/// Reading failed, or the file is not valid text.
#[derive(Debug)]
pub(crate) enum SourceError {
    Io(io::Error),
    Script(ScriptError),
}

impl SourceError {
    pub(crate) fn in_file(self, path: &Path) -> Error {
        match self {
            Self::Io(error) => Error::io(path)(error),
            Self::Script(error) => Error::script(path)(error),
        }
    }
}

impl From<ScriptError> for SourceError {
    fn from(error: ScriptError) -> Self {
        Self::Script(error)
    }
}

/// A window into a file.
pub(crate) struct Source<R> {
    reader: R,
    /// The decoded text. Everything before `position` has been consumed.
    text: String,
    position: usize,
    /// The offset of `text[0]` in the file, in bytes.
    base: u64,
    /// The first bytes of a character that has not been read completely.
    partial: Vec<u8>,
    at_end: bool,
    /// The line and column at `position`.
    place: Place,
    /// Where that line begins in `text`, or 0 if its beginning is not in the window.
    line_start: usize,
}

impl<R: Read> Source<R> {
    /// Opens the window at the beginning of the file, skipping a byte order mark.
    pub(crate) fn new(reader: R) -> Result<Self, SourceError> {
        let mut source = Self::within(reader, 0, Place::START)?;
        if source.text.starts_with('\u{feff}') {
            source.position = '\u{feff}'.len_utf8();
            source.line_start = source.position;
        }
        Ok(source)
    }

    /// Opens the window at a place within the file, with this offset.
    pub(crate) fn within(reader: R, offset: u64, place: Place) -> Result<Self, SourceError> {
        let mut source = Self {
            reader,
            text: String::new(),
            position: 0,
            base: offset,
            partial: Vec::new(),
            at_end: false,
            place,
            line_start: 0,
        };
        source.fill()?;
        Ok(source)
    }

    /// The unconsumed text in the window.
    pub(crate) fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    /// Whether the window extends to the end of the file.
    pub(crate) fn is_whole(&self) -> bool {
        self.at_end
    }

    /// The offset in the file of the first unconsumed byte.
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.position as u64
    }

    /// Consumes the next `length` bytes.
    pub(crate) fn consume(&mut self, length: usize) {
        let consumed = &self.text[self.position..self.position + length];
        self.place = self.place.after(consumed);
        if let Some(newline) = consumed.rfind('\n') {
            self.line_start = self.position + newline + 1;
        }
        self.position += length;
    }

    /// The position of a byte of `rest()`.
    pub(crate) fn place(&self, offset: usize) -> Place {
        self.place.after(&self.rest()[..offset])
    }

    /// Creates an error for a byte of `rest()`, with the text of its line.
    pub(crate) fn error(&self, offset: usize, problem: Problem) -> ScriptError {
        let byte = self.position + offset - self.line_start;
        let consumed = self.text[self.line_start..self.position].chars().count() as u32;
        let line_place = Place { line: self.place.line, column: self.place.column - consumed };
        ScriptError::on(Excerpt::of(&self.text[self.line_start..], line_place, byte), problem)
    }

    /// Drops the consumed text and reads more, doubling the size each time. Returns `false` at the end of the file.
    pub(crate) fn fill(&mut self) -> Result<bool, SourceError> {
        if self.at_end {
            return Ok(false);
        }
        // Keeps the current line for columns and carets, unless it is longer than a chunk.
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

/// Fills the buffer, unless the file ends first. This takes two system calls for most files; the standard library's growing
/// buffers take eight, which adds up for ten thousand files.
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
