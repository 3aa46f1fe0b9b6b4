//! Checks of all revisions together: every head has a label, `schema.sql` and the file with the types are up to date, a downgrade to the base leaves
//! nothing behind, and unmerged branches can be applied in any order.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use migrate::Target;
use revision::{Node, RevisionGraph, Revisions};
use schema::{Schema, VisibleTables};

use crate::catalog::Catalog;
use crate::difference::changed_lines;
use crate::finding::{Format, message, problem};
use crate::fixture::next_to;
use crate::lint::has_own_label;
use crate::scratch::ScratchDatabase;
use crate::server::Server;
use crate::trip::{State, differences};

/// Each of several heads needs its own label, so that a deployment can upgrade to it by name.
pub(crate) fn every_head_has_a_label(graph: &RevisionGraph, format: Format) -> bool {
    let heads: Vec<Node> = graph.real_heads().collect();
    let unlabeled: Vec<&Node> = heads.iter().filter(|&&head| heads.len() > 1 && !has_own_label(graph, head)).collect();
    for &&head in &unlabeled {
        let text = format!("`{}` is one of {} heads and has no label of its own", graph.id(head), heads.len());
        problem(format, &text, &[]);
    }
    unlabeled.is_empty()
}

/// The contents of `schema.sql`.
pub(crate) fn schema_text(graph: &RevisionGraph, schema: &Schema) -> String {
    let heads: BTreeSet<&str> = graph.real_heads().map(|node| graph.id(node)).collect();
    let heads = heads.into_iter().collect::<Vec<_>>().join(", ");
    schema.to_sql(&format!(
        "The schema that the revisions make, as PostgreSQL {} shows it.\n\
         `cargo xtask db dump` writes this file, `cargo xtask test db` compares it.\n\
         Heads: {heads}",
        schema.server_major()
    ))
}

/// Compares with `schema.sql`, if there is one.
pub(crate) fn schema_file_is_current(versions: &Path, schema: &str, format: Format) -> Result<bool> {
    file_is_current(&next_to(versions, "schema.sql"), schema, ("`cargo xtask db dump`", ", for reviews"), format)
}

/// Compares with the drawing of the release. Its lines say nothing to a reader.
pub(crate) fn diagram_file_is_current(path: &Path, drawing: &str, format: Format) -> Result<bool> {
    let is_current = changed_since_written(path, drawing)?.is_none_or(|changed| changed.is_empty());
    if !is_current {
        let shown = path.display();
        let text = format!("{shown} does not match the revisions; `cargo xtask db diagram --write` updates it");
        problem(format, &text, &[]);
    }
    Ok(is_current)
}

/// The contents of the file with the types of the tables that a role can see.
pub(crate) fn types_text(role: &str, tables: &VisibleTables) -> String {
    tables.to_typescript(&format!(
        "The tables and views that the role `{role}` can read or insert into, with values as node-postgres returns them.\n\
         `cargo xtask db types` writes this file, `cargo xtask test db` compares it."
    ))
}

/// Compares with the file that the settings name.
pub(crate) fn types_file_is_current(path: &Path, types: &str, format: Format) -> Result<bool> {
    file_is_current(path, types, ("`cargo xtask db types`", ""), format)
}

/// Compares a text with the file that a command writes, if the file exists.
fn file_is_current(path: &Path, text: &str, (command, purpose): (&str, &str), format: Format) -> Result<bool> {
    let shown = path.display();
    let Some(changed) = changed_since_written(path, text)? else {
        message(&format!("no {shown}; {command} creates it{purpose}"));
        return Ok(true);
    };
    if !changed.is_empty() {
        problem(format, &format!("{shown} does not match the revisions; {command} updates it"), &changed);
    }
    Ok(changed.is_empty())
}

