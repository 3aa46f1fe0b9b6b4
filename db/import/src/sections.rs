//! Both directions of a migration as the sections of a revision, and whether it runs in a transaction.

use std::path::Path;

use revision::TransactionMode;

use crate::history::{History, Migration};
use crate::note::{Note, Remark};
use crate::problem::Problem;
use crate::sql::{Parsed, Sql};

/// The SQL of one direction.
#[derive(Debug, Default)]
pub(crate) struct Direction {
    /// In the order in which they run.
    pub(crate) parts: Vec<Sql>,
    /// Whether the tool's directive disables the transaction.
    pub(crate) without_transaction: bool,
}

impl Direction {
    /// A direction that is an entire file.
    pub(crate) fn of(sql: Sql) -> Self {
        Self { parts: vec![sql], without_transaction: false }
    }

    fn parse(&self, own_table: &str, notes: &mut Vec<Note>, problems: &mut Vec<Problem>) -> Vec<Parsed<'_>> {
        let mut parsed = Vec::new();
        for sql in &self.parts {
            match sql.parse(own_table, notes) {
                Ok(part) => parsed.push(part),
                Err(found) => problems.extend(found),
            }
        }
        parsed
    }
}

/// Reads the migrations of a tool, and collects the problems.
#[derive(Debug)]
pub(crate) struct Collector {
    /// The tool's table, without its schema.
    own_table: &'static str,
    pub(crate) history: History,
    pub(crate) problems: Vec<Problem>,
}

impl Collector {
    pub(crate) fn new(own_table: &'static str) -> Self {
        Self { own_table, history: History::default(), problems: Vec::new() }
    }

    /// Adds a migration, which has no sections yet.
    pub(crate) fn add(&mut self, mut migration: Migration, upgrade: &Direction, downgrade: Option<&Direction>) {
        let notes = &mut self.history.notes;
        match sections(self.own_table, &mut migration, upgrade, downgrade, notes) {
            Ok(()) => self.history.migrations.push(migration),
            Err(problems) => self.problems.extend(problems),
        }
    }

    /// Notes a file that is a program.
    pub(crate) fn program(&mut self, path: &Path) {
        self.history.programs.push(path.to_owned());
        self.history.notes.push(Note { path: path.to_owned(), line: None, remark: Remark::Program });
    }

    /// The history, in the order in which the migrations were added.
    pub(crate) fn finish(mut self) -> Result<History, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        self.history.objects.sort_by(|one, other| (&one.name, &one.source).cmp(&(&other.name, &other.source)));
        self.history.chain();
        Ok(self.history)
    }
}

/// Fills in the sections of a migration.
pub(crate) fn sections(
    own_table: &str,
    migration: &mut Migration,
    upgrade: &Direction,
    downgrade: Option<&Direction>,
    notes: &mut Vec<Note>,
) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let up = upgrade.parse(own_table, notes, &mut problems);
    let down = downgrade.map(|down| down.parse(own_table, notes, &mut problems));
    if !problems.is_empty() {
        return Err(problems);
    }
    let does_something = |parts: &[Parsed<'_>]| parts.iter().any(|part| part.facts.does_something);
    let down = match down {
        Some(parts) if !does_something(&parts) && does_something(&up) => {
            notes.push(whole_file(&parts, &migration.source, Remark::EmptyDowngrade));
            None
        }
        down => down,
    };
    if !does_something(&up) && !up.is_empty() {
        notes.push(whole_file(&up, &migration.source, Remark::EmptyUpgrade));
    }
    let all: Vec<&Parsed<'_>> = up.iter().chain(down.iter().flatten()).collect();
    let asked = (upgrade.without_transaction, downgrade.is_some_and(|down| down.without_transaction));
    if asked.0 != asked.1 && down.is_some() {
        notes.push(whole_file(&up, &migration.source, Remark::OneSwitch));
    }
    migration.transaction = mode(&all, asked.0 || asked.1 && down.is_some(), notes);
    let problems: Vec<Problem> = all.iter().flat_map(|part| part.problems(migration.transaction)).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    migration.upgrade = joined(&up);
    migration.downgrade = down.as_deref().map(joined);
    Ok(())
}

/// Whether the revision runs in a transaction, depending on its statements and on the tool's directive.
fn mode(parts: &[&Parsed<'_>], asked: bool, notes: &mut Vec<Note>) -> TransactionMode {
    let needs_none = parts.iter().find_map(|part| Some((part, part.facts.needs_no_transaction?)));
    let needs_one = parts.iter().find_map(|part| Some((part, part.facts.needs_a_transaction?)));
    let commits = parts.iter().find_map(|part| Some((part, part.facts.commits_in_the_middle?)));
    if let Some((part, line)) = needs_none {
        if !asked {
            notes.push(part.note(line, Remark::TransactionOff));
        }
        return TransactionMode::Off;
    }
    match (needs_one, commits) {
        (Some((part, line)), _) if asked => {
            notes.push(part.note(line, Remark::NeedsTransaction));
            TransactionMode::On
        }
        (None, _) if asked => TransactionMode::Off,
        // A value of an enum can be used only after the commit.
        (None, Some((part, line))) if parts.iter().any(|part| part.facts.adds_an_enum_value) => {
            notes.push(part.note(line, Remark::EachStatementCommits));
            TransactionMode::Off
        }
        (_, Some((part, line))) => {
            notes.push(part.note(line, Remark::CommitsOnce));
            TransactionMode::On
        }
        _ => TransactionMode::On,
    }
}

fn joined(parts: &[Parsed<'_>]) -> String {
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        text.push_str(part.text.trim_end());
        text.push_str(if part.facts.is_open && index + 1 < parts.len() { "\n;\n" } else { "\n" });
    }
    text
}

/// A note on a file as a whole.
fn whole_file(parts: &[Parsed<'_>], source: &Path, remark: Remark) -> Note {
    match parts.first() {
        Some(part) => Note { line: None, ..part.note(1, remark) },
        None => Note { path: source.to_owned(), line: None, remark },
    }
}
