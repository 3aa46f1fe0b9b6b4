//! The commands that only show: `current`, `history`, `heads`, `branches`, `show`, `plan`.

use std::io::Read;

use anyhow::{Context as _, Result};
use migrate::{LoggedRevision, ObjectChange, ObjectStatus, State};
use revision::{
    LineFormat, LintAllowance, Node, Operation, Plan, Replaced, RevisionGraph, Script, Section, TransactionMode,
    psql_text,
};
use schema::{Schema, VisibleTables};
use serde_json::{Value, json};

use super::check::{change_text, named};
use super::choose::Database;
use super::run::work_text;
use super::task::{Db, make_plan};
use crate::report::{Failure, heads_text};

impl Db<'_> {
    /// `dump --url`: prints the schema of that database, for comparison with `schema.sql`.
    pub(super) fn show_schema(&mut self) -> Result<()> {
        let database = Database::choose(self)?;
        let mut session = database.connect(self)?;
        let heads = session.state()?.rows;
        let tables = session.tables().clone();
        let (schema, name) = (Schema::read(session.connection(), &tables.names())?, database.settings.describe());
        let comment = format!(
            "The schema of {name}, dumped from PostgreSQL {}.\nHeads: {}",
            schema.server_major(),
            heads.join(", ")
        );
        self.context.report.script(schema.to_sql(&comment).trim_end());
        Ok(())
    }

    /// `types --url`: prints the types of the tables of that database, for comparison with the file.
    pub(super) fn show_types(&mut self, role: Option<String>) -> Result<()> {
        let role = self.types_role(role)?;
        let database = Database::choose(self)?;
        let mut session = database.connect(self)?;
        let tables = session.tables().clone();
        let visible = VisibleTables::read(session.connection(), &role, &tables.names())?;
        let comment =
            format!("The tables and views of {} that the role `{role}` can see.", database.settings.describe());
        self.context.report.script(visible.to_typescript(&comment).trim_end());
        Ok(())
    }

    pub(super) fn current(&mut self, verbose: bool, check_heads: bool) -> Result<()> {
        let graph = self.read_graph()?;
        let database = Database::choose(self)?;
        let mut session = database.connect(self)?;
        let state = session.state()?;
        let report = &self.context.report;
        let known: Vec<Node> = state.rows.iter().filter_map(|row| graph.find(row)).collect();
        let unknown: Vec<&String> = state.rows.iter().filter(|row| graph.find(row).is_none()).collect();
        let mut current = graph.all_current(&known);
        current.sort_by_key(|&node| graph.id(node));
        if verbose && !report.is_json() {
            report.data(format!("Current revision(s) for {}:", database.settings.describe()));
        }
        for &node in &current {
            self.show_revision(&graph, node, verbose, LineFormat::CURRENT, false);
        }
        for row in &unknown {
            let squash = graph.squash_of(row).map(|squash| graph.id(squash));
            self.show_unknown(row, squash, session.logged(&state, row)?.as_ref(), verbose);
        }
        self.show_partially_applied(&graph, &state, verbose);
        if verbose {
            self.show_objects(&session.object_status(&state, &self.read_objects()?)?);
        }
        if check_heads {
            let mut heads: Vec<&str> = graph.real_heads().map(|node| graph.id(node)).collect();
            heads.sort_unstable();
            if heads != state.rows {
                let message = format!("the database is not at every head: {}", heads.join(", "));
                return Err(Failure::new(message)
                    .hint("`cargo xtask db upgrade` applies the missing revisions")
                    .into());
            }
        }
        Ok(())
    }

    /// `current --heads`: prints the version rows for another build.
    pub(super) fn current_heads(&mut self) -> Result<()> {
        let state = Database::choose(self)?.connect(self)?.state()?;
        let rows = if state.rows.is_empty() { "base".to_owned() } else { state.rows.join(",") };
        self.context.report.data(rows);
        Ok(())
    }

    /// Shows a version row whose file is not in this checkout, with what the log has about it.
    fn show_unknown(&self, row: &str, squash: Option<&str>, logged: Option<&LoggedRevision>, verbose: bool) {
        let report = &self.context.report;
        if report.is_json() {
            let message = logged.map(|logged| &logged.message);
            let mut value = json!({"revision": row, "known": false, "message": message});
            if let Some(squash) = squash {
                value["squashed_into"] = squash.into();
            }
            report.json(&value);
            return;
        }
        report.data(match squash {
            Some(squash) => format!("{row} (squashed into {squash} in this checkout)"),
            None => format!("{row} (unknown to this checkout)"),
        });
        if let (true, Some(logged)) = (verbose, logged) {
            let commit = logged.commit.as_deref().unwrap_or("unknown");
            report.data(format!("    {}", logged.message));
            let (operation, at, by) = (logged.operation.name(), &logged.finished_at, &logged.applied_by);
            report.data(format!("    {operation} at {at} by {by}, commit {commit}"));
        }
    }

    /// Shows the partially applied revisions.
    fn show_partially_applied(&self, graph: &RevisionGraph, state: &State, verbose: bool) {
        let report = &self.context.report;
        for partial in state.partially_applied() {
            let (revision, direction, done) = (partial.revision, partial.direction, partial.done);
            if report.is_json() {
                report.json(&json!({"revision": revision, "partially_applied": direction.name(), "done": done}));
                continue;
            }
            report.data(format!("{revision} ({direction} partially applied, statements run: {done})"));
            if let (true, Some(row), Some(node)) = (verbose, partial.stopped_at, graph.find(revision)) {
                let path = graph.revision(node).path().display();
                report.data(format!(
                    "    stopped at statement {}, {path}:{}; `cargo xtask db resume` resumes there",
                    row.statement, row.line
                ));
            }
        }
    }

    pub(super) fn history(
        &mut self,
        range: Option<&str>,
        verbose: bool,
        indicate_current: bool,
        draw: bool,
    ) -> Result<()> {
        let graph = RevisionGraph::read(&self.source())?;
        let (lower, upper) = self.range(&graph, range)?;
        let mut current = graph.empty_set();
        if indicate_current {
            current.extend(graph.all_current(&self.database_heads(&graph)?));
        }
        let nodes = graph.walk_revisions(&lower, &upper)?;
        if draw && !self.context.report.is_json() {
            let label = |node: Node| match verbose {
                true => graph.entry(node, current.contains(node)),
                false => {
                    let format = LineFormat { parents: false, tree: false, ..LineFormat::HISTORY };
                    graph.line(node, format, current.contains(node))
                }
            };
            graph.draw(&nodes, &label).iter().for_each(|line| self.context.report.data(line));
            return Ok(());
        }
        for node in nodes {
            self.show_revision(&graph, node, verbose, LineFormat::HISTORY, current.contains(node));
        }
        Ok(())
    }

    /// The ends of a range: `from:to`, of which either can be empty or `current`.
    pub(super) fn range(&mut self, graph: &RevisionGraph, range: Option<&str>) -> Result<(String, String)> {
        let Some((lower, upper)) = range.map_or(Some(("", "")), |range| range.trim().split_once(':')) else {
            return Err(Failure::new("a range is `from:to`, `from:` or `:to`").code(2).into());
        };
        let current = match lower == "current" || upper == "current" {
            false => String::new(),
            true => match &self.database_heads(graph)?[..] {
                [] => "base".to_owned(),
                [only] => graph.id(*only).to_owned(),
                several => {
                    let message = format!("`current` is ambiguous: {}", graph.ids(several.iter().copied()).join(", "));
                    return Err(Failure::new(message).hint("name one of them").into());
                }
            },
        };
        let end = |end: &str, default: &str| match end {
            "" => default.to_owned(),
            "current" => current.clone(),
            end => end.to_owned(),
        };
        Ok((end(lower, "base"), end(upper, "heads")))
    }

    /// The version rows of the database.
    fn database_heads(&mut self, graph: &RevisionGraph) -> Result<Vec<Node>> {
        let database = Database::choose(self)?;
        let mut session = database.connect(self)?;
        let state = session.state()?;
        Ok(session.heads(&state, graph)?)
    }

    pub(super) fn heads(&mut self, verbose: bool, resolve_dependencies: bool) -> Result<()> {
        let graph = RevisionGraph::read(&self.source())?;
        let mut heads: Vec<Node> =
            if resolve_dependencies { graph.real_heads().collect() } else { graph.heads().collect() };
        heads.sort_by_key(|&node| graph.id(node));
        for node in heads {
            self.show_revision(&graph, node, verbose, LineFormat::HEADS, false);
        }
        Ok(())
    }

    pub(super) fn branches(&mut self, verbose: bool) -> Result<()> {
        let graph = RevisionGraph::read(&self.source())?;
        let report = &self.context.report;
        for node in graph.walk_revisions("base", "heads")?.into_iter().filter(|&node| graph.is_branch_point(node)) {
            self.show_revision(&graph, node, verbose, LineFormat::BRANCHES, false);
            if report.is_json() {
                continue;
            }
            let format = LineFormat { message: verbose, ..LineFormat::BRANCHES };
            for &next in graph.next(node) {
                report.data(format!("{} -> {}", " ".repeat(graph.id(node).len()), graph.line(next, format, false)));
            }
            report.data("");
        }
        Ok(())
    }

    pub(super) fn show_revision(
        &self,
        graph: &RevisionGraph,
        node: Node,
        verbose: bool,
        format: LineFormat,
        is_current: bool,
    ) {
        let report = &self.context.report;
        match (report.is_json(), verbose) {
            (true, _) => {
                let mut value = header_json(graph, node);
                if is_current {
                    value["current"] = Value::Bool(true);
                }
                report.json(&value);
            }
            (false, true) => report.data_lines(graph.entry(node, is_current)),
            (false, false) => report.data(graph.line(node, format, is_current)),
        }
    }

    pub(super) fn show(&mut self, revision: &str) -> Result<()> {
        let graph = self.read_graph()?;
        let report = &self.context.report;
        for node in graph.resolve(revision)? {
            if !report.is_json() {
                report.data_lines(graph.entry(node, false));
                continue;
            }
            let script = Script::read(graph.revision(node).file())?;
            let mut value = header_json(&graph, node);
            value["upgrade"] = section_json(&script, Some(script.upgrade()))?;
            value["downgrade"] = section_json(&script, script.downgrade())?;
            value["checksum"] = script.checksum().to_string().into();
            report.json(&value);
        }
        Ok(())
    }

    pub(super) fn plan(&mut self, operation: Operation, targets: &[String], from: Option<&[String]>) -> Result<()> {
        let graph = self.read_graph()?;
        let objects = self.read_objects()?;
        let (heads, status) = match from {
            Some(from) => (self.given_heads(&graph, from)?, ObjectStatus::default()),
            None => {
                let database = Database::choose(self)?;
                let mut session = database.connect(self)?;
                let state = session.state()?;
                (session.heads(&state, &graph)?, session.object_status(&state, &objects)?)
            }
        };
        let plan = make_plan(&graph, operation, &heads, targets)?;
        refuse_unanswered(&graph, &plan)?;
        // The objects that other runs apply depend on what they drop.
        let pending = if operation == Operation::Upgrade { &status.pending[..] } else { &[] };
        self.show_plan(&graph, &plan, &named(pending))
    }

    pub(super) fn show_plan(&self, graph: &RevisionGraph, plan: &Plan, objects: &[(&str, ObjectChange)]) -> Result<()> {
        let report = &self.context.report;
        let ids = |nodes: &[Node]| nodes.iter().map(|&node| graph.id(node)).collect::<Vec<_>>();
        let revisions: Vec<Node> = plan.steps.iter().filter_map(|step| step.revision).collect();
        if report.is_json() {
            let step = |&node: &Node| {
                let revision = graph.revision(node);
                json!({
                    "revision": revision.id(),
                    "direction": plan.operation.name(),
                    "title": revision.header().message,
                    "path": revision.path().display().to_string(),
                    "transaction": revision.header().transaction == TransactionMode::On,
                })
            };
            let steps: Vec<Value> = revisions.iter().map(step).collect();
            let mut value = json!({
                "op": plan.operation.name(), "from": ids(&plan.from), "steps": steps, "heads": ids(&plan.heads),
            });
            if !objects.is_empty() {
                let object =
                    |&(name, change): &(&str, ObjectChange)| json!({"name": name, "change": change_text(change)});
                value["objects"] = objects.iter().map(object).collect();
            }
            report.json(&value);
            return Ok(());
        }
        let at = |nodes: &[Node]| heads_text(&ids(nodes));
        for &node in &revisions {
            let off = match graph.revision(node).header().transaction {
                TransactionMode::On => "",
                TransactionMode::Off => " (no transaction)",
            };
            let message = &graph.revision(node).header().message;
            report.data(format!("{} {}, {message}{off}", plan.operation.name(), graph.id(node)));
        }
        for (name, change) in objects {
            report.data(format!("apply {name} ({})", change_text(*change)));
        }
        report.message(match (work_text(revisions.len(), objects.len()), plan.operation) {
            (_, Operation::Stamp) => format!("version rows: from {} to {}", at(&plan.from), at(&plan.heads)),
            (None, _) => format!("nothing to do: at {}", at(&plan.heads)),
            (Some(count), _) if revisions.is_empty() => format!("{count}, at {}", at(&plan.heads)),
            (Some(count), _) => format!("{count}, from {} to {}", at(&plan.from), at(&plan.heads)),
        });
        Ok(())
    }
}

