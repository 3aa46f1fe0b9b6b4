//! Completion of `cargo xtask` in shells: the scripts, which call this program, and the candidates that it prints:
//! commands, options, values, revisions, labels and environments.
//!
//! A generated script could not complete revisions, and would never be called: for cargo's subcommands, shells use
//! cargo's own script.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Arg, Command, ValueEnum};
use revision::{Directory, RevisionGraph};
use serde_json::{Map, Value};

use crate::context::Context;

/// A shell that has a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Fish,
    Zsh,
}

/// The script for a shell.
pub(crate) fn script(shell: Shell) -> Result<String> {
    let template = match shell {
        Shell::Bash => include_str!("complete/bash.sh"),
        Shell::Fish => include_str!("complete/fish.fish"),
        Shell::Zsh => include_str!("complete/zsh.zsh"),
    };
    // Called if the checkout has no binary.
    let program = std::env::current_exe()?;
    Ok(template.replace("PROGRAM", &format!("'{}'", program.display().to_string().replace('\'', r"'\''"))))
}

/// A possible completion, with a description.
struct Candidate {
    text: String,
    about: String,
}

impl Candidate {
    fn new(text: impl Into<String>, about: impl ToString) -> Self {
        let about = about.to_string();
        Self { text: text.into(), about: about.lines().next().unwrap_or_default().to_owned() }
    }
}

/// Prints the candidates for the last of these words, one per line: the word, a tab, and a description.
pub(crate) fn answer(context: &Context, mut command: Command, words: &[String]) {
    command.build();
    let (current, before) = words.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
    for Candidate { text, about } in candidates(context, &command, before, current) {
        context.report.data(format!("{text}\t{about}"));
    }
}

fn candidates(context: &Context, command: &Command, before: &[String], current: &str) -> Vec<Candidate> {
    let line = Line::read(command, before);
    let found = match (line.option, current.split_once('=')) {
        (Some(option), _) => values(context, &line, option, current),
        (None, Some((name, value))) if name.starts_with("--") => {
            let option = option(line.command, name);
            let found = option.map(|option| values(context, &line, option, value)).unwrap_or_default();
            found.into_iter().map(|found| Candidate { text: format!("{name}={}", found.text), ..found }).collect()
        }
        (None, _) if current.starts_with("--") || current == "-" => options(line.command),
        (None, _) => {
            let mut found = subcommands(line.command);
            let positionals: Vec<&Arg> = line.command.get_positionals().collect();
            let positional = positionals.get(line.positionals).or_else(|| {
                positionals.last().filter(|last| last.get_num_args().is_some_and(|range| range.max_values() > 1))
            });
            found.extend(positional.into_iter().flat_map(|positional| values(context, &line, positional, current)));
            found
        }
    };
    found.into_iter().filter(|candidate| candidate.text.starts_with(current)).collect()
}

/// What has been typed.
struct Line<'a> {
    command: &'a Command,
    /// The option whose value is next.
    option: Option<&'a Arg>,
    positionals: usize,
    /// The value of `--dir`.
    directory: Option<PathBuf>,
}

impl<'a> Line<'a> {
    fn read(command: &'a Command, words: &[String]) -> Self {
        let mut line = Self { command, option: None, positionals: 0, directory: None };
        for word in words {
            if let Some(option) = line.option.take() {
                line.set(option, word);
            } else if word.starts_with('-') && word.len() > 1 {
                let (name, value) =
                    word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
                match (option(line.command, name), value) {
                    (Some(option), Some(value)) => line.set(option, value),
                    (Some(option), None) if takes_value(option) => line.option = Some(option),
                    _ => {}
                }
            } else if let Some(next) = line.command.find_subcommand(word) {
                (line.command, line.positionals) = (next, 0);
            } else {
                line.positionals += 1;
            }
        }
        line
    }

    fn set(&mut self, option: &Arg, value: &str) {
        if option.get_id() == "dir" {
            self.directory = Some(PathBuf::from(value));
        }
    }
}

fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

/// The option with this name: `--env` or `-m`.
fn option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|option| {
        let is_long = option.get_long().is_some_and(|long| name.strip_prefix("--") == Some(long));
        is_long
            || option.get_short().is_some_and(|short| name.strip_prefix('-') == Some(short.encode_utf8(&mut [0; 4])))
    })
}

