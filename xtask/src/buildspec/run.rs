//! A buildspec as CodeBuild's agent runs it: phases in order, one shell for all commands, `finally`, what a failing phase
//! means for the next, variables and secrets.
//!
//! Sources: "Build phase transitions" and "Environment variables in build environments" of the AWS CodeBuild User Guide. Not
//! done here: `run-as`, `runtime-versions` (what is on PATH is used), RETRY (taken as ABORT), artifacts, caches and uploads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value as Json;

use super::reference::PHASES;
use super::yaml::Node;
use crate::context::Context;
use crate::report::Failure;
use crate::{clock, process};

/// Runs the phases and says what became of each.
pub(super) fn run(context: &Context, name: &str, file: &Node) -> Result<()> {
    let folder = context.target().join("buildspec");
    fs::create_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
    let results = folder.join(format!("{}.results", std::process::id()));
    let script = script(file, &results);
    let shell = match file.get("env").and_then(|env| env.get("shell")).and_then(Node::text) {
        Some("bash") => "bash",
        _ => "sh",
    };
    let mut command = Command::new(process::find(shell)?);
    command.args(["-c", &script]).current_dir(&context.root).envs(variables(context, file)?);
    let status = command.status().context("the shell could not be run")?;
    let text = fs::read_to_string(&results).unwrap_or_default();
    let _ = fs::remove_file(&results);
    report(context, name, &text, status.success())
}

/// Every variable of the build: what the caller's environment has wins, as what a project sets wins over its buildspec.
fn variables(context: &Context, file: &Node) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    let commit = context.provenance().commit.unwrap_or_default();
    let own = [
        ("CODEBUILD_BUILD_ID", format!("local:{}", std::process::id())),
        ("CODEBUILD_BUILD_NUMBER", "1".to_owned()),
        ("CODEBUILD_INITIATOR", "cargo xtask buildspec run".to_owned()),
        ("CODEBUILD_RESOLVED_SOURCE_VERSION", commit),
        ("CODEBUILD_SRC_DIR", context.root.display().to_string()),
        ("CODEBUILD_START_TIME", (clock::now() * 1000).to_string()),
    ];
    for (name, value) in own {
        variables.insert(name.to_owned(), value);
    }
    let Some(env) = file.get("env") else { return Ok(variables) };
    let section = |section: &str| env.get(section).map(Node::entries).unwrap_or_default();
    let is_missing = |name: &str| context.variable(name).is_none();
    for (key, value) in section("variables") {
        if let (Some(name), Some(value)) = (key.text(), value.text())
            && is_missing(name)
        {
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    for (key, value) in section("parameter-store") {
        if let (Some(name), Some(parameter)) = (key.text(), value.text())
            && is_missing(name)
        {
            let arguments = [
                "ssm",
                "get-parameter",
                "--with-decryption",
                "--query",
                "Parameter.Value",
                "--output",
                "text",
                "--name",
                parameter,
            ];
            variables.insert(name.to_owned(), aws(&arguments)?);
        }
    }
    for (key, value) in section("secrets-manager") {
        if let (Some(name), Some(reference)) = (key.text(), value.text())
            && is_missing(name)
        {
            variables.insert(name.to_owned(), secret(reference)?);
        }
    }
    Ok(variables)
}

/// One value of a secret: `secret-id:json-key:version-stage:version-id`.
fn secret(reference: &str) -> Result<String> {
    let start =
        if reference.starts_with("arn:") { reference.match_indices(':').nth(5).map_or(0, |(at, _)| at + 1) } else { 0 };
    let mut parts = reference[start..].split(':');
    let id = format!("{}{}", &reference[..start], parts.next().unwrap_or_default());
    let mut arguments =
        vec!["secretsmanager", "get-secret-value", "--query", "SecretString", "--output", "text", "--secret-id", &id];
    let (key, stage, version) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    for (option, value) in [("--version-stage", stage), ("--version-id", version)] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            arguments.extend([option, value]);
        }
    }
    let text = aws(&arguments)?;
    if key.is_empty() {
        return Ok(text);
    }
    let json: Json = serde_json::from_str(&text).ok().with_context(|| format!("the secret `{id}` is not JSON"))?;
    match json.get(key) {
        Some(Json::String(value)) => Ok(value.clone()),
        Some(value) => Ok(value.to_string()),
        None => Err(Failure::new(format!("the secret `{id}` has no key `{key}`")).into()),
    }
}

