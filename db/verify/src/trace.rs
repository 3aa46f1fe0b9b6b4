//! `db trace`: what each statement locks, until when, what it rewrites and reads from end to end, and how long it takes,
//! seen by running the revisions on a PostgreSQL of its own.

mod hazard;
mod look;
mod outside;
mod rows;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use migrate::database::Options;
use migrate::script::Script;
use migrate::{Node, RevisionGraph};
use postgres::Client;
use serde_json::{Value, json};

use crate::finding::{data, talk};
use crate::fixture::Fixture;
use crate::scratch::{Scratch, message};
use crate::server::{Choice, Server};
use hazard::{Hazard, Scene};
use look::{Look, Oid};

/// What is to be traced, and how.
pub(crate) struct Request<'a> {
    /// A revision; all if there is none.
    pub(crate) revision: Option<&'a str>,
    /// How many rows each table is filled up to first.
    pub(crate) rows: u64,
    /// JSON lines instead of a table.
    pub(crate) json: bool,
}

/// Traces and prints.
pub(crate) fn run(directory: &Path, request: &Request<'_>, choice: &Choice, target: &Path, major: u32) -> Result<bool> {
    let (graph, _) = RevisionGraph::load_checked(directory)?;
    let fixtures = Fixture::all(directory, &graph)?;
    let wanted = request.revision.map(|name| graph.resolve(name)).transpose()?;
    let server = Server::start(choice, target, major)?;
    talk(&format!("on {}", server.description));
    let scratch = Scratch::create(&server, &graph)?;
    let plan = graph.plan_upgrade(&[], request.revision.unwrap_or("heads"))?;
    for node in plan.steps.iter().filter_map(|step| step.revision) {
        let is_wanted = wanted.as_ref().is_none_or(|wanted| wanted.contains(&node));
        if request.rows > 0 && is_wanted {
            rows::fill(&mut scratch.client()?, request.rows)?;
        }
        let trace = Trace::of(&scratch, &graph, node).with_context(|| format!("`{}`", graph.id(node)))?;
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            fixture.load(&mut scratch.client()?)?;
        }
        match is_wanted {
            true if request.json => trace.json().iter().for_each(|line| data(&line.to_string())),
            true => data(&trace.text()),
            false => {}
        }
    }
    Ok(true)
}

/// A table's lock modes, weakest first, so that the strongest is the greatest.
/// <https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl Mode {
    const ALL: [(Self, &str); 8] = [
        (Self::AccessShare, "AccessShareLock"),
        (Self::RowShare, "RowShareLock"),
        (Self::RowExclusive, "RowExclusiveLock"),
        (Self::ShareUpdateExclusive, "ShareUpdateExclusiveLock"),
        (Self::Share, "ShareLock"),
        (Self::ShareRowExclusive, "ShareRowExclusiveLock"),
        (Self::Exclusive, "ExclusiveLock"),
        (Self::AccessExclusive, "AccessExclusiveLock"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, other)| *other == name).map(|(mode, _)| *mode)
    }

    fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What an application can't do meanwhile, if there is something.
    pub(crate) fn blocks(self) -> Option<&'static str> {
        match self {
            Self::AccessExclusive => Some("nobody can read or write"),
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => Some("nobody can write"),
            _ => None,
        }
    }
}

/// A lock that a statement took on a relation that was there before its revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lock {
    oid: Oid,
    relation: String,
    mode: Mode,
}

/// What one statement did.
#[derive(Debug)]
pub(crate) struct Statement {
    line: u32,
    text: String,
    elapsed: Duration,
    locks: Vec<Lock>,
    rewritten: Vec<String>,
    /// Tables read from end to end, and the rows that were read.
    scanned: Vec<(String, u64)>,
    hazards: Vec<Hazard>,
}

impl Statement {
    /// `SET …`: over before anybody has to wait.
    fn is_setting(&self) -> bool {
        self.text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("set "))
    }
}

/// What one revision did.
struct Trace {
    script: Script,
    statements: Vec<Statement>,
}

