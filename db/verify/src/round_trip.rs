//! `db verify`: checks each revision separately. Applies, reverts and reapplies it, and compares the schema, the
//! catalog and the data declared in fixtures after each step. What a revision leaves behind never reaches the next one:
//! the downgrade and the second upgrade run in a transaction that is rolled back, or on a copy of the database.

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use migrate::Target;
use revision::{Directory, Follow, Node, Objects, RevisionGraph, Revisions};
use schema::Fingerprint;

use crate::adopted::Adopted;
use crate::allowance::suppress;
use crate::catalog::Catalog;
use crate::finding::{Finding, Format, counted, message, problem};
use crate::fixture::{Fixture, next_to};
use crate::objects;
use crate::release_diagram;
use crate::rule::Rule;
use crate::scratch::ScratchDatabase;
use crate::server::{Choice, Server};
use crate::survival::Survival;
use crate::trial;
use crate::trip::{Below, Judge, State};
use crate::whole::{self, Beginning};

/// What to verify, and how to report it.
pub(crate) struct VerifyOptions<'a> {
    /// Verify only the revisions after this target.
    pub(crate) since: Option<&'a str>,
    /// Do not check these revisions and those before them.
    pub(crate) adopted: &'a [String],
    pub(crate) format: Format,
    /// The file with the types of the tables that a role can see, and the role.
    pub(crate) types: Option<(&'a Path, &'a str)>,
}

/// Runs the checks, prints the problems, and returns whether there are none.
pub(crate) fn run(
    directory: &Path,
    options: &VerifyOptions<'_>,
    choice: &Choice,
    target: &Path,
    major: u32,
) -> Result<bool> {
    let format = options.format;
    let revisions = Revisions::read(&Directory::new(directory))?;
    let graph = revisions.graph();
    let fixtures = Fixture::all(directory, graph)?;
    let objects = objects::read(directory)?;
    let adopted = Adopted::until(graph, options.adopted)?;
    let (old, new) = order(graph, options.since, &adopted)?;
    adopted.report("verifying");
    let mut server = Server::start(choice, target, major)?;
    message(&format!("using {}", server.description));
    let start = Instant::now();

    let mut passed = whole::every_head_has_a_label(graph, format);
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    let catalog = Catalog::new(&server, &revisions, &mut scratch)?;
    let mut verification = Verification {
        server: &mut server,
        revisions: &revisions,
        fixtures: &fixtures,
        catalog,
        scratch,
        survival: Survival::default(),
        applied: Vec::new(),
        unreached: HashSet::new(),
        is_restored_by_each: true,
        format,
    };
    for &node in &old {
        passed &= verification.apply(node)?;
    }
    let beginning = Beginning { adopted: adopted.of(&old), state: verification.whole_state()? };
    for &node in &new {
        passed &= verification.revision(node).with_context(|| format!("`{}`", graph.id(node)))?;
    }
    passed &= verification.all_together(directory, &objects, options, &beginning)?;

    let (count, fixtures) = (counted(new.len(), "revision"), counted(fixtures.len(), "fixture"));
    let verdict = if passed { "passed" } else { "failed" };
    message(&format!("{count}, {fixtures} in {:.1} s: {verdict}", start.elapsed().as_secs_f64()));
    Ok(passed)
}

/// The revisions up to a target and the adopted ones, which are only applied, and those after them.
fn order(graph: &RevisionGraph, since: Option<&str>, adopted: &Adopted) -> Result<(Vec<Node>, Vec<Node>)> {
    let heads = since.map_or(Ok(Vec::new()), |target| graph.plan_upgrade(&[], target).map(|plan| plan.heads))?;
    let before = graph.ancestors(heads, Follow::Dependencies);
    let all = graph.plan_upgrade(&[], "heads")?.steps;
    let is_old = |&node: &Node| before.contains(node) || adopted.contains(node);
    Ok(all.iter().filter_map(|step| step.revision).partition(is_old))
}

struct Verification<'a> {
    server: &'a mut Server,
    revisions: &'a Revisions,
    fixtures: &'a [Fixture],
    catalog: Catalog,
    /// The database at the applied revisions, unaffected by their round trips.
    scratch: ScratchDatabase<'a>,
    survival: Survival,
    /// The applied revisions, in this order.
    applied: Vec<Node>,
    /// The revisions that can't be applied, and those after them.
    unreached: HashSet<Node>,
    /// Whether every downgrade restores everything.
    is_restored_by_each: bool,
    format: Format,
}