/// Fails if a planned revision must not run yet.
fn refuse_unanswered(graph: &RevisionGraph, plan: &Plan) -> Result<()> {
    if plan.operation != Operation::Stamp {
        for node in plan.steps.iter().filter_map(|step| step.revision) {
            Script::read(graph.revision(node).file())?.unanswered().next().map_or(Ok(()), Err)?;
        }
    }
    Ok(())
}

/// The fields of a header, and the position in the graph.
fn header_json(graph: &RevisionGraph, node: Node) -> Value {
    let revision = graph.revision(node);
    let header = revision.header();
    let allowance = |lint: &LintAllowance| json!({"rule": lint.rule, "reason": lint.reason});
    let mut value = json!({
        "revision": header.revision,
        "message": header.message,
        "description": header.description,
        "revises": header.revises,
        "depends_on": header.depends_on,
        "branch_labels": graph.branch_labels(node),
        "own_labels": header.branch_labels,
        "create_date": header.create_date,
        "transaction": header.transaction == TransactionMode::On,
        "lint": header.lint.iter().map(allowance).collect::<Vec<_>>(),
        "path": revision.path().display().to_string(),
        "head": graph.next(node).is_empty(),
        "branch_point": graph.is_branch_point(node),
        "merge_point": graph.is_merge_point(node),
    });
    if !header.replaces.is_empty() {
        let replaced =
            |replaced: &Replaced| json!({"revision": replaced.revision, "checksum": replaced.checksum.to_string()});
        value["replaces"] = header.replaces.iter().map(replaced).collect();
    }
    value
}

/// The statements of a section; `null` without a section.
fn section_json(script: &Script, section: Option<&Section>) -> Result<Value> {
    let Some(section) = section else { return Ok(Value::Null) };
    let mut parts = Vec::new();
    for statement in script.statements(section) {
        let statement = statement?;
        parts.push(json!({"text": psql_text(&script.text(&statement)?), "line": statement.place.line}));
        if let Some(copy) = &statement.copy {
            let mut data = String::new();
            let read = script.copy_data(copy)?.read_to_string(&mut data);
            read.with_context(|| format!("`{}`", script.path().display()))?;
            parts.push(json!({"copy": data, "line": copy.line}));
        }
    }
    Ok(Value::Array(parts))
}
