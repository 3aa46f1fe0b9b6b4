//! Anything may stand in a file or on the command line: no panic, what is read is what was written, and what is planned adds up.
//!
//! The inputs are made of the pieces that mean something to the parts, at random but the same on every run; `FUZZ=1000000` tries more.

#[path = "fuzz/properties.rs"]
mod properties;

use properties::{Choices, TARGET, check_file, check_plan, file, graph, parse};
use revision::Node;

fn executions() -> u64 {
    std::env::var("FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000)
}

/// Numbers that are the same on every run (Knuth's MMIX generator).
struct Numbers(u64);

impl Choices for Numbers {
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
fn files_are_read_or_refused() {
    let mut numbers = Numbers(1);
    let mut read = 0;
    for _ in 0..executions() {
        let text = match numbers.below(4) {
            0 => numbers.soup(&HEADER, 20) + &numbers.soup(&SQL, 12),
            _ => file(&numbers.soup(&SQL, 14), &numbers.soup(&SQL, 6)),
        };
        read += u64::from(check_file(text.as_bytes()));
    }
    assert!(read > executions() / 20, "{read} could be read");
}

/// Bytes that no text has.
#[test]
fn damaged_files_are_read_or_refused() {
    let mut numbers = Numbers(2);
    let good = file("CREATE TABLE t (a text DEFAULT 'é');\nCOPY t FROM STDIN;\nx\n\\.\n", "DROP TABLE t;");
    for _ in 0..executions() {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=numbers.below(4) {
            let (at, byte) = (numbers.below(bytes.len()), numbers.below(256) as u8);
            match numbers.below(3) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        let _ = parse(&bytes);
    }
}

#[test]
fn targets_are_planned_or_refused() {
    let mut numbers = Numbers(3);
    let mut planned = 0;
    for _ in 0..executions() / 20 {
        let Some(graph) = graph(&mut numbers) else { continue };
        let mut heads: Vec<Node> = Vec::new();
        for _ in 0..20 {
            let target = numbers.soup(&TARGET, 5);
            let Some(next) = check_plan(&graph, &heads, numbers.below(3), &target) else { continue };
            planned += 1;
            heads = next;
        }
    }
    assert!(planned > executions() / 40, "{planned} were planned");
}
