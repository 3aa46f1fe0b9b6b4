//! `cargo xtask publish` with stand-ins for the Amplify CLI, the aws CLI and npm, which replay what the real ones say and how they
//! end (`amplify.rs` runs the real ones).
//!
//! A case is a file `publish/NAME.txt`. `amplify init> SHELL` says what a stand-in does from there on (`publish/stand-ins` says what
//! they do otherwise; `usual` runs that); `--- NAME` writes a file, up to an empty line; `rm NAME`; `$ …` is a command of xtask with
//! its answer: standard output as it is, standard error behind `! `, the exit code as `? CODE`. `$ calls` shows what was run since
//! the last time. `UPDATE_GOLDEN=1` writes the answers anew.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::emulator::SECRET;
use crate::support::{copy_checkout, git, root, scratch, xtask};

/// Runs the answer to its first two words, else to its first, and notes that it was run.
const STAND_IN: &str = r#"#!/bin/sh
program=$(basename "$0")
echo "$program $*" >> "$STAND_INS/calls"
for words in "$1 $2" "$1"; do
  if [ -f "$STAND_INS/$program $words" ]; then
    usual() { . "$STAND_INS/usual/$program $words"; }
    . "$STAND_INS/$program $words"
    exit
  fi
done
echo "nobody stands in for: $program $*" >&2
exit 99
"#;

/// A checkout with an Amplify project, and stand-ins.
struct Checkout {
    directory: PathBuf,
    stand_ins: PathBuf,
}

impl Checkout {
    fn new(name: &str) -> Self {
        let scratch = scratch(&format!("publish-{name}"));
        let checkout = Self { directory: scratch.join("checkout"), stand_ins: scratch.join("stand-ins") };
        for folder in ["amplify", "db/versions", "xtask/amplify-cli"] {
            copy_checkout(&root().join(folder), &checkout.directory.join(folder));
        }
        for file in ["frontend/package.json", "frontend/package-lock.json"] {
            checkout.write(file, &fs::read_to_string(root().join(file)).expect("a file"));
        }
        let programs = scratch.join("bin");
        fs::create_dir_all(&programs).expect("a folder can be made");
        fs::create_dir_all(checkout.stand_ins.join("usual")).expect("a folder can be made");
        for program in ["amplify", "aws", "npm"] {
            let path = programs.join(program);
            fs::write(&path, STAND_IN).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
        }
        let usual = root().join("xtask/tests/publish/stand-ins");
        for line in fs::read_to_string(usual).expect("what is usual").lines() {
            if let Some((words, shell)) = answer(line) {
                fs::write(checkout.stand_ins.join("usual").join(words), shell).expect("written");
                checkout.answer(words, shell);
            }
        }
        checkout
    }

    fn answer(&self, words: &str, shell: &str) {
        fs::write(self.stand_ins.join(words), shell).expect("written");
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.directory.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("written");
    }

    fn credentials(&self) -> PathBuf {
        self.directory.join("target/publish")
    }

    /// `xtask`, with the two secrets of the original solution.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xtask(&self.directory);
        let programs = self.stand_ins.with_file_name("bin");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args(arguments)
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("STAND_INS", &self.stand_ins)
            .env("CARGO_MANIFEST_DIR", self.directory.join("xtask"))
            .env_remove("CARGO_TARGET_DIR")
            .env("CODEBUILD_RESOLVED_SOURCE_VERSION", "5ca1ab1e")
            .env("AWS_REGION", "us-east-1")
            .env("AMPLIFY_USER_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AMPLIFY_USER_SECRET_ACCESS_KEY", SECRET);
        command
    }

    /// What a command answers, as the cases have it.
    fn run(&self, line: &str) -> String {
        if line == "calls" {
            let calls = self.stand_ins.join("calls");
            let text = fs::read_to_string(&calls).unwrap_or_default();
            let _ = fs::remove_file(calls);
            return text;
        }
        let mut words: Vec<&str> = line.split(' ').collect();
        let mut variables = Vec::new();
        while let Some(pair) = words[0].split_once('=') {
            variables.push(pair);
            words.remove(0);
        }
        let output = self.command(&words).envs(variables).output().expect("xtask runs");
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            said.push_str(format!("! {line}").trim_end());
            said.push('\n');
        }
        if let Some(code) = output.status.code().filter(|&code| code != 0) {
            said.push_str(&format!("? {code}\n"));
        }
        assert!(!said.contains(SECRET), "the secret is said: {said}");
        let left = fs::read_dir(self.credentials()).into_iter().flatten().count();
        assert_eq!(left, 0, "the credentials are left behind");
        let directory = self.directory.parent().expect("a folder").display().to_string();
        said.replace(&directory, "DIR").lines().map(without_times).collect()
    }

    /// Starts a publication that stays in `amplify publish`, and waits until it is there.
    fn start_endless(&self) -> Child {
        self.answer("amplify publish", "echo here; echo $$ > \"$STAND_INS/pid\"; sleep 100");
        let arguments = ["publish", "--env", "dev", "--app-id", "d2example", "--skip-database-check"];
        let mut child = self.command(&arguments).stderr(Stdio::piped()).spawn().expect("xtask runs");
        let talk = BufReader::new(child.stderr.take().expect("it is piped"));
        let is_there = |line: std::io::Result<String>| line.is_ok_and(|line| line == "here");
        let mut lines = talk.lines();
        assert!(lines.any(is_there), "it gets to `amplify publish`");
        std::thread::spawn(move || lines.count());
        child
    }
}

fn without_times(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let is_time = |index: usize, word: &str| {
        let unit = words.get(index + 1).map_or("", |next| next.trim_end_matches(':'));
        word.parse::<f64>().is_ok() && matches!(unit, "s" | "ms")
    };
    let word = |(index, word): (usize, &&str)| if is_time(index, word) { "N".to_owned() } else { (*word).to_owned() };
    words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ") + "\n"
}

