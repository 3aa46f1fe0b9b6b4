//! `db trace`: what each statement locks, until when, what it rewrites and reads from end to end, and how long it takes,
//! seen by running the revisions on a PostgreSQL of its own.

mod hazard;
mod inside;
mod lock;
mod observe;
mod outside;
mod sample_data;
mod snapshot;
mod statement;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use migrate::script::Script;
use migrate::{Node, RevisionGraph};
use serde_json::{Value, json};

use crate::finding::{data, talk};
use crate::fixture::Fixture;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};
use lock::Lock;
use statement::{Statement, milliseconds};

/// What is to be traced, and how.
pub(crate) struct TraceOptions<'a> {
    /// A revision; all if there is none.
    pub(crate) revision: Option<&'a str>,
    /// How many rows each table is filled up to first.
    pub(crate) rows: u64,
    /// JSON lines instead of a table.
    pub(crate) json: bool,
}

/// Traces and prints.
pub(crate) fn run(
    directory: &Path,
    options: &TraceOptions<'_>,
    choice: &Choice,
    target: &Path,
    major: u32,
) -> Result<bool> {
    let (graph, _) = RevisionGraph::load_checked(directory)?;
    let fixtures = Fixture::all(directory, &graph)?;
    let wanted = options.revision.map(|name| graph.resolve(name)).transpose()?;
    let server = Server::start(choice, target, major)?;
    talk(&format!("on {}", server.description));
    let scratch = ScratchDatabase::create(&server, &graph)?;
    let plan = graph.plan_upgrade(&[], options.revision.unwrap_or("heads"))?;
    for node in plan.steps.iter().filter_map(|step| step.revision) {
        let is_wanted = wanted.as_ref().is_none_or(|wanted| wanted.contains(&node));
        if options.rows > 0 && is_wanted {
            sample_data::fill(&mut scratch.client()?, options.rows)?;
        }
        let trace = Trace::of(&scratch, &graph, node).with_context(|| format!("`{}`", graph.id(node)))?;
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            fixture.load(&mut scratch.client()?)?;
        }
        match is_wanted {
            true if options.json => trace.json().iter().for_each(|line| data(&line.to_string())),
            true => data(&trace.text()),
            false => {}
        }
    }
    Ok(true)
}

/// What one revision did.
struct Trace {
    script: Script,
    statements: Vec<Statement>,
}

impl Trace {
    /// Runs a revision, as the engine does, and watches.
    fn of(scratch: &ScratchDatabase<'_>, graph: &RevisionGraph, node: Node) -> Result<Self> {
        let script = Script::read(&graph.revision(node).path)?;
        let mut client = scratch.client()?;
        let statements = if script.is_transactional() {
            inside::run(&mut client, &script)?
        } else {
            outside::run(scratch, client, &script)?
        };
        Ok(Self { script, statements })
    }

    /// Locks are given back when the transaction ends, or the statement if there is none: how long that is after it began.
    fn held(&self, index: usize) -> Duration {
        let end = if self.script.is_transactional() { self.statements.len() } else { index + 1 };
        self.statements[index..end].iter().map(|statement| statement.elapsed).sum()
    }

    fn held_until(&self) -> &'static str {
        if self.script.is_transactional() { "commit" } else { "its end" }
    }

    fn text(&self) -> String {
        let header = &self.script.header;
        let mut text = format!("{} {}\n{}\n", header.revision, header.message, self.script.path.display());
        for (index, statement) in self.statements.iter().enumerate() {
            let line = format!("{:>5}", statement.line);
            text.push_str(&format!("{line}  {}  {}\n", statement.text, milliseconds(statement.elapsed)));
            for lock in &statement.locks {
                let who = lock.mode.blocks().map_or(String::new(), |who| format!(": {who}"));
                text.push_str(&format!(
                    "       {:24} {:24} until {}, {}{who}\n",
                    lock.mode.name(),
                    lock.relation,
                    self.held_until(),
                    milliseconds(self.held(index)),
                ));
            }
            for relation in &statement.rewritten {
                text.push_str(&format!("       rewritten                {relation}\n"));
            }
            for (relation, rows) in &statement.scanned {
                text.push_str(&format!("       read from end to end     {relation:24} {rows} rows\n"));
            }
            for hazard in &statement.hazards {
                text.push_str(&format!("       warning[{}]: {}\n", hazard.rule, hazard.message));
            }
        }
        text
    }

    fn json(&self) -> Vec<Value> {
        let statement = |(index, statement): (usize, &Statement)| {
            let held = self.held(index).as_secs_f64() * 1000.0;
            let lock = |lock: &Lock| {
                json!({"relation": lock.relation, "mode": lock.mode.name(), "until": self.held_until(), "held_ms": held,
                       "blocks": lock.mode.blocks()})
            };
            json!({
                "revision": self.script.header.revision, "path": self.script.path, "line": statement.line,
                "statement": statement.text, "ms": statement.elapsed.as_secs_f64() * 1000.0,
                "locks": statement.locks.iter().map(lock).collect::<Vec<_>>(),
                "rewritten": statement.rewritten,
                "scanned": statement.scanned.iter().map(|(relation, rows)| json!({"relation": relation, "rows": rows})).collect::<Vec<_>>(),
                "hazards": statement.hazards.iter().map(|hazard| json!({"rule": hazard.rule, "message": hazard.message})).collect::<Vec<_>>(),
            })
        };
        self.statements.iter().enumerate().map(statement).collect()
    }
}
