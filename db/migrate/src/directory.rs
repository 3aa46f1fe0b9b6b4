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
        let read = |path: &PathBuf| Ok(Revision { header: read_header(path)?, path: path.clone() });
        Ok(Self::new(in_threads(&paths, FILES_PER_THREAD, read)?)?)
    }
}

/// What a function makes of each item, in order, with the items shared out among the processors.
///
/// # Errors
/// The first, in the order of the items, of each thread's first.
pub(crate) fn in_threads<T: Sync, U: Send>(
    items: &[T],
    per_thread: usize,
    work: impl Fn(&T) -> Result<U, Error> + Sync,
) -> Result<Vec<U>, Error> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len() / per_thread + 1);
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let work = &work;
    let parts: Vec<Result<Vec<U>, Error>> = thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(items.len().div_ceil(threads))
            .map(|part| scope.spawn(move || part.iter().map(work).collect()))
            .collect();
        parts.into_iter().map(|part| part.join().expect("reading files does not panic")).collect()
    });
    let mut results = Vec::with_capacity(items.len());
    for part in parts {
        results.extend(part?);
    }
    Ok(results)
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
