//! Runs a buildspec as CodeBuild's agent does: phases in order, all commands in one shell (in version 0.1, each in its own),
//! `finally`, phase transitions after a failure, variables and secrets.
//!
//! Sources: "Build phase transitions" and "Environment variables in build environments" in the AWS CodeBuild User Guide. Not
//! supported: `run-as`, `runtime-versions` (the programs on PATH are used), RETRY (treated as ABORT), artifacts, caches and
//! uploads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use cluster::{PrivateDirectory, Trust};
use serde_json::Value as Json;

use super::reference::PHASES;
use super::secret::SecretReference;
use super::yaml::YamlNode;
use crate::context::Context;
use crate::report::Failure;
use crate::{aws, clock, process, shell_word};

/// Runs the phases and prints the result of each.
pub(super) fn run(context: &Context, name: &str, file: &YamlNode) -> Result<()> {
    let folder = context.target().join("buildspec");
    Trust::of_current_user()?.create(&std::path::absolute(&folder).context("the target directory")?)?;
    // The results of the phases and the values of the exported variables.
    let private = PrivateDirectory::create(&folder, "run-")?;
    let results = private.path().join("results");
    let script = script(file, &results);
    let shell = match file.get("env").and_then(|env| env.get("shell")).and_then(YamlNode::text) {
        Some("bash") => "bash",
        _ => "sh",
    };
    let mut command = process::inherit(&process::find(shell)?);
    command.args(["-c", &script]).current_dir(&context.root).envs(variables(context, file)?);
    let status = command.status().context("could not run the shell")?;
    let text = fs::read_to_string(&results).unwrap_or_default();
    report(context, name, &text, status.success())
}

/// The variables of the build. Those in the caller's environment take precedence, as a project's do over its buildspec's.
fn variables(context: &Context, file: &YamlNode) -> Result<BTreeMap<String, String>> {
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
    // Its name in version 0.1.
    let Some(env) = file.get("env").or_else(|| file.get("environment_variables")) else { return Ok(variables) };
    if ["parameter-store", "secrets-manager"].iter().any(|section| has_unset(context, env.get(section))) {
        // For its own error if it is not installed.
        process::find("aws")?;
    }
    for section in ["variables", "plaintext", "parameter-store", "secrets-manager"] {
        for (key, value) in env.get(section).map(YamlNode::entries).unwrap_or_default() {
            if let (Some(name), Some(value)) = (key.text(), value.text())
                && context.variable(name).is_none()
            {
                let value = match section {
                    "parameter-store" => parameter(context, value)?,
                    "secrets-manager" => secret(context, value)?,
                    _ => value.to_owned(),
                };
                variables.insert(name.to_owned(), value);
            }
        }
    }
    Ok(variables)
}

/// Whether a section has a variable that is not set in the environment.
fn has_unset(context: &Context, section: Option<&YamlNode>) -> bool {
    let mut names = section.map(YamlNode::entries).unwrap_or_default().iter().filter_map(|(key, _)| key.text());
    names.any(|name| context.variable(name).is_none())
}

fn parameter(context: &Context, name: &str) -> Result<String> {
    let query = ["--with-decryption", "--query", "Parameter.Value", "--output", "text"];
    let get = [&["ssm", "get-parameter", "--name", name], &query[..]].concat();
    aws::read(context, &get, &format!("read the parameter `{name}`")).map_err(with_hint)
}

fn with_hint(error: anyhow::Error) -> anyhow::Error {
    let hint = "alternatively, set the variables in the environment, which takes precedence";
    Failure::new(error.to_string()).hint(hint).into()
}

/// One value of a secret.
fn secret(context: &Context, reference: &str) -> Result<String> {
    let none = || Failure::new(format!("invalid secret reference `{reference}`"));
    let SecretReference { id, key, stage, version } = SecretReference::parse(reference).ok_or_else(none)?;
    let options = [("--version-stage", stage), ("--version-id", version)];
    let options: Vec<&str> = options
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .flat_map(|(option, value)| [option, value])
        .collect();
    let text = aws::secret(context, id, &options).map_err(with_hint)?;
    if key.is_empty() {
        return Ok(text);
    }
    match aws::json(id, &text)?.get(key) {
        Some(Json::String(value)) => Ok(value.clone()),
        Some(value) => Ok(value.to_string()),
        None => Err(Failure::new(format!("the secret `{id}` has no key `{key}`")).into()),
    }
}

/// The script of the agent, with the commands.
fn script(file: &YamlNode, results: &Path) -> String {
    let mut script =
        format!("exec 9>{}\n{}", shell_word::quote(&results.display().to_string()), include_str!("agent.sh"));
    let phases = file.get("phases");
    let is_shell_shared = file.get("version").and_then(YamlNode::text) != Some("0.1");
    for name in PHASES {
        let Some(phase) = phases.and_then(|phases| phases.get(name)) else { continue };
        let upper = name.to_uppercase();
        let _ = writeln!(script, "if _may_begin {upper}; then\n_enter {upper}");
        for command in texts(phase.get("commands")) {
            let _ = writeln!(script, "[ $_failed != 0 ] || {}", run_command(command, is_shell_shared));
        }
        for command in texts(phase.get("finally")) {
            let _ = writeln!(script, "{}", run_command(command, is_shell_shared));
        }
        let follows = match (phase.get("on-failure").and_then(YamlNode::text), name) {
            (Some("CONTINUE"), _) => "all",
            (None, "build") => "POST_BUILD",
            _ => "none",
        };
        let _ = writeln!(script, "_leave {upper} {follows}\nfi");
    }
    for name in texts(file.get("env").and_then(|env| env.get("exported-variables"))) {
        let _ = writeln!(script, "printf 'variable {name} %s\\n' \"${{{name}-}}\" >&9");
    }
    script.push_str("[ $CODEBUILD_BUILD_SUCCEEDING = 1 ]\n");
    script
}

/// The text items of a list.
fn texts(list: Option<&YamlNode>) -> impl Iterator<Item = &str> {
    list.map(YamlNode::items).unwrap_or_default().iter().filter_map(YamlNode::text)
}

/// Runs a command, in a shell of its own if none is shared (version 0.1). Not in a shell function, so that `$1` is unset,
/// as in the agent.
fn run_command(command: &str, is_shell_shared: bool) -> String {
    let quoted = shell_word::quote(command);
    match is_shell_shared {
        true => format!("{{ _announce {quoted}; eval {quoted}; _ended $?; }}"),
        // Without the trap, which reports the end of the phase.
        false => format!("{{ _announce {quoted}; (trap - EXIT; eval {quoted}); _ended $?; }}"),
    }
}

fn report(context: &Context, name: &str, results: &str, succeeded: bool) -> Result<()> {
    let report = &context.report;
    report.message(format!("== {name}"));
    for line in results.lines() {
        match line.splitn(4, ' ').collect::<Vec<_>>()[..] {
            ["phase", phase, state, seconds] => report.message(format!("{phase:10} {state:9} {seconds} s")),
            ["variable", variable, ..] => {
                let value = line.splitn(3, ' ').nth(2).unwrap_or_default();
                report.data(format!("{variable}={value}"));
            }
            _ => {}
        }
    }
    if succeeded { Ok(()) } else { Err(Failure::new(format!("the build of `{name}` failed")).into()) }
}
