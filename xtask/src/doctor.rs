//! `cargo xtask doctor`: checks what the tasks need on this machine, and prints how to install what is missing.

use anyhow::Result;
use serde_json::json;

use crate::cli::DoctorTask;
use crate::context::Context;
use crate::report::Failure;
use crate::{db, frontend, infra, process, publish};

/// A program that tasks use.
struct Program {
    name: &'static str,
    /// The arguments that print its version.
    version: &'static [&'static str],
    /// The oldest supported version.
    minimum: Option<&'static str>,
    /// The tasks that cannot run without it.
    required_by: &'static [DoctorTask],
    /// Other uses.
    purpose: &'static str,
}

use DoctorTask::{Db, Dev, Infra, Publish, Test};

const PROGRAMS: [Program; 11] = [
    Program {
        name: "cargo",
        version: &["--version"],
        minimum: Some(env!("CARGO_PKG_RUST_VERSION")),
        required_by: &[Db, Test, Dev, Publish, Infra],
        purpose: "",
    },
    Program {
        name: "git",
        version: &["--version"],
        minimum: None,
        required_by: &[Test],
        purpose: "the commit in the log",
    },
    // The minimum version is Vite's.
    Program {
        name: "node",
        version: &["--version"],
        minimum: Some("20.19"),
        required_by: &[Test, Dev, Publish, Infra],
        purpose: "the front end",
    },
    Program {
        name: "npm",
        version: &["--version"],
        minimum: None,
        required_by: &[Test, Dev, Publish, Infra],
        purpose: "the embedded PostgreSQL, unless PostgreSQL is installed",
    },
    Program {
        name: "docker",
        version: &["version", "--format", "{{.Server.Version}}"],
        minimum: None,
        required_by: &[],
        purpose: "`test` in a container instead of on the embedded PostgreSQL",
    },
    Program {
        name: "psql",
        version: &["--version"],
        minimum: None,
        required_by: &[],
        purpose: "`db psql`, `bench`, and some tests",
    },
    Program { name: "pgbench", version: &["--version"], minimum: None, required_by: &[], purpose: "`bench load`" },
    Program {
        name: "python3",
        version: &["--version"],
        minimum: None,
        required_by: &[],
        purpose: "the tests that run Alembic",
    },
    Program {
        name: "chromium",
        version: &["--version"],
        minimum: None,
        required_by: &[],
        purpose: "the browser tests of the page",
    },
    Program {
        name: "aws",
        version: &["--version"],
        minimum: None,
        required_by: &[Publish, Infra],
        purpose: "DATABASE_SECRET_ARN, DATABASE_IAM_AUTH and the secrets of `buildspec run`",
    },
    Program {
        name: "session-manager-plugin",
        version: &["--version"],
        minimum: None,
        required_by: &[],
        purpose: "`--env` of `db`",
    },
];

/// The result for a program, the database or the account.
struct Check {
    name: String,
    /// The version, or a description.
    found: Option<String>,
    /// The problem, and what to do about it.
    problem: Option<String>,
    is_required: bool,
}

pub(crate) fn run(context: &Context, task: Option<DoctorTask>) -> Result<()> {
    let mut checks: Vec<Check> = PROGRAMS.iter().map(|program| check_program(program, task)).collect();
    checks.push(check_result("database", db::reach(context), task.is_none_or(|task| task == Db)));
    if task.is_none_or(|task| task == Publish) {
        checks.extend(publish::checks(context).into_iter().map(|(name, result)| check_result(name, result, true)));
    }
    if task == Some(Infra) {
        checks.extend(infra::checks(context).into_iter().map(|(name, result)| check_result(name, result, true)));
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
    let tasks = task.map_or_else(|| "some tasks".to_owned(), |task| format!("`{}`", task.name()));
    Err(Failure::new(format!("{tasks} cannot run here: missing {}", missing.join(", "))).into())
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
    let problem = match (&found, &version, program.minimum) {
        (None, ..) => Some(format!("{purpose}install it: {}", process::how_to_install(program.name))),
        (Some(path), None, _) => Some(format!("{purpose}`{}` does not print its version", path.display())),
        (Some(_), Some(version), Some(minimum)) if numbers(version) < numbers(minimum) => {
            Some(format!("{minimum} or later is required: {}", process::how_to_install(program.name)))
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

/// The result of asking a server, a program or an account.
fn check_result(name: &str, result: Result<String>, is_required: bool) -> Check {
    let (found, problem) = match result {
        Ok(found) => (Some(found), None),
        Err(error) => (None, Some(Failure::one_line(&error))),
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
