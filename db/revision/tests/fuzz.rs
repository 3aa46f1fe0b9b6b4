//! Tests files and targets with random contents: nothing panics, parsed items match the text, and plans are consistent.
//!
//! Inputs are combined from the tokens that matter to each parser, with a fixed seed. `FUZZ=1000000` runs more of them.

#[path = "fuzz/properties.rs"]
mod properties;

use properties::{Choices, TARGET, check_file, check_plan, file, graph, parse};
use revision::Node;

fn executions() -> u64 {
    std::env::var("FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000)
}

/// A deterministic generator of random numbers (Knuth's MMIX).
struct Random(u64);

impl Choices for Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

const SQL: [&str; 53] = [
    "-- migrate:downgrade\n",
    "'",
    "''",
    "\"",
    "$$",
    "$a$",
    "$",
    "1$1",
    "--",
    " -- c\n",
    "/*",
    "*/",
    "/",
    "*",
    "\\",
    "\\.",
    "\\.\n",
    "\\copy t",
    ";",
    ";;",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "(",
    ")",
    "[",
    "E'",
    "e'\\'",
    "U&'",
    "U&\"",
    "B'1",
    "x'f'",
    ":a",
    "::int",
    "é",
    "☃",
    "\u{feff}",
    "\0",
    "COPY t FROM STDIN;\n",
    "copy t (a) from stdin with (format csv);\n",
    "1\t2\n",
    "CREATE FUNCTION f() BEGIN ATOMIC",
    " BEGIN",
    " END",
    " CASE",
    "SELECT 1",
    "VACUUM t",
    "CREATE INDEX CONCURRENTLY i ON t (a)",
    "ROLLBACK",
    "\n-- migrate:downgrade\n",
    "\n-- migrate:upgrade\n",
];

const HEADER: [&str; 24] = [
    "-- ",
    "--",
    "\n",
    "\r\n",
    "message",
    "Revision ID: a1",
    "Revision ID:",
    "Revises: a1",
    "Revises:",
    "Revises: a, b,c",
    "Depends On: x",
    "Branch Labels: l",
    "Transaction: off",
    "Transaction: maybe",
    "Lint: allow rule (why)",
    "Lint: allow",
    "Create Date: 2026-11-22",
    "Nonsense: x",
    ":",
    ",",
    "é",
    "\u{feff}",
    "\0",
    "\n-- migrate:upgrade\n",
];

#[test]
fn files_are_read_or_rejected() {
    let mut random = Random(1);
    let mut read = 0;
    for _ in 0..executions() {
        let text = match random.below(4) {
            0 => random.mix(&HEADER, 20) + &random.mix(&SQL, 12),
            _ => file(&random.mix(&SQL, 14), &random.mix(&SQL, 6)),
        };
        read += u64::from(check_file(text.as_bytes()));
    }
    assert!(read > executions() / 20, "only {read} were valid");
}

#[test]
fn corrupted_files_are_read_or_rejected() {
    let mut random = Random(2);
    let valid = file("CREATE TABLE t (a text DEFAULT 'é');\nCOPY t FROM STDIN;\nx\n\\.\n", "DROP TABLE t;");
    for _ in 0..executions() {
        let mut bytes = valid.clone().into_bytes();
        for _ in 0..=random.below(4) {
            let (at, byte) = (random.below(bytes.len()), random.below(256) as u8);
            match random.below(3) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        let _ = parse(&bytes);
    }
}

#[test]
fn targets_are_planned_or_rejected() {
    let mut random = Random(3);
    let mut planned = 0;
    for _ in 0..executions() / 20 {
        let Some(graph) = graph(&mut random) else { continue };
        let mut heads: Vec<Node> = Vec::new();
        for _ in 0..20 {
            let target = random.mix(&TARGET, 5);
            let Some(next) = check_plan(&graph, &heads, random.below(3), &target) else { continue };
            planned += 1;
            heads = next;
        }
    }
    assert!(planned > executions() / 40, "only {planned} were planned");
}
