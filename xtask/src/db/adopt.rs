//! `adopt`: takes over a database that another tool has migrated. Reads that tool's table, compares the schema with what the
//! revisions create, and records what is applied. The other tool's tables and files are not changed.

mod compare;
mod old_tool;

use std::collections::BTreeMap;

use anyhow::Result;
use migrate::{Adoption, LockedAdoption, Rendering};
use revision::{Follow, RevisionGraph, Revisions};
use serde_json::json;

use super::choose::Database;
use super::task::Db;
use crate::cli::{AdoptArguments, RunArguments};
use crate::report::{EXIT_BEHIND, Failure, counted, heads_text};
use compare::Comparison;
use old_tool::Found;

/// The source that determines which revisions are applied.
struct Source {
    /// In words.
    text: String,
    /// The number of revisions that are not applied.
    pending: usize,
    /// The files of `objects` that count as applied.
    objects: Vec<String>,
    /// The number of files of `objects`.
    files: usize,
}

impl Db<'_> {
    /// `adopt`: records what another tool has applied, or a baseline.
    pub(super) fn adopt(&mut self, arguments: &AdoptArguments) -> Result<()> {
        if arguments.accept_differences.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            let hint = "give a reason; it is stored in the log";
            return Err(Failure::new("`--accept-differences` is empty").hint(hint).code(2).into());
        }
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let database = Database::choose(self)?;
        let run = RunArguments { lock_wait: arguments.lock_wait, ..RunArguments::default() };
        let mut locked = self.lock(&revisions, &database, &run)?;
        let graph = revisions.graph();
        let found = Found::in_database(locked.session(), arguments.table.as_deref())?;
        let (source, adoption, except) = match &arguments.baseline {
            Some(baseline) => {
                let adoption = baseline_adoption(graph, baseline, &found, arguments.ignore_tables)?;
                (format!("baseline `{baseline}`"), adoption, found.own())
            }
            None => {
                let table = found.only(locked.session())?;
                (table.to_string(), table.read(locked.session(), graph, &objects)?, table.own())
            }
        };
        let mut adoption = locked.plan_adoption(adoption)?;
        let heads = graph.ids(adoption.plan().heads);
        let applied = graph.ancestors(adoption.plan().heads, Follow::Dependencies).iter().count();
        let pending = graph.len() - applied;
        self.context.report.message(format!(
            "{source}: {} applied, up to {}; {pending} pending",
            counted(applied, "revision"),
            heads_text(&heads)
        ));
        let created = self.compare(&mut adoption, &heads, &except, arguments)?;
        let names: Vec<String> = created.keys().cloned().collect();
        adoption.add_objects(&objects, created);
        let source = Source { text: source, pending, objects: names, files: objects.files().len() };
        self.record(&revisions, adoption, &source, arguments)
    }

    /// Refuses a database whose schema does not match the revisions, unless the differences are accepted. Returns the files
    /// of `objects` that count as applied, with what they create.
    fn compare(
        &self,
        adoption: &mut LockedAdoption<'_, '_>,
        heads: &[String],
        except: &[String],
        arguments: &AdoptArguments,
    ) -> Result<BTreeMap<String, Vec<String>>> {
        let report = &self.context.report;
        if arguments.no_compare {
            adoption.add_reason("the schema was not compared");
            report.message("the schema was not compared (`--no-compare`)");
            return Ok(BTreeMap::new());
        }
        let Comparison { objects, own_major, database_major, created } =
            self.compare_schema(adoption.session(), heads, except, &arguments.postgres)?;
        if objects.is_empty() {
            report.message(match created.is_empty() {
                true => "the schema matches the revisions",
                false => "the schema matches the revisions and the files of `objects`",
            });
            return Ok(created);
        }
        for lines in &objects {
            match (report.is_json(), arguments.sql) {
                (true, _) => report.json(&json!({"event": "difference", "lines": lines})),
                (false, true) => report.message(lines.join("\n")),
                (false, false) => report.data_lines(lines.join("\n")),
            }
        }
        let count = match objects.len() {
            1 => "1 object differs".to_owned(),
            count => format!("{count} objects differ"),
        };
        if own_major != database_major {
            report.warn(format!(
                "the revisions ran on PostgreSQL {own_major}, but the database runs {database_major}, which may write the same schema differently"
            ));
        }
        let Some(reason) = &arguments.accept_differences else {
            return Err(Failure::new(format!(
                "the schema does not match the revisions: {count} (`-` as the revisions create it, `+` as it is); nothing was recorded"
            ))
            .hint("change the database or the files until they match, or record the database as it is: `cargo xtask db adopt --accept-differences REASON`")
            .code(EXIT_BEHIND)
            .into());
        };
        adoption.add_reason(&format!("{count}: {reason}"));
        report.message(format!("{count}, accepted: {reason}"));
        Ok(BTreeMap::new())
    }

    /// Records the adoption, prints it as a script or shows it.
    fn record(
        &self,
        revisions: &Revisions,
        adoption: LockedAdoption<'_, '_>,
        source: &Source,
        arguments: &AdoptArguments,
    ) -> Result<()> {
        let (graph, report) = (revisions.graph(), &self.context.report);
        let plan = adoption.plan();
        let nodes = adoption.revisions().to_vec();
        let provenance = self.context.provenance();
        if arguments.sql {
            let rendering = Rendering::new(revisions, &plan, &self.options, &provenance);
            return self.write_parts(|out| rendering.write_adoption(&adoption, out));
        }
        let heads = graph.ids(plan.heads.iter().copied());
        if report.is_json() {
            let ids = graph.ids(nodes.iter().copied());
            let event = if arguments.dry_run { "planned" } else { "adopted" };
            if !arguments.dry_run {
                adoption.run(&provenance)?;
            }
            let mut value = json!({
                "event": event, "source": source.text, "revisions": ids, "heads": heads, "pending": source.pending
            });
            if !source.objects.is_empty() {
                value["objects"] = source.objects.clone().into();
            }
            report.json(&value);
            return Ok(());
        }
        let count = match source.objects.len() {
            0 => counted(nodes.len(), "revision"),
            objects => format!("{} and {}", counted(nodes.len(), "revision"), counted(objects, "object")),
        };
        if arguments.dry_run {
            for &node in &nodes {
                report.data(format!("adopt {}, {}", graph.id(node), graph.revision(node).header().message));
            }
            for name in &source.objects {
                report.data(format!("adopt object {name}"));
            }
            report.message(format!("would record {count}: the database is at {}", heads_text(&heads)));
            return Ok(());
        }
        adoption.run(&provenance)?;
        report.message(format!("recorded {count} as applied: the database is at {}", heads_text(&heads)));
        if source.objects.len() < source.files {
            report.message("`cargo xtask db upgrade` applies the files of `objects`");
        }
        // A tool that shares the version table can still be used.
        let stop = if plan.from.is_empty() { ", and stop running the other tool" } else { "" };
        report.message(format!("next: set `until = {}` in `[adopted]` of xtask.toml{stop}", toml(&heads)));
        Ok(())
    }
}

/// The revisions that `--baseline` counts as applied.
fn baseline_adoption(graph: &RevisionGraph, baseline: &str, found: &Found, ignores_tables: bool) -> Result<Adoption> {
    let heads = graph.resolve(baseline)?;
    if heads.is_empty() {
        return Err(Failure::new(format!("`{baseline}` is not a revision")).code(2).into());
    }
    if let (Some(tables), false) = (found.describe(), ignores_tables) {
        return Err(Failure::new(format!("`--baseline` was given, but the database has {tables}"))
            .hint("remove `--baseline` to read what is applied from the table, or add `--ignore-tables`")
            .code(2)
            .into());
    }
    Ok(Adoption { heads, reason: "adopted as a baseline".to_owned(), ..Adoption::default() })
}

/// Revision ids as a value in TOML.
fn toml(ids: &[String]) -> String {
    match ids {
        [id] => format!("\"{id}\""),
        ids => format!("{ids:?}"),
    }
}
