//! Stand-ins for the programs of a publication, and a checkout that is published with them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::emulator::SECRET;
use super::{SENTINEL, copy_checkout, root, sample, scratch, secret_variables, xtask};

/// Runs the script for its first two arguments, or else for its first one, and records the call. It fails if it sees a
/// secret.
const STAND_IN: &str = r#"#!/bin/sh
program=$(basename "$0")
STAND_INS=$(dirname "$0")/../stand-ins
if env | grep -e hunter2 -e wJalrXUtnFEMI >&2; then exit 98; fi
echo "$program $*" >> "$STAND_INS/calls"
for words in "$1 $2" "$1"; do
  if [ -f "$STAND_INS/$program $words" ]; then
    usual_with() { . "$STAND_INS/usual/$program $words"; }
    alias usual='usual_with "$@"'
    . "$STAND_INS/$program $words"
    exit
  fi
done
echo "no stand-in for: $program $*" >&2
exit 99
"#;

/// A checkout with an Amplify project, and the stand-ins.
pub(crate) struct Checkout {
    pub(crate) directory: PathBuf,
    pub(crate) stand_ins: PathBuf,
}

impl Checkout {
    pub(crate) fn new(name: &str) -> Self {
        Self::of("gen1", name)
    }

    /// A checkout with a project of this generation.
    pub(crate) fn of(generation: &str, name: &str) -> Self {
        let scratch = scratch(&format!("publish-{generation}-{name}"));
        let checkout = Self { directory: scratch.join("checkout"), stand_ins: scratch.join("stand-ins") };
        let cases = cases(generation);
        match generation {
            "gen1" => {
                copy_checkout(&root().join("xtask/tests/amplify-gen1"), &checkout.directory.join("amplify"));
                copy_checkout(&root().join("xtask/amplify-cli"), &checkout.directory.join("xtask/amplify-cli"));
            }
            _ => {
                copy_checkout(&cases.join("amplify"), &checkout.directory.join("amplify"));
                copy_checkout(&cases.join("cdk.out"), &checkout.stand_ins.join("cdk.out"));
            }
        }
        copy_checkout(&sample().join("db/versions"), &checkout.directory.join("db/versions"));
        for file in ["frontend/package.json", "frontend/package-lock.json"] {
            checkout.write(file, &fs::read_to_string(sample().join(file)).expect("can read the file"));
        }
        let programs = scratch.join("bin");
        fs::create_dir_all(&programs).expect("can create the folder");
        fs::create_dir_all(checkout.stand_ins.join("usual")).expect("can create the folder");
        for program in ["amplify", "aws", "curl", "npm"] {
            let path = programs.join(program);
            fs::write(&path, STAND_IN).expect("can write the file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("can set the mode");
        }
        for line in fs::read_to_string(cases.join("stand-ins")).expect("can read the stand-ins").lines() {
            if let Some((words, shell)) = script(line) {
                fs::write(checkout.stand_ins.join("usual").join(words), shell).expect("can write the file");
                checkout.set_script(words, shell);
            }
        }
        checkout
    }

    pub(crate) fn set_script(&self, words: &str, shell: &str) {
        fs::write(self.stand_ins.join(words), shell).expect("can write the file");
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.directory.join(name);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("can create the folder");
        fs::write(path, text).expect("can write the file");
    }

    pub(crate) fn credentials(&self) -> PathBuf {
        self.directory.join("target/publish")
    }

    /// `xtask`, with the two secrets of the original solution.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xtask(&self.directory);
        let programs = self.stand_ins.with_file_name("bin");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args(arguments)
            .envs(secret_variables().filter(|(name, _)| !name.starts_with("AWS_")))
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("CARGO_MANIFEST_DIR", self.directory.join("xtask"))
            .env_remove("CARGO_TARGET_DIR")
            .env("CODEBUILD_RESOLVED_SOURCE_VERSION", "5ca1ab1e")
            .env("AWS_REGION", "us-east-1")
            .env("AMPLIFY_USER_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AMPLIFY_USER_SECRET_ACCESS_KEY", SECRET);
        command
    }

    /// The output of a command, in the format of the cases.
    pub(crate) fn run(&self, line: &str) -> String {
        if line == "calls" {
            let calls = self.stand_ins.join("calls");
            let text = fs::read_to_string(&calls).unwrap_or_default();
            let _ = fs::remove_file(calls);
            return self.without_directory(&text);
        }
        let mut words: Vec<&str> = line.split(' ').collect();
        let mut variables = Vec::new();
        while let Some(pair) = words[0].split_once('=') {
            variables.push(pair);
            words.remove(0);
        }
        let output = self.command(&words).envs(variables).output().expect("xtask runs");
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            text.push_str(format!("! {line}").trim_end());
            text.push('\n');
        }
        if let Some(code) = output.status.code().filter(|&code| code != 0) {
            text.push_str(&format!("? {code}\n"));
        }
        assert!(!text.contains(SECRET) && !text.contains(SENTINEL), "a secret is printed: {text}");
        let left = fs::read_dir(self.credentials()).into_iter().flatten().count();
        assert_eq!(left, 0, "the credentials are deleted");
        self.without_directory(&text).lines().map(without_times).collect()
    }

    fn without_directory(&self, text: &str) -> String {
        let directory = self.directory.parent().expect("it has a parent").display().to_string();
        text.replace(&directory, "DIR")
    }

    /// Starts a publication that hangs in `amplify publish` or `ampx`, and waits until it does.
    pub(crate) fn start_hanging(&self) -> Child {
        self.start_hanging_with("echo here; sleep 100")
    }

    /// The same with a script that prints `here` once it may get a signal.
    pub(crate) fn start_hanging_with(&self, script: &str) -> Child {
        let is_gen1 = self.directory.join("amplify/.config").exists();
        let deploys = if is_gen1 { "amplify publish" } else { "npm --prefix" };
        self.set_script(deploys, &format!("echo $$ > \"$STAND_INS/pid\"; {script}"));
        let arguments = ["publish", "--env", "dev", "--app-id", "d2example", "--skip-database-check"];
        let mut child = self.command(&arguments).stderr(Stdio::piped()).spawn().expect("xtask runs");
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let is_there = |line: std::io::Result<String>| line.is_ok_and(|line| line == "here");
        let mut lines = stderr.lines();
        assert!(lines.any(is_there), "it runs `amplify publish`");
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
    // On a slow machine, milliseconds become seconds.
    let word = |(index, word): (usize, &&str)| match word {
        word if is_time(index, word) => "N".to_owned(),
        word if index > 0 && is_time(index - 1, words[index - 1]) => word.replace("ms", "s"),
        word => (*word).to_owned(),
    };
    words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ") + "\n"
}

/// Parses `amplify init> SHELL`.
pub(crate) fn script(line: &str) -> Option<(&str, &str)> {
    let (words, shell) = line.split_once("> ")?;
    ["amplify ", "aws ", "curl ", "npm "].iter().any(|program| words.starts_with(program)).then_some((words, shell))
}

pub(crate) fn cases(generation: &str) -> PathBuf {
    root().join("xtask/tests/publish").join(generation)
}
