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
use migrate::Options;
use revision::{Directory, Node, ObjectFile, Objects, Revisions, Script};
use serde_json::{Value, json};

use crate::at_heads::Place;
use crate::finding::{data, json_line, message};
use crate::fixture::Fixture;
use crate::objects;
use crate::refusal::Refusal;
use crate::restore::Dump;
use crate::scratch::{ScratchDatabase, TemporaryDatabase};
use crate::server::{Choice, Server};
use lock::Lock;
use rehearsal::Rehearsal;
use statement::{Observed, Statement, milliseconds};

/// The options of `db trace`.
pub(crate) struct TraceOptions<'a> {
    /// The revision to report; `None` for all, and all files of `objects`.
    pub(crate) revision: Option<&'a str>,
    /// The files of `objects` to report in place of revisions.
    pub(crate) objects: &'a [String],
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
    let objects = objects::read(directory)?;
    let server = Server::start(choice, target, major)?;
    message(&format!("using {}", server.description));
    let mut rehearsal = Rehearsal::new(ScratchDatabase::create(&server, &revisions)?, &revisions);
    trace_revisions(directory, options, &revisions, &mut rehearsal)?;
    if options.revision.is_none() && !objects.is_empty() {
        trace_objects(options, &objects, &mut rehearsal)?;
    }
    Ok(true)
}

/// Traces an upgrade of a restored dump, with the rows that are in it.
pub(crate) fn rehearse_dump(
    directory: &Path,
    dump: &Path,
    target: &str,
    options: Options,
    json: bool,
    place: &Place<'_>,
) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let objects = objects::read(directory)?;
    let dump = Dump::open(dump)?;
    let server = Server::start(place.choice, place.target, place.major)?;
    message(&format!("using {}", server.description));
    let database = TemporaryDatabase::create(&server)?;
    dump.restore(&server, &database)?;
    let mut scratch = ScratchDatabase::of(database, &revisions, options);
    let nodes = scratch.pending_revisions(target)?;
    let mut rehearsal = Rehearsal::new(scratch, &revisions);
    for &node in &nodes {
        let statements = rehearsal.trace(node).with_context(|| format!("`{}`", revisions.graph().id(node)))?;
        Trace { traced: Traced::Revision(revisions.script(node)), statements }.print(json);
    }
    if !objects.is_empty() {
        rehearsal.apply_objects_at(&objects, target)?;
    }
    message(&match nodes.len() {
        0 => "nothing to rehearse: the dump has every revision".to_owned(),
        1 => "rehearsed 1 revision on the restored dump".to_owned(),
        count => format!("rehearsed {count} revisions on the restored dump"),
    });
    Ok(true)
}

/// What revisions do on generated rows.
pub(crate) struct Rehearsed {
    /// For each revision, its statements.
    pub(crate) upgrades: Vec<Vec<Observed>>,
    /// The first downgrade that fails, from the last revision on.
    pub(crate) downgrade: Option<(Node, Refusal)>,
}

/// Applies revisions to a database on generated rows, adds rows, and reverts them.
pub(crate) fn rehearse(
    database: ScratchDatabase<'_>,
    revisions: &Revisions,
    nodes: &[Node],
    rows: u64,
) -> Result<Rehearsed> {
    let mut rehearsal = Rehearsal::new(database, revisions);
    let mut upgrades = Vec::new();
    for &node in nodes {
        let statements = rehearsal.trace_with_rows(node, rows)?;
        upgrades.push(statements.iter().map(Statement::observed).collect());
    }
    let downgrade = rehearsal.revert_with_rows(nodes, rows)?;
    Ok(Rehearsed { upgrades, downgrade })
}

fn trace_revisions(
    directory: &Path,
    options: &TraceOptions<'_>,
    revisions: &Revisions,
    rehearsal: &mut Rehearsal<'_>,
) -> Result<()> {
    let graph = revisions.graph();
    let fixtures = Fixture::all(directory, graph)?;
    let selected = options.revision.map(|name| graph.resolve(name)).transpose()?;
    let is_selected =
        |node: &Node| options.objects.is_empty() && selected.as_ref().is_none_or(|selected| selected.contains(node));
    let plan = graph.plan_upgrade(&[], options.revision.unwrap_or("heads"))?;
    for node in plan.steps.iter().filter_map(|step| step.revision) {
        let traced = match options.rows {
            rows if rows > 0 && is_selected(&node) => rehearsal.trace_with_rows(node, rows),
            _ => rehearsal.trace(node),
        };
        let statements = traced.with_context(|| format!("`{}`", graph.id(node)))?;
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            rehearsal.load(fixture)?;
        }
        if is_selected(&node) {
            Trace { traced: Traced::Revision(revisions.script(node)), statements }.print(options.json);
        }
    }
    Ok(())
}

/// Applies each file again by itself, as if its text had changed.
fn trace_objects(options: &TraceOptions<'_>, objects: &Objects, rehearsal: &mut Rehearsal<'_>) -> Result<()> {
    rehearsal.apply_objects(objects)?;
    let is_selected =
        |file: &&ObjectFile| options.objects.is_empty() || options.objects.iter().any(|name| name == file.name());
    for file in objects.files().iter().filter(is_selected) {
        let statements = rehearsal.trace_object(objects, file)?;
        Trace { traced: Traced::Object(file), statements }.print(options.json);
    }
    Ok(())
}

/// What was traced.
enum Traced<'a> {
    Revision(&'a Script),
    /// A file of `objects`.
    Object(&'a ObjectFile),
}

/// The trace of a revision or of a file of `objects`.
struct Trace<'a> {
    traced: Traced<'a>,
    statements: Vec<Statement>,
}

impl Trace<'_> {
    fn print(&self, is_json: bool) {
        match is_json {
            true => self.json().iter().for_each(json_line),
            false => data(&self.text()),
        }
    }

    fn is_transactional(&self) -> bool {
        match self.traced {
            Traced::Revision(script) => script.is_transactional(),
            Traced::Object(_) => true,
        }
    }

    /// How long a statement's locks are held: until the end of the transaction, or of the statement without one.
    fn held(&self, index: usize) -> Duration {
        let end = if self.is_transactional() { self.statements.len() } else { index + 1 };
        self.statements[index..end].iter().map(|statement| statement.elapsed).sum()
    }

    fn held_until(&self) -> &'static str {
        if self.is_transactional() { "commit" } else { "end of statement" }
    }

    fn title(&self) -> String {
        match self.traced {
            Traced::Revision(script) => {
                let header = script.header();
                format!("{} {}\n{}\n", header.revision, header.message, script.path().display())
            }
            Traced::Object(file) => format!("{}, applied again\n{}\n", file.name(), file.path().display()),
        }
    }

    fn text(&self) -> String {
        let mut text = self.title();
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
        let (key, name, path) = match self.traced {
            Traced::Revision(script) => ("revision", script.header().revision.as_str(), script.path()),
            Traced::Object(file) => ("object", file.name(), file.path()),
        };
        let statement = |(index, statement): (usize, &Statement)| {
            let held = self.held(index).as_secs_f64() * 1000.0;
            let lock = |lock: &Lock| {
                json!({"relation": lock.relation, "mode": lock.mode.name(), "until": self.held_until(), "held_ms": held,
                       "blocks": lock.mode.blocks()})
            };
            json!({
                key: name, "path": path, "line": statement.line,
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
