//! Transcripts: commands as a user types them, and their output.
//!
//! A case is a file `transcripts/NAME.txt`. It contains revision files (`--- NAME`, then the text; the path is relative to
//! `versions`), commands (`$ …`), and their output: standard output as is, standard error after `! `, and an exit code other
//! than 0 as `? CODE`. `UPDATE_GOLDEN=1` rewrites the output. Each case has its own database and directory.
//!
//! The commands are `db …`, which runs `cargo xtask db …` in the directory; `sql QUERY`; `rm FILE`; and `cat PART`, which
//! prints the revisions with this part in their names. `rm` takes a part, too. `NAME=value` before a
//! command sets a variable, and `SERVER` in a command is the URL of the server. With `--- NAME escaped`, `\xNN` in a file or its
//! name is a byte.
//!
//! No output of any command contains a control character or an invisible character.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use revision::printable;

use crate::support::{Database, in_parallel, scratch, server, server_url, xtask};

/// How many cases run at the same time. They mostly wait for servers and locks.
const WORKERS: usize = 4;

/// Replaces what differs between runs.
fn normalize(text: &str, directory: &Path, database: &Database) -> String {
    let text = text
        .replace(&format!("{}:{}", server().host, server().port), "SOCKET:5432")
        .replace(&directory.display().to_string(), "DIR")
        .replace(&database.name, "DATABASE");
    let mut lines = Vec::new();
    for line in text.lines() {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let mut out = words.clone();
        for (index, word) in words.iter().enumerate() {
            let number = word.trim_start_matches('(');
            let unit = words.get(index + 1).map_or("", |next| next.trim_end_matches([')', ':', ',']));
            if number.parse::<f64>().is_ok() && matches!(unit, "ms" | "s") {
                out[index] = word.replace(number, "N");
                // On a busy machine, what takes milliseconds takes seconds, which are written with a fraction.
                if unit == "s" && number.contains('.') {
                    out[index + 1] = format!("m{}", words[index + 1]);
                }
            } else if word.len() == 10 && word.starts_with("20") && word.matches('-').count() == 2 {
                out[index] = "DATE".to_owned();
                out[index + 1] = "TIME".to_owned();
            }
            if index > 0 && words[index - 1] == "hash" {
                out[index] = "HASH".to_owned();
            }
            let commit = word.trim_matches(['\'', ',']);
            if commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                out[index] = word.replace(commit, "COMMIT");
            }
        }
        lines.push(blank_numbers(&out.join(" ")).trim_end().to_owned());
    }
    lines.join("\n")
}

/// Replaces the times in names of new files, and the durations in JSON.
fn blank_numbers(line: &str) -> String {
    let mut line = line.to_owned();
    // A short number below `versions` belongs to a name that someone gave.
    for (prefix, shortest) in [("versions/", 8), ("\"seconds\":", 1)] {
        let mut from = 0;
        while let Some(at) = line[from..].find(prefix) {
            let start = from + at + prefix.len();
            let digits = line[start..].chars().take_while(|c| c.is_ascii_digit() || ".e-".contains(*c)).count();
            if digits >= shortest {
                line.replace_range(start..start + digits, "N");
            }
            from = start;
        }
    }
    line
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend(before.as_bytes());
        bytes.push(u8::from_str_radix(&after[..2], 16).expect("two hexadecimal digits"));
        rest = &after[2..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

/// The words of a command line; quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => quote = Some(c),
            (' ', None) => words.push(String::new()),
            (c, _) => words.last_mut().expect("the list is not empty").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn run(line: &str, directory: &Path, database: &Database) -> String {
    let (host, port) = (&server().host, &server().port);
    let line = &line
        .replace("host=SOCKET", &format!("host={} port={}", server().host, server().port))
        .replace("DATABASE_SECRET_HOST=SOCKET", &format!("DATABASE_SECRET_PORT={port} DATABASE_SECRET_HOST={host}"))
        .replace("PGHOST=SOCKET", &format!("PGPORT={port} PGHOST={host}"))
        .replace("DATABASE ", &format!("{} ", database.name))
        .replace("DATABASE'", &format!("{}'", database.name));
    let mut words = words(line);
    let mut variables = Vec::new();
    while let Some((name, value)) = words[0].clone().split_once('=') {
        variables.push((name.to_owned(), value.to_owned()));
        words.remove(0);
    }
    let rest = line.split_once(' ').map_or("", |(_, rest)| rest);
    match words[0].as_str() {
        "sql" => return database.rows(rest).join("\n"),
        "cat" => return written(directory, rest),
        "rm" => {
            let path = directory.join("versions").join(rest);
            let paths = if path.exists() { vec![path] } else { written_paths(directory, rest) };
            paths.iter().for_each(|path| fs::remove_file(path).expect("can delete the file"));
            return String::new();
        }
        _ => {}
    }
    let mut command: Command = xtask(directory);
    let has = |option: &str| words.iter().any(|word| word == option);
    let names_database = ["--url", "--no-url", "--from"].into_iter().any(has);
    let names_server = has("--postgres");
    words.retain(|word| word != "--no-url");
    for word in words.iter_mut().filter(|word| *word == "SERVER") {
        *word = server_url();
    }
    let mut rest = words.iter();
    command.args(rest.next());
    if words[0] == "db" {
        command.args(["--dir", "versions"]);
        if !names_database {
            command.arg("--url").arg(database.url());
        }
    }
    command.args(rest);
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.output().expect("xtask runs");
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).replace('\t', "");
        let raw: String = text.lines().collect();
        assert_eq!(raw, printable(&raw), "{line}");
        normalize(&String::from_utf8_lossy(bytes), directory, database)
    };
    let chosen_here = !names_server && String::from_utf8_lossy(&output.stderr).contains("using PostgreSQL ");
    assert!(!chosen_here, "{line}: whether Docker runs decides which server is used; name one with --postgres");
    let mut answer: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
    answer.extend(text(&output.stderr).lines().map(|line| format!("! {line}").trim_end().to_owned()));
    match output.status.code() {
        Some(0) => {}
        code => answer.push(format!("? {}", code.unwrap_or(-1))),
    }
    answer.join("\n")
}