impl Verification<'_> {
    /// Applies a revision that is not verified. Returns whether this is possible.
    fn apply(&mut self, node: Node) -> Result<bool> {
        if self.is_out_of_reach(node) {
            return Ok(false);
        }
        let found = self.one_way(node)?;
        let refusals = found.iter().filter(|finding| !finding.can_be_suppressed());
        refusals.for_each(|finding| finding.print(self.format));
        Ok(!self.unreached.contains(&node))
    }

    /// Verifies a revision and applies it. Returns whether it passes.
    fn revision(&mut self, node: Node) -> Result<bool> {
        if self.is_out_of_reach(node) {
            return Ok(false);
        }
        let script = self.revisions.script(node);
        let found = match script.downgrade() {
            Some(_) if !self.is_empty(node) => self.there_and_back(node)?,
            _ => self.one_way(node)?,
        };
        self.is_restored_by_each &= found.is_empty() && script.downgrade().is_some();
        let remaining = suppress(&script.header().lint, &Finding::on_file(script), found, Rule::owner);
        remaining.iter().for_each(|finding| finding.print(self.format));
        Ok(remaining.is_empty())
    }

    /// Whether a revision before this one can't be applied.
    fn is_out_of_reach(&mut self, node: Node) -> bool {
        let ancestors = self.revisions.graph().ancestors([node], Follow::Dependencies);
        let is_out = self.unreached.iter().any(|&unreached| ancestors.contains(unreached));
        if is_out {
            self.unreached.insert(node);
        }
        is_out
    }

    /// Whether a revision has no statements, such as a merge.
    fn is_empty(&self, node: Node) -> bool {
        let script = self.revisions.script(node);
        let mut sections = [Some(script.upgrade()), script.downgrade()].into_iter().flatten();
        sections.all(|section| script.effective(section).next().is_none())
    }

    /// Verifies a revision that can be reverted: in one transaction, or with the engine if the transaction is
    /// inconclusive.
    fn there_and_back(&mut self, node: Node) -> Result<Vec<Finding>> {
        match self.trial(node)? {
            trial::Outcome::Clean => self.one_way(node),
            trial::Outcome::Refused(refusal) => {
                let judge = judge_for(self.server, self.revisions, node, &self.survival, &self.catalog);
                let refused = judge.refusal(Rule::DowngradeRefused, refusal)?;
                let mut findings = self.one_way(node)?;
                findings.push(refused);
                Ok(findings)
            }
            trial::Outcome::Unclear => self.round_trip(node),
            trial::Outcome::Damaged => {
                self.rebuild()?;
                self.round_trip(node)
            }
        }
    }

    fn trial(&mut self, node: Node) -> Result<trial::Outcome> {
        let script = self.revisions.script(node);
        let Some(fingerprinter) = self.catalog.fingerprinter() else { return Ok(trial::Outcome::Unclear) };
        if !trial::is_exact(script)? {
            return Ok(trial::Outcome::Unclear);
        }
        let fixtures = self.survival.covering(self.revisions.graph(), node);
        trial::run(fingerprinter, self.scratch.probe()?, script, &fixtures)
    }

    /// Applies a revision, without reverting it.
    fn one_way(&mut self, node: Node) -> Result<Vec<Finding>> {
        let mut judge = judge_for(self.server, self.revisions, node, &self.survival, &self.catalog);
        let trip = judge.one_way(&mut self.scratch)?;
        match trip.is_refused {
            true => self.leave_out(node)?,
            false => self.has_applied(node)?,
        }
        Ok(trip.findings)
    }

    /// A round trip on a copy of the database, and then the upgrade of the database. If a copy would not be identical,
    /// the round trip is made on the database itself, which is then rebuilt.
    fn round_trip(&mut self, node: Node) -> Result<Vec<Finding>> {
        let server = self.catalog.read_shared(self.scratch.probe()?)?;
        if self.catalog.can_be_copied(&server) {
            if let Some(findings) = self.on_copy(node, &server)? {
                return Ok(findings);
            }
            self.rebuild()?;
        }
        self.in_place(node)
    }

    /// Makes the round trip on a copy. Returns no result if something that the databases share, such as a role,
    /// interfered.
    fn on_copy(&mut self, node: Node, server: &Fingerprint) -> Result<Option<Vec<Finding>>> {
        let mut copy = self.scratch.copy()?;
        let mut judge = judge_for(self.server, self.revisions, node, &self.survival, &self.catalog);
        let mut trip = judge.round_trip(&mut copy, Below::Database(&mut self.scratch))?;
        let found = self.catalog.read_shared(self.scratch.probe()?)?;
        if trip.is_entangled || !self.catalog.is_same_server(server, &found) {
            return Ok(None);
        }
        if trip.is_refused {
            self.unreached.insert(node);
            return Ok(Some(trip.findings));
        }
        self.scratch.run(Target::Upgrade(self.revisions.graph().id(node)))?;
        if let Some(mut again) = trip.again.take() {
            let mut judge = judge_for(self.server, self.revisions, node, &self.survival, &self.catalog);
            let mut above = judge.state(&mut self.scratch)?;
            if above.may_differ(&again, judge.catalog) {
                above.read_schema(&mut self.scratch)?;
                again.read_schema(&mut copy)?;
            }
            trip.findings.extend(judge.second_upgrade(&above, &again)?);
        }
        self.has_applied(node)?;
        Ok(Some(trip.findings))
    }

    /// Makes the round trip on the database, and rebuilds it.
    fn in_place(&mut self, node: Node) -> Result<Vec<Finding>> {
        let mut judge = judge_for(self.server, self.revisions, node, &self.survival, &self.catalog);
        let before = judge.whole_state(&mut self.scratch)?;
        let trip = judge.round_trip(&mut self.scratch, Below::State(&before))?;
        match trip.is_refused {
            true => self.leave_out(node)?,
            false => {
                self.applied.push(node);
                self.rebuild()?;
            }
        }
        Ok(trip.findings)
    }

    /// After a revision has been applied.
    fn has_applied(&mut self, node: Node) -> Result<()> {
        self.applied.push(node);
        self.survival.load(self.fixtures, node, &mut self.scratch)
    }

    /// After a revision could not be applied to the database. Without a transaction, a part of it may have been
    /// applied.
    fn leave_out(&mut self, node: Node) -> Result<()> {
        self.unreached.insert(node);
        self.rebuild()
    }

    /// Rebuilds the database from an empty one, after returning the server to its initial state.
    fn rebuild(&mut self) -> Result<()> {
        self.scratch.discard();
        self.catalog.restore(self.server)?;
        self.scratch = ScratchDatabase::create(self.server, self.revisions)?;
        self.survival = Survival::default();
        for &node in &self.applied {
            self.scratch.upgrade(self.revisions.graph().id(node))?;
            self.survival.load(self.fixtures, node, &mut self.scratch)?;
        }
        Ok(())
    }

    /// The state of the database.
    fn whole_state(&mut self) -> Result<State> {
        let mut state = State::read(self.server, &self.catalog, &mut self.scratch)?;
        state.read_schema(&mut self.scratch)?;
        Ok(state)
    }

    /// The checks of all revisions together. Checks that would only repeat the problem of a single revision are
    /// skipped.
    fn all_together(
        mut self,
        directory: &Path,
        objects: &Objects,
        options: &VerifyOptions<'_>,
        beginning: &Beginning,
    ) -> Result<bool> {
        let (revisions, format) = (self.revisions, self.format);
        if !self.unreached.is_empty() {
            let count = counted(self.unreached.len(), "revision");
            message(&format!("{count} could not be applied, so the resulting schema is not checked"));
            return Ok(false);
        }
        let mut at_heads = State::read(self.server, &self.catalog, &mut self.scratch)?;
        at_heads.schema = Some(self.scratch.dump()?);
        let mut passed = true;
        if objects.is_empty() {
            passed &= files_are_current(self.server, &mut self.scratch, revisions, directory, options.types, format)?;
        } else {
            // Downgrades and other orders of the branches are checked without the objects.
            let mut copy = self.scratch.copy()?;
            passed &= match copy.apply_objects(objects)? {
                Ok(()) => files_are_current(self.server, &mut copy, revisions, directory, options.types, format)?,
                Err(error) => {
                    problem(
                        format,
                        "a file of `objects` does not load on the schema of the revisions",
                        &[error.to_string()],
                    );
                    false
                }
            };
        }
        if options.since.is_none() && self.is_restored_by_each {
            let judged = self.applied.iter().filter(|node| !beginning.adopted.contains(node));
            let revert: Vec<Node> = judged.rev().copied().collect();
            passed &= whole::back_to(beginning, &revert, self.server, &self.catalog, &mut self.scratch, format)?;
        }
        drop(self.scratch);
        passed &= whole::branches_in_any_order(self.server, &self.catalog, revisions, beginning, &at_heads, format)?;
        self.catalog.restore(self.server)?;
        Ok(passed)
    }
}

/// Compares the files that are generated from the resulting schema.
fn files_are_current(
    server: &Server,
    scratch: &mut ScratchDatabase<'_>,
    revisions: &Revisions,
    directory: &Path,
    types: Option<(&Path, &str)>,
    format: Format,
) -> Result<bool> {
    let text = whole::schema_text(revisions.graph(), &scratch.dump()?);
    let mut passed = whole::schema_file_is_current(directory, &text, format)?;
    if let Some((path, role)) = types {
        let text = whole::types_text(role, &scratch.visible_tables(role)?);
        passed &= whole::types_file_is_current(path, &text, format)?;
    }
    let drawing = next_to(directory, release_diagram::FILE);
    if drawing.symlink_metadata().is_ok() {
        let text = release_diagram::text(server, revisions, scratch)?;
        passed &= whole::diagram_file_is_current(&drawing, &text, format)?;
    }
    Ok(passed)
}

/// Borrows what is needed to check a revision.
fn judge_for<'t, 'r>(
    server: &'t Server,
    revisions: &'r Revisions,
    node: Node,
    survival: &'t Survival,
    catalog: &'t Catalog,
) -> Judge<'t, 'r> {
    Judge { server, revisions, node, survival, catalog }
}
