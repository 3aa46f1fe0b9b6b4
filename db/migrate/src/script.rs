//! A revision file as a whole: header, sections, statements, checksum.
//!
//! Reads files, and nothing else of the world. `header.rs` parses the header, `split.rs` the statements.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Problem, ScriptError};
use crate::header::{self, Header, TransactionMode};
use crate::plan::Direction;
use crate::source::{Source, SourceError};
use crate::split::{Piece, next_piece};
use crate::transaction;

/// One statement, as it is sent to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// From its first token (or `/*` comment) to its semicolon.
    pub text: String,
    /// The line it begins in, from 1.
    pub line: u32,
    /// The column it begins at, in characters from 1.
    pub column: u32,
    /// The data that follows a `COPY … FROM STDIN`.
    pub copy: Option<CopyData>,
    /// Whether the text ends with its semicolon. The last one of a section may not, and may end in a comment instead.
    pub is_terminated: bool,
    /// Nothing but a comment or a lone semicolon: psql sends it, the server ignores it, the engine leaves it out.
    pub is_empty: bool,
    /// SHA-256 over its tokens and its COPY data: white space, comments and line ends don't count.
    pub digest: Checksum,
}

impl Statement {
    /// What has to follow the text for another statement to begin. Behind a comment, a semicolon would be part of it.
    pub(crate) fn terminator(&self) -> &'static str {
        if self.is_terminated { "\n" } else { "\n;\n" }
    }

    /// The text without its semicolon, as the protocol wants a COPY.
    pub fn command(&self) -> &str {
        self.text.trim_end().trim_end_matches(';')
    }

    /// The text exactly as psql sends it: it leaves out lines that are empty, except inside quotes and comments.
    pub fn psql_text(&self) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut offset = 0;
        for token in squawk_lexer::tokenize(&self.text) {
            let part = &self.text[offset..offset + token.len as usize];
            offset += part.len();
            for c in part.chars() {
                let is_empty_line =
                    token.kind == squawk_lexer::TokenKind::Whitespace && c == '\n' && text.ends_with('\n');
                if !is_empty_line {
                    text.push(c);
                }
            }
        }
        text
    }

    /// A problem of this statement, at its beginning.
    pub(crate) fn error(&self, problem: Problem) -> ScriptError {
        // The statement may begin behind others on its line: the caret is set from the line's own beginning.
        let indent = " ".repeat(self.column as usize - 1);
        let source_line = self.text.lines().next().map(|line| format!("{indent}{line}"));
        ScriptError { source_line, ..ScriptError::at(self.line, self.column, problem) }
    }
}

/// Where in the file the data of a COPY lies, without the `\.`. It is read when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyData {
    /// The byte it begins at.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// The line it begins in, from 1.
    pub line: u32,
}

impl CopyData {
    /// Opens the data for reading.
    ///
    /// # Errors
    /// The file can't be opened or is shorter than it was.
    pub fn open(&self, path: &Path) -> io::Result<impl Read + use<>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(self.offset))?;
        Ok(file.take(self.length))
    }
}

/// `-- migrate:upgrade` or `-- migrate:downgrade` and what stands below it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// The statements in order.
    pub statements: Vec<Statement>,
}

impl Section {
    /// The statements that do something.
    pub fn effective(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|statement| !statement.is_empty)
    }

    /// The section as text that splits into the same statements. COPY data is replaced by a comment: it is not kept.
    pub fn to_sql(&self) -> String {
        let mut sql = String::new();
        for statement in self.effective() {
            sql.push_str(&statement.text);
            sql.push_str(statement.terminator());
            if let Some(copy) = statement.copy {
                sql.push_str(&format!("-- {} bytes of COPY data are not kept here\n\\.\n", copy.length));
            }
        }
        sql
    }

    /// SHA-256 over the statements.
    pub fn checksum(&self) -> Checksum {
        let mut hash = Sha256::new();
        self.effective().for_each(|statement| hash.update(statement.digest));
        hash.finalize().into()
    }
}

/// SHA-256.
pub type Checksum = [u8; 32];

/// Lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What [`to_hex`] has written; none if it is no checksum.
pub(crate) fn from_hex(text: &str) -> Option<Checksum> {
    let mut checksum = Checksum::default();
    if text.len() != 2 * checksum.len() {
        return None;
    }
    for (byte, digits) in checksum.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(checksum)
}

/// A revision file, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The file.
    pub path: PathBuf,
    /// Its header.
    pub header: Header,
    /// What `upgrade` runs.
    pub upgrade: Section,
    /// What `downgrade` runs; `None` when the revision is irreversible.
    pub downgrade: Option<Section>,
}

/// A section's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Upgrade,
    Downgrade,
}

/// Whether a line is a section marker: `None` for any other line, `Err` for a marker with an unknown name.
pub(crate) fn section_marker(line: &[u8]) -> Option<Result<Marker, String>> {
    let comment = line.strip_prefix(b"--")?.trim_ascii();
    let prefix = comment.get(..8).filter(|prefix| prefix.eq_ignore_ascii_case(b"migrate:"))?;
    Some(match &comment[prefix.len()..] {
        b"upgrade" if prefix == b"migrate:" => Ok(Marker::Upgrade),
        b"downgrade" if prefix == b"migrate:" => Ok(Marker::Downgrade),
        _ => Err(String::from_utf8_lossy(line).trim().to_owned()),
    })
}

