//! The revisions of this monorepo, of which there may be none yet.

use anyhow::Result;
use revision::{Directory, Error, RevisionGraph};

use crate::context::Context;

/// Reads their headers. git keeps no empty directory, so a missing one means that there are none, unless the settings name it.
pub(crate) fn read(context: &Context) -> Result<RevisionGraph> {
    match RevisionGraph::read(&Directory::new(context.root.join(context.config.versions()))) {
        Err(Error::NoDirectory { .. }) if !context.config.names_versions() => Ok(RevisionGraph::new(Vec::new())?),
        graph => Ok(graph?),
    }
}
