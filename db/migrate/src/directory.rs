//! A directory of revision files, read into a graph: only the headers, for what shows it, or everything, for what runs it.
//!
//! The files are spread over the processors, and each is read once.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::error::Error;
use crate::graph::{Revision, RevisionGraph};
use crate::script::{Checksum, Script, read_header};

/// Fewer files than this are read by one thread: starting another costs more.
const HEADERS_PER_THREAD: usize = 256;
const FILES_PER_THREAD: usize = 128;

/// Per revision the checksum of its upgrade section, in file order.
pub type Checksums = Vec<Checksum>;

impl RevisionGraph {
    /// Reads the headers of all `*.sql` files of a directory, sorted by name, and builds the graph.
    ///
    /// # Errors
    /// The directory or a file can't be read, a header is wrong (the first by name), or they make no graph.
    pub fn load(directory: &Path) -> Result<Self, Error> {
        let paths = revision_files(directory)?;
        let read = |path: PathBuf| Ok(Revision { header: read_header(&path)?, path });
        Ok(Self::new(in_threads(paths, HEADERS_PER_THREAD, read)?)?)
    }

    /// Reads and checks all `*.sql` files of a directory wholly, and builds the graph: what is wrong anywhere is found before
    /// the server is touched.
    ///
    /// # Errors
    /// The directory or a file can't be read, something in a file is wrong (the first by name), or they make no graph.
    pub fn load_checked(directory: &Path) -> Result<(Self, Checksums), Error> {
        let read = |path: PathBuf| {
            let script = Script::read(&path)?;
            script.check_transactions()?;
            let checksum = script.upgrade.checksum();
            Ok((Revision { header: script.header, path }, checksum))
        };
        let (revisions, checksums) =
            in_threads(revision_files(directory)?, FILES_PER_THREAD, read)?.into_iter().unzip();
        Ok((Self::new(revisions)?, checksums))
    }
}

/// What a function makes of each item, in order, with the items shared out among the processors.
///
/// # Errors
/// The first, in the order of the items, of each thread's first.
fn in_threads<T: Send, U: Send>(
    mut items: Vec<T>,
    per_thread: usize,
    work: impl Fn(T) -> Result<U, Error> + Sync,
) -> Result<Vec<U>, Error> {
    let count = items.len();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(count / per_thread + 1);
    if threads == 1 {
        return items.into_iter().map(work).collect();
    }
    let work = &work;
    let parts: Vec<Result<Vec<U>, Error>> = thread::scope(|scope| {
        let mut parts = Vec::new();
        while !items.is_empty() {
            let part = items.split_off(items.len().saturating_sub(count.div_ceil(threads)));
            parts.push(scope.spawn(move || part.into_iter().map(work).collect()));
        }
        parts.into_iter().rev().map(|part| part.join().expect("reading files does not panic")).collect()
    });
    let mut results = Vec::with_capacity(count);
    for part in parts {
        results.extend(part?);
    }
    Ok(results)
}

/// The `*.sql` files of a directory, sorted by name; hidden ones and directories don't count.
fn revision_files(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::Io { path: directory.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name();
        let is_sql = Path::new(&name).extension().is_some_and(|extension| extension == "sql");
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        if is_sql && !is_hidden && !entry.file_type().map_err(io)?.is_dir() {
            names.push(name);
        }
    }
    // Names, not paths: those are compared component by component.
    names.sort_unstable();
    Ok(names.into_iter().map(|name| directory.join(name)).collect())
}
