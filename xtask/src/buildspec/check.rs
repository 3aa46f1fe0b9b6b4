//! Checks a buildspec against CodeBuild's reference.

use super::batch;
use super::reference::{BUILDSPEC, Key, Kind};
use super::runtime::{Availability, Image, downloadable};
use super::secret::SecretReference;
use super::yaml::{Problem, YamlNode, YamlValue};

/// What a buildspec is checked against, other than the reference.
pub(super) struct Surroundings<'a> {
    pub(super) image: &'a Image,
    /// The version in `rust-toolchain.toml`.
    pub(super) rust: Option<&'a str>,
    /// An environment of xtask.toml in which this build has no internet access.
    pub(super) isolated_in: Option<&'a str>,
}

/// All problems of a buildspec, in the order of the file.
pub(super) fn check(file: &YamlNode, surroundings: &Surroundings<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    tags(file, &mut problems);
    value(file, &BUILDSPEC, "buildspec", &mut problems);
    needed_for_version(file, &mut problems);
    if let Some(batch) = file.get("batch") {
        batch::check(batch, &mut problems);
    }
    runtimes(file, surroundings, &mut problems);
    rust_version(file, surroundings.rust, &mut problems);
    exported_variables(file, &mut problems);
    problems.sort();
    // An alias repeats the problems of its anchor.
    problems.dedup();
    problems
}

/// CloudFormation resolves its tags in a template, but not in a file that CodeBuild reads.
fn tags(node: &YamlNode, problems: &mut Vec<Problem>) {
    if let Some(tag) = &node.tag {
        let message = format!("`{tag}` is not resolved: only a CloudFormation template can contain its functions");
        problems.push(Problem::at(node, message));
    }
    node.items().iter().for_each(|item| tags(item, problems));
    for (key, value) in node.entries() {
        tags(key, problems);
        tags(value, problems);
    }
}

/// What depends on the version, and on whether there is a batch.
fn needed_for_version(file: &YamlNode, problems: &mut Vec<Problem>) {
    let is_first = file.get("version").and_then(YamlNode::text) == Some("0.1");
    for (key, _) in file.entries().iter().filter(|(key, _)| key.text() == Some("environment_variables")) {
        if !is_first {
            problems.push(Problem::at(key, "`environment_variables` is `env` since version 0.2"));
        }
    }
    if file.get("phases").is_none() && file.get("batch").is_none() {
        problems.push(Problem::at(file, "`buildspec` requires `phases` or `batch`"));
    }
    if let Some(artifacts) = file.get("artifacts")
        && artifacts.get("files").is_none()
        && artifacts.get("secondary-artifacts").is_none()
    {
        problems.push(Problem::at(artifacts, "`artifacts` requires `files` or `secondary-artifacts`"));
    }
}

