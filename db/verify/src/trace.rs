//! `db trace`: what each statement locks, until when, what it rewrites and reads from end to end, and how long it takes,
//! seen by running the revisions on a PostgreSQL of its own.

mod gate;
mod hazard;
mod lock;
mod sample_data;
mod snapshot;
mod statement;
mod tracer;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use migrate::Target;
use revision::{Directory, Node, Revisions, Script};
use serde_json::{Value, json};

use crate::finding::{data, talk};
use crate::fixture::Fixture;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};
use gate::Gate;
use lock::Lock;
use statement::{Statement, milliseconds};
use tracer::Tracer;

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
    let revisions = Revisions::read(&Directory::new(directory))?;
    let graph = revisions.graph();
    let fixtures = Fixture::all(directory, graph)?;
    let wanted = options.revision.map(|name| graph.resolve(name)).transpose()?;
    let server = Server::start(choice, target, major)?;
    talk(&format!("on {}", server.description));
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    let plan = graph.plan_upgrade(&[], options.revision.unwrap_or("heads"))?;
    for node in plan.steps.iter().filter_map(|step| step.revision) {
        let is_wanted = wanted.as_ref().is_none_or(|wanted| wanted.contains(&node));
        if options.rows > 0 && is_wanted {
            sample_data::fill(&mut scratch.session()?, options.rows)?;
        }
        let trace = Trace::of(&mut scratch, &revisions, node).with_context(|| format!("`{}`", graph.id(node)))?;
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            fixture.load(&mut scratch.session()?)?;
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
struct Trace<'a> {
    script: &'a Script,
    statements: Vec<Statement>,
}

impl<'a> Trace<'a> {
    /// Lets the engine run a revision, and watches.
    fn of(scratch: &mut ScratchDatabase<'_>, revisions: &'a Revisions, node: Node) -> Result<Self> {
        let mut tracer = Tracer::new(Gate::new(scratch.session()?, scratch.session()?));
        scratch.run_observed(Target::Upgrade(revisions.graph().id(node)), &mut tracer)?;
        Ok(Self { script: revisions.script(node), statements: tracer.finish() })
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
        let header = self.script.header();
        let mut text = format!("{} {}\n{}\n", header.revision, header.message, self.script.path().display());
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
                "revision": self.script.header().revision, "path": self.script.path(), "line": statement.line,
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
