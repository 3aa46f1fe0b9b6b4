//! A revision in its transaction: its locks are held until the end, so a look after each statement shows them.

use std::time::Instant;

use anyhow::Result;
use migrate::database::Options;
use migrate::script::Script;
use postgres::Client;

use super::hazard::{self, Observation};
use super::lock::strongest;
use super::observe::{observe, send};
use super::snapshot::Snapshot;
use super::statement::Statement;

/// Runs the statements of the upgrade in one transaction.
pub(super) fn run(client: &mut Client, script: &Script) -> Result<Vec<Statement>> {
    let lock_timeout = Options::default().lock_timeout.as_millis();
    client.batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = {lock_timeout};"))?;
    let origin = Snapshot::take(client)?;
    let (mut before, mut held) = (origin.clone(), Vec::new());
    let mut statements = Vec::new();
    for statement in script.upgrade.effective() {
        let start = Instant::now();
        send(client, script, statement)?;
        let elapsed = start.elapsed();
        let after = Snapshot::take(client)?;
        let taken = strongest(&origin, after.locks.difference(&before.locks));
        let observation = Observation { origin: &origin, before: &before, after: &after, taken: &taken, held: &held };
        statements.push(observe(statement, elapsed, &observation));
        held.extend(taken);
        before = after;
    }
    hazard::of_what_follows(&mut statements);
    client.batch_execute("COMMIT")?;
    Ok(statements)
}
