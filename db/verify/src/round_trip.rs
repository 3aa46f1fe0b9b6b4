//! `db verify`: applies, reverts and reapplies every revision, and compares the schema and the data declared in fixtures after
//! each step. Also checks that `schema.sql` is up to date, that a downgrade to the base leaves nothing behind, and that
//! unmerged branches can be applied in any order.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use connection::Connection;
use migrate::Target;
use revision::{Directory, Node, RevisionGraph, Revisions};
use schema::Schema;

use crate::difference::{changed_lines, changed_objects};
use crate::finding::{data, message, script};
use crate::fixture::{Answer, Fixture, next_to};
use crate::lint::has_own_label;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};

/// Runs the checks, prints the problems, and returns whether there are none.
pub(crate) fn run(directory: &Path, choice: &Choice, target: &Path, major: u32) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let graph = revisions.graph();
    let fixtures = Fixture::all(directory, graph)?;
    let server = Server::start(choice, target, major)?;
    message(&format!("using {}", server.description));
    let start = Instant::now();

    let mut passed = every_head_has_a_label(graph);
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    let empty = scratch.dump()?;
    let session = scratch.session()?;
    let mut trip =
        RoundTrip { revisions: &revisions, graph, schema: empty.clone(), scratch, session, loaded: Vec::new() };
    let order = graph.plan_upgrade(&[], "heads")?;
    for node in order.steps.iter().filter_map(|step| step.revision) {
        passed &= trip.revision(node, &fixtures).with_context(|| format!("`{}`", graph.id(node)))?;
    }
    let at_heads = trip.schema.clone();
    passed &= schema_file_is_current(directory, &text(graph, &at_heads))?;
    passed &= trip.back_to_base(&empty)?;
    passed &= branches_in_any_order(&server, &revisions, &at_heads)?;

    let (revisions, fixtures) = (counted(order.steps.len(), "revision"), counted(fixtures.len(), "fixture"));
    let verdict = if passed { "passed" } else { "failed" };
    message(&format!("{revisions}, {fixtures} in {:.1} s: {verdict}", start.elapsed().as_secs_f64()));
    Ok(passed)
}

/// Prints what the revisions make: `schema.sql`.
pub(crate) fn dump(directory: &Path, choice: &Choice, target: &Path, major: u32) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let graph = revisions.graph();
    let server = Server::start(choice, target, major)?;
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    scratch.upgrade("heads")?;
    script(text(graph, &scratch.dump()?).trim_end());
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

/// Each of several heads needs its own label, so that a deployment can upgrade to it by name.
fn every_head_has_a_label(graph: &RevisionGraph) -> bool {
    let heads: Vec<Node> = graph.real_heads().collect();
    let unlabeled: Vec<&Node> = heads.iter().filter(|&&head| heads.len() > 1 && !has_own_label(graph, head)).collect();
    for &&head in &unlabeled {
        data(&format!("error: `{}` is one of {} heads and has no label of its own", graph.id(head), heads.len()));
    }
    unlabeled.is_empty()
}

struct RoundTrip<'a> {
    revisions: &'a Revisions,
    graph: &'a RevisionGraph,
    /// A session for the fixtures.
    session: Connection,
    scratch: ScratchDatabase<'a>,
    /// The current schema.
    schema: Schema,
    /// The loaded fixtures, with the results after loading.
    loaded: Vec<(Fixture, Answer)>,
}

