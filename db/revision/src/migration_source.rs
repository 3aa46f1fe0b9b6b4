//! Where revision files come from. The only module that lists directories.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::file::RevisionFile;

/// A source of revision files: a directory, memory, or the migration log of a database.
pub trait MigrationSource {
    /// Lists the files, sorted by name as Alembic does.
    ///
    /// # Errors
    /// Fails if the files can't be listed.
    fn files(&self) -> Result<Vec<RevisionFile>, Error>;
}

/// The `*.sql` files of a directory, except hidden ones. Subdirectories are ignored.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Creates a source from the path of a directory.
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
        // Compares names, because paths compare component by component.
        names.sort_unstable();
        Ok(names.into_iter().map(|name| RevisionFile::on_disk(self.path.join(name))).collect())
    }
}

/// A list of individual files, on disk or in memory.
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
