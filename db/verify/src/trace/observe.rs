//! Runs a statement, and makes out of two looks at the database what it did.

use std::time::Duration;

use anyhow::{Result, anyhow};
use migrate::script::Script;
use postgres::Client;

use super::hazard::{self, Observation};
use super::snapshot::Oid;
use super::statement::Statement;
use crate::scratch::message;

/// What a statement did, with what is dangerous about it.
pub(super) fn observe(
    statement: &migrate::script::Statement,
    elapsed: Duration,
    observation: &Observation<'_>,
) -> Statement {
    let name = |oid: Oid| observation.name(oid).to_owned();
    let rewritten =
        observation.after.rewritten_since(observation.before).into_iter().filter(|&oid| observation.was_there(oid));
    let scanned =
        observation.after.scanned_since(observation.before).into_iter().filter(|&(oid, _)| observation.was_there(oid));
    Statement {
        line: statement.line,
        text: title(&statement.text),
        elapsed,
        locks: observation.taken.to_vec(),
        rewritten: rewritten.map(name).collect(),
        scanned: scanned.map(|(oid, rows)| (name(oid), rows)).collect(),
        hazards: hazard::of_statement(observation),
    }
}

/// The first line of a statement, as far as it says what it is.
fn title(text: &str) -> String {
    let line: String =
        text.lines().next().unwrap_or_default().trim_end().trim_end_matches(';').chars().take(72).collect();
    if line.len() < text.trim_end().trim_end_matches(';').len() { format!("{line} …") } else { line }
}

/// Sends a statement, as the engine does.
pub(super) fn send(client: &mut Client, script: &Script, statement: &migrate::script::Statement) -> Result<()> {
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
