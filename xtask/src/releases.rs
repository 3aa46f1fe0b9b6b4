//! `cargo xtask releases`: the last executions of an environment's pipeline, as CodePipeline has recorded them.

use anyhow::Result;
use serde_json::{Value, json};

use crate::aws::{self, Account, Place};
use crate::context::Context;
use crate::execution::{Execution, text};
use crate::source_revision::ACTION;
use crate::{clock, infra, process};

/// The most actions of an execution: those of a release with every approval.
const ACTIONS: u32 = 8;

/// The actions that migrate, the last one first: each exports the database's heads.
const MIGRATIONS: [&str; 2] = ["Contract", "Database"];

/// The characters of a commit's id in the table.
const SHORT: usize = 12;

/// One execution of the pipeline, with what its actions report.
struct Release {
    execution: Execution,
    /// Who started it, or wrote its commit.
    who: Option<String>,
    /// The first line of the commit's message.
    message: Option<String>,
    /// The database's heads after it, if it has migrated.
    heads: Option<String>,
    failed: Option<FailedAction>,
}

struct FailedAction {
    name: String,
    error: Option<String>,
}

pub(crate) fn run(context: &Context, environment: Option<&str>, last: u16) -> Result<()> {
    let name = infra::choose(context, environment)?;
    let pipeline = infra::stack_name(context, &name)?;
    let account = Account::open(context, &Place::of(context, Some(&name), None)?)?;
    let executions = Execution::list(&account, &name, &pipeline, last.into())?;
    let releases = read(context, &account, &pipeline, executions, u32::from(last) * ACTIONS)?;
    let report = &context.report;
    if report.is_json() {
        releases.iter().for_each(|release| report.json(&release.json()));
    } else if releases.is_empty() {
        report.message(format!("`{pipeline}` has not released anything"));
    } else {
        table(&releases).iter().for_each(|line| report.data(line));
        releases.iter().filter_map(Release::explanation).for_each(|line| report.message(line));
    }
    Ok(())
}

/// The releases of these executions, in their order, with at most this many actions.
fn read(
    context: &Context,
    account: &Account<'_>,
    pipeline: &str,
    executions: Vec<Execution>,
    most: u32,
) -> Result<Vec<Release>> {
    let count = most.to_string();
    let list = ["codepipeline", "list-action-executions", "--pipeline-name", pipeline, "--max-items", &count];
    let answer = account.run(&list)?;
    let actions = answer["actionExecutionDetails"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(executions.into_iter().map(|execution| Release::new(context, execution, actions)).collect())
}

impl Release {
    fn new(context: &Context, execution: Execution, actions: &[Value]) -> Self {
        let is_own = |action: &&Value| action["pipelineExecutionId"] == execution.id.as_str();
        let own: Vec<&Value> = actions.iter().filter(is_own).collect();
        let variables = |name: &str| {
            let action = own.iter().find(|action| action["actionName"] == name);
            action.map(|action| &action["output"]["outputVariables"])
        };
        let author = || variables(ACTION).and_then(|found| text(found, "AuthorDisplayName"));
        let known = || execution.commit().and_then(|commit| process::git_author(&context.root, commit));
        let failed = own.iter().find(|action| action["status"] == "Failed");
        Self {
            who: execution.started_by.clone().or_else(author).or_else(known),
            message: execution.source.as_ref().and_then(|source| source.message(&context.root)),
            heads: MIGRATIONS.iter().find_map(|name| text(variables(name)?, "DATABASE_HEADS")),
            failed: failed.map(|action| FailedAction {
                name: text(action, "actionName").unwrap_or_default(),
                error: text(&action["output"]["executionResult"]["errorDetails"], "message"),
            }),
            execution,
        }
    }

    /// Seconds until the last change.
    fn seconds(&self) -> Option<u64> {
        let Execution { started, changed, .. } = self.execution;
        started.zip(changed).map(|(from, to)| to.saturating_sub(from))
    }

    fn result(&self) -> String {
        match &self.failed {
            Some(action) => format!("{} in {}", self.execution.status, action.name),
            None => self.execution.status.clone(),
        }
    }

    /// What to do about the failure, if AWS's reason is known.
    fn explanation(&self) -> Option<String> {
        let error = self.failed.as_ref()?.error.as_deref()?;
        let advice = aws::advice(error)?;
        Some(format!("{}: {error}\n  next: {advice}", self.execution.id))
    }

    fn json(&self) -> Value {
        let Execution { id, status, started, .. } = &self.execution;
        json!({
            "id": id,
            "started": started.map(clock::timestamp),
            "seconds": self.seconds(),
            "who": self.who,
            "commit": self.execution.commit(),
            "message": self.message,
            "heads": self.heads.as_deref().map(|heads| heads.split(',').collect::<Vec<_>>()),
            "status": status,
            "failed": self.failed.as_ref().map(|action| &action.name),
            "error": self.failed.as_ref().and_then(|action| action.error.as_ref()),
        })
    }

    fn cells(&self) -> [String; 7] {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let short = |commit: &str| commit.chars().take(SHORT).collect();
        [
            or_dash(self.execution.started.map(clock::timestamp)),
            or_dash(self.seconds().map(minutes)),
            self.result(),
            or_dash(self.execution.commit().map(short)),
            or_dash(self.heads.clone()),
            or_dash(self.who.clone()),
            or_dash(self.message.clone()),
        ]
    }
}

const TITLES: [&str; 7] = ["STARTED", "DURATION", "RESULT", "COMMIT", "HEADS", "WHO", "MESSAGE"];

/// The lines of a table whose columns are as wide as their widest cell.
fn table(releases: &[Release]) -> Vec<String> {
    let rows: Vec<[String; 7]> =
        [TITLES.map(str::to_owned)].into_iter().chain(releases.iter().map(Release::cells)).collect();
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; 7]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// Seconds as `6m 40s`.
fn minutes(seconds: u64) -> String {
    match seconds / 60 {
        0 => format!("{seconds}s"),
        minutes => format!("{minutes}m {:02}s", seconds % 60),
    }
}
