//! The forms of statements that keep a site running: no table that has rows is scanned or rewritten under a lock that
//! blocks reads or writes.
//!
//! The rules are those of PostgreSQL's manual: CREATE INDEX CONCURRENTLY runs outside a transaction, a constraint that is
//! NOT VALID is validated under a weaker lock in a later transaction, and SET NOT NULL skips the scan if a valid check says
//! the same.

use crate::diff::column::is_not_null;
use crate::diff::elements::{Elements, quoted};
use crate::diff::equal_indexes;
use crate::diff::name::qualifier;
use crate::diff::script::{Batch, Hazard, Statement};
use crate::model::values::unquoted;
use crate::model::{Column, Constraint, Index};

/// A statement and how it has to run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) statement: Statement,
    pub(crate) mode: Mode,
}

/// How a statement has to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In a transaction with its neighbors.
    Together,
    /// In a later transaction than what comes before it.
    Later,
    /// In a transaction only with others of this mode before it.
    Apart,
    /// Outside a transaction.
    Alone,
}

impl Step {
    pub(crate) fn together(statement: Statement) -> Self {
        Self { statement, mode: Mode::Together }
    }

    pub(crate) fn later(statement: Statement) -> Self {
        Self { statement, mode: Mode::Later }
    }

    /// Statements that have to run in the same way.
    pub(crate) fn all(statements: impl IntoIterator<Item = Statement>, mode: Mode) -> Vec<Self> {
        statements.into_iter().map(|statement| Self { statement, mode }).collect()
    }
}

/// An index that is built under a name, quoted, while its table is written to, with its settings: `sql` is what creates
/// both. `None` if it is no statement that creates an index.
pub(crate) fn index(table: &str, index: &Index, name: &str, sql: &str) -> Option<Vec<Step>> {
    let settings = sql.strip_prefix(&format!("{};", index.definition))?.lines().filter(|line| !line.is_empty());
    let named = |line: &str| line.replacen(&index.name, &format!("{}{name}", qualifier(&index.name)), 1);
    let settings: Vec<Statement> = settings.map(|line| Statement::new(named(line))).collect();
    let build = building(table, index, name)?;
    Some(std::iter::once(build).chain(Step::all(settings, Mode::Alone)).collect())
}

fn building(table: &str, index: &Index, name: &str) -> Option<Step> {
    let (start, rest) = index.nameless_definition()?;
    let is_known = matches!(start, "CREATE INDEX" | "CREATE UNIQUE INDEX");
    let sql = is_known.then(|| format!("{start} CONCURRENTLY {name} ON {rest};"))?;
    let build = Statement { hazards: unique_hazard(table, index).collect(), ..Statement::new(sql) };
    Some(Step { statement: build.with(Hazard::IndexBuild(index.name.clone())), mode: Mode::Alone })
}

/// A unique index can't be built if two rows have the same values.
pub(crate) fn unique_hazard(table: &str, index: &Index) -> impl Iterator<Item = Hazard> + use<> {
    let is_unique = index.definition.starts_with("CREATE UNIQUE ");
    is_unique.then(|| Hazard::DependsOnRows(table.to_owned())).into_iter()
}

/// A constraint that is checked for new rows first and for the others later, or a key whose index is built before it, under
/// a name, quoted. `None` if PostgreSQL has no such form.
pub(crate) fn constraint(
    elements: &Elements,
    constraint: &Constraint,
    index: Option<(&Index, &str)>,
) -> Option<Vec<Step>> {
    let (table, name) = (elements.owner_name(constraint), &constraint.name);
    match constraint.kind.as_str() {
        "c" | "f" if constraint.is_valid => {
            let definition = equal_indexes::definition(elements, constraint);
            let add = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;");
            Some(vec![Step::together(Statement::new(add)), validation(&table, name)])
        }
        "p" | "u" => {
            let (index, index_name) = index?;
            let build = building(&table, index, index_name)?;
            let kind = if constraint.kind == "p" { "PRIMARY KEY" } else { "UNIQUE" };
            let timing = match (constraint.is_deferrable, constraint.is_deferred) {
                (false, _) => "",
                (true, false) => " DEFERRABLE",
                (true, true) => " DEFERRABLE INITIALLY DEFERRED",
            };
            let add = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {kind} USING INDEX {index_name}{timing};");
            Some(vec![build, Step::together(Statement::new(add))])
        }
        _ => None,
    }
}