/// `amplify init> SHELL`.
fn answer(line: &str) -> Option<(&str, &str)> {
    let (words, shell) = line.split_once("> ")?;
    ["amplify ", "aws ", "npm "].iter().any(|program| words.starts_with(program)).then_some((words, shell))
}

fn play(name: &str, text: &str) -> String {
    let checkout = Checkout::new(name);
    let mut played = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        played.push_str(&format!("{line}\n"));
        if let Some(command) = line.strip_prefix("$ ") {
            while lines.next_if(|line| !line.is_empty()).is_some() {}
            // An empty line ends an answer, so one inside it is written as a lone dot.
            for line in checkout.run(command).lines() {
                played.push_str(&format!("{}\n", if line.is_empty() { "." } else { line }));
            }
        } else if let Some(file) = line.strip_prefix("--- ") {
            let mut content = String::new();
            while let Some(line) = lines.next_if(|line| !line.is_empty()) {
                content.push_str(&format!("{line}\n"));
            }
            played.push_str(&content);
            checkout.write(file, &content);
        } else if let Some(file) = line.strip_prefix("rm ") {
            fs::remove_file(checkout.directory.join(file)).expect("the file is there");
        } else if let Some((words, shell)) = answer(line) {
            checkout.answer(words, shell);
        }
    }
    played
}

#[test]
fn publications_end_as_written() {
    let cases = root().join("xtask/tests/publish");
    let mut files: Vec<PathBuf> =
        fs::read_dir(cases).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    assert!(!files.is_empty());
    let only = std::env::var("CASE").ok();
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a case");
        let played = play(&name, &text);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, &played).expect("written");
        } else if played != text {
            wrong.push(format!("{}:\n{played}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The programs that `--dry-run` shows are those that run, but for what only AWS can say.
#[test]
fn a_dry_run_shows_what_would_run() {
    let checkout = Checkout::new("dry-run");
    let entry = r#"{"dev": {"awscloudformation": {"AmplifyAppId": "d2example", "Region": "us-east-1"}}}"#;
    checkout.write("amplify/team-provider-info.json", entry);
    let arguments = ["publish", "--env", "dev", "--app-id", "d2example", "--invalidate", "--skip-database-check"];
    let shown = checkout.run(&format!("{} --dry-run", arguments.join(" ")));
    assert_eq!(checkout.run("calls"), "", "it runs nothing");
    let done = checkout.command(&arguments).output().expect("xtask runs");
    assert!(done.status.success());
    let ran = checkout.run("calls");
    let ran: Vec<&str> = ran.lines().filter(|line| *line != "amplify --version").collect();
    let shown: Vec<String> =
        shown.lines().map(|line| line.replace("npm --prefix frontend", "npm").replace('\'', "")).collect();
    // The values of angle brackets come from AWS; `--output json` is how it is asked.
    let is_same = |(ran, shown): (&&str, &String)| {
        let ran = ran.replace(" --output json", "");
        let (mut rest, mut parts) = (ran.as_str(), shown.split(['<', '>']).step_by(2));
        parts.all(|part| rest.find(part).map(|at| rest = &rest[at + part.len()..]).is_some())
    };
    assert_eq!(ran.len(), shown.len(), "{ran:#?}\n{shown:#?}");
    assert!(ran.iter().zip(&shown).all(is_same), "{ran:#?}\n{shown:#?}");
}

#[test]
fn changes_that_no_commit_has_are_told() {
    let checkout = Checkout::new("changes");
    let publish = "publish --env dev --app-id d2example --skip-database-check";
    for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "all"]] {
        git(&checkout.directory, arguments);
    }
    assert!(!checkout.run(publish).contains("not committed"));
    checkout.write("frontend/package.json", "{}");
    assert!(checkout.run(publish).contains("there are changes that are not committed"));
}

fn signal(name: &str, pid: u32) {
    let killed = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status();
    assert!(killed.expect("kill runs").success());
}

/// What the stand-in for the CLI has started is gone too.
fn expect_gone(checkout: &Checkout) {
    let pid = fs::read_to_string(checkout.stand_ins.join("pid")).expect("it was noted");
    let deadline = Instant::now() + Duration::from_secs(5);
    while Path::new("/proc").join(pid.trim()).exists() {
        assert!(Instant::now() < deadline, "the CLI is still running");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_signal_ends_the_cli_and_deletes_the_credentials() {
    for name in ["INT", "TERM"] {
        let checkout = Checkout::new("signal");
        let mut child = checkout.start_endless();
        assert!(fs::read_dir(checkout.credentials()).expect("there are credentials").count() == 1);
        signal(name, child.id());
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        expect_gone(&checkout);
        assert_eq!(fs::read_dir(checkout.credentials()).expect("a folder").count(), 0);
    }
}

#[test]
fn what_a_killed_run_leaves_is_deleted_by_the_next_and_what_a_running_one_uses_is_not() {
    let checkout = Checkout::new("killed");
    let (mut killed, mut running) = (checkout.start_endless(), checkout.start_endless());
    killed.kill().expect("it can be killed");
    killed.wait().expect("it ends");
    let left = || fs::read_dir(checkout.credentials()).expect("a folder").count();
    assert_eq!(left(), 2);
    checkout.answer("amplify publish", "usual");
    let arguments = ["publish", "--env", "dev", "--app-id", "d2example", "--skip-database-check"];
    assert!(checkout.command(&arguments).output().expect("xtask runs").status.success());
    assert_eq!(left(), 1);
    signal("TERM", running.id());
    running.wait().expect("it ends");
    assert_eq!(left(), 0);
}
