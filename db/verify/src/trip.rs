//! The findings of one revision: its upgrade, and its downgrade and second upgrade on a disposable database.

use anyhow::Result;
use migrate::Target;
use revision::{Direction, Node, Revisions, Script};
use schema::{Fingerprint, Schema};

use crate::catalog::Catalog;
use crate::difference::changed_objects;
use crate::finding::{Finding, Severity};
use crate::fixture::Answer;
use crate::refusal::Refusal;
use crate::rule::Rule;
use crate::scratch::ScratchDatabase;
use crate::server::Server;
use crate::survival::Survival;

/// The state by which two databases, or one database at two times, are compared.
pub(crate) struct State {
    fingerprint: Fingerprint,
    /// The SQL of the objects, which is read if the fingerprints differ, or before the database changes.
    pub(crate) schema: Option<Schema>,
    answers: Vec<Answer>,
}

impl State {
    /// Reads the state of a database, without the SQL of its objects.
    pub(crate) fn read(server: &Server, catalog: &Catalog, scratch: &mut ScratchDatabase<'_>) -> Result<Self> {
        let fingerprint = catalog.read(server, scratch.probe()?)?;
        Ok(Self { fingerprint, schema: None, answers: Vec::new() })
    }

    /// Reads the SQL of the objects of the database, unless it has been read.
    pub(crate) fn read_schema(&mut self, scratch: &mut ScratchDatabase<'_>) -> Result<()> {
        if self.schema.is_none() {
            self.schema = Some(scratch.dump()?);
        }
        Ok(())
    }

    /// Reads the SQL of the objects of the database if its state may not be the expected one.
    pub(crate) fn explain(
        &mut self,
        expected: &Self,
        catalog: &Catalog,
        scratch: &mut ScratchDatabase<'_>,
    ) -> Result<()> {
        if expected.may_differ(self, catalog) { self.read_schema(scratch) } else { Ok(()) }
    }

    /// Whether the SQL of the objects is needed to show the difference.
    pub(crate) fn may_differ(&self, other: &Self, catalog: &Catalog) -> bool {
        catalog.fingerprinter().is_none() || self.fingerprint != other.fingerprint
    }
}

/// A revision, and what is needed to check it.
pub(crate) struct Judge<'t, 'r> {
    pub(crate) server: &'t Server,
    pub(crate) revisions: &'r Revisions,
    pub(crate) node: Node,
    pub(crate) survival: &'t Survival,
    pub(crate) catalog: &'t Catalog,
}

