//! What `db verify` proves: every revision up, down and up again with the schema compared after each step and the data that
//! fixtures speak of; `schema.sql` up to date; the whole way down leaves nothing; branches that are not merged can be
//! applied in any order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use migrate::Target;
use postgres::Client;
use revision::{Directory, Node, RevisionGraph, Revisions};
use schema::Schema;

use crate::difference::{changed_lines, changed_objects};
use crate::finding::{data, talk};
use crate::fixture::{Answer, Fixture, beside};
use crate::lint::has_name_of_its_own;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};

/// Runs the trip, prints what is wrong, and says whether nothing is.
pub(crate) fn run(directory: &Path, choice: &Choice, target: &Path, major: u32) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let graph = revisions.graph();
    let fixtures = Fixture::all(directory, graph)?;
    let server = Server::start(choice, target, major)?;
    talk(&format!("on {}", server.description));
    let start = Instant::now();

    let mut passed = every_head_has_a_name(graph);
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    let empty = scratch.dump()?;
    let client = scratch.client()?;
    let mut trip =
        RoundTrip { revisions: &revisions, graph, schema: empty.clone(), scratch, client, watched: Vec::new() };
    let order = graph.plan_upgrade(&[], "heads")?;
    for node in order.steps.iter().filter_map(|step| step.revision) {
        passed &= trip.revision(node, &fixtures).with_context(|| format!("`{}`", graph.id(node)))?;
    }
    let at_heads = trip.schema.clone();
    passed &= schema_file_is_current(directory, &text(graph, &at_heads))?;
    passed &= trip.back_to_base(&empty)?;
    passed &= branches_in_any_order(&server, &revisions, &at_heads)?;

    let (revisions, fixtures) = (counted(order.steps.len(), "revision"), counted(fixtures.len(), "fixture"));
    let verdict = if passed { "up, down, up: nothing differs" } else { "not what it should be" };
    talk(&format!("{revisions}, {fixtures} in {:.1} s: {verdict}", start.elapsed().as_secs_f64()));
    Ok(passed)
}

/// Prints what the revisions make: `schema.sql`.
pub(crate) fn dump(directory: &Path, choice: &Choice, target: &Path, major: u32) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let graph = revisions.graph();
    let server = Server::start(choice, target, major)?;
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    scratch.upgrade("heads")?;
    data(text(graph, &scratch.dump()?).trim_end());
    Ok(true)
}

fn text(graph: &RevisionGraph, schema: &Schema) -> String {
    let heads: BTreeSet<&str> = graph.real_heads().map(|node| graph.id(node)).collect();
    let heads = heads.into_iter().collect::<Vec<_>>().join(", ");
    schema.to_sql(&format!(
        "The schema that the revisions make, as PostgreSQL {} shows it.\n\
         `cargo xtask db dump` writes this file, `cargo xtask test db` compares it.\n\
         Heads: {heads}",
        schema.server_major()
    ))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// One head, or a label that leads to each: what a deployment upgrades to has to be called something.
fn every_head_has_a_name(graph: &RevisionGraph) -> bool {
    let heads: Vec<Node> = graph.real_heads().collect();
    let nameless: Vec<&Node> =
        heads.iter().filter(|&&head| heads.len() > 1 && !has_name_of_its_own(graph, head)).collect();
    for &&head in &nameless {
        data(&format!("error: `{}` is one of {} heads, and no label leads to it alone", graph.id(head), heads.len()));
    }
    nameless.is_empty()
}

struct RoundTrip<'a> {
    revisions: &'a Revisions,
    graph: &'a RevisionGraph,
    /// A session that loads fixtures and asks what survives.
    client: Client,
    scratch: ScratchDatabase<'a>,
    /// What the database holds now.
    schema: Schema,
    /// The fixtures that are loaded, with what was answered then.
    watched: Vec<(Fixture, Answer)>,
}

