//! Revisions that the database has and this checkout does not, as the log tells them: enough to take them back down.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use migrate::RevisionGraph;
use migrate::directory::Checksums;
use migrate::graph::Node;
use migrate::lock::Locked;
use migrate::state::State;

use super::Db;
use crate::report::Failure;

/// The checkout's revisions and the log's, as files.
pub(super) struct Logged {
    pub(super) graph: RevisionGraph,
    /// Of the checkout's files; of the others, what the log says.
    pub(super) checksums: Checksums,
    _folder: Folder,
}

/// A folder that goes when it is let go of.
struct Folder(PathBuf);

impl Logged {
    pub(super) fn gather(
        db: &Db<'_>,
        known: &RevisionGraph,
        checksums: &Checksums,
        locked: &mut Locked,
        state: &State,
    ) -> Result<Self> {
        let folder = db.context.target().join("logged").join(std::process::id().to_string());
        let folder = std::path::absolute(folder).context("the target directory")?;
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
        let folder = Folder(folder);
        for node in known.nodes() {
            let path = std::path::absolute(&known.revision(node).path)?;
            let name = path.file_name().context("a file has a name")?;
            symlink(&path, folder.0.join(name)).with_context(|| format!("`{}`", path.display()))?;
        }
        let mut wanted: Vec<String> = state.rows.iter().filter(|row| known.find(row).is_none()).cloned().collect();
        let mut written = BTreeSet::new();
        while let Some(id) = wanted.pop() {
            if !written.insert(id.clone()) {
                continue;
            }
            let Some(revision) = locked.logged(state, &id)? else {
                let hint = "check out the commit that has it, and downgrade from there";
                return Err(Failure::new(format!("neither this checkout nor the log knows `{id}`")).hint(hint).into());
            };
            let name = folder.0.join(format!("{id}.logged.sql"));
            fs::write(&name, revision.to_file(&id)).with_context(|| format!("`{}`", name.display()))?;
            wanted.extend(revision.parents.into_iter().filter(|parent| known.find(parent).is_none()));
        }
        let graph = RevisionGraph::load(&folder.0)?;
        let log = locked.log(state)?;
        let of_log = |id: &str| log.get(id).and_then(|row| row.checksum);
        let checksum = |node: Node| {
            let id = graph.id(node);
            let of_file = known.find(id).map(|node| checksums[node as usize]);
            of_file.or_else(|| of_log(id)).unwrap_or_default()
        };
        let checksums = graph.nodes().map(checksum).collect();
        Ok(Self { graph, checksums, _folder: folder })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
