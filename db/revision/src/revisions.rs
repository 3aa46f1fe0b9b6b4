//! Reads the revisions of a source: only the headers, to display them, or whole files, to run them.
//!
//! Each file is read once. Several threads share the files.

use crate::error::Error;
use crate::graph::{Revision, RevisionGraph};
use crate::migration_source::MigrationSource;
use crate::node::Node;
use crate::script::{Script, read_header};
use crate::threads::map_in_threads;

/// The minimum number of files for each thread.
const HEADERS_PER_THREAD: usize = 256;
const FILES_PER_THREAD: usize = 128;

impl RevisionGraph {
    /// Reads the headers of all files and builds the graph.
    ///
    /// # Errors
    /// Fails if files can't be read, headers are invalid, or the revisions do not form a valid graph. Every file that can't
    /// be used is reported.
    pub fn read(source: &impl MigrationSource) -> Result<Self, Error> {
        let read = |file| Ok::<_, Error>(Revision::new(read_header(&file)?, file));
        let revisions = map_in_threads(source.files()?, HEADERS_PER_THREAD, read).map_err(Error::several)?;
        Ok(Self::new(revisions)?)
    }
}

/// All revisions of a source, read and checked, so that errors in any file are found before connecting to a server.
#[derive(Debug)]
pub struct Revisions {
    graph: RevisionGraph,
    /// In file order.
    scripts: Vec<Script>,
}

impl Revisions {
    /// Reads and checks all files and builds the graph.
    ///
    /// # Errors
    /// Fails if files can't be read or are invalid, or if the revisions do not form a valid graph. All errors are
    /// reported, in the order of the file names.
    pub fn read(source: &impl MigrationSource) -> Result<Self, Error> {
        let read = |file| {
            let script = Script::read(&file).map_err(|error| vec![error])?;
            let problems = script.transaction_problems().map_err(|error| vec![error])?;
            if problems.is_empty() { Ok(script) } else { Err(problems) }
        };
        let scripts = map_in_threads(source.files()?, FILES_PER_THREAD, read);
        Self::new(scripts.map_err(|errors| Error::several(errors.into_iter().flatten().collect()))?)
    }

    /// Builds the graph from scripts in file order.
    ///
    /// # Errors
    /// Fails if the revisions do not form a valid graph.
    pub fn new(scripts: Vec<Script>) -> Result<Self, Error> {
        let revision = |script: &Script| Revision::new(script.header().clone(), script.file().clone());
        let graph = RevisionGraph::new(scripts.iter().map(revision).collect())?;
        Ok(Self { graph, scripts })
    }

    /// Adds scripts, which come last in file order.
    ///
    /// # Errors
    /// Fails if the revisions do not form a valid graph.
    pub fn with(&self, more: impl IntoIterator<Item = Script>) -> Result<Self, Error> {
        Self::new(self.scripts.iter().cloned().chain(more).collect())
    }

    /// The graph.
    pub fn graph(&self) -> &RevisionGraph {
        &self.graph
    }

    /// The script of a revision.
    pub fn script(&self, node: Node) -> &Script {
        &self.scripts[node.index()]
    }
}
