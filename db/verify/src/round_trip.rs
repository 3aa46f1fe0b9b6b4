//! Every revision up, down and up again, with the catalog compared after each step: a downgrade that leaves a trace, or
//! takes away what was there before, is found before it is needed.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use migrate::RevisionGraph;
use migrate::bookkeeping::Provenance;
use migrate::database::{Options, Session};
use migrate::execute::Run;
use migrate::graph::Node;
use migrate::lock::Locked;
use migrate::plan::Plan;
use migrate::script::Script;
use migrate::settings::Settings;

use crate::catalog::{Catalog, Snapshot, TryDatabase, differences};
use crate::finding::{data, talk};
use crate::server::{Choice, Server};

/// Runs the trip, prints what differs, and says whether nothing did.
pub(crate) fn run(directory: &Path, choice: &Choice, target: &Path, major: u32) -> Result<bool> {
    let graph = RevisionGraph::load(directory)?;
    graph.check_files()?;
    let server = Server::start(choice, target, major)?;
    talk(&format!("on {}", server.description));
    let database = TryDatabase::create(&server.url)?;
    let settings = Settings::resolve(&server.url, &|_| None).map_err(migrate::Error::from)?;
    let settings = settings.with_database(&database.name);
    let session = Session::connect(&settings, Options::default(), Arc::new(|_| {}))?;
    let mut trip = Trip { graph: &graph, locked: session.lock()?, catalog: Catalog::connect(&database.config)? };
    trip.locked.ensure_tables()?;
    let empty = trip.catalog.snapshot()?;

    let start = Instant::now();
    let order = graph.plan_upgrade(&[], "heads")?;
    let mut good = true;
    for node in order.steps.iter().filter_map(|step| step.revision) {
        good &= trip.revision(node).with_context(|| format!("`{}`", graph.id(node)))?;
    }
    good &= trip.back_to_base(&empty)?;
    let verdict =
        if good { "up, down, up: nothing differs" } else { "a downgrade does not take back what its upgrade did" };
    let count = order.steps.len();
    let revisions = if count == 1 { "revision" } else { "revisions" };
    talk(&format!("{count} {revisions} in {:.1} s: {verdict}", start.elapsed().as_secs_f64()));
    Ok(good)
}

struct Trip<'a> {
    graph: &'a RevisionGraph,
    locked: Locked,
    catalog: Catalog,
}

impl Trip<'_> {
    /// Up, down, up.
    fn revision(&mut self, node: Node) -> Result<bool> {
        let before = self.catalog.snapshot()?;
        self.execute(|graph, rows| graph.plan_upgrade(rows, graph.id(node)))?;
        let after = self.catalog.snapshot()?;
        if !self.is_reversible(node)? {
            return Ok(true);
        }
        self.execute(|graph, rows| graph.plan_one_back(rows, node))?;
        let mut good = self.compare(node, "the downgrade leaves another schema than there was before", &before)?;
        self.execute(|graph, rows| graph.plan_upgrade(rows, graph.id(node)))?;
        good &= self.compare(node, "the second upgrade makes another schema than the first", &after)?;
        Ok(good)
    }

    /// All the way down: nothing of the revisions is left. Not if one of them has no way back.
    fn back_to_base(&mut self, empty: &Snapshot) -> Result<bool> {
        for node in self.graph.nodes() {
            if !self.is_reversible(node)? {
                return Ok(true);
            }
        }
        self.execute(|graph, rows| graph.plan_downgrade(rows, "base"))?;
        let traces = differences(empty, &self.catalog.snapshot()?);
        traces.iter().for_each(|line| data(&format!("error: `downgrade base` leaves a trace\n  {line}")));
        Ok(traces.is_empty())
    }

    fn is_reversible(&self, node: Node) -> Result<bool> {
        Ok(Script::read(&self.graph.revision(node).path)?.downgrade.is_some())
    }

    fn compare(&mut self, node: Node, what: &str, wanted: &Snapshot) -> Result<bool> {
        let found = self.catalog.snapshot()?;
        let differences = differences(wanted, &found);
        if differences.is_empty() {
            return Ok(true);
        }
        let revision = self.graph.revision(node);
        data(&format!("error: {}: {what}\n  {}", revision.path.display(), differences.join("\n  ")));
        Ok(false)
    }

    fn execute(
        &mut self,
        plan: impl FnOnce(&RevisionGraph, &[Node]) -> Result<Plan, migrate::error::TargetError>,
    ) -> Result<()> {
        let state = self.locked.state()?;
        let rows = state.heads(self.graph)?;
        let plan = plan(self.graph, &rows)?;
        let provenance = Provenance { tool_version: env!("CARGO_PKG_VERSION").to_owned(), ..Provenance::default() };
        let run = Run { graph: self.graph, plan: &plan, checksums: None, provenance: &provenance };
        Ok(self.locked.execute(&run, &state)?)
    }
}
