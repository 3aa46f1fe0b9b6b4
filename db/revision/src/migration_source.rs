//! Where revision files come from. The only module that lists directories.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Ignored};
use crate::file::RevisionFile;

/// A source of revision files: a directory, memory, or the migration log of a database.
pub trait MigrationSource {
    /// Lists the files, sorted by name as Alembic does.
    ///
    /// # Errors
    /// Fails if the files can't be listed.
    fn files(&self) -> Result<Vec<RevisionFile>, Error>;
}

/// The `*.sql` files of a directory, except hidden ones.
///
/// Other files are ignored, such as READMEs and an editor's backups (`x.sql~`). An SQL file that would be ignored is an
/// error: one in a subdirectory, or one whose extension is not exactly `.sql`.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Creates a source from the path of a directory.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The `*.sql` files of the directory and its subdirectories, except hidden ones, with their paths below the directory,
    /// without `.sql`. There are none if the directory does not exist.
    pub(crate) fn files_below(&self) -> Result<Vec<(String, RevisionFile)>, Error> {
        if self.path.symlink_metadata().is_err() {
            return Ok(Vec::new());
        }
        let (mut files, mut errors) = (Vec::new(), Vec::new());
        self.add_below(&self.path, &mut BTreeSet::from_iter(fs::canonicalize(&self.path)), &mut files, &mut errors)?;
        if !errors.is_empty() {
            errors.sort_by(|one, other| one.path().cmp(&other.path()));
            return Err(Error::several(errors));
        }
        Ok(files)
    }

    fn add_below(
        &self,
        folder: &Path,
        visited: &mut BTreeSet<PathBuf>,
        files: &mut Vec<(String, RevisionFile)>,
        errors: &mut Vec<Error>,
    ) -> Result<(), Error> {
        for entry in fs::read_dir(folder).map_err(|error| self.unreadable(error))? {
            let path = entry.map_err(Error::io(folder))?.path();
            let file_name = path.file_name().unwrap_or_default();
            match Name::of(file_name) {
                _ if file_name.as_encoded_bytes().starts_with(b".") => {}
                Name::Hidden => {}
                Name::Sql => {
                    let name = path.strip_prefix(&self.path).unwrap_or(&path).with_extension("");
                    let parts: Vec<_> = name.iter().map(OsStr::to_string_lossy).collect();
                    files.push((parts.join("/"), RevisionFile::on_disk(path)));
                }
                Name::AlmostSql => errors.push(Error::Ignored { path, reason: Ignored::Extension }),
                Name::Other => {
                    if path.is_dir() && fs::canonicalize(&path).is_ok_and(|path| visited.insert(path)) {
                        self.add_below(&path, visited, files, errors)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The error for a directory that can't be listed.
    fn unreadable(&self, error: io::Error) -> Error {
        let directory = self.path.clone();
        match error.kind() {
            io::ErrorKind::NotFound if self.path.symlink_metadata().is_err() => Error::NoDirectory { directory },
            io::ErrorKind::NotADirectory => Error::NotADirectory { path: directory },
            _ => Error::io(&self.path)(regular_file::missing(&self.path, error)),
        }
    }
}

impl MigrationSource for Directory {
    fn files(&self) -> Result<Vec<RevisionFile>, Error> {
        let (mut names, mut errors, mut folders) = (Vec::new(), Vec::new(), Vec::new());
        for entry in fs::read_dir(&self.path).map_err(|error| self.unreadable(error))? {
            let entry = entry.map_err(Error::io(&self.path))?;
            let name = entry.file_name();
            match Name::of(&name) {
                Name::Hidden => {}
                Name::Sql => names.push(name),
                Name::AlmostSql => {
                    errors.push(Error::Ignored { path: self.path.join(name), reason: Ignored::Extension });
                }
                Name::Other => folders.extend(Some(entry.path()).filter(|path| path.is_dir())),
            }
        }
        if !folders.is_empty() {
            misplaced(folders, &mut BTreeSet::from_iter(fs::canonicalize(&self.path)), &mut errors);
        }
        if !errors.is_empty() {
            errors.sort_by(|one, other| one.path().cmp(&other.path()));
            return Err(Error::several(errors));
        }
        // Compares names, because paths compare component by component.
        names.sort_unstable();
        Ok(names.into_iter().map(|name| RevisionFile::on_disk(self.path.join(name))).collect())
    }
}

/// A file's kind, judged by its name.
enum Name {
    /// Begins with a dot.
    Hidden,
    /// Ends with `.sql`.
    Sql,
    /// Has an extension that looks like `.sql`, or that some file systems do not distinguish from it.
    AlmostSql,
    Other,
}

impl Name {
    fn of(name: &OsStr) -> Self {
        let Some(extension) = Path::new(name).extension() else { return Self::Other };
        match extension.to_str() {
            _ if name.as_encoded_bytes().starts_with(b".") => Self::Hidden,
            Some("sql") => Self::Sql,
            Some(extension) if extension.trim().eq_ignore_ascii_case("sql") => Self::AlmostSql,
            _ => Self::Other,
        }
    }
}

/// Adds an error for each SQL file below these directories. `visited` breaks cycles of symbolic links.
fn misplaced(folders: Vec<PathBuf>, visited: &mut BTreeSet<PathBuf>, errors: &mut Vec<Error>) {
    for folder in folders {
        let is_hidden = folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if is_hidden || !fs::canonicalize(&folder).is_ok_and(|path| visited.insert(path)) {
            continue;
        }
        let entries = match fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => {
                errors.push(Error::io(&folder)(error));
                continue;
            }
        };
        let mut deeper = Vec::new();
        for entry in entries {
            let path = entry.path();
            match Name::of(&entry.file_name()) {
                Name::Sql | Name::AlmostSql => errors.push(Error::Ignored { path, reason: Ignored::Subdirectory }),
                Name::Other if path.is_dir() => deeper.push(path),
                Name::Hidden | Name::Other => {}
            }
        }
        misplaced(deeper, visited, errors);
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
