//! `cargo xtask publish` with stand-ins for the Amplify CLI, the aws CLI, npm and curl, which replay the output and exit codes of
//! the real ones (`amplify.rs` and `amplify_gen2.rs` run the real ones).
//!
//! A case is a file `publish/gen1/NAME.txt` or `publish/gen2/NAME.txt`. `amplify init> SHELL` sets the script of a stand-in from
//! there on (the default scripts are in `stand-ins` next to the case; `usual` runs the default). `--- NAME` writes a file, up to
//! an empty line; `rm NAME` deletes one, or a folder.
//! `$ …` is a command of xtask with its output: standard output as is, standard error after `! `, the exit code as `? CODE`.
//! `$ calls` lists the programs run since the last `$ calls`. `UPDATE_GOLDEN=1` rewrites the output.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::support::git;
use crate::support::stand_ins::{Checkout, cases, script};
use crate::support::wait::{exit_code, wait_until};

const GENERATIONS: [&str; 2] = ["gen1", "gen2"];

fn play(generation: &str, name: &str, text: &str) -> String {
    let checkout = Checkout::of(generation, name);
    let mut played = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        played.push_str(&format!("{line}\n"));
        if let Some(command) = line.strip_prefix("$ ") {
            while lines.next_if(|line| !line.is_empty()).is_some() {}
            // An empty line ends the output, so an empty line inside it is written as a dot.
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
            let path = checkout.directory.join(file);
            let deleted = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            deleted.expect("can delete it");
        } else if let Some((words, shell)) = script(line) {
            checkout.set_script(words, shell);
        }
    }
    played
}

