//! Tests that every command and option named in a message, a page or a comment exists: a hint that does not work is
//! worse than none.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory, Parser};

use super::Cli;

/// The sources of messages, and the pages that users read.
const FOLDERS: [&str; 5] = ["xtask/src", "db", "docs", "infra/src", "xtask/tests/transcripts"];
const FILES: [&str; 5] = [
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "xtask/tests/sample/README.md",
    "xtask/tests/sample/xtask.toml",
];

/// Placeholders, each with a value that is valid in its place.
const PLACEHOLDERS: [(&str, &str); 6] =
    [("SECONDS", "5"), ("ROWS", "5"), ("TASK", "db"), ("PART", "engine"), ("SHELL", "bash"), ("…", "x")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the checkout").to_owned()
}

/// The team's paths, according to `xtask/folders.toml`.
fn of_the_team() -> Vec<PathBuf> {
    let folders: toml::Table = toml::from_str(include_str!("../../folders.toml")).expect("it is TOML");
    let paths = folders["team"]["paths"].as_array().expect("it is a list").iter();
    paths.map(|path| root().join(path.as_str().expect("it is a path"))).collect()
}

/// The files of the tool that may have hints.
fn sources() -> Vec<PathBuf> {
    let (mut folders, mut files) =
        (FOLDERS.map(|folder| root().join(folder)).to_vec(), FILES.map(|file| root().join(file)).to_vec());
    let team = of_the_team();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("can read the folder") {
            let path = entry.expect("can read the entry").path();
            if team.contains(&path) {
                continue;
            }
            let is_text = path
                .extension()
                .is_some_and(|extension| ["rs", "md", "ts", "txt"].iter().any(|text| extension == *text));
            match path.is_dir() {
                true if !path.ends_with("node_modules") && !path.ends_with("target") => folders.push(path),
                false if is_text && !path.ends_with("hinted.rs") => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

/// The texts between backticks. Code fences do not count; they are on separate lines.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The words of a command line, with values in place of placeholders.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split(['\'', '"']).enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    for word in &mut words {
        // `{revision}` is filled in when the message is printed; `upgrade{target}` may be followed by another word, or
        // nothing.
        while let Some((start, length)) = word.find('{').and_then(|at| Some((at, word[at..].find('}')?))) {
            word.replace_range(start..=start + length, if start == 0 { "a1" } else { "" });
        }
        if let Some((_, value)) = PLACEHOLDERS.iter().find(|(placeholder, _)| word == placeholder) {
            *word = (*value).to_owned();
        }
    }
    words
}

/// Whether a command line is valid, or only names a group of commands, such as `cargo xtask infra`.
fn can_run(words: &[String]) -> bool {
    Cli::try_parse_from(words).is_ok()
        || (names_command(words)
            && Cli::command().find_subcommand(&words[words.len() - 1]).is_some_and(Command::has_subcommands))
}

/// Whether a text names a command and its options, perhaps without their values: "`db accept REV --reason` records …".
fn names_command(words: &[String]) -> bool {
    let mut command = Cli::command();
    command.build();
    let mut found = &command;
    let mut rest = words[1..].iter();
    for word in rest.by_ref() {
        match found.find_subcommand(word) {
            Some(next) => found = next,
            None if word.starts_with('-') => {
                return has_option(found, word) && rest.all(|word| has_option(found, word));
            }
            None => return !found.has_subcommands() && rest.all(|word| has_option(found, word)),
        }
    }
    true
}

/// Whether a word is an option of the command, or no option.
fn has_option(command: &Command, word: &str) -> bool {
    let Some(name) = word.strip_prefix("--") else { return true };
    command.get_arguments().any(|argument| argument.get_long() == name.split('=').next())
}

#[test]
fn every_command_in_a_message_exists() {
    let (mut count, mut unknown) = (0, Vec::new());
    for path in sources() {
        let text = fs::read_to_string(&path).expect("can read the file");
        for (index, line) in text.lines().enumerate() {
            for command in quoted(line).filter_map(|text| text.strip_prefix("cargo ")) {
                if !command.starts_with("xtask") {
                    continue;
                }
                count += 1;
                // Pages and comments may name a command without its values; in a message, it must be complete.
                let is_page =
                    path.extension().is_some_and(|extension| extension == "md") || line.trim_start().starts_with("//");
                let words = words(command);
                if !(if is_page { names_command(&words) } else { can_run(&words) }) {
                    unknown.push(format!("{}:{}: cargo {command}", path.display(), index + 1));
                }
            }
        }
    }
    assert!(count > 200, "{count}");
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

/// Every visible command and group of commands, with the words that lead to it.
fn visible(command: &Command, path: &[String], found: &mut Vec<(Vec<String>, Command)>) {
    found.push((path.to_vec(), command.clone()));
    for command in command.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help") {
        visible(command, &[path, &[command.get_name().to_owned()]].concat(), found);
    }
}

/// The names of the command that a line calls, by name or alias.
fn called(line: &[String]) -> Vec<String> {
    let mut command = Cli::command();
    command.build();
    let (mut found, mut names) = (&command, Vec::new());
    while let Some(next) = line.get(names.len() + 2).and_then(|word| found.find_subcommand(word)) {
        names.push(next.get_name().to_owned());
        found = next;
    }
    names
}

#[test]
fn every_help_text_has_examples_that_parse() {
    let mut found = Vec::new();
    visible(&Cli::command(), &[], &mut found);
    assert!(found.len() > 40, "{}", found.len());
    for (path, command) in found {
        let help = command.get_after_help().unwrap_or_else(|| panic!("{path:?} has no example")).to_string();
        let (title, lines) = help.split_once('\n').unwrap_or_else(|| panic!("{path:?} has no example"));
        assert_eq!(title, if lines.contains('\n') { "Examples:" } else { "Example:" }, "{path:?}");
        for line in lines.lines() {
            let words = words(line);
            assert_eq!(words[..2], ["cargo", "xtask"], "{line}");
            assert_eq!(called(&words)[..path.len()], path, "{line}");
            assert!(Cli::try_parse_from(&words[1..]).is_ok(), "{line}");
        }
    }
}

/// The help texts of a command, without its examples.
fn help_texts(command: &Command) -> Vec<String> {
    let mut texts = Vec::new();
    let mut add = |text: Option<&clap::builder::StyledStr>| texts.extend(text.map(ToString::to_string));
    add(command.get_about());
    add(command.get_long_about());
    for argument in command.get_arguments() {
        add(argument.get_help());
        add(argument.get_long_help());
        argument.get_possible_values().iter().for_each(|value| add(value.get_help()));
    }
    texts
}

#[test]
fn every_command_in_a_help_text_parses() {
    let (mut found, mut count) = (Vec::new(), 0);
    visible(&Cli::command(), &[], &mut found);
    for (path, command) in found {
        let texts = help_texts(&command);
        for named in texts.iter().flat_map(|text| quoted(text)).filter_map(|text| text.strip_prefix("cargo ")) {
            count += 1;
            assert!(can_run(&words(named)), "{path:?}: cargo {named}");
        }
    }
    assert!(count > 3, "{count}");
}

/// Every long option of every command.
fn options(command: &Command, found: &mut Vec<String>) {
    found.extend(command.get_arguments().filter_map(|argument| Some(format!("--{}", argument.get_long()?))));
    command.get_subcommands().for_each(|command| options(command, found));
}

#[test]
fn every_option_in_a_message_exists() {
    let mut command = Cli::command();
    command.build();
    let mut known = Vec::new();
    options(&command, &mut known);
    let (mut count, mut unknown) = (0, Vec::new());
    let is_message = |path: &PathBuf| {
        path.starts_with(root().join("xtask/src/hint.rs"))
            || path.starts_with(root().join("xtask/tests/transcripts"))
            || path.ends_with("db/README.md")
    };
    for path in sources().into_iter().filter(is_message) {
        let text = fs::read_to_string(&path).expect("can read the file");
        for (index, line) in text.lines().enumerate() {
            for option in quoted(line) {
                let name = option.split([' ', '=']).next().unwrap_or_default();
                let is_name = |name: &str| {
                    name.starts_with(char::is_lowercase)
                        && !name.contains(|c: char| !c.is_ascii_lowercase() && c != '-')
                };
                if !name.strip_prefix("--").is_some_and(is_name) {
                    continue;
                }
                count += 1;
                if !known.iter().any(|known| known == name) {
                    unknown.push(format!("{}:{}: {option}", path.display(), index + 1));
                }
            }
        }
    }
    assert!(count > 10, "{count}");
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}