/// The state before a revision.
pub(crate) enum Below<'b, 'r> {
    /// The state of a database in which the revision is not applied.
    Database(&'b mut ScratchDatabase<'r>),
    State(&'b State),
}

/// The result of a round trip.
#[derive(Default)]
pub(crate) struct Trip {
    pub(crate) findings: Vec<Finding>,
    /// The state after the second upgrade, if it was possible, without the SQL of the objects.
    pub(crate) again: Option<State>,
    /// Whether the revision can't be applied.
    pub(crate) is_refused: bool,
    /// Whether databases depended on each other through objects that all share, in which case the findings may be
    /// wrong.
    pub(crate) is_entangled: bool,
}

impl<'r> Judge<'_, 'r> {
    fn script(&self) -> &'r Script {
        self.revisions.script(self.node)
    }

    /// Reads the state of a database, without the SQL of its objects.
    pub(crate) fn state(&mut self, scratch: &mut ScratchDatabase<'_>) -> Result<State> {
        let answers = self.answers(scratch)?;
        Ok(State { answers, ..State::read(self.server, self.catalog, scratch)? })
    }

    /// Reads the state of a database that is about to change.
    pub(crate) fn whole_state(&mut self, scratch: &mut ScratchDatabase<'_>) -> Result<State> {
        let mut state = self.state(scratch)?;
        state.read_schema(scratch)?;
        Ok(state)
    }

    /// Reads the state of a database, and the SQL of its objects if the state may not be the expected one.
    fn state_against(&mut self, scratch: &mut ScratchDatabase<'_>, expected: &State) -> Result<State> {
        let mut state = self.state(scratch)?;
        state.explain(expected, self.catalog, scratch)?;
        Ok(state)
    }

    /// The results of the fixtures that cover the revision.
    fn answers(&self, scratch: &mut ScratchDatabase<'_>) -> Result<Vec<Answer>> {
        let probe = scratch.probe()?;
        probe.send("DISCARD ALL")?;
        self.survival.answers(self.revisions.graph(), self.node, probe)
    }

    /// Applies a revision that can't be reverted to the database.
    pub(crate) fn one_way(&mut self, scratch: &mut ScratchDatabase<'_>) -> Result<Trip> {
        let before = self.answers(scratch)?;
        let mut trip = Trip::default();
        if self.succeeds(scratch, Rule::UpgradeRefused, &mut trip)? {
            let after = self.answers(scratch)?;
            trip.findings.extend(self.losses(Rule::UpgradeLosesData, &before, &after)?);
        }
        Ok(trip)
    }

    /// Applies, reverts and reapplies the revision in `scratch`, whose state is that of `below`. If that is a different
    /// database, its state is read only when needed.
    pub(crate) fn round_trip(&mut self, scratch: &mut ScratchDatabase<'_>, below: Below<'_, '_>) -> Result<Trip> {
        let mut trip = Trip::default();
        let before = match &below {
            Below::Database(_) => self.answers(scratch)?,
            Below::State(state) => state.answers.clone(),
        };
        if !self.succeeds(scratch, Rule::UpgradeRefused, &mut trip)? {
            return Ok(trip);
        }
        let above = self.answers(scratch)?;
        trip.findings.extend(self.losses(Rule::UpgradeLosesData, &before, &above)?);
        let above = match &below {
            Below::Database(_) => None,
            Below::State(_) => Some(self.whole_state(scratch)?),
        };
        if !self.succeeds(scratch, Rule::DowngradeRefused, &mut trip)? {
            return Ok(trip);
        }
        let mut read;
        let (expected, found) = match below {
            Below::Database(database) => {
                read = self.state(database)?;
                let found = self.state_against(scratch, &read)?;
                if found.schema.is_some() {
                    read.read_schema(database)?;
                }
                (&read, found)
            }
            Below::State(state) => (state, self.state_against(scratch, state)?),
        };
        trip.findings.extend(self.difference(Rule::DowngradeDiffers, expected, &found)?);
        trip.findings.extend(self.losses(Rule::DowngradeLosesData, &before, &found.answers)?);
        if self.succeeds(scratch, Rule::ReapplyRefused, &mut trip)? {
            match above {
                Some(above) => {
                    let again = self.state_against(scratch, &above)?;
                    trip.findings.extend(self.second_upgrade(&above, &again)?);
                }
                None => trip.again = Some(self.state(scratch)?),
            }
        }
        Ok(trip)
    }

    /// The findings of the second upgrade.
    pub(crate) fn second_upgrade(&self, above: &State, again: &State) -> Result<Vec<Finding>> {
        let mut findings = self.losses(Rule::ReapplyChangesData, &above.answers, &again.answers)?;
        findings.splice(..0, self.difference(Rule::ReapplyDiffers, above, again)?);
        Ok(findings)
    }

    /// Upgrades or downgrades. A failure is a finding, and the end of the trip.
    fn succeeds(&self, scratch: &mut ScratchDatabase<'_>, refused: Rule, trip: &mut Trip) -> Result<bool> {
        let target = match refused {
            Rule::DowngradeRefused => Target::Revert(self.node),
            _ => Target::Upgrade(self.revisions.graph().id(self.node)),
        };
        let Err(error) = scratch.attempt(target)? else { return Ok(true) };
        trip.is_refused = refused == Rule::UpgradeRefused;
        let refusal = Refusal::of(&error);
        trip.is_entangled = refusal.mentions_database();
        trip.findings.push(self.refusal(refused, refusal)?);
        Ok(false)
    }

    /// The finding that a run has failed, at the statement that the server refuses.
    pub(crate) fn refusal(&self, rule: Rule, refusal: Refusal) -> Result<Finding> {
        let direction = match rule {
            Rule::DowngradeRefused => Direction::Downgrade,
            _ => Direction::Upgrade,
        };
        let finding = Finding::on_section(self.script(), self.script().section(direction))?;
        let mut finding = named(finding, rule, &format!("{}: {}", rule.problem(), refusal.reason));
        if let Some(excerpt) = refusal.excerpt {
            (finding.line, finding.column) = (excerpt.place.line, excerpt.place.column);
            finding.source_line = excerpt.line;
        }
        finding.details.extend(refusal.detail.map(|detail| format!("detail: {}", detail.replace('\n', "; "))));
        finding.help = refusal.hint;
        Ok(finding)
    }

    /// The finding that two states differ. The rows of the catalog are shown if the SQL of the objects is the same.
    fn difference(&self, rule: Rule, expected: &State, found: &State) -> Result<Option<Finding>> {
        let details = differences(self.catalog, expected, found);
        if details.is_empty() {
            return Ok(None);
        }
        let direction = if rule == Rule::DowngradeDiffers { Direction::Downgrade } else { Direction::Upgrade };
        let finding = Finding::on_section(self.script(), self.script().section(direction))?;
        Ok(Some(Finding { details, ..named(finding, rule, rule.problem()) }))
    }

    /// The findings that a step does not preserve the data of a fixture.
    fn losses(&self, rule: Rule, before: &[Answer], after: &[Answer]) -> Result<Vec<Finding>> {
        let (direction, may_be_gone) = match rule {
            Rule::DowngradeLosesData => (Direction::Downgrade, false),
            Rule::ReapplyChangesData => (Direction::Upgrade, false),
            _ => (Direction::Upgrade, true),
        };
        let changed = self.survival.changed((self.revisions.graph(), self.node), (before, after), may_be_gone);
        let finding = |(fixture, details): (String, Vec<String>)| {
            let finding = Finding::on_section(self.script(), self.script().section(direction))?;
            let message = format!("{} declared in {fixture}", rule.problem());
            Ok(Finding { details, ..named(finding, rule, &message) })
        };
        changed.into_iter().map(finding).collect()
    }
}

/// The lines of a diff of two states: of the SQL of the objects, or of the rows of the catalog if the SQL is the same.
pub(crate) fn differences(catalog: &Catalog, expected: &State, found: &State) -> Vec<String> {
    if !expected.may_differ(found, catalog) {
        return Vec::new();
    }
    let lines = match (&expected.schema, &found.schema) {
        (Some(expected), Some(found)) => changed_objects(expected, found),
        _ => Vec::new(),
    };
    if lines.is_empty() { catalog.differences(&expected.fingerprint, &found.fingerprint) } else { lines }
}

fn named(finding: Finding, rule: Rule, message: &str) -> Finding {
    let severity = if rule == Rule::UpgradeRefused { Severity::Refusal } else { Severity::Error };
    Finding { rule: rule.name().to_owned(), severity, message: message.to_owned(), ..finding }
}
