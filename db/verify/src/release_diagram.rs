//! `schema.svg`: the schema at the heads, with what the last revisions change marked. The page of the release shows it.

use std::collections::BTreeSet;

use anyhow::Result;
use diagram::{Format, Options};
use revision::Revisions;

use crate::scratch::ScratchDatabase;
use crate::server::Server;

/// Its name, next to the directory of the revisions.
pub(crate) const FILE: &str = "schema.svg";

/// The drawing of a database that is at the heads. The schema before them is made on another one.
pub(crate) fn text(server: &Server, revisions: &Revisions, at_heads: &mut ScratchDatabase<'_>) -> Result<String> {
    let graph = revisions.graph();
    let heads: BTreeSet<&str> = graph.real_heads().map(|node| graph.id(node)).collect();
    let needed: BTreeSet<_> =
        graph.real_heads().flat_map(|node| graph.normalized_down(node)).map(|&node| graph.id(node)).collect();
    let mut before = ScratchDatabase::create(server, revisions)?;
    for target in needed {
        before.upgrade(target)?;
    }
    let title = match heads.is_empty() {
        true => "Schema without revisions".to_owned(),
        false => {
            let heads = heads.into_iter().collect::<Vec<_>>().join(", ");
            format!("Schema at {heads}, with what {heads} changes")
        }
    };
    let options = Options { format: Format::Svg, tables: Vec::new(), everything: true, title };
    Ok(diagram::draw(Some(&before.snapshot()?.outline()), &at_heads.snapshot()?.outline(), &options)?)
}