impl Trace {
    /// Runs a revision, as the engine does, and watches.
    fn of(scratch: &Scratch<'_>, graph: &RevisionGraph, node: Node) -> Result<Self> {
        let script = Script::read(&graph.revision(node).path)?;
        let mut client = scratch.client()?;
        let statements = if script.is_transactional() {
            inside(&mut client, &script)?
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

fn milliseconds(elapsed: Duration) -> String {
    format!("{:.1} ms", elapsed.as_secs_f64() * 1000.0)
}

/// The first line of a statement, as far as it says what it is.
fn title(text: &str) -> String {
    let line: String =
        text.lines().next().unwrap_or_default().trim_end().trim_end_matches(';').chars().take(72).collect();
    if line.len() < text.trim_end().trim_end_matches(';').len() { format!("{line} …") } else { line }
}

/// A revision in its transaction, with a look at the locks after each statement: they are held until the end.
fn inside(client: &mut Client, script: &Script) -> Result<Vec<Statement>> {
    let lock_timeout = Options::default().lock_timeout.as_millis();
    client.batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = {lock_timeout};"))?;
    let origin = Look::take(client)?;
    let (mut before, mut held) = (origin.clone(), Vec::new());
    let mut statements = Vec::new();
    for statement in script.upgrade.effective() {
        let start = Instant::now();
        send(client, script, statement)?;
        let elapsed = start.elapsed();
        let after = Look::take(client)?;
        let taken = strongest(&origin, after.locks.difference(&before.locks));
        let scene = Scene { origin: &origin, before: &before, after: &after, taken: &taken, held: &held };
        statements.push(seen(statement, elapsed, &scene));
        held.extend(taken);
        before = after;
    }
    hazard::of_what_follows(&mut statements);
    client.batch_execute("COMMIT")?;
    Ok(statements)
}

/// The locks on relations that were there before: the strongest on each, and on an index only if it says more than the
/// one on its table.
fn strongest<'a>(origin: &Look, locks: impl IntoIterator<Item = &'a (Oid, String)>) -> Vec<Lock> {
    let mut strongest: BTreeMap<Oid, Mode> = BTreeMap::new();
    for (oid, mode) in locks {
        let Some(mode) = Mode::named(mode) else { continue };
        let kept = strongest.entry(*oid).or_insert(mode);
        *kept = mode.max(*kept);
    }
    let lock = |(&oid, &mode): (&Oid, &Mode)| {
        let relation = origin.relations.get(&oid)?;
        let is_told = strongest.get(&relation.table).is_none_or(|table| *table < mode);
        is_told.then(|| Lock { oid, relation: relation.name.clone(), mode })
    };
    let mut locks: Vec<Lock> = strongest.iter().filter_map(lock).collect();
    locks.sort_by(|one, other| (other.mode, &one.relation).cmp(&(one.mode, &other.relation)));
    locks
}

fn seen(statement: &migrate::script::Statement, elapsed: Duration, scene: &Scene<'_>) -> Statement {
    let name = |oid: Oid| scene.name(oid).to_owned();
    let rewritten = scene.after.rewritten_since(scene.before).into_iter().filter(|&oid| scene.was_there(oid));
    let scanned = scene.after.scanned_since(scene.before).into_iter().filter(|&(oid, _)| scene.was_there(oid));
    Statement {
        line: statement.line,
        text: title(&statement.text),
        elapsed,
        locks: scene.taken.to_vec(),
        rewritten: rewritten.map(name).collect(),
        scanned: scanned.map(|(oid, rows)| (name(oid), rows)).collect(),
        hazards: hazard::of_statement(scene),
    }
}

fn send(client: &mut Client, script: &Script, statement: &migrate::script::Statement) -> Result<()> {
    let sent = match &statement.copy {
        None => client.batch_execute(&statement.text),
        Some(copy) => {
            let mut writer = client.copy_in(statement.command())?;
            std::io::copy(&mut copy.open(&script.path)?, &mut writer)?;
            writer.finish().map(drop)
        }
    };
    let place = || format!("{}:{}:{}", script.path.display(), statement.line, statement.column);
    sent.map_err(|error| anyhow!("{}: {}", place(), message(&error)))
}
