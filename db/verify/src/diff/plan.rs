//! Plans a difference: statements in steps, and what undoes each. What the server refuses, or what does not result in the other
//! schema, is no plan.

use anyhow::Result;
use connection::QueryError;
use schema::{Batch, Form, Hazard, Refusal, Script, Snapshot, Statement, diff, likely_renames};

use super::exchange::{Danger, Part, Purpose, Request, Step};
use super::proof::Judge;
use super::rename::{self, Rename};
use super::state::{State, at_once};
use crate::finding::message;
use crate::scratch::ScratchDatabase;

/// What a difference results in.
pub(super) enum Planned {
    Equal,
    Steps {
        steps: Vec<Step>,
        /// What looks like a rename: an old and a new name.
        likely: Vec<(String, String)>,
    },
    Not(Unplanned),
}

/// Why there is no plan.
pub(super) struct Unplanned {
    pub(super) reason: String,
    pub(super) lines: Vec<String>,
}

impl From<Vec<Refusal>> for Unplanned {
    fn from(refusals: Vec<Refusal>) -> Self {
        let lines = refusals.iter().map(ToString::to_string).collect();
        Self { reason: "the difference can't be planned".to_owned(), lines }
    }
}

/// Plans what takes the old database to the new one, and applies it to a copy. What undoes each step is planned if it is written.
pub(super) fn plan(request: &Request, old: &mut State<'_>, new: &mut State<'_>, judge: &Judge<'_>) -> Result<Planned> {
    let form = if request.offline { Form::Offline } else { Form::Online };
    let wanted = rename::wanted(&request.renames, &request.from, &request.to)?;
    if wanted.is_empty() {
        // The copy has the same schema.
        at_once(|| old.snapshot(), || new.snapshot())?;
    }
    let mut copy = old.copy()?;
    let renames = match wanted.is_empty() {
        true => Vec::new(),
        false => rename::apply(wanted, copy.changed().probe()?, new.unchanged().probe()?)?,
    };
    let likely = likely_renames(&*copy.snapshot()?, &*new.snapshot()?);
    let mut steps = match steps(request, form, &mut copy, &*new.snapshot()?)? {
        Ok(steps) => steps,
        Err(unplanned) => return Ok(Planned::Not(unplanned)),
    };
    add_renames(renames, &mut steps);
    let lines = judge.differences(new, &mut copy)?;
    if lines.is_empty() {
        for object in judge.secrets(new, &mut copy)? {
            message(&format!("not compared: a password or another secret of {object} differs"));
        }
    }
    Ok(match (lines.is_empty(), steps.is_empty()) {
        (true, true) => Planned::Equal,
        (true, false) => {
            Planned::Steps { steps, likely: likely.into_iter().map(|rename| (rename.old, rename.new)).collect() }
        }
        (false, _) => {
            let reason = "the plan does not result in the desired schema (-: desired, +: the plan)".to_owned();
            Planned::Not(Unplanned { reason, lines })
        }
    })
}

/// Plans each step and applies it.
fn steps(
    request: &Request,
    form: Form,
    copy: &mut State<'_>,
    target: &Snapshot,
) -> Result<Result<Vec<Step>, Unplanned>> {
    let script = match diff(&*copy.snapshot()?, target, form) {
        Ok(script) => script,
        Err(refusals) => return Ok(Err(refusals.into())),
    };
    let is_written = matches!(request.purpose, Purpose::Write { .. });
    let mut steps = Vec::new();
    for batch in &script.batches {
        let before = if is_written { Some(copy.snapshot()?) } else { None };
        if let Err((statement, error)) = run(batch, copy.changed())? {
            return Ok(Err(refused(statement, &error)));
        }
        let transaction = batch.transaction;
        let Some(before) = before else {
            let upgrade = parts(&batch.statements, |_| false);
            steps.push(Step { transaction, upgrade, ..Step::default() });
            continue;
        };
        let after = copy.snapshot()?;
        let undo = undo(batch);
        let undone = undone(&undo, copy.unchanged())?;
        let downgrade =
            match undone.and_then(|undone| way_back(undone.as_ref().unwrap_or(&*after), &before, form, transaction)) {
                Ok(rest) => parts(&[undo.statements, rest].concat(), asks_on_the_way_back),
                Err(refused) => return Ok(Err(refused)),
            };
        let upgrade = parts(&batch.statements, Hazard::needs_answer);
        steps.push(Step { transaction, upgrade, downgrade, ..Step::default() });
    }
    Ok(Ok(steps))
}

/// What a way back begins with, in the mode of the batch.
fn undo(batch: &Batch) -> Batch {
    let texts = batch.statements.iter().rev().flat_map(|statement| &statement.undo);
    let statements = texts.map(|sql| Statement { sql: sql.clone(), ..Statement::default() }).collect();
    Batch { transaction: batch.transaction, statements }
}

