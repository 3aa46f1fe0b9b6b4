//! Observes a rehearsal: what each statement locks, rewrites, scans and changes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use connection::{Connection, Row};
use migrate::{LockMode, Observer, ObserverError, RehearsalObserver, Scope};
use revision::{Node, Place};

use super::waiting::Waiting;

/// A relation before the rehearsal.
struct Relation {
    name: String,
    kind: String,
    file: String,
    /// Of an index.
    table: String,
    is_own: bool,
    last_value: Option<String>,
}

/// What the transaction has done to a relation so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Counts {
    name: String,
    kind: String,
    file: String,
    /// Inserted, updated, deleted; full scans, and the rows that they have read.
    numbers: [u64; 5],
    bytes: u64,
}

/// The locks and the counts, by OID.
#[derive(Debug, Clone, Default)]
struct Snapshot {
    locks: BTreeSet<(String, LockMode)>,
    counts: BTreeMap<String, Counts>,
}

/// What was measured of a revision, or of the files of `objects`.
pub(super) struct Step {
    pub(super) revision: Option<Node>,
    /// The locks that block applications and that earlier revisions hold: a lock that is held already is not seen again.
    pub(super) held_before: Vec<(String, LockMode)>,
    pub(super) statements: Vec<Statement>,
}

/// What was measured of a statement.
pub(super) struct Statement {
    pub(super) line: u32,
    /// All of it.
    pub(super) sql: String,
    /// The beginning.
    pub(super) text: String,
    pub(super) elapsed: Duration,
    pub(super) waited: Duration,
    /// Relation and mode, the strongest of each.
    pub(super) locks: Vec<(String, LockMode)>,
    /// Relation, and its size afterwards in bytes.
    pub(super) rewritten: Vec<(String, u64)>,
    /// Relation, and rows read.
    pub(super) scanned: Vec<(String, u64)>,
    /// Relation, and rows inserted, updated and deleted.
    pub(super) changed: Vec<(String, [u64; 3])>,
}

/// A sequence that has moved, and its last values.
pub(super) struct Moved {
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// The observer.
pub(super) struct Measure {
    relations: BTreeMap<String, Relation>,
    query_of_relations: String,
    last: Snapshot,
    waiting: Option<Waiting>,
    started: Option<Instant>,
    pub(super) steps: Vec<Step>,
}

impl Measure {
    /// Reads what there is. `own` are the engine's tables, quoted and qualified.
    pub(super) fn start(connection: &mut Connection, own: [&str; 4]) -> Result<Self> {
        let own: Vec<String> = own.map(|table| format!("to_regclass({})", connection::quote_literal(table))).to_vec();
        let query_of_relations = include_str!("relations.sql").replace("{own}", &own.join(", "));
        let rows = connection.query(&query_of_relations).context("cannot read the relations")?;
        let relations = rows.iter().map(relation).collect();
        let (last, waiting) = (Snapshot::default(), Waiting::start(connection));
        Ok(Self { relations, query_of_relations, last, waiting, started: None, steps: Vec::new() })
    }

    /// The sequences that the rehearsal has moved, by name: those that it has locked, and the engine's. Other sessions may have
    /// moved them too.
    pub(super) fn moved_sequences(&self, connection: &mut Connection) -> Result<Vec<Moved>> {
        let rows = connection.query(&self.query_of_relations).context("cannot read the sequences")?;
        let after: BTreeMap<String, Relation> = rows.iter().map(relation).collect();
        let is_used = |oid: &String| self.last.locks.iter().any(|(locked, _)| locked == oid);
        let moved = |(oid, before): (&String, &Relation)| {
            let now = after.get(oid)?;
            let has_moved = before.kind == "S" && before.last_value != now.last_value;
            (has_moved && (before.is_own || is_used(oid))).then(|| Moved {
                name: before.name.clone(),
                before: before.last_value.clone(),
                after: now.last_value.clone(),
            })
        };
        let mut moved: Vec<Moved> = self.relations.iter().filter_map(moved).collect();
        moved.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(moved)
    }

    /// The strongest lock on each relation that existed before; on an index only if it is stronger than that on its table.
    fn strongest<'s>(&self, locks: impl Iterator<Item = &'s (String, LockMode)>) -> Vec<(String, LockMode)> {
        let table_of = |oid: &&str| self.relations.get(*oid).map(|relation| relation.table.as_str());
        let strongest = LockMode::strongest(locks.map(|(oid, mode)| (oid.as_str(), *mode)), table_of);
        let named = |(oid, mode): (&str, LockMode)| {
            let relation = self.relations.get(oid).filter(|relation| !relation.is_own)?;
            Some((relation.name.clone(), mode))
        };
        let mut locks: Vec<(String, LockMode)> = strongest.into_iter().filter_map(named).collect();
        locks.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
        locks
    }

