//! Properties that hold for any file and any target. `tests/fuzz.rs` checks them on stable Rust, `fuzz/` guided by coverage.

use revision::{Header, Node, Revision, RevisionFile, RevisionGraph, Script, Section};

/// A source of choices: a random number generator, or a fuzzer's input.
pub(crate) trait Choices {
    fn below(&mut self, limit: usize) -> usize;

    fn mix(&mut self, tokens: &[&str], limit: usize) -> String {
        (0..self.below(limit)).map(|_| tokens[self.below(tokens.len())]).collect()
    }
}

pub(crate) fn parse(text: &[u8]) -> Option<Script> {
    Script::read(&RevisionFile::in_memory("fuzz.sql", text)).ok()
}

pub(crate) fn file(upgrade: &str, downgrade: &str) -> String {
    format!(
        "-- m\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\n{upgrade}\n\n-- migrate:downgrade\n{downgrade}\n"
    )
}

/// Checks that the statements are in the file in order, and that the section's SQL parses to the same statements.
fn check_section(text: &str, script: &Script, section: &Section, from: usize) -> usize {
    let mut at = from;
    let effective = || script.effective(section).map(|statement| statement.expect("the file is in memory"));
    for statement in effective() {
        let place = statement.place;
        let line: usize = text.split_inclusive('\n').take(place.line as usize - 1).map(str::len).sum();
        let column: usize = text[line..].chars().take(place.column as usize - 1).map(char::len_utf8).sum();
        let start = line + column;
        let own = script.text(&statement).expect("the file is in memory");
        assert!(start >= at && text[start..].starts_with(&*own), "{own:?} in {text:?}");
        at = start + own.len();
    }
    if effective().all(|statement| statement.copy.is_none()) {
        let sql = script.sql(section).expect("the file is in memory");
        let again = parse(file(&sql, "").as_bytes()).unwrap_or_else(|| panic!("{sql:?}"));
        assert_eq!(again.upgrade().checksum(), section.checksum(), "{text:?}");
    }
    at
}

/// Parses a file and checks the positions of its statements and that they parse the same again. Returns whether it is valid.
pub(crate) fn check_file(bytes: &[u8]) -> bool {
    let Some(script) = parse(bytes) else { return false };
    // A byte order mark does not count as a column.
    let text = std::str::from_utf8(bytes).expect("a valid file is UTF-8");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let end = check_section(text, &script, script.upgrade(), 0);
    if let Some(downgrade) = script.downgrade() {
        check_section(text, &script, downgrade, end);
    }
    let _ = script.check_transactions();
    true
}

/// The tokens of targets.
pub(crate) const TARGET: [&str; 22] = [
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

/// Builds a graph, or returns `None` if it is invalid because of a cycle, a missing parent or a duplicate label.
pub(crate) fn graph(choices: &mut impl Choices) -> Option<RevisionGraph> {
    let count = 1 + choices.below(14);
    let mut revisions = Vec::new();
    for index in 0..count {
        // Chooses among earlier revisions, or rarely the revision itself, which is invalid.
        let some = |choices: &mut dyn FnMut(usize) -> usize, most: usize| -> Vec<String> {
            if index == 0 {
                return Vec::new();
            }
            let mut ids: Vec<String> = (0..choices(most))
                .map(|_| {
                    let beyond = usize::from(choices(50) == 0);
                    format!("a{}", choices(index + beyond))
                })
                .collect();
            ids.dedup();
            ids
        };
        let mut below = |limit| choices.below(limit);
        let branch_labels = if below(6) == 0 { vec![format!("label{}", below(3))] } else { Vec::new() };
        let revises = some(&mut below, 3);
        let depends_on = if below(5) == 0 { some(&mut below, 2) } else { Vec::new() };
        let header = Header { revision: format!("a{index}"), revises, depends_on, branch_labels, ..Header::default() };
        revisions.push(Revision::new(header, RevisionFile::in_memory("", "")));
    }
    RevisionGraph::new(revisions).ok()
}

/// Plans a downgrade, stamp or upgrade, checks the plan, and returns the resulting heads, or `None` if there is no plan.
pub(crate) fn check_plan(graph: &RevisionGraph, heads: &[Node], operation: usize, target: &str) -> Option<Vec<Node>> {
    let plan = match operation {
        0 => graph.plan_downgrade(heads, target),
        1 => graph.plan_stamp(heads, [target]),
        _ => graph.plan_upgrade(heads, target),
    };
    let plan = plan.ok()?;
    assert_eq!(plan.from.len(), heads.len());
    let mut runs: Vec<Node> = plan.steps.iter().filter_map(|step| step.revision).collect();
    let all = runs.len();
    runs.sort_unstable();
    runs.dedup();
    assert_eq!(runs.len(), all, "no revision runs twice: {target:?}");
    Some(plan.heads)
}