/// The schema after that, if there is anything; applied to a copy.
fn undone(undo: &Batch, database: &mut ScratchDatabase<'_>) -> Result<Result<Option<Snapshot>, Unplanned>> {
    if undo.statements.is_empty() {
        return Ok(Ok(None));
    }
    let mut copy = database.copy()?;
    Ok(match run(undo, &mut copy)? {
        Ok(()) => Ok(Some(copy.snapshot()?)),
        Err((statement, error)) => Err(refused(statement, &error)),
    })
}

/// The SQLSTATEs of a table, a function and another object that the search path does not find.
const UNDEFINED: [&str; 3] = ["42P01", "42883", "42704"];

/// The SQLSTATE of a body that returns something else than the function.
const INVALID_FUNCTION: &str = "42P13";

fn refused(statement: &Statement, error: &QueryError) -> Unplanned {
    let reason = "the server refuses a statement of the plan".to_owned();
    let has_body = statement.hazards.iter().any(|hazard| matches!(hazard, Hazard::UntrackableDependency(_)));
    let code = match error {
        QueryError::Server(error) if has_body => error.code.as_str(),
        _ => "",
    };
    let hint = if UNDEFINED.contains(&code) {
        Some(
            "the body names an object without its schema, which a revision does not find: \
             qualify the name, or add `SET search_path` to the function",
        )
    } else if code == INVALID_FUNCTION {
        Some("if the body has a `*`, name the columns: a revision does not change the order of those of a table")
    } else {
        None
    };
    let lines = [error.to_string(), statement.sql.trim_end().to_owned()].into_iter();
    let lines = lines.chain(hint.map(str::to_owned));
    Unplanned { reason, lines: lines.collect() }
}

/// Adds renames, which come before everything else.
fn add_renames(renames: Vec<Rename>, steps: &mut Vec<Step>) {
    if renames.is_empty() {
        return;
    }
    if steps.first().is_none_or(|first| !first.transaction) {
        steps.insert(0, Step { transaction: true, ..Step::default() });
    }
    let (forth, back): (Vec<_>, Vec<_>) = renames.into_iter().map(|rename| (rename.forth, rename.back)).unzip();
    steps[0].upgrade.splice(..0, parts(&forth, |_| false));
    steps[0].downgrade.extend(parts(&back, |_| false).into_iter().rev());
}

/// What undoes a step, in the step's mode: a revision has one for both directions.
fn way_back(after: &Snapshot, before: &Snapshot, form: Form, transaction: bool) -> Result<Vec<Statement>, Unplanned> {
    let fits = |script: &Script| match script.batches.as_slice() {
        [] => true,
        [batch] => batch.transaction == transaction,
        _ => false,
    };
    let script = diff(after, before, form)?;
    if fits(&script) {
        return Ok(statements(script));
    }
    let short = diff(after, before, Form::Offline)?;
    // Without a transaction, each statement is its own.
    if fits(&short) || !transaction || short.batches.iter().all(|batch| batch.transaction) {
        return Ok(statements(short));
    }
    let lines = statements(short).into_iter().map(|statement| statement.sql).collect();
    Err(Unplanned { reason: "a step can't be undone in one transaction".to_owned(), lines })
}

fn statements(script: Script) -> Vec<Statement> {
    script.batches.into_iter().flat_map(|batch| batch.statements).collect()
}

/// Applies a batch. The inner error is that of a statement.
fn run<'b>(batch: &'b Batch, database: &mut ScratchDatabase<'_>) -> Result<Result<(), (&'b Statement, QueryError)>> {
    let probe = database.probe()?;
    probe.send("DISCARD ALL")?;
    if batch.transaction {
        probe.send("BEGIN")?;
    }
    for statement in &batch.statements {
        if let Err(error) = probe.send(&statement.sql) {
            return Ok(Err((statement, error)));
        }
    }
    if batch.transaction {
        probe.send("COMMIT")?;
    }
    Ok(Ok(()))
}

/// The statements, with a question for each hazard that asks one.
fn parts(statements: &[Statement], asks: fn(&Hazard) -> bool) -> Vec<Part> {
    let danger = |hazard: &Hazard| Danger { name: hazard.name().to_owned(), text: hazard.to_string() };
    let part = |statement: &Statement| Part {
        sql: statement.sql.clone(),
        hazards: statement.hazards.iter().map(danger).collect(),
        warnings: Vec::new(),
        questions: statement.hazards.iter().filter(|hazard| asks(hazard)).map(question).collect(),
        replaces: statement.replaces,
    };
    statements.iter().map(part).collect()
}

fn question(hazard: &Hazard) -> String {
    format!("{}: delete this line if the statement may run", hazard.name())
}

/// Whether a hazard of a downgrade asks. That it deletes what the upgrade has added is what it is for, also of labels.
fn asks_on_the_way_back(hazard: &Hazard) -> bool {
    hazard.needs_answer() && !matches!(hazard, Hazard::DataLoss(_) | Hazard::LabelsRemoved(_))
}
