//! Reads a whole revision file: header, sections, statements and checksum.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::checksum::Checksum;
use crate::error::Error;
use crate::file::{Reader, RevisionFile, Version};
use crate::header::{self, Header, TransactionMode};
use crate::operation::Direction;
use crate::place::Place;
use crate::script_error::{Problem, ScriptError};
use crate::section::{Section, SectionBuilder, Statements};
use crate::source::{Source, SourceError};
use crate::split::{Item, next_item};
use crate::statement::{CopyData, Statement, Text};
use crate::transaction::{refused_command, transaction_local_command};

/// How much of a file's text is kept in memory. Later statements and all COPY data are read again when they are sent, because a
/// history of a thousand files can contain gigabytes of INSERTs.
const KEPT: usize = 64 * 1024;

/// A revision file that has been read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    file: RevisionFile,
    /// Identifies the contents that were read, if parts of the file will be read again.
    version: Option<Version>,
    header: Arc<Header>,
    upgrade: Section,
    downgrade: Option<Section>,
    checksum: Checksum,
    is_partial: bool,
    is_plain: bool,
}

impl Script {
    /// Reads and checks a whole file.
    ///
    /// # Errors
    /// Fails if the file can't be read or is invalid. The error has the line and column.
    pub fn read(file: &RevisionFile) -> Result<Self, Error> {
        let mut reader = file.open().map_err(Error::io(file.path()))?;
        Self::parse(file, &mut reader).map_err(|error| error.in_file(file.path()))
    }

    /// Reads and checks a plain SQL file, without a header or sections, which runs in one transaction. Its statements
    /// are the upgrade section.
    ///
    /// # Errors
    /// Fails if the file can't be read or is invalid, has a section, or a statement that can't run in a transaction.
    pub fn read_plain(file: &RevisionFile) -> Result<Self, Error> {
        let mut reader = file.open().map_err(Error::io(file.path()))?;
        let script = Self::parse_plain(file, &mut reader).map_err(|error| error.in_file(file.path()))?;
        script.check_transactions()?;
        Ok(script)
    }

    fn parse_plain(file: &RevisionFile, reader: &mut Reader) -> Result<Self, SourceError> {
        let mut source = Source::new(&mut *reader)?;
        let statements = read_statements(&mut source)?;
        Ok(Self { is_plain: true, ..Self::of(file, reader, Header::default(), (statements, None))? })
    }

    fn parse(file: &RevisionFile, reader: &mut Reader) -> Result<Self, SourceError> {
        let mut source = Source::new(&mut *reader)?;
        let header_length = loop {
            match header::header_end(source.rest().as_bytes()) {
                Some(length) => break length,
                None if source.fill()? => {}
                None => break source.rest().len(),
            }
        };
        let header = header::parse(&source.rest()[..header_length])?;
        source.consume(header_length);
        let sections = read_sections(&mut source, header.transaction)?;
        Self::of(file, reader, header, sections)
    }

    fn of(
        file: &RevisionFile,
        reader: &Reader,
        header: Header,
        (upgrade, downgrade): (Section, Option<Section>),
    ) -> Result<Self, SourceError> {
        let version = match upgrade.is_read_again() || downgrade.as_ref().is_some_and(Section::is_read_again) {
            true => Some(reader.version().map_err(SourceError::Io)?),
            false => None,
        };
        let checksum = upgrade.checksum();
        let (file, header) = (file.clone(), Arc::new(header));
        Ok(Self { file, version, header, upgrade, downgrade, checksum, is_partial: false, is_plain: false })
    }

    /// Replaces the checksum with the one that a migration log recorded. The log has no COPY data to compute it from.
    #[must_use]
    pub fn with_checksum(self, checksum: Checksum) -> Self {
        Self { checksum, ..self }
    }

    /// Marks the downgrade section as incomplete: the migration log has not kept all of its statements and data, so it
    /// must not run.
    #[must_use]
    pub fn as_partial(self) -> Self {
        Self { is_partial: true, ..self }
    }

    /// Whether the downgrade section must not run: see [`Self::as_partial`].
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// Checks that the statements are allowed in the revision's `Transaction` mode: in a transaction, nothing that PostgreSQL
    /// refuses in one; without one, nothing that lasts only until its end. COPY to the client and DISCARD ALL are never allowed.
    ///
    /// # Errors
    /// Fails on the first statement that controls transactions or, in a transactional revision, that PostgreSQL does not
    /// allow in a transaction block.
    pub fn check_transactions(&self) -> Result<(), Error> {
        self.transaction_problems()?.into_iter().next().map_or(Ok(()), Err)
    }