/// Checks the rows that are there.
pub(crate) fn validation(table: &str, name: &str) -> Step {
    let validate = Statement::new(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
    Step::later(validate.with(Hazard::DependsOnRows(table.to_owned())))
}

/// SET NOT NULL after a check that says the same, with what may go wrong when that is validated.
pub(crate) fn not_null(table: &str, column: &Column, hazards: &[Hazard]) -> Vec<Step> {
    let name = quoted(&format!("{}_is_not_null", unquoted(&column.name)));
    let condition = is_not_null(&column.name, column.is_composite());
    let column = &column.name;
    let add = format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID;");
    let mut validate = validation(table, &name);
    validate.statement.hazards = hazards.to_vec();
    let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {name};");
    vec![
        Step::together(Statement::new(add)),
        validate,
        Step::together(Statement::new(format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;"))),
        Step::together(Statement::replacing(drop)),
    ]
}

/// Cuts statements into batches.
pub(crate) fn batches(steps: Vec<Step>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut last = Mode::Alone;
    let mut labels: Vec<String> = Vec::new();
    for step in steps {
        let transaction = step.mode != Mode::Alone;
        let uses_label = labels.iter().any(|label| uses_label(&step.statement.sql, label));
        let continues = match (step.mode, last) {
            (Mode::Alone, Mode::Alone) | (Mode::Apart, Mode::Apart) => true,
            // What blocks writes, as the check of a domain does, is over before other rows are read.
            (Mode::Later, Mode::Later) => !batches.last().is_some_and(blocks_writes),
            (Mode::Together, Mode::Together | Mode::Later | Mode::Apart) => !uses_label,
            _ => false,
        };
        match batches.last_mut().filter(|batch| continues && batch.transaction == transaction) {
            Some(batch) => batch.statements.push(step.statement.clone()),
            None => {
                labels.clear();
                batches.push(Batch { transaction, statements: vec![step.statement.clone()] });
            }
        }
        labels.extend(added_label(&step.statement.sql));
        last = step.mode;
    }
    batches
}

fn blocks_writes(batch: &Batch) -> bool {
    let mut hazards = batch.statements.iter().flat_map(|statement| &statement.hazards);
    hazards.any(|hazard| matches!(hazard, Hazard::BlockingLock(_)))
}

/// The label, quoted, that a statement adds to an enum. It can't be used in the same transaction.
fn added_label(sql: &str) -> Option<String> {
    let (_, rest) = sql.strip_prefix("ALTER TYPE ")?.split_once(" ADD VALUE ")?;
    let rest = rest.strip_suffix(';')?;
    let end = rest.find(" AFTER '").or_else(|| rest.find(" BEFORE '")).unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

/// Whether a statement has a label, quoted, as a constant, or as a part of one of an array, a range or a composite type.
fn uses_label(sql: &str, label: &str) -> bool {
    let bare = label.trim_matches('\'');
    let is_part = |text: &str| {
        let is_edge = |edge: Option<char>| edge.is_none_or(|c| "{}[](),\"".contains(c));
        text.match_indices(bare).any(|(at, part)| {
            is_edge(text[..at].chars().next_back()) && is_edge(text[at + part.len()..].chars().next())
        })
    };
    sql.contains(label) || sql.split('\'').skip(1).step_by(2).any(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(sql: &str, mode: Mode) -> Step {
        Step { statement: Statement::new(sql), mode }
    }

    fn sizes(steps: Vec<Step>) -> Vec<(bool, usize)> {
        batches(steps).iter().map(|batch| (batch.transaction, batch.statements.len())).collect()
    }

    #[test]
    fn a_new_label_is_used_in_a_later_transaction() {
        let add = "ALTER TYPE e ADD VALUE 'b' AFTER 'a';";
        let size = |sql: &str| sizes(vec![step(add, Mode::Together), step(sql, Mode::Together)]).len();
        for used in ["'b'::e", "'{a,b}'::e[]", "'{{\"b\"}}'::e[]", "'[a,b)'::range_of_e", "'(1,b)'::pair"] {
            assert_eq!(size(&format!("ALTER TABLE t ALTER COLUMN c SET DEFAULT {used};")), 2, "{used}");
        }
        for other in
            ["CREATE INDEX i ON t (b);", "COMMENT ON TABLE b IS 'ab, bc';", "ALTER TABLE b ADD c text DEFAULT 'ab';"]
        {
            assert_eq!(size(other), 1, "{other}");
        }
    }

    #[test]
    fn what_runs_alone_or_later_is_a_batch_of_its_own() {
        let steps = vec![
            step("a", Mode::Together),
            step("b", Mode::Together),
            step("c", Mode::Alone),
            step("d", Mode::Alone),
            step("e", Mode::Later),
            step("f", Mode::Later),
            step("g", Mode::Together),
        ];
        assert_eq!(sizes(steps), [(true, 2), (false, 2), (true, 3)]);
        assert_eq!(sizes(vec![step("a", Mode::Together), step("b", Mode::Later)]), [(true, 1), (true, 1)]);
    }

    #[test]
    fn a_new_label_is_used_in_a_later_batch() {
        let add = "ALTER TYPE t ADD VALUE 'x' AFTER 'y';";
        let set = "ALTER TABLE a ALTER COLUMN b SET DEFAULT 'x'::t;";
        assert_eq!(sizes(vec![step(add, Mode::Together), step(set, Mode::Together)]), [(true, 1), (true, 1)]);
        assert_eq!(sizes(vec![step(add, Mode::Together), step("other", Mode::Together)]), [(true, 2)]);
    }
}