/// The revision files with a text in their names.
fn written_paths(directory: &Path, part: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory.join("versions")).expect("can list the files");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can list the files").path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(part)));
    assert!(!paths.is_empty(), "{part}");
    paths.sort();
    paths
}

/// The text of these files, without their dates.
fn written(directory: &Path, part: &str) -> String {
    let paths = written_paths(directory, part);
    let text: String = paths.iter().map(|path| fs::read_to_string(path).expect("can read the file")).collect();
    text.lines().filter(|line| !line.starts_with("-- Create Date: ")).collect::<Vec<_>>().join("\n")
}

/// Runs a case and returns it with the actual output.
fn play(name: &str, text: &str) -> String {
    let directory = scratch(&format!("transcript-{name}"));
    fs::create_dir_all(directory.join("versions")).expect("can create the directory");
    let database = Database::create();
    let mut played = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        played.push_str(line);
        played.push('\n');
        if let Some(file) = line.strip_prefix("--- ") {
            let (file, escaped) = file.strip_suffix(" escaped").map_or((file, false), |file| (file, true));
            let mut content = String::new();
            while let Some(line) =
                lines.next_if(|line| !line.starts_with("--- ") && !line.starts_with("$ ") && !line.starts_with("# "))
            {
                content.push_str(line);
                content.push('\n');
            }
            played.push_str(&content);
            let content = content.trim_end_matches('\n').to_owned() + "\n";
            let bytes = if escaped { unescape(&content) } else { content.into_bytes() };
            let file = if escaped { unescape(file) } else { file.into() };
            let path = directory.join("versions").join(OsStr::from_bytes(&file));
            fs::create_dir_all(path.parent().expect("it has a parent")).expect("can create the folder");
            fs::write(path, bytes).expect("can write the file");
        } else if let Some(command) = line.strip_prefix("$ ") {
            while lines
                .next_if(|line| {
                    !line.starts_with("$ ") && !line.starts_with("--- ") && !line.is_empty() && !line.starts_with("# ")
                })
                .is_some()
            {}
            let answer = run(command, &directory, &database);
            // An empty line ends the output, so an empty line inside it is written as a dot.
            for line in answer.lines() {
                played.push_str(if line.is_empty() { "." } else { line });
                played.push('\n');
            }
        }
    }
    played
}

#[test]
fn transcripts_match() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut files: Vec<PathBuf> = fs::read_dir(cases)
        .expect("can read the folder")
        .map(|entry| entry.expect("can read the entry").path())
        .collect();
    files.sort();
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let only = std::env::var("CASE").ok();
    let name = |file: &Path| file.file_stem().expect("it has a name").to_string_lossy().into_owned();
    let chosen = files.iter().filter(|file| only.as_ref().is_none_or(|only| *only == name(file)));
    let cases = chosen.map(|file| (file, name(file), fs::read_to_string(file).expect("can read the case")));
    // Roles belong to the server, which all cases use.
    let (alone, together): (Vec<_>, Vec<_>) = cases.partition(|(_, _, text)| text.contains(" ROLE "));
    assert!(alone.len() + together.len() > 0, "no case has that name");
    let failures = Mutex::new(Vec::new());
    for (workers, cases) in [(WORKERS, together), (1, alone)] {
        in_parallel(workers, &cases, |_, (file, name, expected)| {
            let played = play(name, expected);
            if update {
                fs::write(file, &played).expect("can write the case");
            } else if played != *expected {
                let different = expected.lines().zip(played.lines()).enumerate().find(|(_, (a, b))| a != b);
                let (at, lines) = different.map_or((expected.lines().count(), ("", "")), |(at, lines)| (at, lines));
                let text = format!("{}:{}:\n  expected {}\n  got      {}", file.display(), at + 1, lines.0, lines.1);
                failures.lock().expect("no thread panics").push(text);
            }
        });
    }
    let failures = failures.into_inner().expect("no thread panics");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