/// The lines that differ between a file and the text; `None` if there is no file.
fn changed_since_written(path: &Path, text: &str) -> Result<Option<Vec<String>>> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let committed =
        regular_file::read_to_string(path).with_context(|| path.display().to_string())?.replace("\r\n", "\n");
    let lines = |text| str::lines(text).collect::<Vec<_>>();
    let mut changed = changed_lines(&lines(&committed), &lines(text));
    if changed.is_empty() && committed != text {
        changed.push("the end of the last line differs".to_owned());
    }
    Ok(Some(changed))
}

/// The beginning of the checked part of the history.
pub(crate) struct Beginning {
    /// The adopted revisions, in an order in which they can be applied; empty if it begins at the base.
    pub(crate) adopted: Vec<Node>,
    /// The state at that point.
    pub(crate) state: State,
}

impl Beginning {
    fn name(&self) -> &'static str {
        if self.adopted.is_empty() { "base" } else { "the adopted revisions" }
    }
}

/// Downgrades to the beginning, which must leave nothing behind. `revert` are the revisions after it, the newest first.
pub(crate) fn back_to(
    beginning: &Beginning,
    revert: &[Node],
    server: &Server,
    catalog: &Catalog,
    scratch: &mut ScratchDatabase<'_>,
    format: Format,
) -> Result<bool> {
    // No single target has several heads.
    let (name, targets) = match beginning.adopted[..] {
        [] => ("`downgrade base`", vec![Target::Downgrade("base")]),
        _ => ("a downgrade to the adopted revisions", revert.iter().map(|&node| Target::Revert(node)).collect()),
    };
    for target in targets {
        if let Err(error) = scratch.attempt(target)? {
            problem(format, &format!("{name} fails"), &[error.to_string()]);
            return Ok(false);
        }
    }
    let mut found = State::read(server, catalog, scratch)?;
    found.explain(&beginning.state, catalog, scratch)?;
    let leftovers = differences(catalog, &beginning.state, &found);
    if !leftovers.is_empty() {
        problem(format, &format!("{name} leaves objects behind"), &leftovers);
    }
    Ok(leftovers.is_empty())
}

/// Upgrades from the beginning to each head first, and then to the others. So any two revisions of different branches
/// run in both orders, unless one depends on the other, and each head is reached by itself. No other database of the
/// revisions may exist.
pub(crate) fn branches_in_any_order(
    server: &mut Server,
    catalog: &Catalog,
    revisions: &Revisions,
    beginning: &Beginning,
    expected: &State,
    format: Format,
) -> Result<bool> {
    let graph = revisions.graph();
    let heads: Vec<Node> = graph.real_heads().filter(|head| !beginning.adopted.contains(head)).collect();
    if heads.len() < 2 {
        return Ok(true);
    }
    let mut passed = true;
    for first in 0..heads.len() {
        let order: Vec<&str> = (0..heads.len()).map(|step| graph.id(heads[(first + step) % heads.len()])).collect();
        catalog.restore(server)?;
        let adopted = beginning.adopted.iter().map(|&node| graph.id(node));
        let all: Vec<&str> = adopted.chain(order.iter().copied()).collect();
        let details = one_order(server, catalog, revisions, &all, expected)?;
        if !details.is_empty() {
            passed = false;
            let order = order.join(", then ");
            let name = beginning.name();
            problem(format, &format!("undeclared dependency between branches: from {name} to {order}"), &details);
        }
    }
    Ok(passed)
}

/// The problems with an order, as lines.
fn one_order(
    server: &Server,
    catalog: &Catalog,
    revisions: &Revisions,
    targets: &[&str],
    expected: &State,
) -> Result<Vec<String>> {
    let mut scratch = ScratchDatabase::create(server, revisions)?;
    for target in targets {
        if let Err(error) = scratch.attempt(Target::Upgrade(target))? {
            return Ok(vec![error.to_string()]);
        }
    }
    let mut found = State::read(server, catalog, &mut scratch)?;
    found.explain(expected, catalog, &mut scratch)?;
    Ok(differences(catalog, expected, &found))
}