    /// All statements that [`check_transactions`](Self::check_transactions) refuses.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn transaction_problems(&self) -> Result<Vec<Error>, Error> {
        let mut problems = Vec::new();
        let sections = [Some(&self.upgrade), self.downgrade.as_ref()];
        for statement in sections.into_iter().flatten().flat_map(Section::kept) {
            let nature = statement.nature;
            let refuses = |in_transaction: bool| self.is_transactional() == in_transaction;
            let is_in_one = nature.controls_transactions || nature.needs_no_transaction || nature.discards_session;
            let problem = if self.is_plain && is_in_one {
                let command = refused_command(&self.text(statement)?).unwrap_or("DISCARD ALL");
                Problem::InOneTransaction { statement: command }
            } else if nature.controls_transactions || (nature.needs_no_transaction && refuses(true)) {
                let command = refused_command(&self.text(statement)?).unwrap_or_default();
                match nature.controls_transactions {
                    true => Problem::TransactionControl { statement: command },
                    false => Problem::NotInTransaction { statement: command },
                }
            } else if nature.needs_a_transaction && refuses(false) {
                let command = transaction_local_command(&self.text(statement)?).unwrap_or_default();
                Problem::NoTransaction { statement: command }
            } else if nature.discards_session {
                Problem::DiscardsSession
            } else if nature.copies_to_client {
                Problem::CopyToClient
            } else {
                continue;
            };
            problems.push(Error::script(self.path())(statement.error(problem)));
        }
        Ok(problems)
    }

    /// The file.
    pub(crate) fn file(&self) -> &RevisionFile {
        &self.file
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The header.
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// The upgrade section.
    pub fn upgrade(&self) -> &Section {
        &self.upgrade
    }

    /// The downgrade section, or `None` if the revision is irreversible.
    pub fn downgrade(&self) -> Option<&Section> {
        self.downgrade.as_ref()
    }

    /// The section for a direction, or `None` for the downgrade of an irreversible revision.
    pub fn section(&self, direction: Direction) -> Option<&Section> {
        match direction {
            Direction::Upgrade => Some(&self.upgrade),
            Direction::Downgrade => self.downgrade.as_ref(),
        }
    }

    /// The SHA-256 checksum over the statements of the upgrade section. White space, comments, line endings and the downgrade
    /// section do not affect it.
    pub fn checksum(&self) -> Checksum {
        self.checksum
    }

    /// Whether the revision runs in a transaction.
    pub fn is_transactional(&self) -> bool {
        self.header.transaction == TransactionMode::On
    }

    /// The statements of a section, in order.
    pub fn statements<'a>(&'a self, section: &'a Section) -> Statements<'a> {
        section.statements(&self.file, self.version)
    }

    /// The statements of a section that run: all except empty ones.
    pub fn effective<'a>(
        &'a self,
        section: &'a Section,
    ) -> impl Iterator<Item = Result<Cow<'a, Statement>, Error>> + use<'a> {
        self.statements(section).filter(|statement| !matches!(statement, Ok(statement) if statement.is_empty))
    }

    /// The text of a statement, from its first token (or `/*` comment) to its semicolon.
    ///
    /// # Errors
    /// Fails if the statement was too large to keep in memory and the file can no longer be read or has changed.
    pub fn text<'a>(&self, statement: &'a Statement) -> Result<Cow<'a, str>, Error> {
        match &statement.text {
            Text::Kept(text) => Ok(Cow::Borrowed(text)),
            Text::InFile(extent) => {
                let mut text = String::new();
                self.file.open_at(self.version, *extent)?.read_to_string(&mut text).map_err(Error::io(self.path()))?;
                Ok(Cow::Owned(text))
            }
        }
    }

    /// A reader for the data of a COPY statement.
    ///
    /// # Errors
    /// Fails if the file can't be opened or has changed.
    pub fn copy_data(&self, copy: &CopyData) -> Result<impl Read + use<>, Error> {
        self.file.open_at(self.version, copy.extent)
    }

    /// The SQL of a section, which splits into the same statements. A comment replaces COPY data.
    ///
    /// # Errors
    /// Fails for the same reasons as [`Self::text`].
    pub fn sql(&self, section: &Section) -> Result<String, Error> {
        let mut sql = String::new();
        for statement in self.effective(section) {
            self.push_sql(&*statement?, &mut sql)?;
        }
        Ok(sql)
    }

    /// Adds a statement to the SQL of its section.
    ///
    /// # Errors
    /// Fails for the same reasons as [`Self::text`].
    pub fn push_sql(&self, statement: &Statement, sql: &mut String) -> Result<(), Error> {
        sql.push_str(&self.text(statement)?);
        sql.push_str(statement.terminator());
        if let Some(copy) = &statement.copy {
            if copy.length() > 0 {
                sql.push_str(&format!("-- {} bytes of COPY data are not kept here\n", copy.length()));
            }
            sql.push_str("\\.\n");
        }
        Ok(())
    }
}

