//! Where revision files come from. The only file of this crate that touches the file system's directories.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::file::RevisionFile;

/// Somewhere that revision files are: a directory, memory, or what a database's log has of them.
pub trait MigrationSource {
    /// The files in the order of their names, as Alembic sorts them.
    ///
    /// # Errors
    /// They can't be listed.
    fn files(&self) -> Result<Vec<RevisionFile>, Error>;
}

/// The `*.sql` files of a directory. Hidden files and subdirectories don't count.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// The directory of this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl MigrationSource for Directory {
    fn files(&self) -> Result<Vec<RevisionFile>, Error> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(Error::io(&self.path))? {
            let entry = entry.map_err(Error::io(&self.path))?;
            let name = entry.file_name();
            let is_sql = Path::new(&name).extension().is_some_and(|extension| extension == "sql");
            let is_hidden = name.as_encoded_bytes().starts_with(b".");
            if is_sql && !is_hidden && !entry.file_type().map_err(Error::io(&self.path))?.is_dir() {
                names.push(name);
            }
        }
        // Names, not paths: those are compared component by component.
        names.sort_unstable();
        Ok(names.into_iter().map(|name| RevisionFile::on_disk(self.path.join(name))).collect())
    }
}

/// Files that are named one by one, on disk or in memory.
#[derive(Debug, Clone, Default)]
pub struct Files(Vec<RevisionFile>);

impl FromIterator<RevisionFile> for Files {
    fn from_iter<T: IntoIterator<Item = RevisionFile>>(files: T) -> Self {
        let mut files: Vec<RevisionFile> = files.into_iter().collect();
        files.sort_by(|one, other| one.path().file_name().cmp(&other.path().file_name()));
        Self(files)
    }
}

impl MigrationSource for Files {
    fn files(&self) -> Result<Vec<RevisionFile>, Error> {
        Ok(self.0.clone())
    }
}