impl RoundTrip<'_> {
    /// Applies, reverts and reapplies a revision.
    fn revision(&mut self, node: Node, fixtures: &[Fixture]) -> Result<bool> {
        let before = self.answers(node)?;
        let id = self.graph.id(node);
        self.scratch.upgrade(id)?;
        let (above, after) = (self.scratch.dump()?, self.answers(node)?);
        let mut passed = self.survived(node, "the upgrade loses data", &before, &after, true);
        if self.is_reversible(node) {
            self.scratch.run(Target::Revert(node))?;
            let (below, again) = (self.scratch.dump()?, self.answers(node)?);
            passed &= self.same(node, "the downgrade does not restore the schema", &self.schema, &below);
            passed &= self.survived(node, "the downgrade loses data", &before, &again, false);
            self.scratch.upgrade(id)?;
            let (second, again) = (self.scratch.dump()?, self.answers(node)?);
            passed &= self.same(node, "the second upgrade creates a different schema than the first", &above, &second);
            passed &= self.survived(node, "the second upgrade loses data", &after, &again, false);
        }
        self.schema = above;
        for fixture in fixtures.iter().filter(|fixture| fixture.revision == node) {
            let answer = fixture.load(&mut self.session)?;
            self.loaded.push((fixture.clone(), answer));
        }
        Ok(passed)
    }

    /// Downgrades to the base, which must leave nothing behind. Skipped if a revision is irreversible.
    fn back_to_base(&mut self, empty: &Schema) -> Result<bool> {
        for node in self.graph.nodes() {
            if !self.is_reversible(node) {
                return Ok(true);
            }
        }
        self.scratch.run(Target::Downgrade("base"))?;
        let leftovers = changed_objects(empty, &self.scratch.dump()?);
        if !leftovers.is_empty() {
            data(&format!("error: `downgrade base` leaves objects behind\n  {}", leftovers.join("\n  ")));
        }
        Ok(leftovers.is_empty())
    }

    fn is_reversible(&self, node: Node) -> bool {
        self.revisions.script(node).downgrade().is_some()
    }

    fn same(&self, node: Node, problem: &str, expected: &Schema, found: &Schema) -> bool {
        let differences = changed_objects(expected, found);
        if !differences.is_empty() {
            let path = self.graph.revision(node).path().display();
            data(&format!("error: {path}: {problem}\n  {}", differences.join("\n  ")));
        }
        differences.is_empty()
    }

    /// The current results of the fixtures that cover a revision.
    fn answers(&mut self, node: Node) -> Result<Vec<Answer>> {
        let mut answers = Vec::new();
        for (fixture, loaded) in &self.loaded {
            let is_covered = loaded.is_some() && fixture.covers(self.graph, node);
            answers.push(if is_covered { fixture.query(&mut self.session)? } else { None });
        }
        Ok(answers)
    }

    /// Whether the results are unchanged. If `may_be_gone`, objects in the queries may no longer exist.
    fn survived(&self, node: Node, problem: &str, before: &[Answer], after: &[Answer], may_be_gone: bool) -> bool {
        let mut passed = true;
        for ((fixture, _), (before, after)) in self.loaded.iter().zip(before.iter().zip(after)) {
            if before == after || (may_be_gone && after.is_none()) {
                continue;
            }
            passed = false;
            let lines = changed_lines(before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
            let path = self.graph.revision(node).path().display();
            let fixture = fixture.path.display();
            data(&format!("error: {path}: {problem} declared in {fixture}\n  {}", lines.join("\n  ")));
        }
        passed
    }
}

/// Compares with `schema.sql`, if there is one.
fn schema_file_is_current(versions: &Path, schema: &str) -> Result<bool> {
    let path = next_to(versions, "schema.sql");
    if path.symlink_metadata().is_err() {
        message(&format!("no {}; `cargo xtask db dump` creates it, for reviews", path.display()));
        return Ok(true);
    }
    let committed =
        regular_file::read_to_string(&path).with_context(|| path.display().to_string())?.replace("\r\n", "\n");
    if committed == schema {
        return Ok(true);
    }
    let lines = |text| str::lines(text).collect::<Vec<_>>();
    let changed = changed_lines(&lines(&committed), &lines(schema));
    data(&format!(
        "error: {} does not match the revisions; `cargo xtask db dump` updates it\n  {}",
        path.display(),
        changed.join("\n  ")
    ));
    Ok(false)
}

/// Upgrades from the base to each head first, and then to the others. So any two revisions of different branches run in both
/// orders, unless one depends on the other, and each head is reached alone.
fn branches_in_any_order(server: &Server, revisions: &Revisions, expected: &Schema) -> Result<bool> {
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
            Ok(schema) => changed_objects(expected, &schema).join("\n  "),
            Err(error) => format!("{error:#}"),
        };
        if !problem.is_empty() {
            passed = false;
            let order = order.join(", then ");
            data(&format!("error: undeclared dependency between branches: from base to {order}\n  {problem}"));
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
