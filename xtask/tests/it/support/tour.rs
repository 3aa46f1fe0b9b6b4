//! Runs the commands on pages: the output on the page must match that of the commands.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{git, xtask};

/// The commands in ```console blocks, with the output that the README shows. Quoted text may span several lines.
pub(crate) fn commands(text: &str) -> Vec<(String, Vec<String>)> {
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

/// A line without parts that vary: durations, and the ids and dates of new revisions.
fn without_times(line: &str) -> String {
    let is_time = |word: &str| word.trim_matches(['(', ')', ':']).parse::<f64>().is_ok();
    let words = line.split(' ').map(|word| if is_time(word) { "N".to_owned() } else { without_ids(word) });
    words.collect::<Vec<_>>().join(" ")
}

/// `db/versions/202611281909_b42769120912_create_notes.sql` as `db/versions/DATE_ID_create_notes.sql`.
fn without_ids(word: &str) -> String {
    let is_digits = |part: &str| part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let end = word.trim_end_matches([',', ':']);
    if is_digits(end) {
        return format!("ID{}", &word[end.len()..]);
    }
    let Some((folder, name)) = word.rsplit_once('/') else { return word.to_owned() };
    match name.splitn(3, '_').collect::<Vec<_>>()[..] {
        [date, id, rest] if is_digits(date) && is_digits(id) => format!("{folder}/DATE_ID_{rest}"),
        _ => word.to_owned(),
    }
}

/// Runs the commands of a page in a checkout, and compares their output with the page: each line on the page must be
/// the beginning of a line of the output. `prepare` sets the variables of a command. Returns the output of each.
pub(crate) fn play(
    commands: &[(String, Vec<String>)],
    checkout: &Path,
    prepare: &dyn Fn(&mut Command, &Path),
    mut after: impl FnMut(&str, &str, &Path),
) {
    let mut directory: PathBuf = checkout.to_owned();
    for (command, shown) in commands {
        if let Some(other) = command.strip_prefix("cd ") {
            directory = directory.join(other).canonicalize().expect("the folder exists");
            continue;
        }
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let printed = match words[..] {
            ["git", ..] => git(&directory, &words[1..]),
            ["cargo", "xtask", ..] => {
                let mut run = xtask(&directory);
                run.args(&words[2..]).env_remove("CI").env("CARGO_MANIFEST_DIR", directory.join("xtask"));
                prepare(&mut run, &directory);
                let output = run.output().expect("xtask runs");
                let text =
                    [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
                assert!(output.status.success(), "{command}: {text}");
                text
            }
            _ => panic!("neither cargo xtask nor git: {command}"),
        };
        let lines: Vec<String> = printed.lines().map(without_times).collect();
        for line in shown.iter().filter(|line| !line.is_empty()) {
            let expected = without_times(line);
            let found = lines.iter().any(|line| line.starts_with(&expected));
            assert!(found, "{command}: the page shows `{line}`, but the output is:\n{printed}");
        }
        after(command, &printed, &directory);
    }
}

/// The words of a command line; double quotes keep words together.
fn words(command: &str) -> Vec<String> {
    let mut quoted = false;
    let words = command.split(|c| {
        quoted ^= c == '"';
        c == ' ' && !quoted
    });
    words.map(|word| word.trim_matches('"').to_owned()).collect()
}
