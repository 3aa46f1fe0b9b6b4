//! A directory of revision files, read into a graph.
//!
//! Only headers are read here: a graph of 10,000 revisions costs 10,000 small reads, spread over the processors.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::error::Error;
use crate::graph::{Revision, RevisionGraph};
use crate::script::read_header;

/// Fewer files than this are read by one thread: starting another costs more.
const FILES_PER_THREAD: usize = 256;

impl RevisionGraph {
    /// Reads the headers of all `*.sql` files of a directory, sorted by name, and builds the graph.
    ///
    /// # Errors
    /// The directory or a file can't be read, a header is wrong (the first by name), or they make no graph.
    pub fn load(directory: &Path) -> Result<Self, Error> {
        let paths = revision_files(directory)?;
        let read = |paths: &[PathBuf]| -> Result<Vec<Revision>, Error> {
            paths.iter().map(|path| Ok(Revision { header: read_header(path)?, path: path.clone() })).collect()
        };
        let threads = thread::available_parallelism().map_or(1, usize::from).min(paths.len() / FILES_PER_THREAD + 1);
        let parts: Vec<Result<Vec<Revision>, Error>> = if threads == 1 {
            vec![read(&paths)]
        } else {
            thread::scope(|scope| {
                let parts: Vec<_> =
                    paths.chunks(paths.len().div_ceil(threads)).map(|part| scope.spawn(move || read(part))).collect();
                parts.into_iter().map(|part| part.join().expect("reading headers does not panic")).collect()
            })
        };
        let mut revisions = Vec::with_capacity(paths.len());
        for part in parts {
            revisions.extend(part?);
        }
        Ok(Self::new(revisions)?)
    }
}

/// The `*.sql` files of a directory, sorted by name; hidden ones and directories don't count.
fn revision_files(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::Io { path: directory.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(io)? {
        let entry = entry.map_err(io)?;
        let path = PathBuf::from(entry.file_name());
        let is_sql = path.extension().is_some_and(|extension| extension == "sql");
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if is_sql && !is_hidden && !entry.file_type().map_err(io)?.is_dir() {
            paths.push(directory.join(path));
        }
    }
    paths.sort_unstable();
    Ok(paths)
}