fn value(node: &YamlNode, kind: &Kind, name: &str, problems: &mut Vec<Problem>) {
    let mut wrong = |message: String| problems.push(Problem::at(node, message));
    match (kind, &node.value) {
        (Kind::Text, YamlValue::Text(_)) => {}
        (Kind::Flag, YamlValue::Text(text)) => {
            if !["yes", "no", "true", "false"].contains(&text.to_lowercase().as_str()) {
                wrong(format!("`{name}` must be `yes` or `no`"));
            }
        }
        (Kind::OneOf(values), YamlValue::Text(text)) => {
            if !values.contains(&text.as_str()) {
                wrong(format!("`{name}` cannot be `{text}`; expected {}", either(values)));
            }
        }
        (Kind::AnyCaseOf(values), YamlValue::Text(text)) => {
            if !values.iter().any(|value| value.eq_ignore_ascii_case(text)) {
                wrong(format!("`{name}` cannot be `{text}`; expected {}", either(values)));
            }
        }
        (Kind::Count, YamlValue::Text(text)) => {
            if !text.parse::<u32>().is_ok_and(|count| count > 0) {
                wrong(format!("`{name}` must be a number from 1"));
            }
        }
        (Kind::Secret, YamlValue::Text(text)) => {
            if SecretReference::parse(text).is_none() {
                wrong(format!("`{name}` must be `secret-id:json-key:version-stage:version-id`"));
            }
        }
        (Kind::OnFailure, YamlValue::Text(text)) => {
            let is_retry = text == "RETRY" || text.starts_with("RETRY-");
            if !is_retry && !["ABORT", "CONTINUE"].contains(&text.as_str()) {
                wrong(format!("`{name}` cannot be `{text}`; expected ABORT, CONTINUE or RETRY"));
            }
        }
        (Kind::Command, YamlValue::Text(_) | YamlValue::Nothing) => {}
        (Kind::Command, YamlValue::Map(_)) => {
            wrong("a command that contains `: ` is a map in YAML: quote it".to_owned());
        }
        (Kind::Paths, YamlValue::Text(_)) => {}
        (Kind::Paths, _) => value(node, &Kind::List(&Kind::Text), name, problems),
        (Kind::List(kind), YamlValue::List(items)) => {
            if items.is_empty() {
                wrong(format!("`{name}` is empty"));
            }
            items.iter().for_each(|item| value(item, kind, name, problems));
        }
        (Kind::Map(kind), YamlValue::Map(entries)) => {
            for (key, entry) in entries {
                value(entry, kind, key.text().unwrap_or_default(), problems);
            }
        }
        (Kind::Variables(kind), YamlValue::Map(entries)) => {
            for (key, entry) in entries {
                let key_text = key.text().unwrap_or_default();
                variable(key, key_text, problems);
                value(entry, kind, key_text, problems);
            }
        }
        (Kind::Runtimes, YamlValue::Map(entries)) => {
            if entries.is_empty() {
                wrong(format!("`{name}` is empty"));
            }
        }
        (Kind::Keys(keys), YamlValue::Map(entries)) => {
            self::keys(node, keys, entries, name, problems);
        }
        (Kind::Keys(_) | Kind::Map(_) | Kind::Variables(_) | Kind::Runtimes, _) => {
            wrong(format!("`{name}` must be a map"));
        }
        (Kind::List(_), _) => wrong(format!("`{name}` must be a list")),
        _ => wrong(format!("`{name}` must be text")),
    }
}

fn keys(node: &YamlNode, keys: &[Key], entries: &[(YamlNode, YamlNode)], name: &str, problems: &mut Vec<Problem>) {
    for (key, entry) in entries {
        let text = key.text().unwrap_or_default();
        match keys.iter().find(|known| known.name == text) {
            Some(known) => value(entry, &known.kind, text, problems),
            None => {
                let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
                let message = format!("`{name}` cannot contain `{text}`; expected {}", either(&names));
                problems.push(Problem::at(key, message));
            }
        }
    }
    for missing in keys.iter().filter(|key| key.is_required && node.get(key.name).is_none()) {
        problems.push(Problem::at(node, format!("`{name}` requires `{}`", missing.name)));
    }
    if name == "install" && node.get("commands").is_none() && node.get("runtime-versions").is_none() {
        problems.push(Problem::at(node, "`install` requires `commands` or `runtime-versions`"));
    }
}

fn either(values: &[&str]) -> String {
    match values {
        [only] => format!("`{only}`"),
        [most @ .., last] => {
            format!("{} or `{last}`", most.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "))
        }
        [] => String::new(),
    }
}

fn variable(key: &YamlNode, name: &str, problems: &mut Vec<Problem>) {
    let is_name = !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        problems.push(Problem::at(key, format!("`{name}` is not a valid variable name")));
    }
    if name.starts_with("CODEBUILD_") {
        problems.push(Problem::at(key, format!("`{name}`: names that start with CODEBUILD_ are reserved")));
    }
}

