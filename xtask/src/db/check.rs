//! `check`: whether the database is at the revisions and the objects of this checkout. Also lists the objects that
//! remain to be applied, for other commands.

use anyhow::Result;
use migrate::{Migrator, ObjectChange, ObjectStatus};
use revision::{LineFormat, Node, RevisionGraph};
use serde_json::json;

use super::choose::Database;
use super::task::Db;
use crate::report::{EXIT_BEHIND, Failure, counted, heads_text};

impl Db<'_> {
    /// Checks that the database is at the target and that no applied file has changed.
    pub(super) fn check(&mut self, target: &str) -> Result<Vec<String>> {
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let database = Database::choose(self)?;
        let mut migrator = Migrator::new(&revisions, database.connect(self)?).with_objects(&objects);
        let state = migrator.check()?;
        let graph = revisions.graph();
        let ids = self.check_rows(graph, state.heads(graph).map_err(Into::into), target)?;
        // Below the heads, such as between an expand and a contract, some may not load yet.
        let is_at_heads = graph.real_heads().all(|head| ids.iter().any(|id| id == graph.id(head)));
        let pending = migrator.objects(&state)?.pending;
        if is_at_heads && !pending.is_empty() {
            let named: Vec<String> = named(&pending).into_iter().map(shown).collect();
            let (remains, hint) = match pending.len() {
                1 => ("1 object remains".to_owned(), "`cargo xtask db upgrade` applies it"),
                count => (format!("{count} objects remain"), "`cargo xtask db upgrade` applies them"),
            };
            let message = format!("{remains} to be applied: {}", named.join(", "));
            return Err(Failure::new(message).hint(hint).code(EXIT_BEHIND).into());
        }
        self.context.report.message(format!("up to date: {}", heads_text(&ids)));
        Ok(ids)
    }

    /// Shows which files of `objects` remain to be applied, and the objects of deleted files.
    pub(super) fn show_objects(&self, status: &ObjectStatus) {
        let report = &self.context.report;
        for (name, change) in named(&status.pending) {
            match report.is_json() {
                true => report.json(&json!({"object": name, "pending": change_text(change)})),
                false => report.data(format!("object {}: remains to be applied", shown((name, change)))),
            }
        }
        for file in &status.removed {
            match report.is_json() {
                true => report.json(&json!({"object": file.name, "removed": true, "left": file.objects})),
                false => report.data(format!("object {} (no file): remaining: {}", file.name, file.objects.join(", "))),
            }
        }
    }

    /// Like [`Self::check`], for heads that another build has read from the database.
    pub(super) fn check_heads(&self, heads: &str, target: &str) -> Result<Vec<String>> {
        let graph = self.read_graph()?;
        let names: Vec<String> = heads.split(',').map(|name| name.trim().to_owned()).collect();
        let ids = self.check_rows(&graph, self.given_heads(&graph, &names), target)?;
        self.context.report.message(format!("up to date: {}", heads_text(&ids)));
        Ok(ids)
    }

    fn check_rows(&self, graph: &RevisionGraph, rows: Result<Vec<Node>>, target: &str) -> Result<Vec<String>> {
        let behind = |message: String, hint: &str| Err(Failure::new(message).hint(hint).code(EXIT_BEHIND).into());
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => {
                return behind(error.to_string(), "another checkout, perhaps a newer one, has migrated it");
            }
        };
        let plan = graph.plan_upgrade(&rows, target)?;
        if plan.steps.is_empty() {
            let mut ids: Vec<&str> = rows.iter().map(|&row| graph.id(row)).collect();
            ids.sort_unstable();
            return Ok(ids.into_iter().map(str::to_owned).collect());
        }
        for node in plan.steps.iter().filter_map(|step| step.revision) {
            self.show_revision(graph, node, false, LineFormat::HISTORY, false);
        }
        let count = plan.steps.len();
        let them = if count == 1 { "it" } else { "them" };
        let message = format!("the database is behind by {}", counted(count, "revision"));
        let target = if target == "heads" { String::new() } else { format!(" {target}") };
        behind(message, &format!("`cargo xtask db upgrade{target}` applies {them}"))
    }
}

pub(super) fn named(pending: &[(String, ObjectChange)]) -> Vec<(&str, ObjectChange)> {
    pending.iter().map(|(name, change)| (name.as_str(), *change)).collect()
}

fn shown((name, change): (&str, ObjectChange)) -> String {
    format!("{name} ({})", change_text(change))
}

/// Why a file of `objects` must be applied.
pub(super) fn change_text(change: ObjectChange) -> &'static str {
    match change {
        ObjectChange::New => "new",
        ObjectChange::Edited => "edited",
        ObjectChange::Incomplete => "dropped",
        ObjectChange::Dependent => "depends on another",
        _ => "changed",
    }
}
