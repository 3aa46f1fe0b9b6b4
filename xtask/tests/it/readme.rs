//! The README's tour, typed by a machine: every command works, and prints what the README shows.

use std::fs;
use std::process::Command;

use crate::support::{Machine, root, scratch};

/// Commands of ```console blocks with the lines the README shows below them. A quoted text may run over several lines.
fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for line in block.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
                (None, Some((command, _))) if command.matches('"').count() % 2 == 1 => {
                    command.push('\n');
                    command.push_str(line);
                }
                (None, Some((_, shown))) => shown.push(line.to_owned()),
                (None, None) => {}
            }
        }
    }
    commands
}

fn without_times(line: &str) -> String {
    let is_time = |word: &str| word.trim_matches(['(', ')', ':']).parse::<f64>().is_ok();
    line.split(' ').map(|word| if is_time(word) { "N" } else { word }).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_tour_works_as_written() {
    let machine = Machine::with_binaries("readme");
    let checkout = scratch("readme");
    fs::create_dir_all(checkout.join("db/versions")).expect("a directory can be made");
    fs::create_dir_all(checkout.join("xtask")).expect("a directory can be made");
    fs::copy(root().join("xtask.toml"), checkout.join("xtask.toml")).expect("a file can be copied");
    for entry in fs::read_dir(root().join("db/versions")).expect("the revisions") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, checkout.join("db/versions").join(path.file_name().expect("a name"))).expect("copied");
    }
    let text = fs::read_to_string(root().join("README.md")).expect("the README");
    let mut played = 0;
    let mut written = String::new();
    for (command, shown) in commands(&text) {
        if let Some(sql) = command.strip_prefix("echo \"") {
            // "Put SQL into it": what a person does in an editor.
            let file = checkout.join(&written);
            let head = fs::read_to_string(&file).expect("the new revision");
            let head = head.split("-- migrate:upgrade").next().expect("a header");
            fs::write(file, format!("{head}{}\n", sql.trim_end_matches('"'))).expect("written");
            continue;
        }
        let arguments = command.strip_prefix("cargo xtask ").expect("the README shows cargo xtask");
        if arguments == "test" {
            continue;
        }
        let mut quoted = false;
        let words = arguments.split(|c| {
            quoted ^= c == '"';
            c == ' ' && !quoted
        });
        let mut run: Command = crate::support::xtask(&checkout);
        run.args(words.map(|word| word.trim_matches('"'))).env_remove("CI");
        run.env("CARGO_TARGET_DIR", &machine.target).env("CARGO_MANIFEST_DIR", checkout.join("xtask"));
        let output = run.output().expect("xtask runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {said}");
        let lines: Vec<String> = said.lines().map(without_times).collect();
        for line in shown.iter().filter(|line| !line.is_empty()) {
            let wanted = without_times(line);
            let found = lines.iter().any(|line| line.starts_with(&wanted));
            assert!(found, "{command}: the README shows `{line}`, and it says:\n{said}");
        }
        if arguments.starts_with("db revision") {
            written = said.trim().to_owned();
        }
        played += 1;
    }
    assert!(played >= 8, "only {played} commands were found");
}
