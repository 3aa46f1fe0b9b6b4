//! `cargo xtask releases`: the last executions of an environment's pipeline, as CodePipeline has recorded them.

use anyhow::Result;
use serde_json::{Value, json};

use crate::aws::{self, Account, Place};
use crate::context::Context;
use crate::report::Failure;
use crate::source_revision::{self, SourceRevision};
use crate::{clock, infra, process};

/// The most actions of an execution: those of a release with every approval.
const ACTIONS: u32 = 8;

/// The actions that migrate, the last one first: each exports the database's heads.
const MIGRATIONS: [&str; 2] = ["Contract", "Database"];

/// The characters of a commit's id in the table.
const SHORT: usize = 12;

/// One execution of the pipeline.
struct Release {
    /// The id of the execution.
    id: String,
    /// Seconds since 1970.
    started: Option<u64>,
    /// Seconds until its last change.
    seconds: Option<u64>,
    who: Option<String>,
    commit: Option<String>,
    /// The first line of the commit's message.
    message: Option<String>,
    /// The database's heads after it, if it has migrated.
    heads: Option<String>,
    /// `Succeeded`, `Failed`, … (AWS CodePipeline API Reference, `PipelineExecutionSummary`).
    status: String,
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
    let releases = read(context, &account, &pipeline, last)?.ok_or_else(|| {
        let message = format!("there is no pipeline `{pipeline}` in account {}, {}", account.number, account.region);
        Failure::new(message).hint(format!("`cargo xtask infra deploy --env {name}`"))
    })?;
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

/// The releases, the newest first; `None` if there is no pipeline.
fn read(context: &Context, account: &Account<'_>, pipeline: &str, last: u16) -> Result<Option<Vec<Release>>> {
    let count = last.to_string();
    let list = ["codepipeline", "list-pipeline-executions", "--pipeline-name", pipeline, "--max-items", &count];
    let Some(executions) = account.find(&list)? else { return Ok(None) };
    let count = (u32::from(last) * ACTIONS).to_string();
    let list = ["codepipeline", "list-action-executions", "--pipeline-name", pipeline, "--max-items", &count];
    let answer = account.run(&list)?;
    let actions = answer["actionExecutionDetails"].as_array().map(Vec::as_slice).unwrap_or_default();
    let executions = executions["pipelineExecutionSummaries"].as_array().into_iter().flatten();
    Ok(Some(executions.map(|execution| Release::new(context, execution, actions)).collect()))
}

impl Release {
    fn new(context: &Context, execution: &Value, actions: &[Value]) -> Self {
        let id = text(execution, "pipelineExecutionId").unwrap_or_default();
        let own: Vec<&Value> = actions.iter().filter(|action| action["pipelineExecutionId"] == id.as_str()).collect();
        let variables = |name: &str| {
            let action = own.iter().find(|action| action["actionName"] == name);
            action.map(|action| &action["output"]["outputVariables"])
        };
        let source = SourceRevision::of(execution);
        let commit = source.as_ref().map(|source| source.commit.clone());
        let (started, changed) = (time(&execution["startTime"]), time(&execution["lastUpdateTime"]));
        let trigger = &execution["trigger"];
        let person =
            (trigger["triggerType"] == "StartPipelineExecution").then(|| text(trigger, "triggerDetail")).flatten();
        let author = || variables(source_revision::ACTION).and_then(|found| text(found, "AuthorDisplayName"));
        let known = || commit.as_ref().and_then(|commit| process::git_author(&context.root, commit));
        let failed = own.iter().find(|action| action["status"] == "Failed");
        Self {
            who: person.map(|arn| last_part(&arn)).or_else(author).or_else(known),
            message: source.and_then(|source| source.message(&context.root)),
            heads: MIGRATIONS.iter().find_map(|name| text(variables(name)?, "DATABASE_HEADS")),
            seconds: started.zip(changed).map(|(from, to)| to.saturating_sub(from)),
            status: text(execution, "status").unwrap_or_default(),
            failed: failed.map(|action| FailedAction {
                name: text(action, "actionName").unwrap_or_default(),
                error: text(&action["output"]["executionResult"]["errorDetails"], "message"),
            }),
            id,
            started,
            commit,
        }
    }

    fn result(&self) -> String {
        match &self.failed {
            Some(action) => format!("{} in {}", self.status, action.name),
            None => self.status.clone(),
        }
    }

    /// What to do about the failure, if AWS's reason is known.
    fn explanation(&self) -> Option<String> {
        let error = self.failed.as_ref()?.error.as_deref()?;
        let advice = aws::advice(error)?;
        Some(format!("{}: {error}\n  next: {advice}", self.id))
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "started": self.started.map(clock::timestamp),
            "seconds": self.seconds,
            "who": self.who,
            "commit": self.commit,
            "message": self.message,
            "heads": self.heads.as_deref().map(|heads| heads.split(',').collect::<Vec<_>>()),
            "status": self.status,
            "failed": self.failed.as_ref().map(|action| &action.name),
            "error": self.failed.as_ref().and_then(|action| action.error.as_ref()),
        })
    }

    fn cells(&self) -> [String; 7] {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let short = |commit: &String| commit.chars().take(SHORT).collect();
        [
            or_dash(self.started.map(clock::timestamp)),
            or_dash(self.seconds.map(minutes)),
            self.result(),
            or_dash(self.commit.as_ref().map(short)),
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

/// A time: text from version 2 of the aws CLI, seconds since 1970 from version 1.
fn time(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => clock::seconds(text),
        value => value.as_f64().map(|seconds| seconds as u64),
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The name at the end of a user's or a session's ARN.
fn last_part(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or(arn).to_owned()
}