fn read_sections(
    source: &mut Source<impl Read>,
    mode: TransactionMode,
) -> Result<(Section, Option<Section>), SourceError> {
    let (mut upgrade, mut downgrade) = (SectionBuilder::new(mode), None);
    let (mut upgrade_line, mut downgrade_line) = (None, None);
    let mut room = KEPT;
    loop {
        match next_item(source, room)? {
            Item::End => break,
            Item::Section(direction, place) => {
                let seen = match direction {
                    Direction::Upgrade => upgrade_line.or(downgrade_line),
                    Direction::Downgrade => downgrade_line,
                };
                if let Some(first) = seen {
                    let problem = Problem::MisplacedSection { section: direction.name(), first };
                    return Err(ScriptError::at(Place { column: 1, ..place }, problem).into());
                }
                match direction {
                    Direction::Upgrade => upgrade_line = Some(place.line),
                    Direction::Downgrade => {
                        downgrade_line = Some(place.line);
                        downgrade = Some(SectionBuilder::new(mode));
                    }
                }
            }
            Item::Statement(statement) => {
                if upgrade_line.is_none() {
                    return Err(statement.error(Problem::OutsideSection).into());
                }
                room = room_after(&statement, room);
                downgrade.as_mut().unwrap_or(&mut upgrade).push(statement);
            }
        }
    }
    if upgrade_line.is_none() {
        return Err(ScriptError::at(Place { column: 1, ..source.place(0) }, Problem::NoUpgradeSection).into());
    }
    Ok((upgrade.finish(), downgrade.map(SectionBuilder::finish)))
}

/// Reads the statements of a plain SQL file.
fn read_statements(source: &mut Source<impl Read>) -> Result<Section, SourceError> {
    let (mut statements, mut room) = (SectionBuilder::new(TransactionMode::On), KEPT);
    loop {
        match next_item(source, room)? {
            Item::End => return Ok(statements.finish()),
            Item::Section(direction, place) => {
                let problem = Problem::SectionOfRevision { section: direction.name() };
                return Err(ScriptError::at(Place { column: 1, ..place }, problem).into());
            }
            Item::Statement(statement) => {
                room = room_after(&statement, room);
                statements.push(statement);
            }
        }
    }
}

/// How much text can be kept after a statement. Once a statement stays in the file, so do all later ones.
fn room_after(statement: &Statement, room: usize) -> usize {
    match &statement.text {
        Text::Kept(text) => room - text.len(),
        Text::InFile(_) => 0,
    }
}

/// Reads only the header of a file.
///
/// # Errors
/// Fails if the file can't be read or its header is invalid.
pub(crate) fn read_header(file: &RevisionFile) -> Result<Header, Error> {
    let mut reader = file.open().map_err(Error::io(file.path()))?;
    let mut bytes = Vec::new();
    let end = loop {
        let before = bytes.len();
        bytes.resize(before + 1024, 0);
        let read = reader.read(&mut bytes[before..]).map_err(Error::io(file.path()))?;
        bytes.truncate(before + read);
        if let Some(end) = header::header_end(without_bom(&bytes)) {
            break end;
        }
        if read == 0 {
            break without_bom(&bytes).len();
        }
    };
    let bom = bytes.len() - without_bom(&bytes).len();
    let text = std::str::from_utf8(&without_bom(&bytes)[..end]).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[bom..bom + error.valid_up_to()]);
        let offset = (bom + error.valid_up_to()) as u64;
        Error::script(file.path())(ScriptError::at(Place::START.after(&valid), Problem::NotUtf8 { offset }))
    })?;
    header::parse(text).map_err(Error::script(file.path()))
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