    /// Whether the transaction did not hold the lock, or a stronger one, before the statement.
    fn is_new(&self, (oid, mode): &(String, LockMode)) -> bool {
        !self.last.locks.iter().any(|(held, as_mode)| held == oid && as_mode >= mode)
    }

    fn statement(&self, place: Place, text: &str, elapsed: Duration, waited: Duration, now: &Snapshot) -> Statement {
        let mut statement = Statement {
            line: place.line,
            sql: text.to_owned(),
            text: title(text),
            elapsed,
            waited,
            locks: self.strongest(now.locks.iter().filter(|lock| self.is_new(lock))),
            rewritten: Vec::new(),
            scanned: Vec::new(),
            changed: Vec::new(),
        };
        let is_own = |oid: &String| self.relations.get(oid).is_some_and(|relation| relation.is_own);
        for (oid, counts) in now.counts.iter().filter(|(oid, counts)| !is_own(oid) && "rpm".contains(&counts.kind)) {
            let before = self.last.counts.get(oid).cloned().unwrap_or_default();
            let [inserted, updated, deleted, scans, read] =
                [0, 1, 2, 3, 4].map(|index| counts.numbers[index].saturating_sub(before.numbers[index]));
            let name = || counts.name.clone();
            if inserted + updated + deleted > 0 {
                statement.changed.push((name(), [inserted, updated, deleted]));
            }
            let Some(relation) = self.relations.get(oid) else { continue };
            if scans > 0 {
                statement.scanned.push((name(), read));
            }
            let file = self.last.counts.get(oid).map_or(&relation.file, |before| &before.file);
            if *file != counts.file {
                statement.rewritten.push((name(), counts.bytes));
            }
        }
        statement
    }
}

impl RehearsalObserver for Measure {
    fn step(&mut self, revision: Option<Node>) {
        let mut held_before = self.strongest(self.last.locks.iter());
        held_before.retain(|(_, mode)| mode.blocks().is_some());
        self.steps.push(Step { revision, held_before, statements: Vec::new() });
    }
}

impl Observer for Measure {
    fn begin(&mut self, connection: &mut Connection, _: Scope) -> Result<(), ObserverError> {
        // A revision that is tried again starts over.
        self.last = Snapshot::take(connection)?;
        if let Some(step) = self.steps.last_mut() {
            step.statements.clear();
        }
        Ok(())
    }

    fn before(&mut self, _: &mut Connection, _: Place, _: &str) -> Result<(), ObserverError> {
        self.waiting.iter().for_each(Waiting::begin);
        self.started = Some(Instant::now());
        Ok(())
    }

    fn after(&mut self, connection: &mut Connection, place: Place, text: &str) -> Result<(), ObserverError> {
        let elapsed = self.started.take().map_or(Duration::ZERO, |started| started.elapsed());
        let waited = self.waiting.as_ref().map_or(Duration::ZERO, Waiting::end);
        let now = Snapshot::take(connection)?;
        let statement = self.statement(place, text, elapsed, waited, &now);
        self.last = now;
        self.steps.last_mut().context("a statement of no revision")?.statements.push(statement);
        Ok(())
    }
}

impl Snapshot {
    fn take(connection: &mut Connection) -> Result<Self> {
        let mut snapshot = Self::default();
        for row in connection.query_in_transaction(include_str!("locks.sql")).context("cannot read the locks")? {
            snapshot.locks.extend(LockMode::named(&text(&row, 1)).map(|mode| (text(&row, 0), mode)));
            let counts = Counts {
                name: text(&row, 2),
                kind: text(&row, 3),
                file: text(&row, 4),
                numbers: [5, 6, 7, 8, 9].map(|column| number(&row, column)),
                bytes: number(&row, 10),
            };
            // What has been dropped has no name any more. A row for each mode: only the strongest has the size.
            let known = snapshot.counts.get(&text(&row, 0)).is_some_and(|known| known.bytes > counts.bytes);
            if !counts.name.is_empty() && !known {
                snapshot.counts.insert(text(&row, 0), counts);
            }
        }
        Ok(snapshot)
    }
}

fn relation(row: &Row) -> (String, Relation) {
    let relation = Relation {
        name: text(row, 1),
        kind: text(row, 2),
        file: text(row, 3),
        table: text(row, 4),
        is_own: text(row, 5) == "t",
        last_value: row.get(6).cloned().flatten(),
    };
    (text(row, 0), relation)
}

fn text(row: &Row, column: usize) -> String {
    row.get(column).cloned().flatten().unwrap_or_default()
}

fn number(row: &Row, column: usize) -> u64 {
    text(row, column).parse().unwrap_or_default()
}

/// The first line of a statement, shortened.
fn title(text: &str) -> String {
    let whole = text.trim_end().trim_end_matches(';');
    let line: String = whole.lines().next().unwrap_or_default().trim_end().chars().take(72).collect();
    if line.len() < whole.len() { format!("{line} …") } else { line }
}
