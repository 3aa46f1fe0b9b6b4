//! Fuzzes targets with arbitrary text, one per line, on a graph with branches, merges, dependencies and labels.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
#[expect(dead_code, reason = "each target checks some of the properties")]
mod properties;

use std::sync::LazyLock;

use revision::{Header, Revision, RevisionFile, RevisionGraph};

/// Id, parents, dependencies, label.
const REVISIONS: [(&str, &[&str], &[&str], &str); 9] = [
    ("a000", &[], &[], "main"),
    ("a111", &["a000"], &[], ""),
    ("b222", &["a111"], &[], "left"),
    ("c333", &["a111"], &["d444"], "right"),
    ("d444", &[], &[], "other"),
    ("e555", &["b222", "c333"], &[], ""),
    ("f666", &["e555"], &[], ""),
    ("f667", &["e555"], &["d444"], ""),
    ("d888", &["d444"], &["a111"], ""),
];

static GRAPH: LazyLock<RevisionGraph> = LazyLock::new(|| {
    let strings = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let revision = |(id, revises, depends_on, label): (&str, &[&str], &[&str], &str)| {
        let branch_labels = if label.is_empty() { Vec::new() } else { vec![label.to_owned()] };
        let (revises, depends_on) = (strings(revises), strings(depends_on));
        let header = Header { revision: id.to_owned(), revises, depends_on, branch_labels, ..Header::default() };
        Revision::new(header, RevisionFile::in_memory("", ""))
    };
    RevisionGraph::new(REVISIONS.into_iter().map(revision).collect()).expect("a valid graph")
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut heads = Vec::new();
    for line in text.lines() {
        let _ = GRAPH.resolve(line);
        let (operation, target) = line.split_at_checked(1).unwrap_or(("", line));
        let operation = operation.bytes().next().unwrap_or_default() % 4;
        heads = properties::check_plan(&GRAPH, &heads, operation.into(), target).unwrap_or(heads);
    }
});