/// Reads only the header of a file: what the graph is made of.
///
/// # Errors
/// The file can't be read, or its header is not one.
pub fn read_header(path: &Path) -> Result<Header, Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let mut bytes = Vec::new();
    let end = loop {
        let before = bytes.len();
        bytes.resize(before + 1024, 0);
        let read = file.read(&mut bytes[before..]).map_err(io)?;
        bytes.truncate(before + read);
        if let Some(end) = header::header_end(strip_bom(&bytes)) {
            break end;
        }
        if read == 0 {
            break strip_bom(&bytes).len();
        }
    };
    let bom = bytes.len() - strip_bom(&bytes).len();
    let text = std::str::from_utf8(&strip_bom(&bytes)[..end]).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..bom + error.valid_up_to()]).into_owned();
        let line = valid.lines().count().max(1) as u32;
        let column = 1 + valid.lines().last().unwrap_or_default().chars().count() as u32;
        let offset = (bom + error.valid_up_to()) as u64;
        ScriptError::at(line, column, Problem::NotUtf8 { offset }).in_file(path)
    })?;
    parse_header(text).map_err(|error| error.in_file(path))
}

fn parse_header(text: &str) -> Result<Header, ScriptError> {
    if !text.starts_with("--") {
        return Err(ScriptError::at(1, 1, Problem::NoHeader));
    }
    header::parse(text).map_err(|error| {
        let source_line = text.lines().nth(error.line as usize - 1).map(str::to_owned);
        ScriptError { source_line, ..error }
    })
}

fn strip_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

impl Script {
    /// Reads and checks a whole file.
    ///
    /// # Errors
    /// The file can't be read, or something in it is wrong: with line and column.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Self::parse(path, file)
    }

    /// Checks what `reader` yields as the file `path`, which is not touched.
    ///
    /// # Errors
    /// Reading fails, or something in it is wrong: with line and column.
    pub fn parse(path: &Path, reader: impl Read) -> Result<Self, Error> {
        Self::parse_parts(path, reader).map_err(|error| match error {
            SourceError::Io(source) => Error::Io { path: path.to_owned(), source },
            SourceError::Script(error) => error.in_file(path),
        })
    }

    fn parse_parts(path: &Path, reader: impl Read) -> Result<Self, SourceError> {
        let mut source = Source::new(reader)?;
        let header_length = loop {
            match header::header_end(source.rest().as_bytes()) {
                Some(length) => break length,
                None if source.fill()? => {}
                None => break source.rest().len(),
            }
        };
        let header = parse_header(&source.rest()[..header_length])?;
        source.consume(header_length);

        let mut script = Self { path: path.to_owned(), header, upgrade: Section::default(), downgrade: None };
        script.read_sections(&mut source)?;
        Ok(script)
    }

    fn read_sections(&mut self, source: &mut Source<impl Read>) -> Result<(), SourceError> {
        let (mut upgrade_line, mut downgrade_line) = (None, None);
        loop {
            match next_piece(source)? {
                Piece::End => break,
                Piece::Section(marker, line) => {
                    let (section, seen) = match marker {
                        Marker::Upgrade => ("upgrade", upgrade_line.or(downgrade_line)),
                        Marker::Downgrade => ("downgrade", downgrade_line),
                    };
                    if let Some(first) = seen {
                        return Err(ScriptError::at(line, 1, Problem::MisplacedSection { section, first }).into());
                    }
                    match marker {
                        Marker::Upgrade => upgrade_line = Some(line),
                        Marker::Downgrade => {
                            downgrade_line = Some(line);
                            self.downgrade = Some(Section::default());
                        }
                    }
                }
                Piece::Statement(statement) => {
                    if upgrade_line.is_none() {
                        return Err(statement.error(Problem::OutsideSection).into());
                    }
                    self.downgrade.as_mut().unwrap_or(&mut self.upgrade).statements.push(statement);
                }
            }
        }
        if upgrade_line.is_none() {
            let (line, _) = source.place(0);
            return Err(ScriptError::at(line, 1, Problem::NoUpgradeSection).into());
        }
        Ok(())
    }

    /// Refuses, before anything runs, what can't run as the revision says: see `transaction.rs`.
    ///
    /// # Errors
    /// The first such statement, with its place.
    pub fn check_transactions(&self) -> Result<(), Error> {
        let sections = [Some(&self.upgrade), self.downgrade.as_ref()];
        sections
            .into_iter()
            .flatten()
            .flat_map(Section::effective)
            .try_for_each(|statement| transaction::check(statement, self.header.transaction))
            .map_err(|error| error.in_file(&self.path))
    }

    /// The section that a direction runs; `None` when there is no `migrate:downgrade`.
    pub fn section(&self, direction: Direction) -> Option<&Section> {
        match direction {
            Direction::Upgrade => Some(&self.upgrade),
            Direction::Downgrade => self.downgrade.as_ref(),
        }
    }

    /// Whether the revision runs in a transaction.
    pub fn is_transactional(&self) -> bool {
        self.header.transaction == TransactionMode::On
    }
}
