//! The README's tour: every command works, and prints what the README shows.

use std::fs;
use std::process::Command;

use crate::support::{Machine, sample, scratch};

/// The commands in ```console blocks, with the output that the README shows. Quoted text may span several lines.
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
fn the_tour_works() {
    let machine = Machine::with_binaries("readme");
    let checkout = scratch("readme");
    fs::create_dir_all(checkout.join("db/versions")).expect("can create the directory");
    fs::create_dir_all(checkout.join("xtask")).expect("can create the directory");
    fs::copy(sample().join("xtask.toml"), checkout.join("xtask.toml")).expect("can copy the file");
    for entry in fs::read_dir(sample().join("db/versions")).expect("can read the folder") {
        let path = entry.expect("can read the entry").path();
        fs::copy(&path, checkout.join("db/versions").join(path.file_name().expect("it has a name")))
            .expect("can copy the file");
    }
    let text = fs::read_to_string(sample().join("README.md")).expect("can read README.md");
    let mut played = 0;
    let mut written = String::new();
    for (command, shown) in commands(&text) {
        if let Some(sql) = command.strip_prefix("echo \"") {
            // Stands for adding the SQL in an editor.
            let file = checkout.join(&written);
            let head = fs::read_to_string(&file).expect("can read the new revision");
            let head = head.split("-- migrate:upgrade").next().expect("it has a header");
            fs::write(file, format!("{head}{}\n", sql.trim_end_matches('"'))).expect("can write the file");
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
        let printed = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {printed}");
        let lines: Vec<String> = printed.lines().map(without_times).collect();
        for line in shown.iter().filter(|line| !line.is_empty()) {
            let expected = without_times(line);
            let found = lines.iter().any(|line| line.starts_with(&expected));
            assert!(found, "{command}: the README shows `{line}`, but the output is:\n{printed}");
        }
        if arguments.starts_with("db revision") {
            written = printed.trim().to_owned();
        }
        played += 1;
    }
    assert!(played >= 8, "only {played} commands were found");
}
