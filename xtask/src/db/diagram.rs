//! `diagram`: a drawing of a schema, with what has changed marked. The program `verify` makes the schema and draws it.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Result;
use revision::RevisionGraph;
use serde_json::json;

use super::diff::{Read, at_heads};
use super::exchange::{Drawing, Side};
use super::task::Db;
use crate::cli::{DiagramArguments, DiagramFormat};
use crate::report::{EXIT_USAGE, Failure};
use crate::workspace;

/// What to draw: what was before, what is now, and its name for readers.
struct Subject {
    from: Option<Read>,
    to: Read,
    title: String,
}

impl Db<'_> {
    pub(super) fn diagram(&mut self, arguments: &DiagramArguments) -> Result<()> {
        if arguments.write {
            return self.write_diagram(&arguments.postgres);
        }
        let Subject { from, to, title } = self.subject(arguments)?;
        let majors = [from.as_ref().and_then(|from| from.1.clone()), to.1];
        let major = majors.into_iter().flatten().next();
        let major = major.unwrap_or_else(|| self.context.config.postgres.major.to_string());
        let server = workspace::server_arguments_of(self.context, &arguments.postgres, &major)?;
        let request = Drawing {
            from: from.map(|from| from.0),
            to: to.0,
            title,
            tables: arguments.tables.clone(),
            everything: arguments.all,
            is_mermaid: format(arguments) == DiagramFormat::Mermaid,
        };
        let input = serde_json::to_string(&request)?;
        let text = self.output(&[vec!["diagram".to_owned()], server].concat(), &input, "could not draw the schema")?;
        let report = &self.context.report;
        match &arguments.file {
            Some(file) => self.write_text(file, text)?,
            None if report.is_json() => report.json(&json!({"diagram": text})),
            None => report.script(&text),
        }
        Ok(())
    }

    fn subject(&self, arguments: &DiagramArguments) -> Result<Subject> {
        let graph = self.graph_if_any()?;
        if let Some(named) = &arguments.diff {
            return subject_of_revisions(&graph, named);
        }
        let from = arguments.from.as_ref().map(|from| self.side(from, &graph)).transpose()?;
        let to = match (&arguments.to, &self.url) {
            (Some(_), Some(_)) => {
                let hint = "leave out `--to`";
                return Err(Failure::new("`--url` and `--to` both name a schema").hint(hint).code(EXIT_USAGE).into());
            }
            (None, None) => (at_heads(&graph), None),
            (Some(named), None) | (None, Some(named)) => self.side(named, &graph)?,
        };
        let mut title = format!("Schema {}", name(&to.0, &graph));
        if let Some((from, _)) = &from {
            title.push_str(&format!(", compared with that {}", name(from, &graph)));
        }
        Ok(Subject { from, to, title })
    }
}

/// What revisions change: `FROM:TO`, or what is before one or several, and what is after them.
fn subject_of_revisions(graph: &RevisionGraph, named: &str) -> Result<Subject> {
    let at = |target: &str| -> Result<Side> {
        if target == "base" || (graph.is_empty() && target == "heads") {
            return Ok(Side::Base);
        }
        graph.plan_upgrade(&[], target)?;
        Ok(Side::Revisions(vec![target.to_owned()]))
    };
    let (from, to) = match named.split_once(':') {
        Some((from, to)) => {
            (at(if from.is_empty() { "base" } else { from })?, at(if to.is_empty() { "heads" } else { to })?)
        }
        None => match at(named)? {
            Side::Revisions(targets) => (Side::Before(targets.clone()), Side::Revisions(targets)),
            base => (Side::Base, base),
        },
    };
    let title = match &from {
        Side::Before(targets) => format!("Schema {}, with what {} changes", name(&to, graph), ids(targets, graph)),
        from => format!("Schema {}, compared with that {}", name(&to, graph), name(from, graph)),
    };
    Ok(Subject { from: Some((from, None)), to: (to, None), title })
}

/// A schema in words, after the noun.
fn name(side: &Side, graph: &RevisionGraph) -> String {
    match side {
        Side::Base => "of the base".to_owned(),
        Side::Revisions(targets) => format!("at {}", ids(targets, graph)),
        Side::Before(targets) => format!("before {}", ids(targets, graph)),
        Side::Files(paths) => {
            let names = paths.iter().map(|path| path.display().to_string());
            format!("of {}", names.collect::<Vec<_>>().join(", "))
        }
        Side::Database { name, .. } => format!("of {name}"),
    }
}

/// The ids of revisions.
fn ids(targets: &[String], graph: &RevisionGraph) -> String {
    let nodes = targets.iter().flat_map(|target| graph.resolve(target).unwrap_or_default());
    let mut ids = graph.ids(nodes);
    ids.sort_unstable();
    ids.join(", ")
}

/// The format that was named, or that of the file.
fn format(arguments: &DiagramArguments) -> DiagramFormat {
    let extension = arguments.file.as_deref().and_then(Path::extension).and_then(OsStr::to_str);
    match (arguments.format, extension) {
        (Some(format), _) => format,
        (None, Some("mmd" | "mermaid" | "md")) => DiagramFormat::Mermaid,
        (None, _) => DiagramFormat::Svg,
    }
}
