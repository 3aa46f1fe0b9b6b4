//! A revision file: its path and its contents, on disk or in memory.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Take};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::error::Error;
use crate::statement::Extent;

/// A revision file, on disk or in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionFile {
    path: Arc<Path>,
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    OnDisk,
    InMemory(Arc<[u8]>),
}

impl RevisionFile {
    /// A file on disk. It is opened each time it is read.
    pub fn on_disk(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().into(), content: Content::OnDisk }
    }

    /// A file in memory. `path` is the name that messages show.
    pub fn in_memory(path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Self {
        Self { path: path.as_ref().into(), content: Content::InMemory(content.as_ref().into()) }
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn open(&self) -> io::Result<Reader> {
        Ok(match &self.content {
            Content::OnDisk => Reader::File(regular_file::open(&self.path)?),
            Content::InMemory(bytes) => Reader::Memory(Cursor::new(Arc::clone(bytes))),
        })
    }

    /// Opens a range of the file. Fails if the contents are no longer those of `version`.
    pub(crate) fn open_at(&self, version: Option<Version>, extent: Extent) -> Result<Take<Reader>, Error> {
        let mut reader = self.open().map_err(Error::io(self.path()))?;
        if version != Some(reader.version().map_err(Error::io(self.path()))?) {
            return Err(Error::Changed { path: self.path().to_owned() });
        }
        reader.seek(SeekFrom::Start(extent.offset)).map_err(Error::io(self.path()))?;
        Ok(reader.take(extent.length))
    }
}

/// An open revision file.
pub(crate) enum Reader {
    File(File),
    Memory(Cursor<Arc<[u8]>>),
}

impl Reader {
    /// Identifies the file's contents, to detect changes.
    pub(crate) fn version(&self) -> io::Result<Version> {
        match self {
            Self::File(file) => {
                let metadata = file.metadata()?;
                Ok(Version { length: metadata.len(), modified: metadata.modified().ok() })
            }
            Self::Memory(cursor) => Ok(Version { length: cursor.get_ref().len() as u64, modified: None }),
        }
    }
}

/// A file's length and modification time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    length: u64,
    modified: Option<SystemTime>,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(cursor) => cursor.read(buffer),
        }
    }
}

impl Seek for Reader {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(position),
            Self::Memory(cursor) => cursor.seek(position),
        }
    }
}
