//! Checks a buildspec against CodeBuild's reference.

use super::reference::{BUILDSPEC, Key, Kind, RUNTIMES};
use super::secret::SecretReference;
use super::yaml::{Problem, YamlNode, YamlValue};

/// All problems of a buildspec, in the order of the file; `rust` is the version in `rust-toolchain.toml`.
pub(super) fn check(file: &YamlNode, rust: Option<&str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    value(file, &BUILDSPEC, "buildspec", &mut problems);
    rust_version(file, rust, &mut problems);
    exported_variables(file, &mut problems);
    problems.sort();
    problems
}

fn value(node: &YamlNode, kind: &Kind, name: &str, problems: &mut Vec<Problem>) {
    let mut wrong = |message: String| problems.push(Problem::at(node, message));
    match (kind, &node.value) {
        (Kind::Anything, _) | (Kind::Text, YamlValue::Text(_)) => {}
        (Kind::Flag, YamlValue::Text(text)) => {
            if !["yes", "no", "true", "false"].contains(&text.as_str()) {
                wrong(format!("`{name}` must be `yes` or `no`"));
            }
        }
        (Kind::OneOf(values), YamlValue::Text(text)) => {
            if !values.contains(&text.as_str()) {
                wrong(format!("`{name}` cannot be `{text}`; expected {}", either(values)));
            }
        }
        (Kind::Secret, YamlValue::Text(text)) => secret(text, name, &mut wrong),
        (Kind::OnFailure, YamlValue::Text(text)) => {
            let is_retry = text == "RETRY" || text.starts_with("RETRY-");
            if !is_retry && !["ABORT", "CONTINUE"].contains(&text.as_str()) {
                wrong(format!("`{name}` cannot be `{text}`; expected ABORT, CONTINUE or RETRY"));
            }
        }
        (Kind::Command, YamlValue::Text(_)) => {}
        (Kind::Command, YamlValue::Map(_)) => {
            wrong("a command that contains `: ` is a map in YAML: quote it".to_owned());
        }
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
            entries.iter().for_each(|(key, version)| runtime(key, version, problems));
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

fn secret(text: &str, name: &str, wrong: &mut impl FnMut(String)) {
    match SecretReference::parse(text) {
        None => wrong(format!("`{name}` must be `secret-id:json-key:version-stage:version-id`")),
        Some(SecretReference { key: "", .. }) => {
            wrong(format!("`{name}` has no key: the variable would contain the whole secret"));
        }
        Some(_) => {}
    }
}

fn runtime(key: &YamlNode, version: &YamlNode, problems: &mut Vec<Problem>) {
    let name = key.text().unwrap_or_default();
    let Some((_, installed)) = RUNTIMES.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = RUNTIMES.iter().map(|(name, _)| *name).collect();
        problems.push(Problem::at(key, format!("the image has no runtime `{name}`; expected {}", either(&names))));
        return;
    };
    let Some(text) = version.text() else {
        problems.push(Problem::at(version, format!("`{name}` must be a version")));
        return;
    };
    // CodeBuild installs any version that is given in full.
    let is_full = text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u32>().is_ok());
    if !is_full && text != "latest" && !installed.contains(&text) {
        let message =
            format!("the image has no `{name}` {text}; expected {}, `latest`, or a full version", either(installed));
        problems.push(Problem::at(version, message));
    }
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
    for name in names.items() {
        let Some(text) = name.text() else { continue };
        let is_set = ["variables", "parameter-store", "secrets-manager"]
            .iter()
            .any(|section| env.get(section).is_some_and(|section| section.get(text).is_some()));
        if !is_set && !text.starts_with("CODEBUILD_") && !commands.iter().any(|command| command.contains(text)) {
            problems.push(Problem::at(name, format!("`{text}` is exported, but nothing sets it")));
        }
    }
}