fn runtimes(file: &YamlNode, surroundings: &Surroundings<'_>, problems: &mut Vec<Problem>) {
    let section = ["phases", "install", "runtime-versions"].iter().try_fold(file, |node, key| node.get(key));
    for (key, version) in section.map(YamlNode::entries).unwrap_or_default() {
        let name = key.text().unwrap_or_default();
        let Some(installed) = surroundings.image.installed(name) else {
            let names = surroundings.image.names();
            problems.push(Problem::at(key, format!("the image has no runtime `{name}`; expected {}", either(&names))));
            continue;
        };
        let Some(text) = version.text() else {
            problems.push(Problem::at(version, format!("`{name}` must be a version")));
            continue;
        };
        if let Some(text) = version_text(file, text)
            && let Some(message) = unsuitable(name, text, &installed, surroundings)
        {
            problems.push(Problem::at(version, message));
        }
    }
}

/// A version, which may be the value of a variable; `None` if the file does not set the variable.
fn version_text<'a>(file: &'a YamlNode, text: &'a str) -> Option<&'a str> {
    let Some(variable) = text.strip_prefix('$') else { return Some(text) };
    let name = variable.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(variable);
    file.get("env")?.get("variables")?.get(name)?.text()
}

/// Why a build cannot have a version of a runtime.
fn unsuitable(name: &str, version: &str, installed: &[&str], surroundings: &Surroundings<'_>) -> Option<String> {
    match (surroundings.image.availability(name, version), surroundings.isolated_in) {
        (Availability::Installed, _) | (Availability::Downloaded, None) => None,
        (Availability::Downloaded, Some(environment)) => Some(format!(
            "`{name}` {version} would be downloaded, but this build has no internet access in `{environment}` \
             (`nat = \"none\"` in xtask.toml); the image has {}",
            all(installed)
        )),
        (Availability::Unavailable, _) => {
            let others = ["MAJOR.x", "latest"];
            let installed: Vec<&str> = installed.iter().copied().chain(others).collect();
            let forms = either(downloadable(name));
            Some(format!("the image has no `{name}` {version}; expected {}, or to download {forms}", all(&installed)))
        }
    }
}

fn all(values: &[&str]) -> String {
    format!("`{}`", values.join("`, `"))
}

/// Installing a version other than that in `rust-toolchain.toml` is useless: rustup would also download the right one,
/// if it can.
fn rust_version(file: &YamlNode, rust: Option<&str>, problems: &mut Vec<Problem>) {
    let runtimes = ["phases", "install", "runtime-versions", "rust"];
    let named = runtimes.iter().try_fold(file, |node, key| node.get(key));
    if let (Some(named), Some(rust)) = (named, rust)
        && let Some(text) = named.text().filter(|text| *text != rust)
    {
        problems.push(Problem::at(named, format!("`rust` is {text}, but rust-toolchain.toml has {rust}")));
    }
}

/// Exported variables must be set somewhere: CodeBuild does not report a typo in a name.
fn exported_variables(file: &YamlNode, problems: &mut Vec<Problem>) {
    let Some(env) = file.get("env") else { return };
    let Some(names) = env.get("exported-variables") else { return };
    let commands: Vec<&str> = file
        .get("phases")
        .into_iter()
        .flat_map(|phases| phases.entries())
        .flat_map(|(_, phase)| [phase.get("commands"), phase.get("finally")])
        .flatten()
        .flat_map(|list| list.items())
        .filter_map(YamlNode::text)
        .collect();
    // A script or another variable of the build may set it.
    let is_open = commands.iter().any(|command| {
        let mut words = command.split_whitespace();
        words.any(|word| ["source", ".", "eval"].contains(&word))
    });
    for name in names.items() {
        let Some(text) = name.text() else { continue };
        if text.starts_with("AWS_") {
            problems.push(Problem::at(name, format!("`{text}`: variables that start with AWS_ are not exported")));
            continue;
        }
        let is_set = ["variables", "parameter-store", "secrets-manager"]
            .iter()
            .any(|section| env.get(section).is_some_and(|section| section.get(text).is_some()));
        if !is_set
            && !is_open
            && !text.starts_with("CODEBUILD_")
            && !commands.iter().any(|command| command.contains(text))
        {
            problems.push(Problem::at(name, format!("`{text}` is exported, but nothing sets it")));
        }
    }
}
