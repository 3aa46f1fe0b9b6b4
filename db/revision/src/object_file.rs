//! A file in `objects`: views, routines, triggers, policies, grants and comments, which are applied again when the text changes.
//!
//! Unlike a revision, the file is plain SQL without sections, and all of it is kept in memory.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::checksum::Checksum;
use crate::error::Error;
use crate::file::RevisionFile;
use crate::header::LintAllowance;
use crate::object_header::{ObjectHeader, block_length, parse};
use crate::object_statement::{CreatedObject, Names, created, names};
use crate::place::Place;
use crate::script_error::{Problem, ScriptError};
use crate::source::{Source, SourceError};
use crate::split::{Item, next_item};
use crate::statement::{Statement, Text};

/// A file in `objects` that has been read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectFile {
    name: String,
    file: RevisionFile,
    pub(crate) header: ObjectHeader,
    statements: Vec<ObjectStatement>,
    pub(crate) names: Names,
    checksum: Checksum,
}

/// A statement of such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectStatement {
    text: String,
    /// Where it begins.
    pub place: Place,
    /// What it creates or replaces; `None` for GRANT, REVOKE, COMMENT and ALTER.
    pub created: Option<CreatedObject>,
}

impl ObjectStatement {
    /// The text, from the first token to the semicolon.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl ObjectFile {
    /// Reads and checks a file. `name` identifies it.
    ///
    /// # Errors
    /// The file can't be read, or has statements that can't be applied again: all of them are reported.
    pub fn read(name: &str, file: &RevisionFile) -> Result<Self, Error> {
        let mut reader = file.open().map_err(Error::io(file.path()))?;
        let mut source = Source::new(&mut reader).map_err(|error| error.in_file(file.path()))?;
        let mut problems = Vec::new();
        let mut read = Self {
            name: name.to_owned(),
            file: file.clone(),
            header: ObjectHeader::default(),
            statements: Vec::new(),
            names: Names::default(),
            checksum: Checksum::default(),
        };
        let parsed = read.parse(&mut source, &mut problems);
        parsed.map_err(|error| error.in_file(file.path()))?;
        let problems: Vec<Error> = problems.into_iter().map(|problem| Error::script(file.path())(problem)).collect();
        if problems.is_empty() { Ok(read) } else { Err(Error::several(problems)) }
    }

    fn parse(
        &mut self,
        source: &mut Source<impl std::io::Read>,
        problems: &mut Vec<ScriptError>,
    ) -> Result<(), SourceError> {
        while block_length(source.rest()) == source.rest().len() && source.fill()? {}
        let length = block_length(source.rest());
        self.header = parse(&source.rest()[..length])?;
        source.consume(length);
        let mut hash = Sha256::new();
        loop {
            let statement = match next_item(source, usize::MAX)? {
                Item::Statement(statement) if statement.is_empty => continue,
                Item::Statement(statement) => statement,
                Item::Section(direction, place) => {
                    let problem = Problem::SectionOfRevision { section: direction.name() };
                    return Err(ScriptError::at(place, problem).into());
                }
                Item::End => break,
            };
            hash.update(statement.digest.as_bytes());
            match self.add(&statement) {
                Ok(()) => {}
                Err(problem) => problems.push(statement.error(problem)),
            }
        }
        self.checksum = hash.into();
        Ok(())
    }

    fn add(&mut self, statement: &Statement) -> Result<(), Problem> {
        // Without a limit, the text of every statement is kept.
        let Text::Kept(text) = &statement.text else { return Ok(()) };
        let created = created(text)?;
        let Names { early, late } = names(text);
        self.names.early.extend(early);
        self.names.late.extend(late);
        self.statements.push(ObjectStatement { text: text.to_string(), place: statement.place, created });
        Ok(())
    }

    /// The path below `objects`, without `.sql`. It identifies the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The statements, in order.
    pub fn statements(&self) -> &[ObjectStatement] {
        &self.statements
    }

    /// The findings of the linter that the author suppressed.
    pub fn lint(&self) -> &[LintAllowance] {
        &self.header.lint
    }

    /// The SHA-256 checksum over the statements. White space, comments and line endings do not affect it.
    pub fn checksum(&self) -> Checksum {
        self.checksum
    }

    /// Every identifier in the file, without qualifiers.
    pub fn identifiers(&self) -> BTreeSet<&str> {
        self.names.early.iter().chain(&self.names.late).flatten().map(String::as_str).collect()
    }
}
