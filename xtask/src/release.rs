//! `release.json`: the information about the release that the page shows, and `release.svg`, the drawing of its schema.
//! `frontend/src/release/release.ts` reads them.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use revision::RevisionGraph;
use serde_json::{Value, json};

use crate::context::Context;
use crate::{clock, revisions};

/// Its name, in the built page.
pub(crate) const FILE: &str = "release.json";

/// The drawing of the schema, next to the revisions: `cargo xtask db diagram --write` makes it.
pub(crate) const DIAGRAM: &str = "schema.svg";

/// Its name, in the built page.
pub(crate) const PAGE_DIAGRAM: &str = "release.svg";

/// Writes the file to the folder that the front end's build copies, and returns its path. `heads` are those that the
/// database is at; without a database, they are those that the revisions lead to.
pub(crate) fn write(context: &Context, environment: &str, heads: Option<&[String]>) -> Result<PathBuf> {
    let graph = revisions::read(context)?;
    let path = context.root.join(context.config.frontend.directory()).join("public").join(FILE);
    fs::create_dir_all(path.parent().context("the path has a parent")?)?;
    let drawing = drawing(context)?;
    let shown = path.with_file_name(PAGE_DIAGRAM);
    match &drawing {
        Some(svg) => regular_file::write(&shown, svg).with_context(|| format!("`{}`", shown.display()))?,
        None if shown.exists() => fs::remove_file(&shown).with_context(|| format!("`{}`", shown.display()))?,
        None => {}
    }
    let mut release = release(context, &graph, environment, heads)?;
    release["diagram"] = drawing.as_deref().map_or(Value::Null, described);
    let text = serde_json::to_string_pretty(&release)? + "\n";
    regular_file::write(&path, &text).with_context(|| format!("`{}`", path.display()))?;
    Ok(path)
}

/// The committed drawing: a build that publishes has no database to draw. `cargo xtask test db` compares it.
fn drawing(context: &Context) -> Result<Option<String>> {
    let versions = context.root.join(context.config.versions());
    let path = versions.with_file_name(DIAGRAM);
    match path.symlink_metadata() {
        Ok(_) => {
            let svg = regular_file::read_to_string(&path);
            svg.map(Some).with_context(|| format!("`{}`", context.shorten(&path).display()))
        }
        Err(_) => Ok(None),
    }
}

/// What a drawing says in words: its title, and a line for each table.
fn described(svg: &str) -> Value {
    let title = element(svg, "title").unwrap_or_else(|| "Diagram of the schema".to_owned());
    let tables = element(svg, "desc").unwrap_or_default();
    json!({"file": PAGE_DIAGRAM, "title": title, "tables": tables.lines().collect::<Vec<_>>()})
}

/// The text of the first element with this name.
fn element(svg: &str, name: &str) -> Option<String> {
    let (_, after) = svg.split_once(&format!("<{name}"))?;
    let (text, _) = after.split_once('>')?.1.split_once(&format!("</{name}>"))?;
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    Some(entities.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character)))
}

fn release(context: &Context, graph: &RevisionGraph, environment: &str, heads: Option<&[String]>) -> Result<Value> {
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
    let mut heads = heads.map_or_else(|| graph.ids(plan.heads.iter().copied()), <[String]>::to_vec);
    heads.sort_unstable();
    Ok(json!({
        "commit": context.provenance().commit,
        "built_at": clock::timestamp(clock::now()),
        "environment": environment,
        "heads": heads,
        "revisions": revisions,
    }))
}

#[cfg(test)]
mod tests {
    use super::element;

    #[test]
    fn the_words_of_a_drawing_are_read() {
        let svg =
            "<svg><title id=\"title\">a &amp;lt; b</title>\n<desc id=\"desc\">&quot;A&quot;: 1 column\nb</desc></svg>";
        assert_eq!(element(svg, "title").as_deref(), Some("a &lt; b"));
        assert_eq!(element(svg, "desc").as_deref(), Some("\"A\": 1 column\nb"));
        assert_eq!(element("<svg/>", "desc"), None);
    }
}
