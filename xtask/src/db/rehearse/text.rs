//! What a rehearsal has measured, as text and as JSON.

use std::time::Duration;

use migrate::LockMode;
use revision::Revisions;
use serde_json::{Value, json};

use super::measure::{Moved, Statement, Step};

/// A step as text, for the person who approves.
pub(super) fn text(step: &Step, revisions: &Revisions) -> String {
    let mut text = match step.revision.map(|node| revisions.script(node)) {
        Some(script) => {
            let header = script.header();
            format!("{} {}\n{}\n", header.revision, header.message, script.path().display())
        }
        None => "objects\n".to_owned(),
    };
    for (relation, mode) in &step.held_before {
        let mode = mode.name();
        text.push_str(&format!("       {mode:24} {relation:24} held by an earlier revision, so not measured again\n"));
    }
    for (index, statement) in step.statements.iter().enumerate() {
        let Statement { line, text: sql, elapsed, .. } = statement;
        text.push_str(&format!("{line:>5}  {sql}  {}\n", milliseconds(*elapsed)));
        for line in details(statement, held(step, index)) {
            text.push_str(&format!("       {line}\n"));
        }
    }
    text
}

fn details(statement: &Statement, held: Duration) -> Vec<String> {
    let mut lines = Vec::new();
    if statement.waited > Duration::ZERO {
        lines.push(format!("{:24} {}", "waited for locks", milliseconds(statement.waited)));
    }
    for (relation, mode) in &statement.locks {
        let blocked = mode.blocks().map(|blocked| format!(": blocks {blocked}")).unwrap_or_default();
        lines.push(format!("{:24} {relation:24} until commit, {}{blocked}", mode.name(), milliseconds(held)));
    }
    for (relation, bytes) in &statement.rewritten {
        lines.push(format!("{:24} {relation:24} {}", "rewritten", size(*bytes)));
    }
    for (relation, rows) in &statement.scanned {
        lines.push(format!("{:24} {relation:24} {rows} rows", "full scan"));
    }
    for (relation, numbers) in &statement.changed {
        let counted = ["inserted", "updated", "deleted"].iter().zip(numbers).filter(|(_, number)| **number > 0);
        let counted: Vec<String> = counted.map(|(what, number)| format!("{number} {what}")).collect();
        lines.push(format!("{:24} {relation:24} {}", "rows", counted.join(", ")));
    }
    lines
}

/// A step as JSON, a value for each statement.
pub(super) fn json(step: &Step, revisions: &Revisions) -> Vec<Value> {
    let id = step.revision.map(|node| revisions.graph().id(node));
    let path = step.revision.map(|node| revisions.script(node).path().display().to_string());
    let statement = |(index, statement): (usize, &Statement)| {
        let lock = |(relation, mode): &(String, LockMode)| json!({"relation": relation, "mode": mode.name(), "blocks": mode.blocks()});
        json!({
            "event": "statement", "revision": id, "path": path, "line": statement.line, "statement": statement.sql,
            "ms": as_milliseconds(statement.elapsed), "waited_ms": as_milliseconds(statement.waited),
            "held_ms": as_milliseconds(held(step, index)),
            "locks": statement.locks.iter().map(lock).collect::<Vec<_>>(),
            "held_before": step.held_before.iter().map(lock).collect::<Vec<_>>(),
            "rewritten": statement.rewritten.iter()
                .map(|(relation, bytes)| json!({"relation": relation, "bytes": bytes})).collect::<Vec<_>>(),
            "scanned": statement.scanned.iter()
                .map(|(relation, rows)| json!({"relation": relation, "rows": rows})).collect::<Vec<_>>(),
            "changed": statement.changed.iter()
                .map(|(relation, [inserted, updated, deleted])| {
                    json!({"relation": relation, "inserted": inserted, "updated": updated, "deleted": deleted})
                }).collect::<Vec<_>>(),
        })
    };
    step.statements.iter().enumerate().map(statement).collect()
}

/// A sequence that stays where the rehearsal has moved it.
pub(super) fn moved_text(moved: &Moved) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "unused".to_owned());
    format!("the sequence {} was {}, and is {}", moved.name, value(&moved.before), value(&moved.after))
}

/// How long the real run holds what a statement locks: until the commit of its revision.
fn held(step: &Step, index: usize) -> Duration {
    step.statements[index..].iter().map(|statement| statement.elapsed).sum()
}

fn as_milliseconds(elapsed: Duration) -> f64 {
    elapsed.as_secs_f64() * 1000.0
}

fn milliseconds(elapsed: Duration) -> String {
    format!("{:.1} ms", as_milliseconds(elapsed))
}

/// As PostgreSQL writes sizes.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_240 => format!("{bytes} bytes"),
        10_240..10_485_760 => format!("{} kB", bytes / 1024),
        10_485_760..10_737_418_240 => format!("{} MB", bytes / 1024 / 1024),
        _ => format!("{} GB", bytes / 1024 / 1024 / 1024),
    }
}
