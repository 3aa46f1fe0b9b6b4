//! `db trace`: runs the revisions on a private PostgreSQL and reports what each statement locks and for how long, what
//! it rewrites and scans, and how long it takes.

mod failure;
mod fitting;
mod gate;
mod hazard;
mod lock;
mod rehearsal;
mod sample_data;
mod snapshot;
mod statement;
mod tracer;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use revision::{Directory, Revisions, Script};
use serde_json::{Value, json};

use crate::finding::{data, json_line, message};
use crate::fixture::Fixture;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};
use lock::Lock;
use rehearsal::Rehearsal;
use statement::{Statement, milliseconds};

/// The options of `db trace`.
pub(crate) struct TraceOptions<'a> {
    /// The revision to report; `None` for all.
    pub(crate) revision: Option<&'a str>,
    /// The number of rows to fill each table with first.
    pub(crate) rows: u64,
    /// Print JSON lines instead of text.
    pub(crate) json: bool,
}

/// Traces the revisions and prints the results.
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
    let selected = options.revision.map(|name| graph.resolve(name)).transpose()?;
    let server = Server::start(choice, target, major)?;
    message(&format!("using {}", server.description));
    let mut rehearsal = Rehearsal::new(ScratchDatabase::create(&server, &revisions)?, &revisions);
    let plan = graph.plan_upgrade(&[], options.revision.unwrap_or("heads"))?;
    for node in plan.steps.iter().filter_map(|step| step.revision) {
        let is_selected = selected.as_ref().is_none_or(|selected| selected.contains(&node));
        let traced = match options.rows {
            rows if rows > 0 && is_selected => rehearsal.trace_with_rows(node, rows),
            _ => rehearsal.trace(node),
        };
        let statements = traced.with_context(|| format!("`{}`", graph.id(node)))?;
        let trace = Trace { script: revisions.script(node), statements };
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            rehearsal.load(fixture)?;
        }
        match is_selected {
            true if options.json => trace.json().iter().for_each(json_line),
            true => data(&trace.text()),
            false => {}
        }
    }
    Ok(true)
}

/// The trace of one revision.
struct Trace<'a> {
    script: &'a Script,
    statements: Vec<Statement>,
}

impl Trace<'_> {
    /// How long a statement's locks are held: until the end of the transaction, or of the statement without one.
    fn held(&self, index: usize) -> Duration {
        let end = if self.script.is_transactional() { self.statements.len() } else { index + 1 };
        self.statements[index..end].iter().map(|statement| statement.elapsed).sum()
    }

    fn held_until(&self) -> &'static str {
        if self.script.is_transactional() { "commit" } else { "end of statement" }
    }

    fn text(&self) -> String {
        let header = self.script.header();
        let mut text = format!("{} {}\n{}\n", header.revision, header.message, self.script.path().display());
        for (index, statement) in self.statements.iter().enumerate() {
            let line = format!("{:>5}", statement.line);
            text.push_str(&format!("{line}  {}  {}\n", statement.text, milliseconds(statement.elapsed)));
            for lock in &statement.locks {
                let blocks = lock.mode.blocks().map_or(String::new(), |blocked| format!(": blocks {blocked}"));
                text.push_str(&format!(
                    "       {:24} {:24} until {}, {}{blocks}\n",
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
                text.push_str(&format!("       full scan                {relation:24} {rows} rows\n"));
            }
            for hazard in &statement.hazards {
                text.push_str(&format!("       warning[{}]: {}\n", hazard.rule, hazard.message));
            }
            for note in &statement.notes {
                text.push_str(&format!("       note: {note}\n"));
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
                "notes": statement.notes,
                "hazards": statement.hazards.iter().map(|hazard| json!({"rule": hazard.rule, "message": hazard.message})).collect::<Vec<_>>(),
            })
        };
        self.statements.iter().enumerate().map(statement).collect()
    }
}
