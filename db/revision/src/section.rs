//! A section of a revision: its statements, or where they are in the file.
//!
//! Of a large section, only the first statements are kept. The others are split again when they run, so that the memory of a
//! section does not grow with the file.

use std::borrow::Cow;
use std::io::Take;
use std::slice;

use sha2::{Digest, Sha256};

use crate::checksum::Checksum;
use crate::error::Error;
use crate::file::{Reader, RevisionFile, Version};
use crate::header::TransactionMode;
use crate::place::Place;
use crate::source::Source;
use crate::split::{Item, next_item};
use crate::statement::{Extent, Statement, Text};

/// The length of the text that is split again at once, in bytes. A longer statement is not split again.
const RUN: u64 = 1024 * 1024;

/// The statements below a `-- migrate:upgrade` or `-- migrate:downgrade` marker.
/// [`Script::statements`](crate::Script::statements) returns them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    parts: Vec<Part>,
    checksum: Checksum,
    length: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Statement(Statement),
    /// Consecutive statements that stay in the file.
    Run {
        extent: Extent,
        /// Where the first one begins.
        place: Place,
    },
}

impl Section {
    /// The SHA-256 checksum over the digests of the effective statements.
    pub fn checksum(&self) -> Checksum {
        self.checksum
    }

    /// The length of the effective statements in bytes, without COPY data.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The statements that are kept: the first ones, those with COPY data, long ones, and those that may not be allowed in
    /// the revision's `Transaction` mode.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Statement> {
        self.parts.iter().filter_map(|part| match part {
            Part::Statement(statement) => Some(statement),
            Part::Run { .. } => None,
        })
    }

    /// Whether some of the text or data must be read again.
    pub(crate) fn is_read_again(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Statement(statement) => statement.copy.is_some() || matches!(statement.text, Text::InFile(_)),
            Part::Run { .. } => true,
        })
    }

    /// All statements, in order. `version` is that of the file when the section was read.
    pub(crate) fn statements<'a>(&'a self, file: &'a RevisionFile, version: Option<Version>) -> Statements<'a> {
        Statements { file, version, parts: self.parts.iter(), run: None }
    }
}

/// Collects the statements of a section.
pub(crate) struct SectionBuilder {
    parts: Vec<Part>,
    hash: Sha256,
    length: u64,
    mode: TransactionMode,
}

impl SectionBuilder {
    pub(crate) fn new(mode: TransactionMode) -> Self {
        Self { parts: Vec::new(), hash: Sha256::new(), length: 0, mode }
    }

    pub(crate) fn push(&mut self, statement: Statement) {
        if !statement.is_empty {
            self.hash.update(statement.digest.as_bytes());
            self.length += statement.length();
        }
        let Some(extent) = self.to_split_again(&statement) else {
            self.parts.push(Part::Statement(statement));
            return;
        };
        match self.parts.last_mut() {
            Some(Part::Run { extent: run, .. }) if extent.end() - run.offset <= RUN => {
                run.length = extent.end() - run.offset;
            }
            _ => self.parts.push(Part::Run { extent, place: statement.place }),
        }
    }

    /// The location of the statement, if only its text is needed before it runs. Without a transaction, the journal
    /// compares the digests of all statements before the first one runs.
    fn to_split_again(&self, statement: &Statement) -> Option<Extent> {
        let Text::InFile(extent) = statement.text else { return None };
        let is_simple = statement.copy.is_none() && !statement.nature.may_be_refused();
        (is_simple && extent.length <= RUN && self.mode == TransactionMode::On).then_some(extent)
    }

    pub(crate) fn finish(mut self) -> Section {
        // Ten thousand sections can be in memory at once, most with one or two statements.
        self.parts.shrink_to_fit();
        Section { parts: self.parts, checksum: self.hash.into(), length: self.length }
    }
}

/// The statements of a section, in order.
pub struct Statements<'a> {
    file: &'a RevisionFile,
    version: Option<Version>,
    parts: slice::Iter<'a, Part>,
    /// The part that is being split again.
    run: Option<Source<Take<Reader>>>,
}

impl<'a> Iterator for Statements<'a> {
    type Item = Result<Cow<'a, Statement>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(source) = &mut self.run {
                match next_item(source, usize::MAX) {
                    Ok(Item::Statement(statement)) => return Some(Ok(Cow::Owned(statement))),
                    Ok(Item::End) => self.run = None,
                    // A marker ends a section, so there is none in it.
                    Ok(Item::Section(..)) => return Some(Err(Error::Changed { path: self.file.path().to_owned() })),
                    Err(error) => return Some(Err(error.in_file(self.file.path()))),
                }
                continue;
            }
            match self.parts.next()? {
                Part::Statement(statement) => return Some(Ok(Cow::Borrowed(statement))),
                &Part::Run { extent, place } => match self.open(extent, place) {
                    Ok(source) => self.run = Some(source),
                    Err(error) => return Some(Err(error)),
                },
            }
        }
    }
}

impl Statements<'_> {
    fn open(&self, extent: Extent, place: Place) -> Result<Source<Take<Reader>>, Error> {
        let reader = self.file.open_at(self.version, extent)?;
        Source::within(reader, extent.offset, place).map_err(|error| error.in_file(self.file.path()))
    }
}