fn publications_match(generation: &str) {
    let mut files: Vec<PathBuf> = fs::read_dir(cases(generation))
        .expect("can read the cases")
        .map(|entry| entry.expect("can read the entry").path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    assert!(!files.is_empty());
    let only = std::env::var("CASE").ok();
    let is_case = |only: &String| {
        ["gen1", "gen2"].iter().any(|generation| cases(generation).join(format!("{only}.txt")).exists())
    };
    assert!(only.as_ref().is_none_or(is_case), "no case has that name");
    files.retain(|file| only.as_ref().is_none_or(|only| file.file_stem().is_some_and(|name| name == only.as_str())));
    // They mostly wait.
    let wrong: Vec<String> = thread::scope(|scope| {
        let cases: Vec<_> = files.iter().map(|file| scope.spawn(|| wrong(generation, file))).collect();
        cases.into_iter().filter_map(|case| case.join().expect("the case runs")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The actual output of a case if it differs from its file.
fn wrong(generation: &str, file: &Path) -> Option<String> {
    let name = file.file_stem().expect("it has a name").to_string_lossy();
    let text = fs::read_to_string(file).expect("can read the case");
    let played = play(generation, &name, &text);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(file, &played).expect("can write the file");
        return None;
    }
    (played != text).then(|| format!("{}:\n{played}", file.display()))
}

#[test]
fn publications_of_gen1_match() {
    publications_match("gen1");
}

#[test]
fn publications_of_gen2_match() {
    publications_match("gen2");
}

/// `--dry-run` shows the commands that run, except for values that only AWS knows.
#[test]
fn dry_run_shows_the_commands() {
    for (generation, settings) in [("gen1", ""), ("gen2", ""), ("gen2", "[publish]\nhosting = \"cloudfront\"\n")] {
        let checkout = Checkout::of(generation, "dry-run");
        checkout.write("xtask.toml", settings);
        let publish = "publish --env dev --app-id d2example --invalidate --skip-database-check";
        if generation == "gen1" {
            let entry = r#"{"dev": {"awscloudformation": {"AmplifyAppId": "d2example", "Region": "us-east-1"}}}"#;
            checkout.write("amplify/team-provider-info.json", entry);
        } else {
            checkout.write("amplify/functions/package.json", "{}");
            checkout.write("amplify/functions/package-lock.json", "{}");
            // The branch and the rule exist.
            checkout.run(publish);
            fs::remove_dir_all(checkout.directory.join("amplify/node_modules")).expect("can delete the folder");
            fs::remove_dir_all(checkout.directory.join("amplify/functions/node_modules"))
                .expect("can delete the folder");
            fs::remove_dir_all(checkout.directory.join("frontend/node_modules")).expect("can delete the folder");
            checkout.run("calls");
        }
        let shown = checkout.run(&format!("{publish} --dry-run"));
        assert_eq!(checkout.run("calls"), "", "it runs nothing");
        let done = checkout.command(&publish.split(' ').collect::<Vec<_>>()).output().expect("xtask runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let arn = "arn:aws:cloudformation:us-east-1:123456789012:stack/amplify-d2example-dev-branch-756dfd9b4c/1";
        let ran = checkout
            .run("calls")
            .replace("DIR/checkout/target/", "")
            .replace(arn, "amplify-d2example-dev-branch-756dfd9b4c");
        let is_shown = |line: &&str| *line != "amplify --version" && !line.starts_with("curl --disable --location");
        let mut ran: Vec<String> = ran
            .lines()
            .filter(is_shown)
            .map(|line| line.replace("  https", "curl https").replace("--disable ", ""))
            .collect();
        // A stack is described until it has settled.
        ran.dedup_by(|second, first| second == first && first.contains("describe-stacks"));
        let shown = shown.lines().filter(|line| !line.starts_with('!'));
        let folder = |line: &str| match line.strip_prefix("npm --prefix ") {
            Some(rest) if !rest.contains(" exec ") => {
                format!("npm {}", rest.split_once(' ').expect("it has arguments").1)
            }
            _ => line.to_owned(),
        };
        let shown: Vec<String> = shown.map(|line| folder(line).replace('\'', "")).collect();
        // The values in angle brackets come from AWS; `--output json` is not shown.
        let is_same = |(ran, shown): (&String, &String)| {
            let ran = ran.replace(" --output json", "");
            let (mut rest, mut parts) = (ran.as_str(), shown.split(['<', '>']).step_by(2));
            parts.all(|part| rest.find(part).map(|at| rest = &rest[at + part.len()..]).is_some())
        };
        assert_eq!(ran.len(), shown.len(), "{ran:#?}\n{shown:#?}");
        let different: Vec<_> = ran.iter().zip(&shown).filter(|pair| !is_same(*pair)).collect();
        assert!(different.is_empty(), "{different:#?}");
    }
}

/// Between an expand and a contract, the page names the heads that the database is at, not those that it will be at.
#[test]
fn the_page_names_the_heads_of_the_database() {
    let checkout = Checkout::of("gen2", "heads");
    checkout.set_script("npm run", "exit 1");
    for (heads, target) in [("c80b4f1e95a6", "expand@heads"), ("19e7a6d3c05f", "heads")] {
        let variables = format!("DATABASE_HEADS={heads} DATABASE_TARGET={target}");
        checkout.run(&format!("{variables} publish --env dev --app-id d2example"));
        let path = checkout.directory.join("frontend/public/release.json");
        let written = fs::read_to_string(&path).expect("it is written before the page is built");
        let release: serde_json::Value = serde_json::from_str(&written).expect("it is JSON");
        assert_eq!(release["heads"], serde_json::json!([heads]));
        fs::remove_file(path).expect("can delete the file");
    }
}

#[test]
fn uncommitted_changes_are_reported() {
    let checkout = Checkout::new("changes");
    let publish = "publish --env dev --app-id d2example --skip-database-check";
    for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "all"]] {
        git(&checkout.directory, arguments);
    }
    assert!(!checkout.run(publish).contains("uncommitted"));
    checkout.write("frontend/package.json", "{}");
    assert!(checkout.run(publish).contains("there are uncommitted changes"));
}

fn signal(name: &str, pid: u32) {
    let killed = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status();
    assert!(killed.expect("kill runs").success());
}

/// Waits until the process started by the stand-in for the CLI is gone.
fn expect_gone(checkout: &Checkout) {
    let pid = fs::read_to_string(checkout.stand_ins.join("pid")).expect("can read the pid");
    wait_until("the CLI has exited", || !Path::new("/proc").join(pid.trim()).exists());
}

#[test]
fn a_signal_ends_the_cli_and_deletes_the_credentials() {
    for (generation, name) in GENERATIONS.into_iter().flat_map(|generation| [(generation, "INT"), (generation, "TERM")])
    {
        let checkout = Checkout::of(generation, "signal");
        let mut child = checkout.start_hanging();
        assert!(fs::read_dir(checkout.credentials()).expect("can read the folder").count() == 1);
        signal(name, child.id());
        assert_eq!(child.wait().expect("it exits").code(), Some(130));
        expect_gone(&checkout);
        assert_eq!(fs::read_dir(checkout.credentials()).expect("can read the folder").count(), 0);
    }
}

#[test]
fn a_second_signal_kills_the_cli_and_its_processes() {
    let stubborn = "trap 'touch \"$STAND_INS/signaled\"' TERM; (trap '' TERM; echo here; while :; do sleep 0.1; done) & while :; do wait; done";
    for generation in GENERATIONS {
        let checkout = Checkout::of(generation, "second-signal");
        let mut child = checkout.start_hanging_with(stubborn);
        signal("TERM", child.id());
        wait_until("the CLI gets the first signal", || checkout.stand_ins.join("signaled").exists());
        assert!(child.try_wait().expect("can poll the process").is_none(), "it waits for the CLI");
        signal("TERM", child.id());
        assert_eq!(child.wait().expect("it exits").code(), Some(130));
        expect_gone(&checkout);
    }
}

#[test]
fn packages_of_a_killed_command_are_installed_again_once_its_npm_has_ended() {
    let checkout = Checkout::new("killed-npm");
    let ci = "[ ! -e \"$STAND_INS/busy\" ] || touch \"$STAND_INS/overlap\"; touch \"$STAND_INS/busy\"; mkdir -p node_modules; while [ ! -e \"$STAND_INS/go\" ]; do sleep 0.1; done; rm \"$STAND_INS/busy\"";
    checkout.set_script("npm ci", ci);
    let arguments = ["publish", "--env", "dev", "--app-id", "d2example", "--skip-database-check"];
    let mut child = checkout.command(&arguments).stderr(Stdio::null()).spawn().expect("xtask runs");
    wait_until("npm starts", || checkout.stand_ins.join("busy").exists());
    child.kill().and_then(|()| child.wait()).expect("can kill the process");
    assert!(checkout.stand_ins.join("busy").exists(), "npm outlives the command");
    let mut next = checkout.command(&arguments).stderr(Stdio::piped()).spawn().expect("xtask runs");
    let mut lines = BufReader::new(next.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("waiting for another installation")), "it waits for npm");
    fs::write(checkout.stand_ins.join("go"), "").expect("can write the file");
    lines.for_each(drop);
    assert!(next.wait().expect("it exits").success());
    assert!(!checkout.stand_ins.join("overlap").exists(), "two npm have installed at the same time");
    assert_eq!(checkout.run("calls").lines().filter(|call| call.starts_with("npm ci")).count(), 2);
    // Completed, it is not repeated.
    assert!(checkout.command(&arguments).output().expect("xtask runs").status.success());
    assert!(!checkout.run("calls").contains("npm ci"));
}

#[test]
fn a_signal_ends_npm() {
    let checkout = Checkout::new("signal-npm");
    checkout.set_script("npm ci", "echo $$ > \"$STAND_INS/pid\"; exec sleep 1000");
    let arguments = ["publish", "--env", "dev", "--app-id", "d2example", "--skip-database-check"];
    let mut child = checkout.command(&arguments).stderr(Stdio::null()).spawn().expect("xtask runs");
    let has_started = || !fs::read_to_string(checkout.stand_ins.join("pid")).unwrap_or_default().is_empty();
    wait_until("npm starts", has_started);
    signal("TERM", child.id());
    assert_eq!(exit_code(&mut child, "it waits for npm"), Some(130));
    expect_gone(&checkout);
}

#[test]
fn credentials_of_killed_runs_are_deleted_and_those_in_use_are_not() {
    let checkout = Checkout::new("killed");
    let (mut killed, mut running) = (checkout.start_hanging(), checkout.start_hanging());
    killed.kill().expect("can kill the process");
    killed.wait().expect("it exits");
    let left = || fs::read_dir(checkout.credentials()).expect("can read the folder").count();
    assert_eq!(left(), 2);
    checkout.set_script("amplify publish", "usual");
    let arguments = ["publish", "--env", "dev", "--app-id", "d2example", "--skip-database-check"];
    assert!(checkout.command(&arguments).output().expect("xtask runs").status.success());
    assert_eq!(left(), 1);
    signal("TERM", running.id());
    running.wait().expect("it exits");
    assert_eq!(left(), 0);
}
