//! Anything may stand in a file or on the command line: no panic, what is read is what was written, and what is planned adds up.
//!
//! The inputs are made of the pieces that mean something to the parts, at random but the same on every run; `FUZZ=1000000` tries more.

use std::path::{Path, PathBuf};

use migrate::graph::{Node, Revision, RevisionGraph};
use migrate::header::Header;
use migrate::script::{Script, Section};

fn executions() -> u64 {
    std::env::var("FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000)
}

/// Numbers that are the same on every run (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn soup(&mut self, pieces: &[&str], most: usize) -> String {
        (0..self.below(most)).map(|_| pieces[self.below(pieces.len())]).collect()
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

fn parse(text: &[u8]) -> Option<Script> {
    Script::parse(Path::new("fuzz.sql"), text).ok()
}

fn file(upgrade: &str, downgrade: &str) -> String {
    format!(
        "-- m\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\n{upgrade}\n\n-- migrate:downgrade\n{downgrade}\n"
    )
}

/// Every statement stands in the file, in its order; and its SQL, written as a file, is the same SQL.
fn check_section(text: &str, section: &Section, from: usize) -> usize {
    let mut at = from;
    for statement in section.effective() {
        let line: usize = text.split_inclusive('\n').take(statement.line as usize - 1).map(str::len).sum();
        let column: usize = text[line..].chars().take(statement.column as usize - 1).map(char::len_utf8).sum();
        let start = line + column;
        assert!(start >= at && text[start..].starts_with(&statement.text), "{:?} in {text:?}", statement.text);
        at = start + statement.text.len();
    }
    if section.effective().all(|statement| statement.copy.is_none()) {
        let again = parse(file(&section.to_sql(), "").as_bytes()).unwrap_or_else(|| panic!("{:?}", section.to_sql()));
        assert_eq!(again.upgrade.checksum(), section.checksum(), "{text:?}");
    }
    at
}

#[test]
fn files_are_read_or_refused() {
    let mut numbers = Numbers(1);
    let mut read = 0;
    for _ in 0..executions() {
        let text = match numbers.below(4) {
            0 => numbers.soup(&HEADER, 20) + &numbers.soup(&SQL, 12),
            _ => file(&numbers.soup(&SQL, 14), &numbers.soup(&SQL, 6)),
        };
        let Some(script) = parse(text.as_bytes()) else { continue };
        read += 1;
        let end = check_section(&text, &script.upgrade, 0);
        if let Some(downgrade) = &script.downgrade {
            check_section(&text, downgrade, end);
        }
        let _ = script.check_transactions();
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

const TARGET: [&str; 22] = [
    "a0",
    "a1",
    "a12",
    "a",
    "label",
    "head",
    "heads",
    "base",
    "current",
    "@",
    "+",
    "-",
    "1",
    "2",
    "99999999999999999999",
    ":",
    ",",
    " ",
    "é",
    "",
    "-1",
    "+1",
];

#[test]
fn targets_are_planned_or_refused() {
    let mut numbers = Numbers(3);
    let mut planned = 0;
    for _ in 0..executions() / 20 {
        let count = 1 + numbers.below(14);
        let revision = |index: usize, numbers: &mut Numbers| {
            // Of those before it, and rarely of itself, which is refused.
            let some = |numbers: &mut Numbers, most: usize| -> Vec<String> {
                if index == 0 {
                    return Vec::new();
                }
                let mut ids: Vec<String> = (0..numbers.below(most))
                    .map(|_| {
                        let beyond = usize::from(numbers.below(50) == 0);
                        format!("a{}", numbers.below(index + beyond))
                    })
                    .collect();
                ids.dedup();
                ids
            };
            let labels = if numbers.below(6) == 0 { vec![format!("label{}", numbers.below(3))] } else { Vec::new() };
            let (revises, depends_on) =
                (some(numbers, 3), if numbers.below(5) == 0 { some(numbers, 2) } else { Vec::new() });
            let header = Header {
                revision: format!("a{index}"),
                revises,
                depends_on,
                branch_labels: labels,
                ..Header::default()
            };
            Revision { header, path: PathBuf::new() }
        };
        let revisions = (0..count).map(|index| revision(index, &mut numbers)).collect();
        // Cycles, missing parents, labels that are there twice: an error each.
        let Ok(graph) = RevisionGraph::new(revisions) else { continue };
        let mut heads: Vec<Node> = Vec::new();
        for _ in 0..20 {
            let target = numbers.soup(&TARGET, 5);
            let plan = match numbers.below(3) {
                0 => graph.plan_downgrade(&heads, &target),
                1 => graph.plan_stamp(&heads, [target.as_str()]),
                _ => graph.plan_upgrade(&heads, &target),
            };
            let Ok(plan) = plan else { continue };
            planned += 1;
            assert_eq!(plan.from.len(), heads.len());
            let mut runs: Vec<Node> = plan.steps.iter().filter_map(|step| step.revision).collect();
            let all = runs.len();
            runs.sort_unstable();
            runs.dedup();
            assert_eq!(runs.len(), all, "no revision runs twice: {target:?}");
            heads = plan.heads;
        }
    }
    assert!(planned > executions() / 40, "{planned} were planned");
}
