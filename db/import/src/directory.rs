//! Lists a directory of migrations.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// A file or directory.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) is_directory: bool,
}

/// The entries of a directory that are not hidden, by name.
pub(crate) fn entries(directory: &Path) -> Result<Vec<Entry>, Problem> {
    let mut entries = all_entries(directory)?;
    entries.retain(|entry| !entry.name.starts_with('.'));
    Ok(entries)
}

/// The entries of a directory, by name.
pub(crate) fn all_entries(directory: &Path) -> Result<Vec<Entry>, Problem> {
    let problem = |error| Problem::Io { path: directory.to_owned(), error };
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        Ok(Entry { name, is_directory: path.is_dir(), path })
    };
    let entries = fs::read_dir(directory).map_err(|error| problem(regular_file::missing(directory, error)))?;
    let mut entries: Vec<Entry> = entries.map(entry).collect::<io::Result<_>>().map_err(problem)?;
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}
