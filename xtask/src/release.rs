//! `release.json`: the information about the release that the page shows. `frontend/src/release.ts` reads it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use revision::RevisionGraph;
use serde_json::{Value, json};

use crate::context::Context;
use crate::{clock, revisions};

/// Its name, in the built page.
pub(crate) const FILE: &str = "release.json";

/// The name of the drawing of the schema, next to the revisions and in the built page.
pub(crate) const DIAGRAM: &str = "schema.svg";

/// Writes the file to the folder that the front end's build copies, and returns its path.
pub(crate) fn write(context: &Context, environment: &str) -> Result<PathBuf> {
    let graph = revisions::read(context)?;
    let path = context.root.join(context.config.frontend.directory()).join("public").join(FILE);
    fs::create_dir_all(path.parent().context("the path has a parent")?)?;
    let text = serde_json::to_string_pretty(&release(context, &graph, environment)?)? + "\n";
    regular_file::write(&path, &text).with_context(|| format!("`{}`", path.display()))?;
    Ok(path)
}

fn release(context: &Context, graph: &RevisionGraph, environment: &str) -> Result<Value> {
    let plan = graph.plan_upgrade(&[], "heads")?;
    // Newest first: children precede their parents.
    let revisions = plan.steps.iter().rev().filter_map(|step| step.revision).map(|node| {
        let header = graph.revision(node).header();
        let dependency = |name: &String| graph.find(name).or_else(|| graph.find_label(name)).map(|node| graph.id(node));
        json!({
            "revision": header.revision,
            "message": header.message,
            "revises": header.revises,
            "depends_on": header.depends_on.iter().filter_map(dependency).collect::<Vec<_>>(),
            "branch_labels": header.branch_labels,
            "create_date": header.create_date,
        })
    });
    let revisions: Vec<Value> = revisions.collect();
    let mut heads: Vec<&str> = plan.heads.iter().map(|&node| graph.id(node)).collect();
    heads.sort_unstable();
    Ok(json!({
        "commit": context.provenance().commit,
        "built_at": clock::timestamp(clock::now()),
        "environment": environment,
        "heads": heads,
        "revisions": revisions,
    }))
}