impl RoundTrip<'_> {
    /// Up, down, up.
    fn revision(&mut self, node: Node, fixtures: &[Fixture]) -> Result<bool> {
        let before = self.answers(node)?;
        let id = self.graph.id(node);
        self.scratch.upgrade(id)?;
        let (above, after) = (self.scratch.dump()?, self.answers(node)?);
        let mut passed = self.survived(node, "the upgrade loses data", &before, &after, true);
        if self.is_reversible(node) {
            self.scratch.run(Target::Revert(node))?;
            let (below, again) = (self.scratch.dump()?, self.answers(node)?);
            passed &=
                self.same(node, "the downgrade leaves another schema than there was before", &self.schema, &below);
            passed &= self.survived(node, "the downgrade loses data", &before, &again, false);
            self.scratch.upgrade(id)?;
            let (second, again) = (self.scratch.dump()?, self.answers(node)?);
            passed &= self.same(node, "the second upgrade makes another schema than the first", &above, &second);
            passed &= self.survived(node, "the second upgrade loses data", &after, &again, false);
        }
        self.schema = above;
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            let answer = fixture.load(&mut self.client)?;
            self.watched.push((fixture.clone(), answer));
        }
        Ok(passed)
    }

    /// All the way down: nothing of the revisions is left. Not if one of them has no way back.
    fn back_to_base(&mut self, empty: &Schema) -> Result<bool> {
        for node in self.graph.nodes() {
            if !self.is_reversible(node) {
                return Ok(true);
            }
        }
        self.scratch.run(Target::Downgrade("base"))?;
        let traces = changed_objects(empty, &self.scratch.dump()?);
        if !traces.is_empty() {
            data(&format!("error: `downgrade base` leaves a trace\n  {}", traces.join("\n  ")));
        }
        Ok(traces.is_empty())
    }

    fn is_reversible(&self, node: Node) -> bool {
        self.revisions.script(node).downgrade().is_some()
    }

    fn same(&self, node: Node, what: &str, wanted: &Schema, found: &Schema) -> bool {
        let differences = changed_objects(wanted, found);
        if !differences.is_empty() {
            let path = self.graph.revision(node).path().display();
            data(&format!("error: {path}: {what}\n  {}", differences.join("\n  ")));
        }
        differences.is_empty()
    }

    /// What the fixtures that speak of a revision are answered now.
    fn answers(&mut self, node: Node) -> Result<Vec<Answer>> {
        let mut answers = Vec::new();
        for (fixture, loaded) in &self.watched {
            let is_asked = loaded.is_some() && fixture.covers(self.graph, node);
            answers.push(if is_asked { fixture.ask(&mut self.client)? } else { None });
        }
        Ok(answers)
    }

    /// Whether the same is answered; where something may be `gone`, that is no loss.
    fn survived(&self, node: Node, what: &str, before: &[Answer], after: &[Answer], may_be_gone: bool) -> bool {
        let mut passed = true;
        for ((fixture, _), (before, after)) in self.watched.iter().zip(before.iter().zip(after)) {
            if before == after || (may_be_gone && after.is_none()) {
                continue;
            }
            passed = false;
            let lines = changed_lines(before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
            let path = self.graph.revision(node).path().display();
            data(&format!("error: {path}: {what} that {} speaks of\n  {}", fixture.path.display(), lines.join("\n  ")));
        }
        passed
    }
}

/// Compares with `schema.sql`, if the team keeps one.
fn schema_file_is_current(versions: &Path, schema: &str) -> Result<bool> {
    let path = beside(versions, "schema.sql");
    if !path.exists() {
        talk(&format!("there is no {}: `cargo xtask db dump` writes it, for reviews", path.display()));
        return Ok(true);
    }
    let kept = fs::read_to_string(&path).with_context(|| path.display().to_string())?.replace("\r\n", "\n");
    if kept == schema {
        return Ok(true);
    }
    let lines = |text| str::lines(text).collect::<Vec<_>>();
    let changed = changed_lines(&lines(&kept), &lines(schema));
    data(&format!(
        "error: {} is not what the revisions make; `cargo xtask db dump` writes it anew\n  {}",
        path.display(),
        changed.join("\n  ")
    ));
    Ok(false)
}

/// Each head first, from base, and the others after it: so any two revisions of different branches are run in both orders,
/// unless one depends on the other, and each head is reached on its own.
fn branches_in_any_order(server: &Server, revisions: &Revisions, wanted: &Schema) -> Result<bool> {
    let graph = revisions.graph();
    let heads: Vec<Node> = graph.real_heads().collect();
    if heads.len() < 2 {
        return Ok(true);
    }
    let mut passed = true;
    for first in 0..heads.len() {
        let order: Vec<&str> = (0..heads.len()).map(|step| graph.id(heads[(first + step) % heads.len()])).collect();
        let result = one_order(server, revisions, &order);
        let problem = match result {
            Ok(schema) => changed_objects(wanted, &schema).join("\n  "),
            Err(error) => format!("{error:#}"),
        };
        if !problem.is_empty() {
            passed = false;
            let order = order.join(", then ");
            data(&format!(
                "error: the branches depend on each other without saying so: from base to {order}\n  {problem}"
            ));
        }
    }
    Ok(passed)
}

fn one_order(server: &Server, revisions: &Revisions, heads: &[&str]) -> Result<Schema> {
    let mut scratch = ScratchDatabase::create(server, revisions)?;
    for head in heads {
        scratch.upgrade(head)?;
    }
    scratch.dump()
}
