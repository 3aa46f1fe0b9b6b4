//! `cargo xtask doctor`: what a task needs on this machine, what was found, and how to get what is missing.

use anyhow::Result;
use serde_json::json;

use crate::cli::DoctorTask;
use crate::context::Context;
use crate::report::Failure;
use crate::{db, frontend, process, publish};

/// What is looked for.
struct Program {
    name: &'static str,
    /// What prints its version.
    version: &'static [&'static str],
    /// The oldest version that works.
    least: Option<&'static str>,
    /// The tasks that can't run without it.
    required_by: &'static [DoctorTask],
    /// What it is for where it is not required.
    purpose: &'static str,
}

use DoctorTask::{Db, Dev, Publish, Test};

const PROGRAMS: [Program; 10] = [
    Program {
        name: "cargo",
        version: &["--version"],
        least: Some(env!("CARGO_PKG_RUST_VERSION")),
        required_by: &[Db, Test, Dev, Publish],
        purpose: "",
    },
    Program {
        name: "git",
        version: &["--version"],
        least: None,
        required_by: &[Test],
        purpose: "the commit in the log",
    },
    // Vite's; npm brings the embedded PostgreSQL.
    Program {
        name: "node",
        version: &["--version"],
        least: Some("20.19"),
        required_by: &[Test, Dev, Publish],
        purpose: "the front end",
    },
    Program {
        name: "npm",
        version: &["--version"],
        least: None,
        required_by: &[Test, Dev, Publish],
        purpose: "the embedded PostgreSQL, unless its programs are installed",
    },
    Program {
        name: "docker",
        version: &["version", "--format", "{{.Server.Version}}"],
        least: None,
        required_by: &[],
        purpose: "`test` on a container; else it runs on the embedded PostgreSQL",
    },
    Program {
        name: "psql",
        version: &["--version"],
        least: None,
        required_by: &[],
        purpose: "`db psql`, `bench`, and some tests",
    },
    Program { name: "pgbench", version: &["--version"], least: None, required_by: &[], purpose: "`bench load`" },
    Program {
        name: "python3",
        version: &["--version"],
        least: None,
        required_by: &[],
        purpose: "some tests: they ask Alembic",
    },
    Program {
        name: "chromium",
        version: &["--version"],
        least: None,
        required_by: &[],
        purpose: "some tests: they look at the page",
    },
    Program {
        name: "aws",
        version: &["--version"],
        least: None,
        required_by: &[Publish],
        purpose: "DATABASE_SECRET_ARN, DATABASE_IAM_AUTH and the secrets of `buildspec run`",
    },
];

/// What was found of one thing.
struct Check {
    name: String,
    /// The version, or what else was found.
    found: Option<String>,
    /// Why that is not enough, and what to do.
    problem: Option<String>,
    is_required: bool,
}

pub(crate) fn run(context: &Context, task: Option<DoctorTask>) -> Result<()> {
    let mut checks: Vec<Check> = PROGRAMS.iter().map(|program| check_program(program, task)).collect();
    checks.push(check_answer("database", db::reach(context), task.is_none_or(|task| task == Db)));
    if task.is_none_or(|task| task == Publish) {
        checks.push(check_answer("amplify", publish::cli(context), true));
        checks.push(check_answer("aws account", publish::identity(context), true));
    }
    checks.iter().for_each(|check| show(context, check));
    let missing: Vec<&str> = checks
        .iter()
        .filter(|check| check.is_required && check.problem.is_some())
        .map(|check| check.name.as_str())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = task
        .map_or_else(|| "not every task can run here".to_owned(), |task| format!("`{}` can't run here", task.name()));
    Err(Failure::new(format!("{what}: {}", missing.join(", "))).into())
}

fn check_program(program: &Program, task: Option<DoctorTask>) -> Check {
    let is_required = match task {
        Some(task) => program.required_by.contains(&task),
        None => !program.required_by.is_empty(),
    };
    let found = match program.name {
        "chromium" => frontend::browser(),
        name => process::find(name).ok(),
    };
    let version = found.as_ref().and_then(|path| process::version(path, program.version));
    let purpose = if program.purpose.is_empty() { String::new() } else { format!("for {}; ", program.purpose) };
    let problem = match (&found, &version, program.least) {
        (None, ..) => Some(format!("{purpose}install it: {}", process::how_to_install(program.name))),
        (Some(_), None, _) => Some(format!("{purpose}it is there, but does not answer")),
        (Some(_), Some(version), Some(least)) if numbers(version) < numbers(least) => {
            Some(format!("{least} or later is needed: {}", process::how_to_install(program.name)))
        }
        _ => None,
    };
    Check { name: program.name.to_owned(), found: version, problem, is_required }
}

/// Major and minor version.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// What only an answer tells: a server's, a program's, an account's.
fn check_answer(name: &str, answer: Result<String>, is_required: bool) -> Check {
    let (found, problem) = match answer {
        Ok(found) => (Some(found), None),
        Err(error) => (None, Some(Failure::in_a_line(&error))),
    };
    Check { name: name.to_owned(), found, problem, is_required }
}

fn show(context: &Context, check: &Check) {
    let Check { name, found, problem, is_required } = check;
    if context.report.is_json() {
        let ok = problem.is_none();
        context
            .report
            .json(&json!({"name": name, "found": found, "ok": ok, "problem": problem, "required": is_required}));
        return;
    }
    let state = match (problem, is_required) {
        (None, _) => "ok",
        (Some(_), true) => "MISSING",
        (Some(_), false) => "-",
    };
    let text = [found.as_deref(), problem.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(": ");
    context.report.data(format!("{state:8} {name:11} {text}"));
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn compares_versions_as_numbers() {
        assert!(numbers("20.9.1") < Some((20, 19)));
        assert!(numbers("22.0.0") > Some((20, 19)));
        assert_eq!(numbers("latest"), None);
    }
}