fn aws(arguments: &[&str]) -> Result<String> {
    let shell = process::shell(Path::new("."))?;
    let read = process::command(&shell, &process::find("aws")?).args(arguments).read();
    let hint = "or set the variables yourself: what the environment has wins over the buildspec";
    read.map_err(|_| Failure::new(format!("`aws {}` failed", arguments[..2].join(" "))).hint(hint).into())
}

/// The agent as a shell script: every command in one shell, so that `cd` and `export` last.
fn script(file: &Node, results: &Path) -> String {
    let empty = Vec::new();
    let phases = file.get("phases");
    let list = |phase: &Node, name: &str| -> Vec<String> {
        phase.get(name).map_or(&empty[..], Node::items).iter().filter_map(Node::text).map(str::to_owned).collect()
    };
    let mut script =
        format!("exec 9>{}\nexport CODEBUILD_BUILD_SUCCEEDING=1\n_go=1\n", quote(&results.display().to_string()));
    // A command may end the shell.
    script.push_str("trap '[ -z \"$_phase\" ] || printf \"phase %s FAILED %s\\n\" \"$_phase\" \"$(( $(date +%s) - _start ))\" >&9' EXIT\n");
    for name in PHASES {
        let Some(phase) = phases.and_then(|phases| phases.get(name)) else { continue };
        let upper = name.to_uppercase();
        // After a build that failed, post_build runs all the same.
        let gate = if name == "post_build" { "[ $_go = 1 ] || [ $_go = build ]" } else { "[ $_go = 1 ]" };
        let _ = writeln!(script, "if {gate}; then\n_phase={upper}; _start=$(date +%s); _failed=0");
        let _ = writeln!(script, "echo '[Container] Entering phase {upper}'");
        for command in list(phase, "commands") {
            let _ = writeln!(script, "if [ $_failed = 0 ]; then\n{}fi", one(&command));
        }
        for command in list(phase, "finally") {
            script.push_str(&one(&command));
        }
        let on_failure = phase.get("on-failure").and_then(Node::text).unwrap_or(if name == "build" {
            "POST_BUILD"
        } else {
            "ABORT"
        });
        let then = match on_failure {
            "CONTINUE" => "_go=1",
            "POST_BUILD" => "_go=build",
            _ => "_go=0",
        };
        let _ = writeln!(
            script,
            "_phase=\nif [ $_failed = 0 ]; then _state=SUCCEEDED; else _state=FAILED; {then}; export CODEBUILD_BUILD_SUCCEEDING=0; fi\n\
             echo \"[Container] Phase complete: {upper} State: $_state\"\n\
             printf 'phase {upper} %s %s\\n' \"$_state\" \"$(( $(date +%s) - _start ))\" >&9\nfi"
        );
    }
    for name in file.get("env").and_then(|env| env.get("exported-variables")).map(Node::items).unwrap_or_default() {
        let Some(name) = name.text() else { continue };
        let _ = writeln!(script, "printf 'variable {name} %s\\n' \"${{{name}-}}\" >&9");
    }
    script.push_str("[ $CODEBUILD_BUILD_SUCCEEDING = 1 ]\n");
    script
}

fn one(command: &str) -> String {
    format!(
        "printf '[Container] Running command %s\\n' {0}\neval {0}\n_code=$?\n[ $_code = 0 ] || {{ _failed=1; echo \"[Container] Command did not exit successfully, exit status $_code\"; }}\n",
        quote(command)
    )
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn report(context: &Context, name: &str, results: &str, succeeded: bool) -> Result<()> {
    let report = &context.report;
    report.talk(format!("== {name}"));
    for line in results.lines() {
        match line.splitn(4, ' ').collect::<Vec<_>>()[..] {
            ["phase", phase, state, seconds] => report.talk(format!("{phase:10} {state:9} {seconds} s")),
            ["variable", variable, ..] => {
                let value = line.splitn(3, ' ').nth(2).unwrap_or_default();
                report.data(format!("{variable}={value}"));
            }
            _ => {}
        }
    }
    if succeeded { Ok(()) } else { Err(Failure::new(format!("the build of `{name}` failed")).into()) }
}