fn options(command: &Command) -> Vec<Candidate> {
    let visible = command.get_arguments().filter(|option| !option.is_hide_set());
    let candidate = |option: &Arg| {
        Some(Candidate::new(format!("--{}", option.get_long()?), option.get_help().cloned().unwrap_or_default()))
    };
    visible.filter_map(candidate).collect()
}

fn subcommands(command: &Command) -> Vec<Candidate> {
    let mut found = Vec::new();
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        let about = command.get_about().cloned().unwrap_or_default();
        let names = std::iter::once(command.get_name()).chain(command.get_visible_aliases());
        found.extend(names.map(|name| Candidate::new(name, &about)));
    }
    found
}

/// The values of an option or a positional argument; `None` if they are files, or arbitrary.
fn values(context: &Context, line: &Line<'_>, argument: &Arg, current: &str) -> Vec<Candidate> {
    let possible = argument.get_possible_values();
    if takes_value(argument) && !possible.is_empty() {
        let value = |value: &clap::builder::PossibleValue| {
            Candidate::new(value.get_name(), value.get_help().cloned().unwrap_or_default())
        };
        return possible.iter().map(value).collect();
    }
    let fixed = |values: &[&str]| values.iter().map(|value| Candidate::new(*value, "")).collect();
    let found = match argument.get_id().as_str() {
        "env" => environments(context),
        "name" => buildspecs(context),
        "format" => fixed(&["text", "json", "sarif", "junit"]),
        "role" => {
            context.config.types.role.iter().map(|role| Candidate::new(role, "the role of the application")).collect()
        }
        "postgres" => fixed(&["auto", "docker", "embedded"]),
        "target" | "targets" | "revision" | "revisions" | "head" | "from" | "depends_on" | "rev_range" => {
            let item =
                argument.get_value_delimiter().map_or(current, |at| current.rsplit(at).next().unwrap_or(current));
            revisions(context, line, item)
        }
        _ => Vec::new(),
    };
    // In a list, the items before the last are kept.
    let kept = argument.get_value_delimiter().and_then(|at| current.rfind(at)).map_or("", |at| &current[..=at]);
    found.into_iter().map(|found| Candidate { text: format!("{kept}{}", found.text), ..found }).collect()
}

/// Ids, labels and symbols; after `label@`, targets on the branch.
fn revisions(context: &Context, line: &Line<'_>, item: &str) -> Vec<Candidate> {
    let directory = line.directory.clone().unwrap_or_else(|| context.root.join(context.config.versions()));
    let graph = RevisionGraph::read(&Directory::new(directory));
    let mut found: Vec<Candidate> = match item.split_once('@') {
        Some((label, _)) => {
            let on_branch = [
                ("head", "the head of the branch"),
                ("base", "below the branch"),
                ("+1", "one up"),
                ("-1", "one down"),
            ];
            return on_branch.map(|(end, about)| Candidate::new(format!("{label}@{end}"), about)).into();
        }
        None => [("heads", "all heads"), ("head", "the only head"), ("base", "below the first revision")]
            .map(|(name, about)| Candidate::new(name, about))
            .into(),
    };
    let Ok(graph) = graph else { return found };
    for node in graph.nodes().rev() {
        let header = graph.revision(node).header();
        found.push(Candidate::new(graph.id(node), &header.message));
        found.extend(
            header.branch_labels.iter().map(|label| Candidate::new(label, format!("branch of {}", graph.id(node)))),
        );
    }
    found
}

/// The environments of xtask.toml and of the Amplify project.
fn environments(context: &Context) -> Vec<Candidate> {
    let info = regular_file::read_to_string(&context.root.join("amplify/team-provider-info.json")).unwrap_or_default();
    let known: Map<String, Value> = serde_json::from_str(&info).unwrap_or_default();
    let mut names: Vec<&String> = context.config.infra.environments.keys().chain(known.keys()).collect();
    names.sort();
    names.dedup();
    names.into_iter().map(|name| Candidate::new(name, "environment")).collect()
}

fn buildspecs(context: &Context) -> Vec<Candidate> {
    let entries = std::fs::read_dir(context.root.join("buildspec")).into_iter().flatten().filter_map(Result::ok);
    let stem = |path: &Path| {
        let is_buildspec = path.extension().is_some_and(|extension| extension == "yml");
        is_buildspec.then(|| path.file_stem().map(|stem| stem.to_string_lossy().into_owned())).flatten()
    };
    let mut names: Vec<String> = entries.filter_map(|entry| stem(&entry.path())).collect();
    names.sort();
    names.into_iter().map(|name| Candidate::new(name, "buildspec")).collect()
}
