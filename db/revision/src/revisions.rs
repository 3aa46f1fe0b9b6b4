//! The revisions of a source: only their headers, for what shows them, or everything, for what runs them.
//!
//! The files are divided among the processors, and each is read once.

use crate::error::Error;
use crate::graph::{Revision, RevisionGraph};
use crate::migration_source::MigrationSource;
use crate::node::Node;
use crate::script::{Script, read_header};
use crate::threads::map_in_threads;

/// Fewer files than this are read by one thread.
const HEADERS_PER_THREAD: usize = 256;
const FILES_PER_THREAD: usize = 128;

impl RevisionGraph {
    /// Reads the headers of all files, and builds the graph.
    ///
    /// # Errors
    /// Files can't be read, headers are invalid (by name, the first of each), or they don't form a graph.
    pub fn read(source: &impl MigrationSource) -> Result<Self, Error> {
        let read = |file| Ok::<_, Error>(Revision::new(read_header(&file)?, file));
        let revisions = map_in_threads(source.files()?, HEADERS_PER_THREAD, read).map_err(Error::several)?;
        Ok(Self::new(revisions)?)
    }
}

/// All revisions of a source, read and checked: what is wrong anywhere is found before a server is touched.
#[derive(Debug)]
pub struct Revisions {
    graph: RevisionGraph,
    /// In file order.
    scripts: Vec<Script>,
}

impl Revisions {
    /// Reads and checks all files, and builds the graph.
    ///
    /// # Errors
    /// Files can't be read or something in them is wrong (all of it, by name), or they don't form a graph.
    pub fn read(source: &impl MigrationSource) -> Result<Self, Error> {
        let read = |file| {
            let script = Script::read(&file).map_err(|error| vec![error])?;
            let problems = script.transaction_problems().map_err(|error| vec![error])?;
            if problems.is_empty() { Ok(script) } else { Err(problems) }
        };
        let scripts = map_in_threads(source.files()?, FILES_PER_THREAD, read);
        Self::new(scripts.map_err(|errors| Error::several(errors.into_iter().flatten().collect()))?)
    }

    /// Builds the graph of scripts in file order.
    ///
    /// # Errors
    /// They don't form a graph.
    pub fn new(scripts: Vec<Script>) -> Result<Self, Error> {
        let revision = |script: &Script| Revision::new(script.header().clone(), script.file().clone());
        let graph = RevisionGraph::new(scripts.iter().map(revision).collect())?;
        Ok(Self { graph, scripts })
    }

    /// These revisions and more, which come after them in file order.
    ///
    /// # Errors
    /// They don't form a graph.
    pub fn with(&self, more: impl IntoIterator<Item = Script>) -> Result<Self, Error> {
        Self::new(self.scripts.iter().cloned().chain(more).collect())
    }

    /// The graph.
    pub fn graph(&self) -> &RevisionGraph {
        &self.graph
    }

    /// A revision's file.
    pub fn script(&self, node: Node) -> &Script {
        &self.scripts[node.index()]
    }
}
