//! Statements outside a transaction (`Transaction: off`): their locks are gone when they end, so they are watched from
//! another session while they run.

use std::collections::BTreeSet;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use migrate::script::Script;
use postgres::{Client, SimpleQueryMessage};

use super::hazard::Observation;
use super::lock::strongest;
use super::observe::{observe, send};
use super::snapshot::{Oid, Snapshot};
use super::statement::Statement;
use crate::scratch::ScratchDatabase;

/// Runs the statements, each on its own.
pub(super) fn run(scratch: &ScratchDatabase<'_>, mut client: Client, script: &Script) -> Result<Vec<Statement>> {
    let backend: i32 = client.query_one("SELECT pg_backend_pid()", &[])?.get(0);
    let (mut gate, mut watcher) = (scratch.client()?, scratch.client()?);
    let mut before = Snapshot::take(&mut client)?;
    let mut statements = Vec::new();
    for statement in script.upgrade.effective() {
        close_gate(&mut gate)?;
        let (sent, done) = channel();
        let (elapsed, found) = thread::scope(|scope| -> Result<_> {
            let client = &mut client;
            scope.spawn(move || {
                let result = send(client, script, statement);
                // The other end is there until this has been read.
                let _ = sent.send((result, Instant::now()));
            });
            let mut found = BTreeSet::new();
            let mut start = Instant::now();
            let mut is_closed = true;
            let deadline = start + Duration::from_secs(5);
            let end = loop {
                match done.recv_timeout(Duration::from_millis(1)) {
                    Ok((result, end)) => {
                        result?;
                        break end;
                    }
                    Err(RecvTimeoutError::Disconnected) => return Err(anyhow!("the session has gone")),
                    Err(RecvTimeoutError::Timeout) => {}
                }
                let (locks, is_waiting) = locks_of(&mut watcher, backend)?;
                found.extend(locks);
                if is_closed && (is_waiting || Instant::now() > deadline) {
                    // What it asks for first is seen; the time that it was kept waiting is not its own.
                    gate.batch_execute("ROLLBACK")?;
                    (is_closed, start) = (false, Instant::now());
                }
            };
            if is_closed {
                gate.batch_execute("ROLLBACK")?;
            }
            Ok((end.saturating_duration_since(start), found))
        })?;
        let after = Snapshot::take(&mut client)?;
        let taken = strongest(&before, &found);
        let observation = Observation { origin: &before, before: &before, after: &after, taken: &taken, held: &[] };
        let mut statement = observe(statement, elapsed, &observation);
        // The server counts scans for a transaction; here there is none to count for.
        statement.scanned.clear();
        statements.push(statement);
        before = after;
    }
    Ok(statements)
}

/// Holds every table in a mode that lets applications work but stops whatever changes a schema, so that the first thing a
/// statement asks for can be seen, however fast it is.
fn close_gate(gate: &mut Client) -> Result<()> {
    let tables: Option<String> = gate.query_one(include_str!("tables.sql"), &[])?.get(0);
    gate.batch_execute("BEGIN")?;
    if let Some(tables) = tables {
        gate.batch_execute(&format!("LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE"))?;
    }
    Ok(())
}

/// The locks that a session has or waits for, and whether it waits.
fn locks_of(watcher: &mut Client, backend: i32) -> Result<(Vec<(Oid, String)>, bool)> {
    let query = include_str!("locks.sql").replace("{backend}", &backend.to_string());
    let (mut locks, mut is_waiting) = (Vec::new(), false);
    for message in watcher.simple_query(&query)? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let oid = row.get(0).unwrap_or_default().parse().context("a number of the catalog")?;
        locks.push((oid, row.get(1).unwrap_or_default().to_owned()));
        is_waiting |= row.get(2) == Some("f");
    }
    Ok((locks, is_waiting))
}
